"""The only way to a sanction on somebody's behalf: for the one it touches, and for those who run the site.

Who may not see one is told the same as if there were none.
"""

from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from canut.charter.queries import in_force
from canut.justice.refusals import CaseFileNotFound
from canut.justice.sanctions.link_token import sanction_of_token
from canut.justice.sanctions.models import Proposal, Sanction, SanctionFile
from canut.justice.sanctions.refusals import (
    OwnSanction,
    SanctionLinkEnded,
    SanctionNotFound,
    SanctionProposalNotFound,
)
from canut.justice.sanctions.rules import link_ends_at
from canut.justice.sanctions.states import Kind
from canut.people.access import as_operator
from canut.people.models import Person

LARGEST = 2**63 - 1


def own_sanction(sanction_id: int, *, by: Person, lock: bool = False) -> Sanction:
    """Return a sanction that touches `by`, its row locked if asked.

    Raises:
        SanctionNotFound: there is none, or it touches somebody else.
    """
    return _the_one(_rows(lock).filter(person_id=by.pk), sanction_id)


def sanction_of_link(token: str, *, at: datetime) -> Sanction:
    """Return the sanction whose mail had this link; whoever has the link is the one it touches.

    Raises:
        SanctionNotFound: this site made no such link. SanctionLinkEnded: the sanction is over for long.
    """
    found = _the_one(_rows(lock=False).select_related("review"), sanction_of_token(token) or 0)
    review = getattr(found, "review", None)
    ends_at = link_ends_at(
        takes_effect_at=found.takes_effect_at,
        ends_at=found.ends_at,
        ended_at=found.ended_at,
        looked_at_again=None if review is None else review.reviewed_at or review.review_by,
        goes_on=found.kind in (Kind.REFUSE_PAYMENT, Kind.CLOSE),
        days=in_force("sanction.link_days", at=at),
    )
    if ends_at is not None and ends_at <= at:
        raise SanctionLinkEnded(
            _("This link has ended, as the sanction has long been over. Sign in to read it."),
            ended_at=ends_at.isoformat(),
        )
    return found


def sanction_as_operator(sanction_id: int, *, by: Person, lock: bool = False) -> Sanction:
    """Return a sanction for somebody who runs the site, its row locked if asked.

    Raises:
        OperatorRoleMissing: `by` does not run the site. SanctionNotFound: there is none.
    """
    as_operator(by)
    return _the_one(_rows(lock), sanction_id)


def proposal_as_operator(proposal_id: int, *, by: Person, lock: bool = False) -> Proposal:
    """Return what a program proposes, for somebody who runs the site, its row locked if asked.

    Raises:
        OperatorRoleMissing: `by` does not run the site. SanctionProposalNotFound: there is none.
    """
    as_operator(by)
    rows = Proposal.objects.select_for_update(of=("self",), no_key=True) if lock else Proposal.objects.all()
    found = (
        rows.select_related("person__party").filter(pk=proposal_id).first() if _is_id(proposal_id) else None
    )
    if found is None:
        raise SanctionProposalNotFound(_("There is no such proposal."))
    return found


def refuse_own(person_id: int, *, by: Person) -> None:
    """Raise OwnSanction if what is to be decided is about `by` themselves."""
    if person_id == by.pk:
        raise OwnSanction(_("Nobody decides about themselves. Another person who runs the site can."))


def sanction_file(sanction: Sanction, file_id: UUID) -> SanctionFile:
    """Return a file of a sanction that the one who asks has reached.

    Raises:
        CaseFileNotFound: it has none of this id.
    """
    found = SanctionFile.objects.filter(pk=file_id, sanction=sanction).first()
    if found is None:
        raise CaseFileNotFound(_("There is no such file, or it is not yours to fetch."))
    return found


def _rows(lock: bool) -> "QuerySet[Sanction]":
    rows = Sanction.objects.select_related("person__party", "decided_by__party", "ended_by__party")
    return rows.select_for_update(of=("self",), no_key=True) if lock else rows


def _the_one(rows: "QuerySet[Sanction]", sanction_id: int) -> Sanction:
    found = rows.filter(pk=sanction_id).first() if _is_id(sanction_id) else None
    if found is None:
        raise SanctionNotFound(_("There is no such sanction, or it is not yours to read."))
    return found


def _is_id(number: int) -> bool:
    return 0 < number <= LARGEST
