"""Whoever appealed takes it back: what was decided stands, and nobody has to hear it any more."""

from datetime import datetime

from django.db import transaction

from canut.justice.access import case_of_party
from canut.justice.models import Case
from canut.justice.states import CaseBy, CaseState
from canut.justice.usecases.decide_case import decide_case
from canut.people.models import Person


@transaction.atomic
def take_back_case(*, case_id: int, by: Person, at: datetime) -> Case:
    """End a case of one's own that is open. Of one that has ended nothing changes; it cannot be opened again.

    Raises:
        CaseNotFound: `by` has opened none of this number.
    """
    case = case_of_party(case_id, by=by)
    return decide_case(case_id=case.pk, outcome=CaseState.DROPPED, by=CaseBy.TAKEN_BACK, at=at)
