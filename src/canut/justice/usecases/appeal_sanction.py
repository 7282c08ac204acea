"""Whom a sanction touches has it heard by peers, once another person has said that it stands."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from canut.justice.models import Case
from canut.justice.sanctions.access import own_sanction
from canut.justice.sanctions.models import Review
from canut.justice.sanctions.refusals import SanctionEnded, SanctionNotReviewed
from canut.justice.sanctions.states import Ended, Outcome
from canut.justice.states import CaseKind
from canut.justice.usecases.open_case import open_case
from canut.people.models import Person


@transaction.atomic
def appeal_sanction(*, sanction_id: int, by: Person, words: str = "", at: datetime) -> Case:
    """Appeal a sanction that another person let stand, once. Appealing again returns the same case.

    Whoever is shut out appeals too: the link in the mail is enough.

    Raises:
        SanctionNotFound: it touches somebody else. SanctionEnded: it holds no more.
        SanctionNotReviewed: nobody else has looked at it yet.
    """
    sanction = own_sanction(sanction_id, by=by, lock=True)
    existing = Case.objects.filter(kind=CaseKind.SANCTION, subject_id=sanction.pk).first()
    if existing is not None:
        return existing
    if sanction.ended_at is not None:
        raise SanctionEnded(
            _("This sanction holds no more: %(how)s.") % {"how": Ended(sanction.ended_how).label},
            ended_how=sanction.ended_how,
        )
    if not Review.objects.filter(sanction=sanction, outcome=Outcome.STANDS).exists():
        raise SanctionNotReviewed(
            _("Ask first that another person look at it again. If they let it stand, peers can hear it.")
        )
    return open_case(
        kind=CaseKind.SANCTION,
        subject_id=sanction.pk,
        party=sanction.person.party,
        words=words.replace("\0", ""),
        at=at,
    )
