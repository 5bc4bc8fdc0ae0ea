"""Use cases in the pharmacy's words: one act is one actor, one instant, one transaction."""
