"""Cases for tests: appealed, and ended as peers or nobody would."""

from datetime import datetime

from canut.justice.models import Case
from canut.justice.states import CaseBy, CaseState
from canut.justice.usecases.decide_case import decide_case


def heard(case: Case, *, overturn: bool, reason: str = "Heard.", at: datetime) -> Case:
    """Return the case after peers have said whether what was decided falls."""
    outcome = CaseState.FALLS if overturn else CaseState.STANDS
    return decide_case(case_id=case.pk, outcome=outcome, by=CaseBy.JURY, reason=reason, at=at)


def lapsed(case: Case, *, at: datetime) -> Case:
    """Return the case after no peers were found for it."""
    return decide_case(case_id=case.pk, outcome=CaseState.FALLS, by=CaseBy.NO_PEERS, at=at)
