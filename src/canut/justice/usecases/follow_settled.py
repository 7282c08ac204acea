"""Cases end whose thing is settled or over meanwhile: nobody has to hear them any more."""

from datetime import datetime

from canut.justice.models import Case
from canut.justice.states import CaseBy, CaseState
from canut.justice.subjects import SUBJECTS
from canut.justice.usecases.decide_case import decide_case


def follow_settled(*, at: datetime) -> int:
    """End the open cases of which the room below says that nothing is left to decide; return how many.

    Each is a transaction of its own, and looks again under its lock. A job.
    """
    ended = 0
    for case in Case.objects.filter(state=CaseState.OPEN).order_by("pk").iterator():
        if SUBJECTS[case.kind].has_ended(case.subject_id):
            decide_case(case_id=case.pk, outcome=CaseState.DROPPED, by=CaseBy.OTHER_SIDE, at=at)
            ended += 1
    return ended
