"""A college's vote ends, and the algorithm stops; then all vote, and it stays stopped or runs again."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from canut.charter.changes import SettingChange
from canut.charter.moratoria import Algorithm, moratorium
from canut.charter.usecases.record_decision import Recorded, record_decision
from canut.governance.ballots.queries import Result, votes_to_close
from canut.governance.ballots.usecases.close_vote import close_vote
from canut.governance.ballots.usecases.open_vote import open_vote
from canut.governance.moratoria.access import motion_known
from canut.governance.moratoria.models import Motion
from canut.governance.moratoria.states import MoratoriumState
from canut.governance.moratoria.usecases.advance_motion import CLASS, KEEPING, SUBJECT, address_of
from canut.governance.moratoria.wording import again_titles, keep_titles, stop_titles
from canut.kernel.events import record


def conclude_motions(*, at: datetime) -> int:
    """Conclude every vote on a moratorium whose time is past, each by itself; return how many. A job."""
    ended = [*votes_to_close(SUBJECT, at=at), *votes_to_close(KEEPING, at=at)]
    for vote in ended:
        conclude = conclude_college_vote if vote.subject_kind == SUBJECT else conclude_keeping
        conclude(motion_id=vote.subject_id, at=at)
    return len(ended)


@transaction.atomic
def conclude_college_vote(*, motion_id: int, at: datetime) -> Motion:
    """Count the college's vote; if it adopted the motion, stop the algorithm now and ask all about it.

    Twice does it once. Where it was stopped meanwhile by others, the decision is written and stops nothing.

    Raises:
        MoratoriumNotFound: there is none. VoteStillOpen: its time is not past.
    """
    motion = motion_known(motion_id, lock=True)
    if motion.state != MoratoriumState.VOTE or motion.vote_id is None:
        return motion
    result = close_vote(vote_id=motion.vote_id, at=at)
    algorithm = Algorithm(motion.algorithm)
    stops = result.is_adopted and moratorium(algorithm, at=at) is None
    recorded = _decide(
        motion,
        titles=stop_titles(algorithm),
        kind=SUBJECT,
        result=result,
        adopted=result.is_adopted,
        sets=True if stops else None,
        at=at,
    )
    motion.decision_number = recorded.number
    if not recorded.executed:
        motion.state = MoratoriumState.OVERTAKEN if result.is_adopted else MoratoriumState.REJECTED
        motion.ended_at = at
    else:
        motion.state, motion.keep_vote_id = MoratoriumState.HOLDS, _ask_all(motion, at=at)
    motion.save(update_fields=["state", "decision_number", "keep_vote_id", "ended_at"])
    record(None, "moratorium.decided", motion, at=at, decision=recorded.number, adopted=result.is_adopted)
    return motion


@transaction.atomic
def conclude_keeping(*, motion_id: int, at: datetime) -> Motion:
    """Count the vote of all: adopted, the algorithm stays stopped; otherwise it runs again from now on.

    That it runs again is a decision of its own in the log, which says from which vote it follows. Twice does
    it once. Where another decision has let it run, or stopped it again, meanwhile, there is nothing to set.

    Raises:
        MoratoriumNotFound: there is none. VoteStillOpen: its time is not past.
    """
    motion = motion_known(motion_id, lock=True)
    if motion.state != MoratoriumState.HOLDS or motion.keep_vote_id is None:
        return motion
    result = close_vote(vote_id=motion.keep_vote_id, at=at)
    algorithm = Algorithm(motion.algorithm)
    is_stopped = moratorium(algorithm, at=at) is not None
    recorded = _decide(
        motion,
        titles=keep_titles(algorithm),
        kind=KEEPING,
        result=result,
        adopted=result.is_adopted,
        sets=True if result.is_adopted and not is_stopped else None,
        at=at,
    )
    if not result.is_adopted and is_stopped:
        _decide(
            motion,
            titles=again_titles(algorithm),
            kind="moratorium_end",
            result=None,
            adopted=True,
            sets=False,
            rule={"follows_from_decision": recorded.number},
            at=at,
        )
    motion.keep_decision_number, motion.ended_at = recorded.number, at
    motion.state = MoratoriumState.KEPT if result.is_adopted else MoratoriumState.RUNS_AGAIN
    motion.save(update_fields=["state", "keep_decision_number", "ended_at"])
    record(None, "moratorium.settled", motion, at=at, decision=recorded.number, kept=result.is_adopted)
    return motion


def _ask_all(motion: Motion, *, at: datetime) -> int:
    title_en, title_fr = keep_titles(motion.algorithm)
    vote = open_vote(
        subject_kind=KEEPING,
        subject_id=motion.pk,
        title_en=title_en,
        title_fr=title_fr,
        address=address_of(motion),
        class_=CLASS,
        at=at,
    )
    return vote.pk


def _decide(
    motion: Motion,
    *,
    titles: tuple[str, str],
    kind: str,
    result: Result | None,
    adopted: bool,
    sets: bool | None,
    at: datetime,
    rule: Mapping[str, Any] | None = None,
) -> Recorded:
    settings: Sequence[SettingChange] = ()
    if sets is not None:
        parameter = Algorithm(motion.algorithm).parameter
        settings = [SettingChange(parameter=parameter, new=sets, effective_at=at)]
    about: dict[str, Any] = {"motion": motion.pk, "address": address_of(motion)}
    if result is not None:
        about["vote"] = result.vote_id
    return record_decision(
        title_en=titles[0],
        title_fr=titles[1],
        question_kind=kind,
        rule=dict(rule or {}) if result is None else result.rule_as_log(),
        colleges=[] if result is None else result.colleges_as_log(),
        ballots_hash="" if result is None else result.ballots_hash,
        adopted=adopted,
        settings=settings,
        about=about,
        at=at,
    )
