"""Doing a thing once, however often a prescriber's system asks: a request that was lost on the way may be sent again.

The answer is written in the transaction of the effect, so that after a crash either both are there or neither.
"""

from collections.abc import Callable
from http import HTTPStatus

from sqlalchemy import select

from compounding.db.idempotency import IdempotencyRow
from compounding.domain.errors import Invalid
from compounding.workflow.act import Act


def once(act: Act, key: str, request_sha256: str, *, effect: Callable[[], str]) -> str:
    """The answer that `effect` gives the first time that this actor sends `key`, and the very same text every later time.

    `request_sha256` is the SHA-256 of the request in hexadecimal digits. Raises `Invalid` for a key that came with another request.
    Two at the same moment: one waits for the other or, where the database lets both begin, meets `Conflict`, which undoes its effect.
    """
    wanted = select(IdempotencyRow).where(IdempotencyRow.client_id == act.actor.id, IdempotencyRow.key == key)
    if row := act.session.scalar(wanted):
        if row.request_sha256 != request_sha256:
            message = "This Idempotency-Key was used for another order. Take a new key for each order; repeat one only to repeat its request."
            raise Invalid("idempotency-key-used", message, fields={"Idempotency-Key": (message,)})
        return row.response
    answer = effect()
    act.session.add(
        IdempotencyRow(
            client_id=act.actor.id,
            key=key,
            request_sha256=request_sha256,
            status=HTTPStatus.CREATED.value,
            response=answer,
            recorded_at=act.at,
        )
    )
    return answer
