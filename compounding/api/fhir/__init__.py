"""The door for prescribers' systems that speak FHIR R4: a translation of the same use cases as /api/v1, strict about everything that it is sent."""
