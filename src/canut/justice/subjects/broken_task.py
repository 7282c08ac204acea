"""A contested report of a broken task, by its assignment: peers decide whether the task was broken.

What is contested is that the time spent on it is paid. It is if nobody decides in time: then the contest
lapses in `work`, which is sooner than a case ends for want of peers.
"""

import json
from collections.abc import Collection, Sequence
from datetime import datetime

from django.utils.translation import gettext as _

from canut.justice.states import CaseBy, CaseState, PoolKind
from canut.justice.subjects.subject import Ids, Passage, Pool, SettledMeanwhile, Shown
from canut.kernel.money import format_money
from canut.kernel.spans import span
from canut.work.queries.contested_report import (
    ContestedReport,
    contested_report,
    report_contests_against,
    who_had_a_part_in_report,
)
from canut.work.states import ContestState
from canut.work.usecases.contest_broken import (
    contest_broken,
    decide_broken_contest,
    take_back_broken_contest,
)
from canut.work.usecases.decide_contest import ContestDecided


class BrokenTask:
    """Implements `Subject`; the pay for one report waits as long as the contest runs, and nothing else."""

    def excluded(self, subject_id: int, *, at: datetime) -> Collection[int]:
        return who_had_a_part_in_report(subject_id, at=at)

    def pools(self, subject_id: int, *, at: datetime) -> Sequence[Pool]:
        return [Pool(PoolKind.WORKERS), Pool(PoolKind.OTHER_GUILDS), Pool(PoolKind.MEMBERS)]

    def language(self, subject_id: int) -> str:
        return contested_report(subject_id).language

    def shown(self, subject_id: int) -> Shown:
        report = contested_report(subject_id)
        return Shown(
            title=report.title,
            question=_("Could somebody in good faith take this task for broken?"),
            stands=_("They could: the time spent on it is paid."),
            falls=_("They could not: the time spent on it is not paid. Nothing else is touched."),
            works=(),
            passages=_passages(report),
        )

    def other_side(self, subject_id: int) -> Collection[int]:
        return [contested_report(subject_id).worker_id]

    def against(self, person_id: int) -> Ids:
        return report_contests_against(person_id)

    def has_ended(self, subject_id: int) -> bool:
        return contested_report(subject_id).state != ContestState.OPEN

    def settled_by(self, subject_id: int) -> CaseBy:
        return CaseBy.OVERTAKEN  # nobody said anything in time, and it is paid

    def pays_at(self, subject_id: int) -> datetime | None:
        return contested_report(subject_id).ends_at

    def opened(self, subject_id: int, *, words: str, at: datetime) -> None:
        contest_broken(assignment_id=subject_id, reason=words, at=at)

    def apply(self, subject_id: int, outcome: CaseState, *, heard: bool, reason: str, at: datetime) -> None:
        if not heard:
            self.closed(subject_id, at=at)
            return
        try:
            decide_broken_contest(
                assignment_id=subject_id, uphold=outcome == CaseState.FALLS, reason=reason, at=at
            )
        except ContestDecided as settled:
            raise SettledMeanwhile from settled

    def closed(self, subject_id: int, *, at: datetime) -> None:
        try:
            take_back_broken_contest(assignment_id=subject_id, at=at)
        except ContestDecided as settled:  # its time ran out: it is paid with what is due
            raise SettledMeanwhile from settled

    def address(self, subject_id: int) -> str:
        report = contested_report(subject_id)
        return f"/studio/{report.project_id}/broken/{report.row_id}/"


def _passages(report: ContestedReport) -> Sequence[Passage]:
    """Return what the task asked and showed, what its worker said of it, and what speaks against that."""
    money = [
        _("From taking the task to reporting it: %(time)s.") % {"time": span(report.elapsed_seconds)},
        _("The time that the price assumes: %(time)s.") % {"time": span(report.expected_seconds)},
        _("What waits: %(amount)s.") % {"amount": format_money(report.amount_minor, report.currency)},
    ]
    shown = "\n".join(f"{name}: {_text(value)}" for name, value in report.shown.items())
    return [
        Passage(_("What the worker said"), f"{report.kind_said}\n{report.words}"),
        Passage(_("What the task showed of its row"), shown or _("Nothing of its row.")),
        Passage(_("What the task asked"), "\n".join(report.asked) or _("Nothing in words.")),
        Passage(_("Time and money"), "\n".join(money)),
        Passage(_("Why the requester contests it"), report.reason),
    ]


def _text(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
