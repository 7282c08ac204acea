"""Electors are told that a vote has opened, reminded before its end, and told how it ended."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from canut.charter.queries import in_force
from canut.governance.ballots.models import Elector, Vote
from canut.governance.ballots.queries import title_of
from canut.governance.ballots.states import VoteState
from canut.people.models import Person
from canut.people.notices.kinds import NoticeKind
from canut.people.notices.usecases.tell import tell
from canut.people.notices.words import address, as_read_by, moment

MOST_AT_ONCE = 2_000
SOONEST_REMINDER = timedelta(days=1)
"""How long after its opening a vote reminds at the earliest: a reminder is no second announcement."""
NEWS_FOR = timedelta(days=7)
"""How long after its end a vote's result is news."""


@dataclass(slots=True)
class _News:
    """What one person is told of at once."""

    opened: list[Vote] = field(default_factory=list)
    ending: list[Vote] = field(default_factory=list)
    ended: list[Vote] = field(default_factory=list)

    @property
    def votes(self) -> list[Vote]:
        return [*self.opened, *self.ending, *self.ended]


def tell_electors(*, at: datetime, most: int = MOST_AT_ONCE) -> int:
    """Tell electors of votes that opened, end soon or have ended; return how many were told.

    Reminded are those who have not voted. Each person is told of all that is new to them in one notice, and
    each is a transaction of their own, so doing it again tells nothing twice. Never what anybody voted, nor
    a receipt. A job.
    """
    news: dict[int, list[int]] = defaultdict(list)
    still_open = Elector.objects.filter(vote__state=VoteState.OPEN, vote__closes_at__gt=at)
    untold = still_open.filter(told_at__isnull=True)
    silent = still_open.filter(
        reminded_at__isnull=True, voted_at__isnull=True, told_at__isnull=False, vote__in=_ending(at=at)
    )
    curious = Elector.objects.filter(
        result_told_at__isnull=True, vote__state=VoteState.CLOSED, vote__closed_at__gt=at - NEWS_FOR
    )
    for waiting in (untold, silent, curious):
        for person_id, elector_id in waiting.order_by("pk").values_list("person_id", "pk")[:most]:
            news[person_id].append(elector_id)
    return sum(_tell(person_id, places, at=at) for person_id, places in sorted(news.items()))


def _ending(*, at: datetime) -> Sequence[int]:
    """Return the open votes whose end is so near that it is time to remind."""
    before = timedelta(days=in_force("ballot.reminder_days", at=at))
    near = Vote.objects.filter(state=VoteState.OPEN, closes_at__gt=at, closes_at__lte=at + before)
    return [vote.pk for vote in near if vote.closes_at - before >= vote.opened_at + SOONEST_REMINDER]


@transaction.atomic
def _tell(person_id: int, place_ids: Sequence[int], *, at: datetime) -> bool:
    rows = Elector.objects.select_for_update(of=("self",), no_key=True).select_related("vote")
    places = list(rows.filter(pk__in=place_ids).order_by("vote__closes_at", "vote_id"))
    news = _News()
    for place in places:
        if place.vote.state == VoteState.CLOSED:
            if place.result_told_at is None:
                place.result_told_at = at
                news.ended.append(place.vote)
        elif place.told_at is None:
            place.told_at = at
            news.opened.append(place.vote)
        elif not (place.reminded_at or place.voted_at):
            place.reminded_at = at
            news.ending.append(place.vote)
    Elector.objects.bulk_update(places, ["told_at", "reminded_at", "result_told_at"])
    person = Person.objects.select_related("party").get(pk=person_id)
    if not news.votes:
        return False
    with as_read_by(person):
        path = f"/votes/{news.votes[0].pk}/" if len(news.votes) == 1 else "/votes/"
        told = tell(person, NoticeKind.VOTE, _subject(news), *_said(news), path=path, at=at)
    return told is not None


def _subject(news: _News) -> str:
    if len(news.votes) > 1:
        return _("Votes you may take part in") if news.opened or news.ending else _("Votes that have ended")
    if news.opened:
        subject = _("A vote has opened: %(title)s")
    elif news.ending:
        subject = _("A vote ends soon: %(title)s")
    else:
        subject = _("A vote has ended: %(title)s")
    return " ".join((subject % {"title": title_of(news.votes[0])}).split())


def _said(news: _News) -> list[str]:
    said = []
    if news.opened:
        first = ngettext(
            "A vote has opened in which you may vote.",
            "Votes have opened in which you may vote.",
            len(news.opened),
        )
        said += [first, *(_to_vote_in(vote) for vote in news.opened)]
    if news.ending:
        first = ngettext(
            "A vote ends soon in which you have not voted yet.",
            "Votes end soon in which you have not voted yet.",
            len(news.ending),
        )
        said += [first, *(_to_vote_in(vote) for vote in news.ending)]
    if news.opened or news.ending:
        said.append(
            _("Your ballot is secret, and you can change it until the end. Abstaining is a choice too.")
        )
    if news.ended:
        first = ngettext(
            "A vote has ended in which you could vote.",
            "Votes have ended in which you could vote.",
            len(news.ended),
        )
        said += [first, *(_result(vote) for vote in news.ended)]
        said.append(_("If you voted, look your ballot up in the list by its receipt."))
    return said


def _to_vote_in(vote: Vote) -> str:
    until = _("Open until %(moment)s.") % {"moment": moment(vote.closes_at)}
    return f"{title_of(vote)}\n{until}\n{address(f'/votes/{vote.pk}/')}"


def _result(vote: Vote) -> str:
    said = pgettext("a question", "Adopted.") if vote.is_adopted else pgettext("a question", "Not adopted.")
    return f"{title_of(vote)}\n{said}\n{address(f'/votes/{vote.pk}/')}"
