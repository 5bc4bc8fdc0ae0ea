"""Doing a thing once, however often a prescriber's system asks: a request that was lost on the way may be sent again.

The answer is written in the transaction of the effect, so that after a crash either both are there or neither. A request that was refused
had no effect and keeps nothing: corrected, it may come under the same key.
"""

from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256

from sqlalchemy import select

from compounding.db.document import decode, encode
from compounding.db.idempotency import IdempotencyRow, in_flight
from compounding.domain.errors import Conflict, Invalid
from compounding.workflow.act import Act


@dataclass(frozen=True, slots=True)
class Answer:
    """What was answered, whole: status, body, and the headers that belong to the effect, such as `Location` and `ETag`."""

    status: int
    body: str
    headers: tuple[tuple[str, str], ...] = ()


def request_hash(method: str, path: str, body: bytes) -> str:
    """What one request is known by: the same body at another address is another request. SHA-256 in hexadecimal digits."""
    return sha256(b"\n".join((method.encode(), path.encode(), body))).hexdigest()


def once(act: Act, key: str, request_sha256: str, *, effect: Callable[[], Answer]) -> Answer:
    """The answer that `effect` gives the first time that this actor sends `key`, and the very same one every later time.

    `request_sha256` is `request_hash` of the request. Raises `Invalid` for a key that came with another request, and `Conflict` while the
    first is still at work (PostgreSQL; on SQLite the second waits for the first and gets its answer).
    """
    if in_flight(act.session, act.actor.id, key):
        raise Conflict("idempotency-in-flight", "A request with this Idempotency-Key is at work right now. Send it again in a moment.")
    wanted = select(IdempotencyRow).where(IdempotencyRow.client_id == act.actor.id, IdempotencyRow.key == key)
    if row := act.session.scalar(wanted):
        if row.request_sha256 != request_sha256:
            message = "This Idempotency-Key was used for another request. Take a new key for each request; repeat one only to repeat its request."
            raise Invalid("idempotency-key-used", message, fields={"Idempotency-Key": (message,)})
        headers = decode(tuple[tuple[str, str], ...], row.headers) if row.headers else ()  # older answers kept none
        return Answer(row.status, row.response, headers)
    answer = effect()
    act.session.add(
        IdempotencyRow(
            client_id=act.actor.id,
            key=key,
            request_sha256=request_sha256,
            status=answer.status,
            headers=encode(answer.headers),
            response=answer.body,
            recorded_at=act.at,
        )
    )
    return answer
