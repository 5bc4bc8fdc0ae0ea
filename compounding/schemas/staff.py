"""The shapes of what an administrator tells: who joins, in which role, and what a prescriber's system and its tokens are."""

import json
import re
from collections.abc import Mapping
from typing import Any, ClassVar

from marshmallow import post_load

from compounding.domain.people import STAFF, Joining, Role
from compounding.domain.scope import scopes_of
from compounding.domain.token import LONGEST, LONGEST_OVERLAP
from compounding.schemas.fields import Choice, Guard, Whole, YesNo, shown
from compounding.schemas.shapes import Rows, Shape
from compounding.schemas.texts import Npi, Text

_USERNAME = re.compile(r"[a-z][a-z0-9._-]{1,39}", re.ASCII)
_ROLES = {role.value: role for role in Role if role in STAFF}
_LONGEST_SET = 20_000  # characters; ten of the longest RSA keys
_DAYS = f"Write 1 to {LONGEST.days} days."


class Username(Guard[str]):
    """A user name: small letters without accents, digits, and signs between."""

    ask: ClassVar = "Choose 2 to 40 small letters, digits, dots or dashes, beginning with a letter."

    def _take(self, value: object) -> str:
        text = self.text(value).strip()
        if not _USERNAME.fullmatch(text):
            raise self.refuse(f'"{shown(text)}" is no user name.')
        return text


class JoiningSchema(Shape):
    """`Joining`."""

    username = Username(required=True)
    name = Text(most=100, required=True, ask="Write the full name, as it is signed.")
    initials = Text(most=4, required=True, ask="Write one to four letters, which stand beside signatures.")
    role = Choice(_ROLES, required=True, ask="Choose a role.")
    licence = Text(most=60, load_default="", ask="Write the number of the licence.")

    @post_load
    def make(self, data: dict[str, Any], **_: object) -> Joining:
        """The value."""
        return Joining(**data)


class RoleSchema(Shape):
    """Another role."""

    role = Choice(_ROLES, required=True, ask="Choose a role.")


class SystemSchema(Shape):
    """A new prescriber's system with its first token."""

    name = Text(most=100, required=True, ask="Write the name of the practice or its program.")
    npis = Rows(Npi(), least=1, most=200, required=True, ask="Write at least one NPI, one on each line.")
    scopes = Text(most=400, required=True, ask="Choose what the token opens.")
    days = Whole(least=1, most=LONGEST.days, required=True, ask=_DAYS)

    @post_load
    def make(self, data: dict[str, Any], **_: object) -> dict[str, Any]:
        """With its scopes read."""
        return {**data, "scopes": scopes_of(data["scopes"])}


class GrantSchema(Shape):
    """One more token."""

    name = Text(most=60, required=True, ask="Write a name by which this token is told from the others.")
    scopes = Text(most=400, required=True, ask="Choose what the token opens.")
    days = Whole(least=1, most=LONGEST.days, required=True, ask=_DAYS)

    @post_load
    def make(self, data: dict[str, Any], **_: object) -> dict[str, Any]:
        """With its scopes read."""
        return {**data, "scopes": scopes_of(data["scopes"])}


class RotationSchema(Shape):
    """The token that takes over."""

    new_name = Text(most=60, required=True, ask="Write a name by which the new token is told from the old one.")
    overlap = Whole(least=0, most=LONGEST_OVERLAP.days, required=True, ask=f"Write 0 to {LONGEST_OVERLAP.days} days.")
    new_days = Whole(least=1, most=LONGEST.days, required=True, ask=_DAYS)


class NpiSchema(Shape):
    """One more prescriber of a system."""

    npi = Npi(required=True, ask="Write the ten digits of the NPI.")


class KeySet(Guard[Mapping[str, object]]):
    """A JWK set as text; whether its keys are good is asked where they are taken in."""

    ask: ClassVar = "Paste the JWK set as the system gave it: an object whose keys are a list of public keys."

    def _take(self, value: object) -> Mapping[str, object]:
        text = self.text(value)
        if len(text) > _LONGEST_SET:
            raise self.refuse("This is too long for a few keys.")
        try:
            found = json.loads(text, object_pairs_hook=_once)
        except (ValueError, RecursionError) as error:
            raise self.refuse("This is no JSON, or a name stands twice in it.") from error
        if not isinstance(found, dict):
            raise self.refuse("This is no JWK set.")
        return found


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a name stands twice")
    return found


class KeysSchema(Shape):
    """The public keys of a system, and what they open at most."""

    keys = KeySet(required=True)
    key_scopes = Text(most=400, required=True, ask="Choose what the keys open.")

    @post_load
    def make(self, data: dict[str, Any], **_: object) -> dict[str, Any]:
        """With its scopes read."""
        return {**data, "key_scopes": scopes_of(data["key_scopes"])}


class WebhookSchema(Shape):
    """Where a system is told of its orders."""

    url = Text(most=500, required=True, ask="Write the address, such as https://clinic.example/events.")
    new_secret = YesNo(load_default=False)


JOINING = JoiningSchema()
ROLE = RoleSchema()
SYSTEM = SystemSchema()
GRANT = GrantSchema()
ROTATION = RotationSchema()
NPI = NpiSchema()
KEYS = KeysSchema()
WEBHOOK = WebhookSchema()
