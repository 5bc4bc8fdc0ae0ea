"""Rules that the database itself keeps, whoever writes: what is never changed, what is never deleted, and the balance of a lot.

Each function gives the statements for one table; migrations run them. On SQLite, INSERT OR REPLACE meets the same triggers,
because `recursive_triggers` is on for every connection; on PostgreSQL, TRUNCATE meets a trigger of its own.
"""

from collections.abc import Sequence

_REFUSE_CHANGE = """
    CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        RAISE EXCEPTION '% is refused on %', TG_OP, TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation';
    END $$
"""
_BALANCE_FUNCTIONS = (
    """
    CREATE OR REPLACE FUNCTION keep_balance() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        UPDATE lot SET balance = balance + NEW.amount WHERE id = NEW.lot_id;
        RETURN NULL;
    END $$
    """,
    """
    CREATE OR REPLACE FUNCTION hold_balance() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF NEW.balance <> (SELECT coalesce(sum(amount), 0) FROM movement WHERE lot_id = NEW.id) THEN
            RAISE EXCEPTION 'the balance of a lot is the sum of its movements' USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        RETURN NULL;
    END $$
    """,
)

# What a formula's status may go from and to.
_ONE_WAY = "('draft>draft', 'draft>approved', 'approved>approved', 'approved>retired', 'retired>retired')"
DRAFTED = ("fixed", "status", "two_people", "two_people_first")  # the triggers of `drafted`


def functions(dialect: str) -> tuple[str, ...]:
    """What the triggers below call; nothing on SQLite."""
    return (_REFUSE_CHANGE, *_BALANCE_FUNCTIONS) if dialect == "postgresql" else ()


def balance_functions(dialect: str) -> tuple[str, ...]:
    """What the triggers of `balance` call, in the place of what `compounding.db.running` put there; nothing on SQLite."""
    return _BALANCE_FUNCTIONS if dialect == "postgresql" else ()


def drop_functions(dialect: str) -> tuple[str, ...]:
    """The way back from `functions`."""
    names = ("hold_balance", "keep_balance", "refuse_change") if dialect == "postgresql" else ()
    return tuple(f"DROP FUNCTION {name}()" for name in names)


def never_deleted(dialect: str, table: str) -> tuple[str, ...]:
    """Rows of `table` may change, but none goes away."""
    if dialect == "sqlite":
        return (_sqlite(table, "delete", "DELETE"),)
    return (_postgresql(table, "delete", "DELETE"), _postgresql(table, "truncate", "TRUNCATE", each="STATEMENT"))


def append_only(dialect: str, table: str) -> tuple[str, ...]:
    """Rows of `table` are written once: they neither change nor go away."""
    write = _sqlite if dialect == "sqlite" else _postgresql
    return (*never_deleted(dialect, table), write(table, "update", "UPDATE"))


def fixed(dialect: str, table: str, columns: Sequence[str]) -> tuple[str, ...]:
    """Of a row of `table`, these columns are written once; the others may change, and the row never goes away."""
    differs = "IS NOT" if dialect == "sqlite" else "IS DISTINCT FROM"
    changed = " OR ".join(f"OLD.{column} {differs} NEW.{column}" for column in columns)
    write = _sqlite if dialect == "sqlite" else _postgresql
    return (*never_deleted(dialect, table), write(table, "fixed", "UPDATE", when=changed))


def taken_over(dialect: str, table: str, columns: Sequence[str], *, begins: str, ends: str) -> str:
    """A row of `table` is used again by its successor, whose `begins` is behind its own `ends`, and by nobody sooner; whose it is stays; it never goes away."""
    differs = "IS NOT" if dialect == "sqlite" else "IS DISTINCT FROM"
    changed = " OR ".join(f"OLD.{column} {differs} NEW.{column}" for column in (*columns, begins, ends))
    write = _sqlite if dialect == "sqlite" else _postgresql
    return write(table, "fixed", "UPDATE", when=f"OLD.client_id {differs} NEW.client_id OR (({changed}) AND NEW.{begins} < OLD.{ends})")


def closing_functions(dialect: str) -> tuple[str, ...]:
    """What `closed` calls; nothing on SQLite."""
    if dialect == "sqlite":
        return ()
    return (
        """
        CREATE FUNCTION refuse_closed_month() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF EXISTS (SELECT 1 FROM closing WHERE month = NEW.month) THEN
                RAISE EXCEPTION 'a closed month takes no entry in %', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation';
            END IF;
            RETURN NEW;
        END $$
        """,
    )


def drop_closing_functions(dialect: str) -> tuple[str, ...]:
    """The way back from `closing_functions`, once no trigger calls them."""
    return ("DROP FUNCTION refuse_closed_month()",) if dialect == "postgresql" else ()


def closed(dialect: str, table: str) -> tuple[str, ...]:
    """No row comes into `table` whose month was closed; that it is append-only is said apart."""
    if dialect == "postgresql":
        return (f"CREATE TRIGGER {table}_month_closed BEFORE INSERT ON {table} FOR EACH ROW EXECUTE FUNCTION refuse_closed_month()",)
    refused = f"SELECT RAISE(ABORT, 'a closed month takes no entry in {table}')"
    is_closed = "EXISTS (SELECT 1 FROM closing WHERE month = NEW.month)"
    return (f"CREATE TRIGGER {table}_month_closed BEFORE INSERT ON {table} WHEN {is_closed} BEGIN {refused}; END",)


def drafted(dialect: str) -> tuple[str, ...]:
    """A formula: its code and version are written once, the rest only while it is a draft; it goes one way; its author never approves it."""
    differs = "IS NOT" if dialect == "sqlite" else "IS DISTINCT FROM"
    write = _sqlite if dialect == "sqlite" else _postgresql
    ever = [f"OLD.{column} {differs} NEW.{column}" for column in ("code", "version")]
    approved = " OR ".join(f"OLD.{column} {differs} NEW.{column}" for column in ("name", "document", "sha256", "author_id", "approver_id", "approved_at"))
    alone = "NEW.author_id = NEW.approver_id OR (NEW.status <> 'draft' AND NEW.author_id IS NOT NULL AND NEW.approver_id IS NULL)"
    return (
        write("formula", "fixed", "UPDATE", when=f"{' OR '.join(ever)} OR (OLD.status <> 'draft' AND ({approved}))"),
        write("formula", "status", "UPDATE", when=f"OLD.status || '>' || NEW.status NOT IN {_ONE_WAY}"),
        write("formula", "two_people", "UPDATE", when=alone),
        write("formula", "two_people_first", "INSERT", when=alone),
    )


def voiding_functions(dialect: str) -> tuple[str, ...]:
    """What `voids` calls; nothing on SQLite."""
    if dialect == "sqlite":
        return ()
    return (
        """
        CREATE FUNCTION keep_voided() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            UPDATE dispense SET voided = NEW.whereabouts WHERE id = NEW.dispense_id;
            RETURN NULL;
        END $$
        """,
        """
        CREATE FUNCTION hold_voided() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF NEW.voided IS DISTINCT FROM (SELECT whereabouts FROM void WHERE dispense_id = NEW.id) THEN
                RAISE EXCEPTION 'a hand-over is voided by the record that says why' USING ERRCODE = 'integrity_constraint_violation';
            END IF;
            RETURN NULL;
        END $$
        """,
    )


def drop_voiding_functions(dialect: str) -> tuple[str, ...]:
    """The way back from `voiding_functions`, once no trigger calls them."""
    return ("DROP FUNCTION keep_voided()", "DROP FUNCTION hold_voided()") if dialect == "postgresql" else ()


def voids(dialect: str) -> tuple[str, ...]:
    """A row of `void` marks its hand-over in the same statement, and nothing else can; the rest of a hand-over is written once."""
    marks: tuple[str, ...]
    if dialect == "postgresql":
        marks = (
            "CREATE TRIGGER void_marks AFTER INSERT ON void FOR EACH ROW EXECUTE FUNCTION keep_voided()",
            "CREATE TRIGGER dispense_voided AFTER INSERT OR UPDATE OF voided ON dispense FOR EACH ROW EXECUTE FUNCTION hold_voided()",
        )
    else:
        other = "NEW.voided IS NOT (SELECT whereabouts FROM void WHERE dispense_id = NEW.id)"
        refused = f"WHEN {other} BEGIN SELECT RAISE(ABORT, 'a hand-over is voided by the record that says why'); END"
        marks = (
            "CREATE TRIGGER void_marks AFTER INSERT ON void BEGIN UPDATE dispense SET voided = NEW.whereabouts WHERE id = NEW.dispense_id; END",
            f"CREATE TRIGGER dispense_voided AFTER UPDATE OF voided ON dispense {refused}",
            f"CREATE TRIGGER dispense_voided_first AFTER INSERT ON dispense {refused}",
        )
    once = ("fill_id", "batch_id", "prescription_id", "patient_id", "handed_at", "handed_on", "first_dose_on", "document", "person_id")
    return (*fixed(dialect, "dispense", once), *append_only(dialect, "void"), *marks)


def shrinking(dialect: str, table: str, columns: Sequence[str], amount: str) -> tuple[str, ...]:
    """Of a row of `table` these columns are written once, and `amount` never grows; instead of the trigger of `fixed` of the same name."""
    differs = "IS NOT" if dialect == "sqlite" else "IS DISTINCT FROM"
    changed = " OR ".join(f"OLD.{column} {differs} NEW.{column}" for column in columns)
    write = _sqlite if dialect == "sqlite" else _postgresql
    return (write(table, "fixed", "UPDATE", when=f"{changed} OR NEW.{amount} > OLD.{amount}"),)


def written_once(dialect: str, table: str, decides: str, columns: Sequence[str]) -> tuple[str, ...]:
    """Once `decides` of a row of `table` has a value, none of these columns changes any more."""
    differs = "IS NOT" if dialect == "sqlite" else "IS DISTINCT FROM"
    changed = " OR ".join(f"OLD.{column} {differs} NEW.{column}" for column in columns)
    write = _sqlite if dialect == "sqlite" else _postgresql
    return (write(table, "once", "UPDATE", when=f"OLD.{decides} IS NOT NULL AND ({changed})"),)


_OVERLAPS = """
    SELECT 1 FROM fill AS other WHERE other.plan_id = NEW.plan_id AND other.number = NEW.number AND other.id <> NEW.id
        AND (other.opens IS NULL OR NEW.opens IS NULL OR (other.opens <= NEW.closes AND other.closes >= NEW.opens))
"""  # a container that was not cut serves all of its days


def day_functions(dialect: str) -> tuple[str, ...]:
    """What `no_day_twice` calls; nothing on SQLite."""
    if dialect == "sqlite":
        return ()
    return (
        f"""
        CREATE FUNCTION refuse_day_twice() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF EXISTS ({_OVERLAPS}) THEN
                RAISE EXCEPTION 'no day of a container is served twice' USING ERRCODE = 'integrity_constraint_violation';
            END IF;
            RETURN NEW;
        END $$
        """,
    )


def drop_day_functions(dialect: str) -> tuple[str, ...]:
    """The way back from `day_functions`, once no trigger calls them."""
    return ("DROP FUNCTION refuse_day_twice()",) if dialect == "postgresql" else ()


def no_day_twice(dialect: str) -> tuple[str, ...]:
    """The parts of a planned container serve different days of it."""
    if dialect == "postgresql":
        return ("CREATE TRIGGER fill_days BEFORE INSERT OR UPDATE OF opens, closes ON fill FOR EACH ROW EXECUTE FUNCTION refuse_day_twice()",)
    refused = f"WHEN EXISTS ({_OVERLAPS}) BEGIN SELECT RAISE(ABORT, 'no day of a container is served twice'); END"
    return (
        f"CREATE TRIGGER fill_days_first BEFORE INSERT ON fill {refused}",
        f"CREATE TRIGGER fill_days BEFORE UPDATE OF opens, closes ON fill {refused}",
    )


def dropped(dialect: str, table: str, name: str) -> str:
    """The way back from one trigger that refuses a change of `table`."""
    where = f" ON {table}" if dialect == "postgresql" else ""
    return f"DROP TRIGGER {table}_{name}_refused{where}"


def balance(dialect: str) -> tuple[str, ...]:
    """Every movement changes its lot's balance in the same statement, and nothing else can; until version 0039, which keeps running balances."""
    if dialect == "postgresql":
        return (
            "CREATE TRIGGER movement_balance AFTER INSERT ON movement FOR EACH ROW EXECUTE FUNCTION keep_balance()",
            "CREATE TRIGGER lot_balance AFTER INSERT OR UPDATE OF balance ON lot FOR EACH ROW EXECUTE FUNCTION hold_balance()",
        )
    total = "(SELECT coalesce(sum(amount), 0) FROM movement WHERE lot_id = NEW.id)"
    refused = f"WHEN NEW.balance <> {total} BEGIN SELECT RAISE(ABORT, 'the balance of a lot is the sum of its movements'); END"
    return (
        "CREATE TRIGGER movement_balance AFTER INSERT ON movement BEGIN UPDATE lot SET balance = balance + NEW.amount WHERE id = NEW.lot_id; END",
        f"CREATE TRIGGER lot_balance AFTER UPDATE OF balance ON lot {refused}",
        f"CREATE TRIGGER lot_balance_first AFTER INSERT ON lot {refused}",
    )


def _sqlite(table: str, name: str, change: str, *, when: str = "") -> str:
    condition = f"WHEN {when} " if when else ""
    return f"CREATE TRIGGER {table}_{name}_refused BEFORE {change} ON {table} {condition}BEGIN SELECT RAISE(ABORT, '{change} is refused on {table}'); END"


def _postgresql(table: str, name: str, change: str, *, when: str = "", each: str = "ROW") -> str:
    condition = f"WHEN ({when}) " if when else ""
    return f"CREATE TRIGGER {table}_{name}_refused BEFORE {change} ON {table} FOR EACH {each} {condition}EXECUTE FUNCTION refuse_change()"
