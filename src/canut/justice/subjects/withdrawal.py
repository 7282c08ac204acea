"""A project that its workers withdrew together: peers of both sides hear its appeal (MECHANISMS 2.11).

Workers withdrew it and a requester asks, so members of every college sit, but for those who refused it.
"""

from collections.abc import Collection, Sequence
from datetime import datetime

from django.utils.translation import gettext as _

from canut.justice.states import CaseBy, CaseState, PoolKind
from canut.justice.subjects.subject import Ids, Passage, Pool, Shown
from canut.kernel.money import format_money
from canut.kernel.spans import span
from canut.work.queries.refusals import WithdrawalSeen, appealed_withdrawal, who_had_a_part_in_refusing
from canut.work.states import AppealState, HeardBy
from canut.work.usecases.appeal_withdrawal import appeal_withdrawal, decide_withdrawal


class ProjectWithdrawal:
    """Implements `Subject`; the project is closed whatever the case says, and may be taken up if it falls."""

    def excluded(self, subject_id: int, *, at: datetime) -> Collection[int]:
        return who_had_a_part_in_refusing(subject_id, at=at)

    def pools(self, subject_id: int, *, at: datetime) -> Sequence[Pool]:
        return [Pool(PoolKind.MEMBERS)]

    def language(self, subject_id: int) -> str:
        return appealed_withdrawal(subject_id).language

    def shown(self, subject_id: int) -> Shown:
        seen = appealed_withdrawal(subject_id)
        return Shown(
            title=seen.title,
            question=_("Was it right to refuse this project?"),
            stands=_("It was right: the withdrawal stands, and the project stays closed."),
            falls=_("It was not right: the requester can take the project up again, for good."),
            works=[],
            passages=[one for one in _passages(seen) if one.text],
        )

    def other_side(self, subject_id: int) -> Collection[int]:
        return []  # those who refused it were told that nobody learns it was them

    def against(self, person_id: int) -> Ids:
        return ()

    def has_ended(self, subject_id: int) -> bool:
        return appealed_withdrawal(subject_id).appeal != AppealState.OPEN

    def settled_by(self, subject_id: int) -> CaseBy:
        return CaseBy.OVERTAKEN

    def pays_at(self, subject_id: int) -> datetime | None:
        return None

    def opened(self, subject_id: int, *, words: str, at: datetime) -> None:
        appeal_withdrawal(project_id=subject_id, words=words, at=at)

    def apply(self, subject_id: int, outcome: CaseState, *, heard: bool, reason: str, at: datetime) -> None:
        decide_withdrawal(
            project_id=subject_id,
            state=AppealState.OVERTURNED if outcome == CaseState.FALLS else AppealState.UPHELD,
            by=HeardBy.JURY if heard else HeardBy.NO_PEERS,
            reason=reason,
            at=at,
        )

    def closed(self, subject_id: int, *, at: datetime) -> None:
        decide_withdrawal(project_id=subject_id, state=AppealState.DROPPED, by=HeardBy.TAKEN_BACK, at=at)

    def address(self, subject_id: int) -> str:
        return f"/studio/{subject_id}/withdrawal/"


def _passages(seen: WithdrawalSeen) -> Sequence[Passage]:
    if seen.is_volunteer:
        pay = _("It is volunteer work, without pay.")
    elif seen.by_the_hour:
        pay = _("Pay: %(amount)s an hour.") % {"amount": format_money(seen.hourly_minor, seen.currency)}
    else:
        pay = _("Reward: %(amount)s. Expected time: %(time)s. That is %(hourly)s an hour.") % {
            "amount": format_money(seen.reward_minor, seen.currency),
            "time": span(seen.expected_seconds),
            "hourly": format_money(seen.hourly_minor, seen.currency),
        }
    counted = _(
        "Of those who looked at it, %(opened)s in all, %(refused)s refused it; %(needed)s were enough."
    ) % {"opened": seen.opened, "refused": seen.refused, "needed": seen.needed}
    grounds = [f"{ground}: {count}" for ground, count in seen.grounds.items()]
    return [
        Passage(_("What was offered"), "\n\n".join(filter(None, [pay, seen.description]))),
        Passage(_("Instructions"), seen.instructions),
        Passage(_("How many refused it, and why"), "\n".join([counted, *grounds])),
        Passage(_("What they wrote"), "\n\n".join(f"{told.ground}: {told.words}" for told in seen.reasons)),
        Passage(_("What the requester wants you to know"), seen.words),
    ]
