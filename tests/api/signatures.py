"""A prescriber's system that signs with keys of its own."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from itertools import count
from typing import Any

from joserfc import jwt
from joserfc.jwk import ECKey, RSAKey

TOKEN = "http://localhost/oauth/token"
SCREENING = "http://localhost/cds-services/naltrexone-screening"
TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
_numbers = count(1)


@dataclass(frozen=True)
class Signer:
    """A client id, a key and its algorithm, at a moment."""

    client_id: str
    now: datetime
    key: Any = field(default_factory=lambda: ECKey.generate_key("P-384", parameters={"kid": f"kid-{next(_numbers)}"}))
    algorithm: str = "ES384"

    @property
    def public(self) -> dict[str, Any]:
        return self.key.as_dict(private=False)

    def claims(self, audience: str = TOKEN, **changes: object) -> dict[str, Any]:
        seconds = int(self.now.timestamp())
        told = {"iss": self.client_id, "sub": self.client_id, "aud": audience, "exp": seconds + 300, "jti": f"jti-{next(_numbers)}", **changes}
        return {name: value for name, value in told.items() if value is not None}

    def sign(self, claims: Mapping[str, Any] | None = None, **header: object) -> str:
        whole = {"alg": self.algorithm, "kid": self.key.kid, "typ": "JWT", **header}
        whole = {name: value for name, value in whole.items() if value is not None}
        return jwt.encode(whole, dict(claims or self.claims()), self.key, algorithms=[self.algorithm])

    def form(self, scope: str = "system/MedicationRequest.crs", **changes: object) -> dict[str, str]:
        told = {"grant_type": "client_credentials", "scope": scope, "client_assertion_type": TYPE, "client_assertion": self.sign(), **changes}
        return {name: str(value) for name, value in told.items() if value is not None}


def rsa(client_id: str, now: datetime, bits: int = 2048) -> Signer:
    return Signer(client_id, now, RSAKey.generate_key(bits, parameters={"kid": f"rsa-{next(_numbers)}"}), "RS384")
