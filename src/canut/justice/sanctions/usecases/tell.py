"""Telling people of sanctions: those who may review one, and the one it touches. Called by jobs."""

from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from canut.justice.sanctions.link_token import path_of
from canut.justice.sanctions.models import Proposal, Review, Sanction
from canut.justice.sanctions.states import Ended, ProposalState
from canut.justice.sanctions.wording import name_of_sanction
from canut.people.models import Person
from canut.people.queries_restrictions import not_shut_out
from canut.work.usecases.mails import address, as_read_by, mail_to, moment


@transaction.atomic
def tell_reviewers(*, sanction_id: int, is_reminder: bool = False) -> int:
    """Mail those who may look at a sanction again, until when they have to; return how many."""
    review = Review.objects.select_related("sanction").get(sanction_id=sanction_id)
    if review.outcome or review.sanction.ended_at is not None:
        return 0
    told = 0
    excluded = [review.sanction.decided_by_id, review.sanction.person_id]
    for person in _operators().exclude(pk__in=excluded):
        with as_read_by(person):
            told += mail_to(
                person,
                _("Reminder: a sanction waits to be looked at again")
                if is_reminder
                else _("A sanction is to be looked at again"),
                _("Whom it touches has asked for it. Somebody who did not decide it says whether it stands.")
                + " "
                + _("Without an answer by %(time)s it lapses.") % {"time": moment(review.review_by)},
                address(f"/justice/sanctions/{sanction_id}/"),
            )
    return told


@transaction.atomic
def tell_ended(*, sanction_id: int) -> bool:
    """Mail the one it touches that a sanction holds no more, and why."""
    sanction = Sanction.objects.select_related("person__party").get(pk=sanction_id)
    if sanction.ended_at is None:
        return False
    with as_read_by(sanction.person):
        return mail_to(
            sanction.person,
            _("A sanction about you holds no more"),
            _("%(what)s holds no more since %(time)s: %(how)s.")
            % {
                "what": name_of_sanction(sanction),
                "time": moment(sanction.ended_at),
                "how": Ended(sanction.ended_how).label,
            },
            sanction.end_reason,
            _("What it barred is open to you again. The whole of it stays to be read:"),
            _link(sanction),
        )


@transaction.atomic
def tell_stands(*, sanction_id: int) -> bool:
    """Mail the one it touches that another person has looked at it again, and what they said."""
    review = Review.objects.select_related("sanction__person__party", "reviewer__party").get(
        sanction_id=sanction_id
    )
    if review.reviewer is None:
        return False
    sanction = review.sanction
    with as_read_by(sanction.person):
        return mail_to(
            sanction.person,
            _("Another person has looked at your sanction again"),
            _("%(what)s stands. %(name)s, who did not decide it, gives this reason:")
            % {"what": name_of_sanction(sanction), "name": review.reviewer.screen_name},
            review.reason,
            _("What else is open to you stands here:"),
            _link(sanction),
        )


@transaction.atomic
def tell_of_proposal(*, proposal_id: int) -> int:
    """Mail those who run the site what a program proposes, and that it lapses; return how many."""
    proposal = Proposal.objects.get(pk=proposal_id)
    if proposal.state != ProposalState.OPEN:
        return 0
    told = 0
    for person in _operators().exclude(pk=proposal.person_id):
        with as_read_by(person):
            told += mail_to(
                person,
                _("A program proposes a sanction"),
                _("It decides nothing. Look at what it found; unless a person decides by %(time)s it lapses.")
                % {"time": moment(proposal.lapses_at)},
                address(f"/justice/sanctions/proposals/{proposal_id}/"),
            )
    return told


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
                told += tell_reviewers(sanction_id=sanction_id, is_reminder=True)
    return told


def _operators() -> "QuerySet[Person]":
    rows = Person.objects.filter(is_operator=True, is_active=True).select_related("party").order_by("pk")
    return not_shut_out(rows)


def _link(sanction: Sanction) -> str:
    return address(path_of(sanction.pk))
