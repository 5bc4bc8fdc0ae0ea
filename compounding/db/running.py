"""How the database keeps a lot's balance at a constant price: each movement leaves a running balance, and each follows from the one before it.

Statements for migrations. Three rules prove each other by induction, whoever writes: a running balance is the one before it of its
lot and the amount of its movement; every movement has exactly one (its key) and neither ever changes; a lot's balance is its newest.
Summing all the movements of a lot at each entry, as before, said the same, but a year of a busy lot was quadratic.
"""

# On PostgreSQL the lot is locked first: who waited for it reads what was written meanwhile.
_FUNCTIONS = (
    """
    CREATE OR REPLACE FUNCTION keep_balance() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE
        newest running_balance%ROWTYPE;
    BEGIN
        PERFORM 1 FROM lot WHERE id = NEW.lot_id FOR NO KEY UPDATE;
        SELECT * INTO newest FROM running_balance WHERE lot_id = NEW.lot_id ORDER BY place DESC LIMIT 1;
        INSERT INTO running_balance (movement_id, lot_id, place, balance)
            VALUES (NEW.id, NEW.lot_id, coalesce(newest.place, 0) + 1, coalesce(newest.balance, 0) + NEW.amount);
        UPDATE lot SET balance = coalesce(newest.balance, 0) + NEW.amount WHERE id = NEW.lot_id;
        RETURN NULL;
    END $$
    """,
    """
    CREATE FUNCTION hold_running_balance() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE
        newest running_balance%ROWTYPE;
    BEGIN
        SELECT * INTO newest FROM running_balance WHERE lot_id = NEW.lot_id ORDER BY place DESC LIMIT 1;
        IF NEW.place IS DISTINCT FROM coalesce(newest.place, 0) + 1 OR NEW.balance IS DISTINCT FROM coalesce(newest.balance, 0)
            + (SELECT amount FROM movement WHERE id = NEW.movement_id AND lot_id = NEW.lot_id) THEN
            RAISE EXCEPTION 'a running balance follows from the one before it by its movement' USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        RETURN NEW;
    END $$
    """,
    """
    CREATE OR REPLACE FUNCTION hold_balance() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF NEW.balance <> coalesce((SELECT balance FROM running_balance WHERE lot_id = NEW.id ORDER BY place DESC LIMIT 1), 0) THEN
            RAISE EXCEPTION 'the balance of a lot is the sum of its movements' USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        RETURN NULL;
    END $$
    """,
)

_POSTGRESQL = (
    "CREATE TRIGGER running_balance_follows BEFORE INSERT ON running_balance FOR EACH ROW EXECUTE FUNCTION hold_running_balance()",
    "CREATE TRIGGER movement_balance AFTER INSERT ON movement FOR EACH ROW EXECUTE FUNCTION keep_balance()",
    "CREATE TRIGGER lot_balance AFTER INSERT OR UPDATE OF balance ON lot FOR EACH ROW EXECUTE FUNCTION hold_balance()",
)

# The last rule of a movement is for an outer OR IGNORE, which leaves the update out where the lot's CHECK refuses it.
_SQLITE = (
    """
    CREATE TRIGGER running_balance_follows BEFORE INSERT ON running_balance
    WHEN NEW.place IS NOT 1 + coalesce((SELECT place FROM running_balance WHERE lot_id = NEW.lot_id ORDER BY place DESC LIMIT 1), 0)
        OR NEW.balance IS NOT coalesce((SELECT balance FROM running_balance WHERE lot_id = NEW.lot_id ORDER BY place DESC LIMIT 1), 0)
            + (SELECT amount FROM movement WHERE id = NEW.movement_id AND lot_id = NEW.lot_id)
    BEGIN
        SELECT RAISE(ABORT, 'a running balance follows from the one before it by its movement');
    END
    """,
    """
    CREATE TRIGGER movement_balance AFTER INSERT ON movement
    BEGIN
        INSERT INTO running_balance (movement_id, lot_id, place, balance) VALUES (
            NEW.id,
            NEW.lot_id,
            1 + coalesce((SELECT place FROM running_balance WHERE lot_id = NEW.lot_id ORDER BY place DESC LIMIT 1), 0),
            NEW.amount + coalesce((SELECT balance FROM running_balance WHERE lot_id = NEW.lot_id ORDER BY place DESC LIMIT 1), 0)
        );
        UPDATE lot SET balance = (SELECT balance FROM running_balance WHERE movement_id = NEW.id) WHERE id = NEW.lot_id;
        SELECT RAISE(ABORT, 'the balance of a lot is the sum of its movements')
        WHERE (SELECT balance FROM lot WHERE id = NEW.lot_id) IS NOT (SELECT balance FROM running_balance WHERE movement_id = NEW.id);
    END
    """,
    """
    CREATE TRIGGER lot_balance AFTER UPDATE OF balance ON lot
    WHEN NEW.balance <> coalesce((SELECT balance FROM running_balance WHERE lot_id = NEW.id ORDER BY place DESC LIMIT 1), 0)
    BEGIN
        SELECT RAISE(ABORT, 'the balance of a lot is the sum of its movements');
    END
    """,
    """
    CREATE TRIGGER lot_balance_first AFTER INSERT ON lot
    WHEN NEW.balance <> coalesce((SELECT balance FROM running_balance WHERE lot_id = NEW.id ORDER BY place DESC LIMIT 1), 0)
    BEGIN
        SELECT RAISE(ABORT, 'the balance of a lot is the sum of its movements');
    END
    """,
)

# Of one moment, what came in before what went out, as the ledger was always shown.
FILL = """
    INSERT INTO running_balance (movement_id, lot_id, place, balance)
    SELECT id, lot_id, row_number() OVER entries, CAST(sum(amount) OVER entries AS BIGINT)
    FROM movement
    WINDOW entries AS (PARTITION BY lot_id ORDER BY moved_at, amount DESC, id DESC ROWS UNBOUNDED PRECEDING)
"""


def kept(dialect: str) -> tuple[str, ...]:
    """A movement writes its running balance and its lot's balance in the same statement, and nothing else can."""
    return (*_FUNCTIONS, *_POSTGRESQL) if dialect == "postgresql" else _SQLITE


def dropped(dialect: str) -> tuple[str, ...]:
    """The triggers on `movement` and `lot` are gone, whichever way they kept the balance; those of the table of running balances go with it."""
    if dialect == "postgresql":
        return ("DROP TRIGGER movement_balance ON movement", "DROP TRIGGER lot_balance ON lot")
    return ("DROP TRIGGER movement_balance", "DROP TRIGGER lot_balance", "DROP TRIGGER lot_balance_first")
