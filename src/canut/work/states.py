"""The states of projects, places and assignments, and the only ways between them.

`TRANSITIONS` is MECHANISMS 5.1 with the leaving states of an assignment in hand. The database holds
the same table (migration 0002, `assignment_transition_known`); a test compares the two.
"""

from django.db import models
from django.utils.translation import gettext_lazy as _


class ProjectKind(models.TextChoices):
    PAID = "paid", _("paid")
    VOLUNTEER = "volunteer", _("volunteer")


class PayBasis(models.TextChoices):
    PIECE = "piece", _("by the piece")
    HOUR = "hour", _("by the hour")


class Risk(models.TextChoices):
    """What work may show that can harm who sees it; only people who said they accept it are asked."""

    VIOLENCE = "violence", _("violence")
    SEXUAL = "sexual", _("sexual content")
    HATE = "hate", _("hatred or harassment")
    SELF_HARM = "self_harm", _("self-harm or suicide")
    ABUSE = "abuse", _("abuse of people or animals")
    DISTRESS = "distress", _("other distressing content")


class Audience(models.TextChoices):
    EVERYBODY = "everybody", _("everybody")


class Device(models.TextChoices):
    """What a worker needs at hand, as the requester says it; a hint, which admits and keeps out nobody."""

    ANY = "any", _("a computer or a phone")
    COMPUTER = "computer", _("a computer")
    PHONE = "phone", _("a phone")


class CascadePolicy(models.TextChoices):
    """How a project opens, from those whom its requester rates best to everybody (MECHANISMS 1.8)."""

    LADDER = "ladder", _("step by step")
    THROUGHPUT = "throughput", _("while the work goes well, not further")
    SHARE = "share", _("as far as it falls behind other projects")
    OPEN = "open", _("to everybody at once")


class CascadeWhy(models.TextChoices):
    """Why a beat left the threshold where it is."""

    STARTED = "started"
    STEP = "step"  # the policy's next one
    HELD = "held"  # the project is worked on as fast as before
    FELL = "fell"  # nobody stood at or above it
    ENDED = "ended"  # nothing lies below: everybody may come
    CHOSEN = "chosen"  # the requester chose to open it
    STOPPED = "stopped"  # the members have stopped the cascade


class AdmissionWay(models.TextChoices):
    """How a worker came into a project whose cascade runs."""

    STANDING = "standing"
    NEWCOMER = "newcomer"
    STAYED = "stayed"  # had handed in work of it before


class Comparator(models.TextChoices):
    """How a project compares a standing with what it asks for."""

    AT_LEAST = "at_least", _("at least")
    AT_MOST = "at_most", _("at most")
    MORE_THAN = "more_than", _("more than")
    LESS_THAN = "less_than", _("less than")
    EQUAL_TO = "equal_to", _("exactly")
    NOT_EQUAL_TO = "not_equal_to", _("anything but")
    EXISTS = "exists", _("granted, whatever its value")
    MISSING = "missing", _("not granted")


class Fund(models.TextChoices):
    """Which mutual fund pays a project of duties: reviews of a guild, juries. "" for all other projects."""

    GUILD = "guild_fund", _("the guild fund")
    JUSTICE = "justice_fund", _("the justice fund")


class ProjectState(models.TextChoices):
    DRAFT = "draft", _("draft")
    LIVE = "live", _("live")
    PAUSED = "paused", _("paused")
    CLOSED = "closed", _("closed")


class PlaceState(models.TextChoices):
    """Where a place stands. Open, waiting and paused ones have their money set aside; a closed one has none.

    A waiting place is open again when the prototype round that runs has ended, a paused one when its row,
    which somebody reported as broken, is back in the feed.
    """

    OPEN = "open"
    TAKEN = "taken"
    WAITING = "waiting"
    PAUSED = "paused"
    CLOSED = "closed"


UNFILLED = (PlaceState.OPEN, PlaceState.WAITING, PlaceState.PAUSED)
"""The states of places that nobody fills, and that have their money set aside."""


class RoundState(models.TextChoices):
    """A prototype round: it runs until it passes, is stopped by its workers' votes, or is refunded."""

    RUNNING = "running", _("running")
    PASSED = "passed", _("passed")
    STOPPED = "stopped", _("stopped by its workers")
    REFUNDED = "refunded", _("ended before enough people took part; the rest refunded")


class Verdict(models.TextChoices):
    """What a worker votes at the end of their part of a prototype round."""

    PUBLISH = "publish", _("publish")
    REVISE = "revise", _("revise")


class TopUpState(models.TextChoices):
    """A top-up is announced, may be contested, and is paid unless a person decides otherwise."""

    ANNOUNCED = "announced", _("announced")
    CONTESTED = "contested", _("contested")
    PAID = "paid", _("paid")
    REFUSED = "refused", _("refused after a contest")


class ContestState(models.TextChoices):
    """Peers decide a contest; if nobody decides in time, or it is taken back, the top-up is paid."""

    OPEN = "open", _("open")
    UPHELD = "upheld", _("upheld: the top-up is not paid")
    REFUSED = "refused", _("refused: the top-up is paid")
    LAPSED = "lapsed", _("lapsed: the top-up is paid")
    TAKEN_BACK = "taken_back", _("taken back: the top-up is paid")


class HeardBy(models.TextChoices):
    """Who ended a contest or the appeal against a withdrawal. Operators decided before juries sat."""

    OPERATOR = "operator", _("an operator")
    JURY = "jury", _("peers who were drawn by lot")
    NO_PEERS = "no_peers", _("nobody: no peers were found in time")
    TAKEN_BACK = "taken_back", _("whoever asked for it, who took it back")


class SessionEnd(models.TextChoices):
    """What ended a paid session of work by the hour."""

    WORKER = "worker", _("closed by the worker")
    HOURS = "hours", _("its hours were used up")
    IDLE = "idle", _("nothing was done for too long")
    PROJECT = "project", _("the project was closed")


class BrokenKind(models.TextChoices):
    """What is wrong with a task that somebody reports as broken."""

    DOES_NOT_LOAD = "does_not_load", _("Something does not load.")
    MISSING = "missing", _("Something that is needed is missing.")
    CONTRADICTS = "contradicts", _("It contradicts itself or its instructions.")
    IMPOSSIBLE = "impossible", _("It cannot be done as it is asked.")
    NOT_AS_DESCRIBED = "not_as_described", _("It is not what the project describes, or a risk is not named.")


class RowState(models.TextChoices):
    """What became of a row that was reported as broken."""

    PAUSED = "paused", _("out of the feed")
    MENDED = "mended", _("mended, and back in the feed")
    WHOLE = "whole", _("found to be whole, and back in the feed")
    WITHDRAWN = "withdrawn", _("withdrawn")


ROW_IS_OFF = (RowState.PAUSED, RowState.WITHDRAWN)
"""The states in which nobody is given the row."""


class ReportPay(models.TextChoices):
    """What becomes of the pay for reporting a broken task: announced, and paid unless peers say otherwise."""

    NONE = "none", _("nothing to pay")
    ANNOUNCED = "announced", _("announced")
    CONTESTED = "contested", _("contested")
    PAID = "paid", _("paid")
    REFUSED = "refused", _("refused after a contest")


class UnpaidWhy(models.TextChoices):
    """Why a report of a broken task is not paid."""

    VOLUNTEER = "volunteer", _("This is volunteer work.")
    SESSION = "session", _("The session pays this time already.")
    TOO_SOON = "too_soon", _("The task was looked at too shortly for its time to be paid.")
    MOST_A_DAY = "most_a_day", _("As many reports as are paid in a day were paid already.")
    MOST_SHARE = "most_share", _("Too large a part of what you took lately was reported as broken.")


class RefusalGround(models.TextChoices):
    """Why a worker refuses a project (MECHANISMS 2.11)."""

    UNDERPAID = "underpaid", _("underpaid")
    UNSAFE = "unsafe", _("unsafe")
    UNCLEAR = "unclear", _("unclear")
    OTHER = "other", _("something else")


class AssignmentState(models.TextChoices):
    HELD = "held", _("in hand")
    SUBMITTED = "submitted", _("handed in")
    RETURNED = "returned", _("returned for rework")
    APPROVED = "approved", _("approved")
    REJECTED = "rejected", _("rejected")
    GIVEN_BACK = "given_back", _("given back")
    SKIPPED = "skipped", _("skipped")
    EXPIRED = "expired", _("ran out of time")
    CLOSED = "closed", _("closed without rework")
    BROKEN = "broken", _("reported as broken")


IN_HAND = (AssignmentState.HELD, AssignmentState.RETURNED)
"""What counts against the cap of assignments in hand."""

OCCUPIES = (
    AssignmentState.HELD,
    AssignmentState.SUBMITTED,
    AssignmentState.RETURNED,
    AssignmentState.APPROVED,
    AssignmentState.REJECTED,
)
"""The states in which an assignment fills its place, so that nobody else can have it.

A rejected one fills it until its hold has ended (`place_released`): then the place serves another."""

COUNTS_AS_DONE = (*OCCUPIES, AssignmentState.CLOSED)
"""The states that use up a worker's one go at a task. Giving back, skipping and expiry do not."""

NOT_ASKED_AGAIN = (*COUNTS_AS_DONE, AssignmentState.BROKEN)
"""The states after which a worker is never given the same task again.

Who reported a task as broken has not done it, so it takes nothing from their share of a round or from a
newcomer's places; and they have said what they can say of it."""

S = AssignmentState
TRANSITIONS: frozenset[tuple[str, str]] = frozenset(
    {
        (S.HELD, S.SUBMITTED),
        (S.HELD, S.GIVEN_BACK),
        (S.HELD, S.SKIPPED),
        (S.HELD, S.EXPIRED),
        (S.HELD, S.BROKEN),
        (S.SUBMITTED, S.APPROVED),
        (S.SUBMITTED, S.RETURNED),
        (S.SUBMITTED, S.REJECTED),
        (S.RETURNED, S.SUBMITTED),
        (S.RETURNED, S.CLOSED),
        (S.REJECTED, S.APPROVED),
    }
)


class FeedOrder(models.TextChoices):
    """How a worker wants the feed sorted (MECHANISMS 1.10)."""

    REQUESTER = "requester", _("requesters you rate best first")
    NEWEST = "newest", _("newest first")
    PAY = "pay", _("pay per hour")
    WORK_LEFT = "work_left", _("most work left")


class Outcome(models.TextChoices):
    """What was decided about one submission."""

    APPROVED = "approved", _("approved")
    RETURNED = "returned", _("returned for rework")
    REJECTED = "rejected", _("rejected")
    OVERTURNED = "overturned", _("rejection overturned")


class Ground(models.TextChoices):
    """The published list of grounds on which a submission may be rejected."""

    INSTRUCTIONS_NOT_FOLLOWED = "instructions_not_followed", _("It does not follow the instructions.")
    WRONG_ANSWER = "wrong_answer", _("The answer is demonstrably wrong.")
    INCOMPLETE = "incomplete", _("Parts that were asked for are missing.")
    COPIED = "copied", _("It is copied from somebody else or made by a machine where that was excluded.")
    RETURN_NOT_ADDRESSED = "return_not_addressed", _("What the return asked for was not changed.")


class AppealState(models.TextChoices):
    """An appeal against a rejection. Dropped, whoever appealed took it back, and the rejection stands."""

    OPEN = "open", _("open")
    UPHELD = "upheld", _("the rejection stands")
    OVERTURNED = "overturned", _("the rejection is overturned")
    DROPPED = "dropped", _("taken back")


class AppealBy(models.TextChoices):
    """Who ended an appeal. Operators heard appeals before juries sat; what they said stays readable."""

    OPERATOR = "operator", _("an operator")
    JURY = "jury", _("peers who were drawn by lot")
    NO_PEERS = "no_peers", _("nobody: no peers were found in time")
    REQUESTER = "requester", _("the requester, who approved the work")
    WORKER = "worker", _("the worker, who took it back")


class UploadState(models.TextChoices):
    RECEIVED = "received", _("waiting to be read")
    READING = "reading", _("being read")
    READ = "read", _("read")
    REFUSED = "refused", _("refused")
    ADDING = "adding", _("becoming tasks")
    ADDED = "added", _("added")
    FITTING = "fitting", _("being fitted to the changed draft")
    REMOVING = "removing", _("being removed")


class DesignStep(models.TextChoices):
    """What led from one version of a design to the next."""

    BEGUN = "begun", _("as it was")
    TYPED = "typed", _("texts changed")
    ADDED = "added", _("something added")
    MOVED = "moved", _("order changed")
    COPIED = "copied", _("something copied")
    REMOVED = "removed", _("something removed")
    REPLACED = "replaced", _("replaced as a whole")
    RESTORED = "restored", _("gone back to an earlier one")
