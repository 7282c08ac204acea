"""Time passes over what is hidden: what nobody confirmed is shown again, and objections prevail."""

from datetime import datetime

from django.db import transaction

from canut.discussion.hiding.models import Hidden
from canut.discussion.hiding.states import HiddenKind
from canut.justice.flags.models import Matter, Objection
from canut.justice.flags.states import MatterState, ObjectionState
from canut.justice.flags.usecases.object_to_hiding import restore_after_objection
from canut.justice.flags.usecases.settle_hiding import settle_hiding
from canut.kernel.events import record
from canut.kernel.later import later
from canut.people.models import Party

A_RUN = 100


def follow_flags(*, at: datetime) -> int:
    """Do all that is due at `at`, each thing in a transaction of its own; return how much was. A job."""
    over = Matter.objects.filter(state=MatterState.HIDDEN, hidden_until__lte=at)
    done = [_lapse(one, at=at) for one in over.order_by("hidden_until").values_list("pk", flat=True)[:A_RUN]]
    unanswered = Objection.objects.filter(state=ObjectionState.OPEN, lapses_at__lte=at)
    ids = unanswered.order_by("lapses_at").values_list("pk", flat=True)[:A_RUN]
    done += [_prevail(one, at=at) for one in ids]
    done += [_forget_name(one, at=at) for one in _given_up_names()]
    return sum(done)


@transaction.atomic
def _lapse(matter_id: int, *, at: datetime) -> bool:
    matter = Matter.objects.select_for_update(no_key=True).get(pk=matter_id)
    if matter.state != MatterState.HIDDEN or matter.hidden_until is None or matter.hidden_until > at:
        return False
    matter.state, matter.episode = MatterState.LAPSED, matter.episode + 1
    matter.save(update_fields=["state", "episode"])
    settle_hiding(HiddenKind(matter.subject_kind), matter.subject_id, by=None, at=at)
    record(None, "flag.lapsed", matter, at=at, kind=str(matter.subject_kind))
    later("justice.tell_of_flags", matter_id=matter.pk, what="lapsed")
    return True


@transaction.atomic
def _prevail(matter_id: int, *, at: datetime) -> bool:
    matter = Matter.objects.select_for_update(no_key=True).get(pk=matter_id)
    objection = Objection.objects.select_for_update(no_key=True).get(matter=matter)
    if objection.state != ObjectionState.OPEN or objection.lapses_at > at:
        return False
    objection.state, objection.ended_at = ObjectionState.LAPSED, at
    objection.save(update_fields=["state", "ended_at"])
    restore_after_objection(matter, by=None, at=at)
    record(None, "flag.objection_lapsed", matter, at=at)
    later("justice.tell_of_flags", matter_id=matter.pk, what="answered")
    return True


def _given_up_names() -> list[int]:
    """Return the parties whose hidden name was given up for another, or with the account."""
    running = Hidden.objects.filter(subject_kind=HiddenKind.SCREEN_NAME, ended_at__isnull=True)
    ids = list(running.values_list("subject_id", flat=True))
    rows = Party.objects.filter(pk__in=ids, hidden_name="")
    return list(rows.order_by("pk").values_list("pk", flat=True)[:A_RUN])


@transaction.atomic
def _forget_name(party_id: int, *, at: datetime) -> bool:
    return not settle_hiding(HiddenKind.SCREEN_NAME, party_id, by=None, at=at)
