"""Plans, the fills that they give, the batches with each fill's share, what was weighed for them, and who signed."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from compounding.db.base import HASHED, Document, FixedDocument, Row, one_of, positive, sha256, table_args


class PlanRow(Row, kw_only=True):
    """The plan of a whole course, with the versions of formula and policy that it was made by; a new plan makes the old one void."""

    __tablename__ = "plan"
    __table_args__ = table_args(one_of("status", "current", "void"), sha256("sha256"), Index(None, "prescription_id", "status"))

    prescription_id: Mapped[UUID] = mapped_column(ForeignKey("prescription.id"))
    status: Mapped[str]
    document: Mapped[FixedDocument]
    sha256: Mapped[str]
    policy_version: Mapped[int] = mapped_column(ForeignKey("policy.version"))
    formula_id: Mapped[UUID] = mapped_column(ForeignKey("formula.id"))
    person_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"), default=None)
    made_at: Mapped[datetime]


class FillRow(Row, kw_only=True):
    """One container of an order: the thing that is worked on. It is opened on `opens_on` and its last dose is taken on `closes_on`.

    Where less of a planned container was given, its parts are fills of one `number`, each with the course days `opens` to `closes` that it serves;
    both are empty for a whole one.
    """

    __tablename__ = "fill"
    __table_args__ = table_args(
        UniqueConstraint("plan_id", "number", "part"),
        one_of("status", "due", "planned", "made", "labelled", "checked", "handed_over", "cancelled"),
        positive("number"),
        positive("part"),
        CheckConstraint("(opens IS NULL) = (closes IS NULL)", name="part_of_days"),
        CheckConstraint("opens > 0 AND opens <= closes", name="part_opens"),
        CheckConstraint("part = 1 OR opens IS NOT NULL", name="part_of_something"),
        CheckConstraint("opens_on <= closes_on", name="opens_before_it_closes"),
        Index(None, "status", "make_by"),
        Index(None, "prescription_id"),
    )

    plan_id: Mapped[UUID] = mapped_column(ForeignKey("plan.id"))
    prescription_id: Mapped[UUID] = mapped_column(ForeignKey("prescription.id"))
    number: Mapped[int]
    status: Mapped[str]
    make_by: Mapped[date]
    opens_on: Mapped[date]
    closes_on: Mapped[date]
    part: Mapped[int] = mapped_column(default=1)
    opens: Mapped[int | None] = mapped_column(default=None)
    closes: Mapped[int | None] = mapped_column(default=None)


class BatchRow(Row, kw_only=True):
    """What we made, for the fills that have a share in it, or for stock. `document` is the batch plan and cannot change.

    `record` is what was really done (USP <795>: Compounding Record). `alone_reason` says why one person compounded and verified.
    """

    __tablename__ = "batch"
    __table_args__ = table_args(
        UniqueConstraint("number"),
        one_of("status", "planned", "in_process", "compounded", "verified", "released", "quarantined", "rejected", "recalled"),
        CheckConstraint("compounder_id <> verifier_id OR alone_reason IS NOT NULL", name="two_people"),
        positive("number"),
        sha256("sha256"),
        Index(None, "status", "planned_at"),
    )

    number: Mapped[int]
    formula_id: Mapped[UUID] = mapped_column(ForeignKey("formula.id"))
    status: Mapped[str]
    made_on: Mapped[date | None] = mapped_column(default=None)
    beyond_use: Mapped[date | None] = mapped_column(default=None)
    document: Mapped[FixedDocument]
    sha256: Mapped[str]
    record: Mapped[Document | None] = mapped_column(default=None)
    planned_at: Mapped[datetime]
    compounder_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"), default=None)
    verifier_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"), default=None)
    alone_reason: Mapped[str | None] = mapped_column(default=None)


class ShareRow(Row, kw_only=True):
    """What one fill gets of a batch: `amount` in nanolitres or capsules. Where the batch is rejected its shares are void; of the others a fill has one.

    `no_later` is the date that the fill's own plan gave it, where it shares the batch with others. `place` counts the containers of a batch made
    for stock that had left the shelf before this fill's.
    """

    __tablename__ = "share"
    __table_args__ = table_args(
        UniqueConstraint("batch_id", "fill_id"),
        one_of("status", "live", "void"),
        positive("amount"),
        Index("uq_share_fill_id_live", "fill_id", unique=True, sqlite_where=text("status = 'live'"), postgresql_where=text("status = 'live'")),
        Index(None, "fill_id"),
    )

    batch_id: Mapped[UUID] = mapped_column(ForeignKey("batch.id"))
    fill_id: Mapped[UUID] = mapped_column(ForeignKey("fill.id"))
    amount: Mapped[int]
    status: Mapped[str]
    no_later: Mapped[date | None] = mapped_column(default=None)
    place: Mapped[int | None] = mapped_column(default=None)


class BatchLotRow(Row, kw_only=True):
    """How much of which lot a line of the batch takes, in the product's unit; one row for each lot of a line."""

    __tablename__ = "batch_lot"
    __table_args__ = table_args(UniqueConstraint("batch_id", "line", "lot_id"), positive("amount"), Index(None, "lot_id"))

    batch_id: Mapped[UUID] = mapped_column(ForeignKey("batch.id"))
    lot_id: Mapped[UUID] = mapped_column(ForeignKey("lot.id"))
    line: Mapped[int]
    amount: Mapped[int]


class WeighingRow(Row, kw_only=True):
    """One reading of an instrument for a line of the batch, in the smallest unit; `reason` says why one outside its limits was kept.

    `device_id` is the balance that it was weighed on; empty for what was counted or measured, and for records from before it was kept.
    """

    __tablename__ = "weighing"
    __table_args__ = table_args(
        one_of("unit", "tablet", "ng", "nL", "piece"),
        positive("target"),
        CheckConstraint("actual >= 0", name="actual_not_negative"),
        CheckConstraint("person_id <> witness_id", name="two_people"),
        Index(None, "batch_id", "line"),
        Index(None, "lot_id"),
        Index(None, "device_id"),
    )

    batch_id: Mapped[UUID] = mapped_column(ForeignKey("batch.id"))
    line: Mapped[int]
    lot_id: Mapped[UUID] = mapped_column(ForeignKey("lot.id"))
    device_id: Mapped[UUID | None] = mapped_column(default=None)
    target: Mapped[int]
    actual: Mapped[int]
    unit: Mapped[str]
    reason: Mapped[str]
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    witness_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"), default=None)
    weighed_at: Mapped[datetime]


class SignatureRow(Row, kw_only=True):
    """Who put their name to exactly what: `content_sha256` is the hash of the content that was on the page (21 CFR 11.50, 11.70).

    `content` is what was hashed; rows from before it was kept have none.
    """

    __tablename__ = "signature"
    __table_args__ = table_args(sha256("content_sha256"), Index(None, "subject_id"))

    subject_id: Mapped[UUID]
    meaning: Mapped[str]
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    person_name: Mapped[str]
    content_sha256: Mapped[str]
    content: Mapped[str | None] = mapped_column(default=None, info=HASHED)
    signed_at: Mapped[datetime]
