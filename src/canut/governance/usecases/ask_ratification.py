"""The members are asked whether the constitution that the site began with is theirs."""

from datetime import datetime

from django.db import connection, transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from canut.governance.access import proposal_known
from canut.governance.ballots.queries import who_would_be_asked
from canut.governance.models import Proposal, ProposalVersion
from canut.governance.refusals import RatificationPending
from canut.governance.rules import class_of
from canut.governance.states import OPEN, ProposalKind, ProposalState
from canut.governance.usecases.open_proposal_vote import open_vote_on
from canut.kernel.events import record
from canut.membership.access import require_member
from canut.people.access import as_operator
from canut.people.models import Person


@transaction.atomic
def open_ratification(*, by: Person, at: datetime) -> Proposal:
    """Open the site's first vote, on its constitution, at an operator's word. Asking twice opens one.

    Raises:
        OperatorRoleMissing: `by` does not run this site.
        RatificationPending: the members have answered already; from then on it is theirs to ask again.
    """
    as_operator(by)
    return _open_first(at=at, opened_by=by)


@transaction.atomic
def open_ratification_by_board(*, motion_id: int, at: datetime) -> Proposal:
    """Open the site's first vote, on its constitution, by a motion of the board. Asking twice opens one.

    Raises:
        RatificationPending: the members have answered already; from then on it is theirs to ask again.
    """
    return _open_first(at=at, motion_id=motion_id)


@transaction.atomic
def open_first_ratification(*, at: datetime) -> bool:
    """Open the vote on the constitution once both deciding colleges can be asked; tell if it did. A job."""
    _take_turns()
    if Proposal.objects.filter(kind=ProposalKind.RATIFICATION).exists():
        return False
    if not all(who_would_be_asked(class_of((), has_articles=True), at=at).values()):
        return False
    _open_first(at=at)
    return True


@transaction.atomic
def propose_ratification(*, by: Person, at: datetime) -> Proposal:
    """Propose, after the members have rejected it, to ask again whether the constitution is theirs.

    It is an idea like any other, and voted on once it is popular.

    Raises:
        NotAMember: `by` is not admitted.
        RatificationPending: the members have not answered yet, or have said yes, or it is proposed already.
    """
    require_member(by, at)
    _take_turns()
    found = list(Proposal.objects.filter(kind=ProposalKind.RATIFICATION).order_by("pk"))
    own = next((one for one in found if one.state == ProposalState.IDEA and one.author_id == by.pk), None)
    if own is not None:
        return own
    if not found or any(one.state in (*OPEN, ProposalState.ADOPTED) for one in found):
        raise RatificationPending(
            _(
                "The constitution is ratified, or the question is on its way already. It can be asked again "
                "once the members have said no."
            )
        )
    return _new(author=by, at=at)


def _open_first(*, at: datetime, opened_by: Person | None = None, **about: int) -> Proposal:
    _take_turns()
    running = Proposal.objects.filter(kind=ProposalKind.RATIFICATION).order_by("-pk").first()
    if running is not None:
        if running.state == ProposalState.VOTE:
            return running
        raise RatificationPending(
            _(
                "The members have answered, or are about to be asked. From now on it is theirs to propose "
                "the question again."
            )
        )
    proposal = proposal_known(_new(author=None, at=at).pk, lock=True)
    open_vote_on(proposal, at=at)
    record(opened_by, "proposal.ratification_opened", proposal, at=at, **about)
    return proposal


def _take_turns() -> None:
    """Be the only one to ask this question until the transaction ends: there may be no row yet to lock."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended('canut.governance.ratification', 0))")


def _new(*, author: Person | None, at: datetime) -> Proposal:
    proposal = Proposal.objects.create(
        kind=ProposalKind.RATIFICATION, author=author, began_at=at, changed_at=at
    )
    with override("en"):
        title, text = _title(), _text()
    with override("fr"):
        translated = _title(), _text()
    ProposalVersion.objects.create(
        proposal=proposal,
        number=1,
        language="en",
        title=title,
        text=text,
        translated_title=translated[0],
        translated_text=translated[1],
        by=author,
        made_at=at,
    )
    return proposal


def _title() -> str:
    return _("Is this constitution ours?")


def _text() -> str:
    return _(
        "This site began with the constitution that the software brings. Its first vote is on whether we "
        "make it our own. If we do, everything in it and in the charter changes by our decisions alone. If "
        "we do not, it still holds, for a site needs rules; we can amend it, and propose this question again."
    )
