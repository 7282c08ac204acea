"""A rejection of work, by its assignment: peers decide whether it stands (MECHANISMS 5.4, 6.1)."""

from collections.abc import Collection, Sequence
from datetime import datetime

from django.utils.translation import gettext as _

from canut.justice.states import CaseBy, CaseState, PoolKind
from canut.justice.subjects.subject import Ids, Passage, Pool, SettledMeanwhile, Shown
from canut.work.queries.appeals import (
    appealed_work,
    appeals_against,
    guild_asked_of,
    is_under_appeal,
    who_had_a_part,
)
from canut.work.refusals import AppealDecided
from canut.work.states import AppealBy, AppealState
from canut.work.usecases.decide_appeal import decide_appeal
from canut.work.usecases.open_appeal import open_appeal


class Rejection:
    """Implements `Subject`; the place and its money wait as long as the appeal runs."""

    def excluded(self, subject_id: int, *, at: datetime) -> Collection[int]:
        return who_had_a_part(subject_id, at=at)

    def pools(self, subject_id: int, *, at: datetime) -> Sequence[Pool]:
        asked = guild_asked_of(subject_id)
        peers = [Pool(PoolKind.WORKERS), Pool(PoolKind.OTHER_GUILDS), Pool(PoolKind.MEMBERS)]
        if asked is None:
            return peers
        guild_id, least = asked
        return [Pool(PoolKind.GUILD_LEVEL, guild_id, least), Pool(PoolKind.GUILD, guild_id), *peers]

    def language(self, subject_id: int) -> str:
        return appealed_work(subject_id).language

    def shown(self, subject_id: int) -> Shown:
        work = appealed_work(subject_id)
        passages = [
            Passage(_("Why the first attempt was sent back"), work.returned),
            Passage(_("Ground of the rejection"), work.ground),
            Passage(_("Evidence"), work.evidence),
            Passage(_("Reason"), work.reason),
            Passage(_("What the worker wants you to know"), work.words),
        ]
        return Shown(
            title=work.title,
            question=_("Was it right to reject this work?"),
            stands=_("It was right: the rejection stands, and the work is not paid."),
            falls=_("It was not right: the work counts as approved, and is paid."),
            works=work.submissions,
            passages=[one for one in passages if one.text],
        )

    def other_side(self, subject_id: int) -> Collection[int]:
        return [appealed_work(subject_id).requester_id]

    def against(self, person_id: int) -> Ids:
        return appeals_against(person_id)

    def has_ended(self, subject_id: int) -> bool:
        return not is_under_appeal(subject_id)

    def settled_by(self, subject_id: int) -> CaseBy:
        return CaseBy.OTHER_SIDE

    def pays_at(self, subject_id: int) -> datetime | None:
        return None

    def opened(self, subject_id: int, *, words: str, at: datetime) -> None:
        open_appeal(assignment_id=subject_id, words=words, at=at)

    def apply(self, subject_id: int, outcome: CaseState, *, heard: bool, reason: str, at: datetime) -> None:
        _end(
            subject_id,
            AppealState.OVERTURNED if outcome == CaseState.FALLS else AppealState.UPHELD,
            AppealBy.JURY if heard else AppealBy.NO_PEERS,
            reason=reason,
            at=at,
        )

    def closed(self, subject_id: int, *, at: datetime) -> None:
        _end(subject_id, AppealState.DROPPED, AppealBy.WORKER, at=at)

    def address(self, subject_id: int) -> str:
        return f"/work/{subject_id}/"


def _end(assignment_id: int, state: AppealState, by: AppealBy, *, reason: str = "", at: datetime) -> None:
    try:
        decide_appeal(assignment_id=assignment_id, state=state, by=by, reason=reason, at=at)
    except AppealDecided as settled:
        raise SettledMeanwhile from settled
