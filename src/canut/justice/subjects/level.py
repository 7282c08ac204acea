"""A decision on a level in a guild, by its contest: peers say whether reviews count (MECHANISMS 2.8)."""

from collections.abc import Collection, Sequence
from datetime import datetime

from django.utils.translation import gettext as _

from canut.guilds.queries.contests import (
    ContestedLevel,
    ContestedReview,
    contested_level,
    who_had_a_part_in_level,
)
from canut.guilds.states import VERDICT_WORDS, ContestState
from canut.guilds.usecases.contest_level import end_level_contest
from canut.justice.states import CaseBy, CaseState, PoolKind
from canut.justice.subjects.subject import Ids, Passage, Pool, Shown
from canut.work.states import HeardBy


class Level:
    """Implements `Subject`; the level stays as it was decided until the contest is won."""

    def excluded(self, subject_id: int, *, at: datetime) -> Collection[int]:
        return who_had_a_part_in_level(subject_id, at=at)

    def pools(self, subject_id: int, *, at: datetime) -> Sequence[Pool]:
        contested = contested_level(subject_id)
        return [
            Pool(PoolKind.GUILD_LEVEL, contested.guild_id, contested.before),
            Pool(PoolKind.GUILD, contested.guild_id),
            Pool(PoolKind.WORKERS),
            Pool(PoolKind.OTHER_GUILDS),
            Pool(PoolKind.MEMBERS),
        ]

    def language(self, subject_id: int) -> str:
        return contested_level(subject_id).language

    def shown(self, subject_id: int) -> Shown:
        contested = contested_level(subject_id)
        return Shown(
            title=contested.guild_name,
            question=_("Are these reviews fair to the work that they are about?"),
            stands=_("They are fair: they count, and the decision on the level stands."),
            falls=_("They are not: they count no more, and the level is decided anew without them."),
            works=[one.submission_id for one in contested.reviews],
            passages=_passages(contested),
        )

    def other_side(self, subject_id: int) -> Collection[int]:
        return []  # whoever reviews does not learn whose work it was

    def against(self, person_id: int) -> Ids:
        return ()

    def has_ended(self, subject_id: int) -> bool:
        contested = contested_level(subject_id)
        return contested.state != ContestState.OPEN or contested.is_superseded

    def settled_by(self, subject_id: int) -> CaseBy:
        return CaseBy.OVERTAKEN  # another decision has taken the place of this one

    def pays_at(self, subject_id: int) -> datetime | None:
        return None

    def opened(self, subject_id: int, *, words: str, at: datetime) -> None:
        """The contest keeps what it is about: reviews do not change, and decisions are only superseded."""

    def apply(self, subject_id: int, outcome: CaseState, *, heard: bool, reason: str, at: datetime) -> None:
        end_level_contest(
            contest_id=subject_id,
            state=ContestState.FALLS if outcome == CaseState.FALLS else ContestState.STANDS,
            by=HeardBy.JURY if heard else HeardBy.NO_PEERS,
            reason=reason,
            at=at,
        )

    def closed(self, subject_id: int, *, at: datetime) -> None:
        end_level_contest(contest_id=subject_id, state=ContestState.DROPPED, by=HeardBy.TAKEN_BACK, at=at)

    def address(self, subject_id: int) -> str:
        return f"/guilds/{contested_level(subject_id).guild_id}/mine/"


def _passages(contested: ContestedLevel) -> Sequence[Passage]:
    decided = _(
        "The mean of %(count)s reviews was %(mean)s. The level was %(before)s before, and is %(after)s since."
    ) % {
        "count": contested.window,
        "mean": contested.mean,
        "before": contested.before,
        "after": contested.after,
    }
    passages = [Passage(_("What was decided"), decided)]
    for number, review in enumerate(contested.reviews, start=1):
        passages.append(Passage(_("Review %(number)s") % {"number": number}, _said(review)))
    if contested.words:
        passages.append(Passage(_("What the member wants you to know"), contested.words))
    return passages


def _said(review: ContestedReview) -> str:
    accepts = (
        _("The reviewer would accept it as the requester.")
        if review.would_accept
        else _("The reviewer would not accept it as the requester.")
    )
    level = _("The work was done at level %(level)s. The review says: %(verdict)s.") % {
        "level": review.level,
        "verdict": VERDICT_WORDS[review.verdict],
    }
    return "\n".join([level, accepts, review.advice])
