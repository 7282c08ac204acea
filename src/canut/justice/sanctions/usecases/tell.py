"""Telling people of sanctions: those who may review one, and the one it touches. Called by jobs."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from canut.justice.sanctions.link_token import path_of
from canut.justice.sanctions.models import Proposal, Review, Sanction
from canut.justice.sanctions.states import Ended, ProposalState
from canut.justice.sanctions.wording import name_of_sanction
from canut.people.notices.kinds import NoticeKind
from canut.people.notices.usecases.tell import tell
from canut.people.notices.usecases.tell_each import tell_each
from canut.people.notices.words import as_read_by, moment
from canut.people.queries import operators


@transaction.atomic
def tell_reviewers(*, sanction_id: int, at: datetime, is_reminder: bool = False) -> int:
    """Tell those who may look at a sanction again, until when they have to; return how many."""
    review = Review.objects.select_related("sanction").get(sanction_id=sanction_id)
    if review.outcome or review.sanction.ended_at is not None:
        return 0

    def said() -> Sequence[str]:
        return (
            _("Reminder: a sanction waits to be looked at again")
            if is_reminder
            else _("A sanction is to be looked at again"),
            _("Whom it touches has asked for it. Somebody who did not decide it says whether it stands.")
            + " "
            + _("Without an answer by %(time)s it lapses.") % {"time": moment(review.review_by)},
        )

    others = operators(without=[review.sanction.decided_by_id, review.sanction.person_id])
    path, key = f"/justice/sanctions/{sanction_id}/", f"sanction-review:{review.pk}:{is_reminder:d}"
    return tell_each(others, NoticeKind.RUNNING, said, path=path, at=at, key=key)


@transaction.atomic
def tell_ended(*, sanction_id: int, at: datetime) -> bool:
    """Tell the one it touches that a sanction holds no more, and why."""
    sanction = Sanction.objects.select_related("person__party").get(pk=sanction_id)
    if sanction.ended_at is None:
        return False
    with as_read_by(sanction.person):
        told = tell(
            sanction.person,
            NoticeKind.SANCTION,
            _("A sanction about you holds no more"),
            _("%(what)s holds no more since %(time)s: %(how)s.")
            % {
                "what": name_of_sanction(sanction),
                "time": moment(sanction.ended_at),
                "how": Ended(sanction.ended_how).label,
            },
            sanction.end_reason,
            _("What it barred is open to you again. The whole of it stays to be read."),
            path=path_of(sanction.pk),
            at=at,
            key=f"sanction-ended:{sanction_id}",
        )
    return told is not None


@transaction.atomic
def tell_stands(*, sanction_id: int, at: datetime) -> bool:
    """Tell the one it touches that another person has looked at it again, and what they said."""
    review = Review.objects.select_related("sanction__person__party", "reviewer__party").get(
        sanction_id=sanction_id
    )
    if review.reviewer is None:
        return False
    sanction = review.sanction
    with as_read_by(sanction.person):
        told = tell(
            sanction.person,
            NoticeKind.SANCTION,
            _("Another person has looked at your sanction again"),
            _("%(what)s stands. %(name)s, who did not decide it, gives this reason:")
            % {"what": name_of_sanction(sanction), "name": review.reviewer.screen_name},
            review.reason,
            _("What else is open to you stands on its page."),
            path=path_of(sanction.pk),
            at=at,
            key=f"sanction-stands:{sanction_id}",
        )
    return told is not None


@transaction.atomic
def tell_of_proposal(*, proposal_id: int, at: datetime) -> int:
    """Tell those who run the site what a program proposes, and that it lapses; return how many."""
    proposal = Proposal.objects.get(pk=proposal_id)
    if proposal.state != ProposalState.OPEN:
        return 0

    def said() -> Sequence[str]:
        return (
            _("A program proposes a sanction"),
            _("It decides nothing. Look at what it found; unless a person decides by %(time)s it lapses.")
            % {"time": moment(proposal.lapses_at)},
        )

    path, key = f"/justice/sanctions/proposals/{proposal_id}/", f"sanction-proposal:{proposal_id}"
    others = operators(without=[proposal.person_id])
    return tell_each(others, NoticeKind.RUNNING, said, path=path, at=at, key=key)


def remind_reviewers(*, at: datetime) -> int:
    """Remind those who may look at a sanction again when half of the time is gone. A job."""
    waiting = Review.objects.filter(
        outcome="", reminded_at__isnull=True, sanction__ended_at__isnull=True, review_by__gt=at
    )
    due = [
        (pk, sanction_id)
        for pk, sanction_id, asked_at, review_by in waiting.values_list(
            "pk", "sanction_id", "asked_at", "review_by"
        )
        if at - asked_at >= (review_by - asked_at) / 2
    ]
    told = 0
    for pk, sanction_id in due:
        with transaction.atomic():
            if Review.objects.filter(pk=pk, reminded_at__isnull=True).update(reminded_at=at):
                told += tell_reviewers(sanction_id=sanction_id, at=at, is_reminder=True)
    return told
