"""With enough support in its college, that college votes on a motion."""

from datetime import datetime, timedelta

from django.db import transaction

from canut.charter.parameters import Class
from canut.charter.queries import in_force
from canut.governance.ballots.queries import who_would_be_asked
from canut.governance.ballots.usecases.open_vote import open_vote
from canut.governance.moratoria.access import motion_known
from canut.governance.moratoria.in_force import needed_of, supporters_of
from canut.governance.moratoria.models import Motion
from canut.governance.moratoria.states import MoratoriumState
from canut.governance.moratoria.wording import stop_titles
from canut.governance.usecases.open_proposal_vote import is_ratification_asked
from canut.kernel.events import record
from canut.membership.states import College

SUBJECT, KEEPING = "moratorium", "moratorium_keep"
"""By which names votes know motions: the college's vote, and that of all on whether it stays."""
CLASS = Class.CONSTITUTIONAL
"""Both are decided as the class of the parameters asks that are set by them."""


def advance_if_supported(motion: Motion, *, at: datetime) -> bool:
    """Open the college's vote on a locked motion if enough support it; return whether it is open.

    No vote opens before the members have been asked whether the constitution is theirs, and none that could
    not be decided: it waits.
    """
    if (
        motion.state != MoratoriumState.GATHERING
        or supporters_of(motion, at=at) < needed_of(motion.college, at=at)
        or not is_ratification_asked()
        or not who_would_be_asked(CLASS, at=at, only_college=motion.college)[College(motion.college)]
    ):
        return False
    title_en, title_fr = stop_titles(motion.algorithm)
    vote = open_vote(
        subject_kind=SUBJECT,
        subject_id=motion.pk,
        title_en=title_en,
        title_fr=title_fr,
        address=address_of(motion),
        class_=CLASS,
        at=at,
        only_college=motion.college,
        days=in_force("governance.moratorium_vote_days", at=at),
    )
    motion.vote_id, motion.state = vote.pk, MoratoriumState.VOTE
    motion.save(update_fields=["vote_id", "state"])
    record(motion.mover, "moratorium.vote_opened", motion, at=at, vote_id=vote.pk)
    return True


@transaction.atomic
def advance_motions(*, at: datetime) -> int:
    """Open votes that lack nothing now, and end motions that found no support; return how many. A job."""
    moved = 0
    days = timedelta(days=in_force("governance.idea_days", at=at))
    gathering = Motion.objects.filter(state=MoratoriumState.GATHERING).order_by("pk")
    for number in list(gathering.values_list("pk", flat=True)):
        motion = motion_known(number, lock=True)
        if motion.state != MoratoriumState.GATHERING:
            continue
        if advance_if_supported(motion, at=at):
            moved += 1
        elif motion.moved_at + days <= at:
            motion.state, motion.ended_at = MoratoriumState.LAPSED, at
            motion.save(update_fields=["state", "ended_at"])
            record(None, "moratorium.lapsed", motion, at=at)
            moved += 1
    return moved


def address_of(motion: Motion) -> str:
    """Return the path of the page about a motion."""
    return f"/moratoria/{motion.pk}/"
