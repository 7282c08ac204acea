"""The board votes in the open: a member moves, all say yes, no or abstain, and what is adopted is done."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from canut.charter.models import LogKind
from canut.charter.queries import in_force
from canut.charter.usecases.append_to_log import append_to_log
from canut.governance.access import proposal_known
from canut.governance.board import rules
from canut.governance.board.access import held_seats, motion_known, own_seat
from canut.governance.board.models import LONGEST_WORDS, Motion, MotionVote, Seat
from canut.governance.board.refusals import MotionChoiceUnknown, MotionOver, NothingToDecide
from canut.governance.board.rules import MotionCount
from canut.governance.board.states import MotionChoice, MotionKind, MotionState
from canut.governance.board.usecases.open_elections import lock_board
from canut.governance.board.usecases.petition import board_reason
from canut.governance.models import Proposal
from canut.governance.states import ProposalKind, ProposalState
from canut.governance.usecases.ask_ratification import open_ratification_by_board
from canut.governance.usecases.judge_feasibility import overrule_feasibility
from canut.kernel.events import record
from canut.kernel.later import later
from canut.kernel.refusals import Refusal
from canut.people.models import Person


@transaction.atomic
def move_motion(*, kind: str, by: Person, reason: str, at: datetime, proposal_id: int = 0) -> Motion:
    """Put a question to the board; whoever moves it votes for it until they say otherwise.

    A motion about the same that is open already is returned.

    Raises:
        NotOnBoard: `by` holds no seat. ReasonMissing: there is no reason, or it is too long.
        NothingToDecide: the kind is unknown, the proposal is not one that the team called not feasible, or
            the vote on the constitution was opened before. ProposalNotFound: there is none of this number.
    """
    lock_board()  # there may be no row yet that two at once could meet at
    seat = own_seat(by)
    reason = board_reason(reason)
    subject_id = _subject(kind, proposal_id)
    open_one = Motion.objects.filter(kind=kind, subject_id=subject_id, state=MotionState.OPEN).first()
    if open_one is not None:
        return open_one
    motion = Motion.objects.create(
        kind=kind,
        subject_id=subject_id,
        by=seat,
        reason=reason,
        opened_at=at,
        closes_at=at + timedelta(days=in_force("board.motion_days", at=at)),
    )
    record(by, "motion.moved", motion, at=at, kind=kind, about=subject_id)
    later("board.tell_of_motion", motion_id=motion.pk)
    _say(motion, seat, MotionChoice.YES, "", at=at)
    _end_if_all_voted(motion, at=at)
    return motion


@transaction.atomic
def vote_on_motion(*, motion_id: int, by: Person, choice: str, at: datetime, words: str = "") -> MotionVote:
    """Say in the open what `by` thinks of a motion; it may change until the motion ends.

    A motion ends when all who sit have voted, or when its time is over.

    Raises:
        MotionNotFound: there is none of this number. NotOnBoard: `by` holds no seat.
        MotionOver: it was decided. MotionChoiceUnknown: a choice or words that cannot be kept.
    """
    motion = motion_known(motion_id, lock=True)
    seat = own_seat(by)
    words = words.strip()
    if choice not in MotionChoice.values or len(words) > LONGEST_WORDS or "\0" in words:
        sentence = _("Choose yes, no or abstain, and say why in at most 500 characters if you like.")
        raise MotionChoiceUnknown(sentence, errors={"choice": sentence})
    said = MotionVote.objects.filter(motion=motion, seat=seat).first()
    if said is not None and (said.choice, said.words) == (choice, words):
        return said
    if motion.state != MotionState.OPEN or at >= motion.closes_at:
        raise MotionOver(_("This motion was decided. Its page says how."))
    said = _say(motion, seat, choice, words, at=at)
    _end_if_all_voted(motion, at=at)
    return said


def end_due_motions(*, at: datetime) -> int:
    """Decide the motions whose time is past, each in a transaction of its own; return how many. A job."""
    due = Motion.objects.filter(state=MotionState.OPEN, closes_at__lte=at)
    return sum(_end_by_time(number, at=at) for number in due.order_by("pk").values_list("pk", flat=True))


@transaction.atomic
def _end_by_time(motion_id: int, *, at: datetime) -> bool:
    motion = motion_known(motion_id, lock=True)
    if motion.state != MotionState.OPEN:
        return False
    _end(motion, at=at)
    return True


def count_of(motion: Motion, *, at: datetime) -> MotionCount:
    """Return how a motion stands, by the votes of those who hold their seats now."""
    seats = set(held_seats().values_list("pk", flat=True))
    choices = MotionVote.objects.filter(motion=motion, seat_id__in=seats).values_list("choice", flat=True)
    share = in_force("board.quorum_share", at=at)
    return rules.motion_count(choices, members=len(seats), quorum_share=share)


def _subject(kind: str, proposal_id: int) -> int:
    """Return what a motion is about.

    Raises:
        NothingToDecide: there is nothing of this kind to decide. ProposalNotFound: there is none.
    """
    if kind == MotionKind.OVERRULE:
        if proposal_known(proposal_id).state != ProposalState.INFEASIBLE:
            raise NothingToDecide(_("The board can overrule only what the team called not feasible."))
        return proposal_id
    if kind == MotionKind.RATIFICATION:
        if Proposal.objects.filter(kind=ProposalKind.RATIFICATION).exists():
            raise NothingToDecide(
                _("The members have been asked already whether the constitution is theirs.")
            )
        return 0
    raise NothingToDecide(_("The board decides on what the team called not feasible, and on the first vote."))


def _say(motion: Motion, seat: Seat, choice: str, words: str, *, at: datetime) -> MotionVote:
    said, _is_new = MotionVote.objects.update_or_create(
        motion=motion, seat=seat, defaults={"choice": choice, "words": words, "said_at": at}
    )
    record(seat.candidate.person, "motion.voted", motion, at=at, choice=choice)
    return said


def _end_if_all_voted(motion: Motion, *, at: datetime) -> None:
    if count_of(motion, at=at).voted == held_seats().count():
        _end(motion, at=at)


def _end(motion: Motion, *, at: datetime) -> None:
    count = count_of(motion, at=at)
    state = MotionState.ADOPTED if count.is_adopted else MotionState.REJECTED
    if state == MotionState.ADOPTED and not _done(motion, at=at):
        state = MotionState.MOOT
    votes = MotionVote.objects.filter(motion=motion).select_related("seat__candidate").order_by("seat_id")
    motion.logged = append_to_log(
        LogKind.ELECTION,
        {
            "what": "motion",
            "motion": motion.pk,
            "kind": str(motion.kind),
            "proposal": motion.subject_id or None,
            "state": str(state),
            "members": count.members,
            "needed": count.needed,
            "votes": [{"whose": one.seat.candidate.pseudonym, "choice": str(one.choice)} for one in votes],
        },
        at=at,
    )
    motion.state, motion.ended_at = state, at
    motion.members, motion.needed = count.members, count.needed
    motion.save(update_fields=["state", "ended_at", "members", "needed", "logged"])
    record(None, "motion.ended", motion, at=at, state=state)


def _done(motion: Motion, *, at: datetime) -> bool:
    """Do what was adopted; tell whether it could still be done."""
    try:
        with transaction.atomic():
            if motion.kind == MotionKind.OVERRULE:
                overrule_feasibility(proposal_id=motion.subject_id, motion_id=motion.pk, at=at)
            else:
                open_ratification_by_board(motion_id=motion.pk, at=at)
    except Refusal:
        return False
    return True
