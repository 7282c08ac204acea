"""A seat that was served is its holder's for good: nobody gives it up afterwards."""

from django.db import migrations, models
from django.db.models import Q

STATES = [
    ("offered", "waiting for an answer"),
    ("accepted", "accepted"),
    ("declined", "declined"),
    ("lapsed", "not answered in time"),
    ("excluded", "excluded after the draw"),
    ("released", "left after accepting"),
    ("served", "served"),
]

GUARD = """
CREATE OR REPLACE FUNCTION membership_guard_candidate() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE broken text; lot_state text;
BEGIN
    IF TG_OP = 'DELETE' THEN
        broken := 'candidate_kept';
    ELSE
        SELECT state INTO lot_state FROM membership_lot WHERE number = NEW.lot_id;
        IF TG_OP = 'INSERT' THEN
            IF lot_state <> 'prepared' THEN
                broken := 'candidate_fixed_before_draw';
            END IF;
        ELSIF (NEW.id, NEW.lot_id, NEW.person_id, NEW.code, NEW.served_lately)
                IS DISTINCT FROM (OLD.id, OLD.lot_id, OLD.person_id, OLD.code, OLD.served_lately)
            OR (OLD.place IS NOT NULL AND NEW.place IS DISTINCT FROM OLD.place)
            OR (OLD.offered_at IS NOT NULL AND (NEW.offered_at, NEW.answer_by)
                IS DISTINCT FROM (OLD.offered_at, OLD.answer_by)) THEN
            broken := 'candidate_fixed_before_draw';
        ELSIF NEW.place IS DISTINCT FROM OLD.place AND lot_state <> 'committed' THEN
            broken := 'candidate_placed_by_draw';
        ELSIF NEW.state <> OLD.state AND (lot_state <> 'drawn' OR (OLD.state, NEW.state) NOT IN (
                ('', 'offered'), ('offered', 'accepted'), ('offered', 'declined'), ('offered', 'lapsed'),
                ('offered', 'excluded'), ('accepted', 'excluded'), ('accepted', 'released'), ('offered', 'served'), ('accepted', 'served'),
                ('lapsed', 'served'))) THEN
            broken := 'candidate_transition_known';
        END IF;
    END IF;
    IF broken IS NOT NULL THEN
        RAISE EXCEPTION USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = broken, TABLE = TG_TABLE_NAME,
            MESSAGE = format('%s: candidate %s', broken, coalesce(NEW.id, OLD.id));
    END IF;
    RETURN NULL;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("membership", "0004_refusal_promises")]

    operations = [
        migrations.AlterField(
            model_name="candidate",
            name="state",
            field=models.CharField(blank=True, choices=STATES, default="", max_length=8),
        ),
        migrations.RemoveConstraint(model_name="candidate", name="candidate_state_known"),
        migrations.AddConstraint(
            model_name="candidate",
            constraint=models.CheckConstraint(
                name="candidate_state_known",
                condition=Q(state__in=["", *(name for name, _label in STATES)]),
            ),
        ),
        migrations.RunSQL(GUARD, migrations.RunSQL.noop),
    ]
