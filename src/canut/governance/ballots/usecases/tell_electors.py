"""Electors are told that a vote has opened, and reminded before its end if they have not voted."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from canut.charter.queries import in_force
from canut.governance.ballots.mail_token import mail_token
from canut.governance.ballots.models import Elector, Vote, VoteMails
from canut.governance.ballots.queries import title_of
from canut.governance.ballots.states import VoteState
from canut.kernel.later import later
from canut.people.models import Person
from canut.work.usecases.mails import address, as_read_by, moment

MOST_AT_ONCE = 2_000
SOONEST_REMINDER = timedelta(days=1)
"""How long after its opening a vote reminds at the earliest: a reminder is no second announcement."""


def tell_electors(*, at: datetime, most: int = MOST_AT_ONCE) -> int:
    """Tell electors of votes that opened, and remind those who have not voted; return how many were mailed.

    Each person gets one mail of all that is new to them, and each is a transaction of their own, so doing it
    again tells nothing twice. Never what anybody voted, nor a receipt. A job.
    """
    news: dict[int, list[int]] = defaultdict(list)
    still_open = Elector.objects.filter(vote__state=VoteState.OPEN, vote__closes_at__gt=at)
    untold = still_open.filter(told_at__isnull=True)
    silent = still_open.filter(
        reminded_at__isnull=True, voted_at__isnull=True, told_at__isnull=False, vote__in=_ending(at=at)
    )
    for waiting in (untold, silent):
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
    opened = [place.vote for place in places if place.told_at is None]
    ending = [place.vote for place in places if place.told_at and not (place.reminded_at or place.voted_at)]
    for place in places:
        if place.told_at is None:
            place.told_at = at
        elif place.vote in ending:
            place.reminded_at = at
    Elector.objects.bulk_update(places, ["told_at", "reminded_at"])
    person = Person.objects.select_related("party").get(pk=person_id)
    if not (opened or ending) or not _is_reached(person):
        return False
    stop = address(f"/votes/mails/{mail_token(person_id)}/")
    with as_read_by(person):
        later(
            "people.send_notice",
            person_id=person_id,
            subject=_subject(opened, ending),
            text="\n\n".join([*_said(opened, ending), _stopping(stop)]) + "\n",
            unsubscribe=stop,
        )
    return True


def _is_reached(person: Person) -> bool:
    chosen = VoteMails.objects.filter(person=person).first()
    return not person.simulated and bool(person.email) and (chosen is None or chosen.wanted)


def _subject(opened: Sequence[Vote], ending: Sequence[Vote]) -> str:
    if len(opened) + len(ending) > 1:
        return _("Votes that wait for your ballot")
    vote = (*opened, *ending)[0]
    subject = _("A vote has opened: %(title)s") if opened else _("A vote ends soon: %(title)s")
    return " ".join((subject % {"title": title_of(vote)}).split())


def _said(opened: Sequence[Vote], ending: Sequence[Vote]) -> list[str]:
    said = []
    if opened:
        said.append(
            ngettext(
                "A vote has opened in which you may vote.",
                "Votes have opened in which you may vote.",
                len(opened),
            )
        )
        said += [_one(vote) for vote in opened]
    if ending:
        said.append(
            ngettext(
                "A vote ends soon in which you have not voted yet.",
                "Votes end soon in which you have not voted yet.",
                len(ending),
            )
        )
        said += [_one(vote) for vote in ending]
    said.append(_("Your ballot is secret, and you can change it until the end. Abstaining is a choice too."))
    return said


def _one(vote: Vote) -> str:
    until = _("Open until %(moment)s.") % {"moment": moment(vote.closes_at)}
    return f"{title_of(vote)}\n{until}\n{address(f'/votes/{vote.pk}/')}"


def _stopping(stop: str) -> str:
    return _("No mails about votes any more: %(address)s") % {"address": stop}
