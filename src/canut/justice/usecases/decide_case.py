"""A case ends: its outcome is carried out in the room it is about. There is no other way."""

from datetime import datetime

from django.db import transaction

from canut.justice.models import LONGEST_REASON, Case
from canut.justice.states import OUTCOMES, CaseBy, CaseState
from canut.justice.subjects import SUBJECTS
from canut.justice.subjects.subject import SettledMeanwhile
from canut.kernel.events import record
from canut.kernel.later import later


@transaction.atomic
def decide_case(*, case_id: int, outcome: CaseState, by: CaseBy, reason: str = "", at: datetime) -> Case:
    """End a case. One that has ended stays as it did, so a second call is safe, whatever it says.

    `stands` and `falls` come from peers, with their reasons, or `falls` because none were found; `dropped`
    because a side gave in. If the room below has settled the thing since, nobody's outcome is carried out,
    and the case says who did: the other side, which gave in, or nobody.
    """
    case = Case.objects.select_for_update(no_key=True).get(pk=case_id)
    if case.state != CaseState.OPEN:
        return case
    reason = reason.strip()[:LONGEST_REASON] if by == CaseBy.JURY else ""
    if not _is_carried_out(case, outcome, by, reason=reason, at=at):
        outcome, by, reason = CaseState.DROPPED, SUBJECTS[case.kind].settled_by(case.subject_id), ""
    case.state, case.decided_by, case.decided_at, case.reason = outcome, by, at, reason
    case.save(update_fields=["state", "decided_by", "decided_at", "reason"])
    record(
        None,
        "case.decided",
        case,
        at=at,
        kind=case.kind,
        about=case.subject_id,
        outcome=str(outcome),
        decided_by=str(by),
        days=(at - case.opened_at).days,
    )
    later("justice.tell_of_case", case_id=case.pk)
    return case


def _is_carried_out(case: Case, outcome: CaseState, by: CaseBy, *, reason: str, at: datetime) -> bool:
    """Carry out how a case ends; return False where nothing is left to carry out."""
    subject = SUBJECTS[case.kind]
    if by == CaseBy.OTHER_SIDE or subject.has_ended(case.subject_id):
        return False
    try:
        with transaction.atomic():
            if outcome in OUTCOMES:
                subject.apply(case.subject_id, outcome, heard=by == CaseBy.JURY, reason=reason, at=at)
            else:
                subject.closed(case.subject_id, at=at)
    except SettledMeanwhile:
        return False
    return True
