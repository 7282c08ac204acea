"""Whoever appealed is told what came of it, where the room it is about does not tell them."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from canut.justice.models import Case
from canut.justice.sanctions.link_token import path_of
from canut.justice.states import CaseBy, CaseKind, CaseState
from canut.people.models import Person
from canut.people.notices.kinds import NoticeKind
from canut.people.notices.usecases.tell import tell
from canut.people.notices.words import as_read_by

_ENDS: Mapping[tuple[CaseKind, CaseState], Promise] = {
    (CaseKind.LEVEL, CaseState.STANDS): _lazy("Peers who were drawn by lot say that the decision stands."),
    (CaseKind.LEVEL, CaseState.FALLS): _lazy(
        "The decision does not stand: the reviews that you named count no more, and your level follows from "
        "the others."
    ),
    (CaseKind.ADMISSION, CaseState.STANDS): _lazy(
        "Peers who were drawn by lot say that the decision stands."
    ),
    (CaseKind.SANCTION, CaseState.STANDS): _lazy("Peers who were drawn by lot say that the sanction stands."),
}
"""How these kinds of cases end; of the others each room tells what comes of it."""
NOBODY_HEARD = _lazy("No peers were found in time, so what was decided does not stand.")
OVER_BEFORE = _lazy("What it was about was over before peers had decided, so nobody has to decide any more.")


@transaction.atomic
def tell_of_case(*, case_id: int, at: datetime) -> bool:
    """Tell whoever appealed how their case ended; return whether they were told. A job.

    Of rejections, times, withdrawals, admissions and sanctions that end, the rooms below tell.
    """
    case = Case.objects.get(pk=case_id)
    kind, sentence = CaseKind(case.kind), _how_it_ended(case)
    person = Person.objects.select_related("party").filter(pk=case.party_id).first()
    if person is None or sentence is None:
        return False
    is_sanction = kind == CaseKind.SANCTION
    with as_read_by(person):
        told = tell(
            person,
            NoticeKind.SANCTION if is_sanction else NoticeKind.APPEAL,
            _("Your appeal is decided: %(about)s") % {"about": kind.label},
            str(sentence),
            case.reason,
            path=path_of(case.subject_id) if is_sanction else f"/justice/cases/{case.pk}/",
            at=at,
            key=f"case:{case_id}",
        )
    return told is not None


def _how_it_ended(case: Case) -> Promise | None:
    """Return a sentence on how a case ended; None if another room tells it, or there is nothing to tell."""
    if case.decided_by == CaseBy.OVERTAKEN:
        return OVER_BEFORE if case.kind in (CaseKind.LEVEL, CaseKind.SANCTION) else None
    if case.decided_by == CaseBy.NO_PEERS:
        return NOBODY_HEARD if case.kind in (CaseKind.LEVEL, CaseKind.ADMISSION) else None
    return _ENDS.get((CaseKind(case.kind), CaseState(case.state)))
