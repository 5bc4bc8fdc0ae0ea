"""Border guards: what comes in as text or JSON becomes a value of the domain, or a refusal that names the field and says what to send."""
