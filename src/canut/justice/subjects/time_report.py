"""A contested report of time, by its top-up: peers decide whether it is believed (MECHANISMS 4.6).

What is contested is that the top-up is owed. It stands if nobody decides in time: then the contest lapses in
`work` and the top-up is paid, which is sooner than a case ends for want of peers.
"""

from collections.abc import Collection, Sequence
from datetime import datetime

from django.utils.translation import gettext as _

from canut.justice.states import CaseBy, CaseState, PoolKind
from canut.justice.subjects.subject import Ids, Passage, Pool, SettledMeanwhile, Shown
from canut.kernel.money import format_money
from canut.kernel.spans import span
from canut.work.queries.settlements import (
    ContestedTimes,
    contested_times,
    contests_against,
    who_had_a_part_in_times,
)
from canut.work.states import ContestState
from canut.work.usecases.contest_top_up import contest_top_up
from canut.work.usecases.decide_contest import ContestDecided, decide_contest, take_back_contest


class TimeReport:
    """Implements `Subject`; the top-up waits as long as the contest runs, and pay never does."""

    def excluded(self, subject_id: int, *, at: datetime) -> Collection[int]:
        return who_had_a_part_in_times(subject_id, at=at)

    def pools(self, subject_id: int, *, at: datetime) -> Sequence[Pool]:
        return [Pool(PoolKind.WORKERS), Pool(PoolKind.OTHER_GUILDS), Pool(PoolKind.MEMBERS)]

    def language(self, subject_id: int) -> str:
        return contested_times(subject_id).language

    def shown(self, subject_id: int) -> Shown:
        times = contested_times(subject_id)
        return Shown(
            title=times.title,
            question=_("Can these times be right?"),
            stands=_("They can be right: the top-up is paid."),
            falls=_("They cannot be right: the top-up is not paid. The rewards are not touched."),
            works=times.submissions,
            passages=_passages(times),
        )

    def other_side(self, subject_id: int) -> Collection[int]:
        return [contested_times(subject_id).worker_id]

    def against(self, person_id: int) -> Ids:
        return contests_against(person_id)

    def has_ended(self, subject_id: int) -> bool:
        return contested_times(subject_id).state != ContestState.OPEN

    def settled_by(self, subject_id: int) -> CaseBy:
        return CaseBy.OVERTAKEN  # nobody said anything in time, and it is paid

    def pays_at(self, subject_id: int) -> datetime | None:
        return contested_times(subject_id).ends_at

    def opened(self, subject_id: int, *, words: str, at: datetime) -> None:
        contest_top_up(top_up_id=subject_id, reason=words, at=at)

    def apply(self, subject_id: int, outcome: CaseState, *, heard: bool, reason: str, at: datetime) -> None:
        if not heard:
            self.closed(subject_id, at=at)
            return
        try:
            decide_contest(top_up_id=subject_id, uphold=outcome == CaseState.FALLS, reason=reason, at=at)
        except ContestDecided as settled:
            raise SettledMeanwhile from settled

    def closed(self, subject_id: int, *, at: datetime) -> None:
        try:
            take_back_contest(top_up_id=subject_id, at=at)
        except ContestDecided as settled:  # its time ran out: the top-up is paid with those that are due
            raise SettledMeanwhile from settled

    def address(self, subject_id: int) -> str:
        return f"/studio/{contested_times(subject_id).project_id}/top-ups/"


def _passages(times: ContestedTimes) -> Sequence[Passage]:
    """Return the times beside what is typical, and why they are contested."""
    stated = [
        _("Answer %(number)s: stated %(stated)s; the page's timer measured %(measured)s.")
        % {"number": number, "stated": span(said), "measured": span(measured)}
        for number, (said, measured) in enumerate(times.times, start=1)
    ]
    typical = [
        _("This worker's median: %(time)s.") % {"time": span(times.median_seconds)},
        _("The typical time, from all who worked on it: %(time)s.") % {"time": span(times.typical_seconds)},
        _("The time that the price assumes: %(time)s.") % {"time": span(times.expected_seconds)},
    ]
    if times.others:
        medians = ", ".join(span(median) for median in times.others)
        typical.append(_("The medians of the others: %(medians)s.") % {"medians": medians})
    money = [
        _("The reward of an answer: %(amount)s.")
        % {"amount": format_money(times.reward_minor, times.currency)},
        _("The floor: %(amount)s an hour.")
        % {"amount": format_money(times.floor_hourly_minor, times.currency)},
        _("The top-up that waits: %(amount)s.")
        % {"amount": format_money(times.amount_minor, times.currency)},
    ]
    return [
        Passage(_("This worker's times"), "\n".join(stated)),
        Passage(_("What is typical"), "\n".join(typical)),
        Passage(_("What it is about in money"), "\n".join(money)),
        Passage(_("Why the requester contests them"), times.reason),
    ]
