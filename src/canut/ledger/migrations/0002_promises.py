"""What the database promises about money: entries written once, totals that are their sums."""

from django.db import migrations

WRITTEN_ONCE = """
CREATE TRIGGER ledger_entry_written_once BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger_ledgerentry
    FOR EACH STATEMENT EXECUTE FUNCTION kernel_written_once();
"""

ONE_CURRENCY = """
ALTER TABLE ledger_ledgerentry
    ADD CONSTRAINT entry_debit_same_currency FOREIGN KEY (debit_id, currency) REFERENCES ledger_account (id, currency),
    ADD CONSTRAINT entry_credit_same_currency FOREIGN KEY (credit_id, currency) REFERENCES ledger_account (id, currency);
"""

# One update an account and statement, in id order, so that two bookings of many rows cannot deadlock.
# `outside` is in every deposit and never refused: it keeps no total, or all deposits would queue for it.
TOTALS = """
CREATE FUNCTION ledger_keep_totals() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM 1 FROM ledger_account
        WHERE id IN (SELECT debit_id FROM fresh UNION SELECT credit_id FROM fresh) AND kind <> 'outside'
        ORDER BY id FOR NO KEY UPDATE;
    UPDATE ledger_account a SET total_minor = a.total_minor + moved.amount
        FROM (SELECT account_id, sum(amount) AS amount FROM (
                  SELECT debit_id AS account_id, -amount_minor AS amount FROM fresh
                  UNION ALL SELECT credit_id, amount_minor FROM fresh) both_sides
              GROUP BY account_id) moved
        WHERE a.id = moved.account_id AND a.kind <> 'outside' AND moved.amount <> 0;
    RETURN NULL;
END $$;
CREATE TRIGGER ledger_entry_keeps_totals AFTER INSERT ON ledger_ledgerentry
    REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION ledger_keep_totals();
"""

# Nobody but that trigger writes a total (it runs one level deeper), and an account never changes what it is.
GUARD = """
CREATE FUNCTION ledger_guard_account() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.total_minor <> 0 THEN
            RAISE EXCEPTION USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'account_opens_empty',
                TABLE = TG_TABLE_NAME, MESSAGE = 'account_opens_empty: an account opens with nothing; money comes by entries';
        END IF;
        RETURN NEW;
    END IF;
    IF TG_OP = 'DELETE' OR (NEW.kind, NEW.currency, NEW.party_id, NEW.project_id)
            IS DISTINCT FROM (OLD.kind, OLD.currency, OLD.party_id, OLD.project_id) THEN
        RAISE EXCEPTION USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'account_stays',
            TABLE = TG_TABLE_NAME, MESSAGE = 'account_stays: an account is never deleted and never becomes another';
    END IF;
    IF NEW.total_minor <> OLD.total_minor AND pg_trigger_depth() < 2 THEN
        RAISE EXCEPTION USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'account_total_by_entries',
            TABLE = TG_TABLE_NAME, MESSAGE = 'account_total_by_entries: a total changes by entries alone';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER ledger_account_guarded BEFORE INSERT OR UPDATE OR DELETE ON ledger_account
    FOR EACH ROW EXECUTE FUNCTION ledger_guard_account();
"""


class Migration(migrations.Migration):
    dependencies = [("ledger", "0001_initial"), ("kernel", "0002_promises")]

    operations = [
        migrations.RunSQL(WRITTEN_ONCE, migrations.RunSQL.noop),
        migrations.RunSQL(ONE_CURRENCY, migrations.RunSQL.noop),
        migrations.RunSQL(TOTALS, migrations.RunSQL.noop),
        migrations.RunSQL(GUARD, migrations.RunSQL.noop),
    ]
