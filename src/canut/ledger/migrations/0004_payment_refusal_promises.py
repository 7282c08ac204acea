"""Earnings that a sanction refuses to pay out stay where they are, whoever books."""

from django.db import migrations

HOLDING = """
CREATE VIEW ledger_payment_refusal_v AS
    SELECT party_id, currency, amount_minor, sanction_id, since
    FROM ledger_paymentrefusal
    WHERE lifted_at IS NULL AND since <= kernel_now() AND coalesce(lapses_at, 'infinity') > kernel_now();
"""

HOLDING_BACK = "DROP VIEW ledger_payment_refusal_v;"

# Asked only when earnings shrink, which pay never does: the hot path has no part in it.
STAYS = """
CREATE FUNCTION ledger_refused_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM ledger_payment_refusal_v r WHERE r.party_id = NEW.party_id AND r.currency = NEW.currency
               HAVING count(*) > 0 AND (bool_or(r.amount_minor IS NULL) OR sum(r.amount_minor) > NEW.total_minor)) THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'account_refused_payment_stays',
            TABLE = TG_TABLE_NAME,
            MESSAGE = 'account_refused_payment_stays: a sanction refuses to pay this out';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER account_refused_payment_stays BEFORE UPDATE OF total_minor ON ledger_account
    FOR EACH ROW WHEN (OLD.kind = 'earnings' AND NEW.total_minor < OLD.total_minor)
    EXECUTE FUNCTION ledger_refused_stays();
"""

STAYS_BACK = """
DROP TRIGGER account_refused_payment_stays ON ledger_account;
DROP FUNCTION ledger_refused_stays();
"""


class Migration(migrations.Migration):
    dependencies = [("ledger", "0003_payment_refusal"), ("kernel", "0002_promises")]

    operations = [
        migrations.RunSQL(HOLDING, HOLDING_BACK),
        migrations.RunSQL(STAYS, STAYS_BACK),
    ]
