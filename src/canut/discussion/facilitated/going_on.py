"""A discussion moves from one state to the next, and whoever has to know is told by a job."""

from datetime import datetime

from canut.discussion.facilitated.models import Call, Discussion, Mark, Round
from canut.discussion.facilitated.rules import Terms, ends_at, what_follows
from canut.discussion.facilitated.states import ENDED, ROUNDS, Answer, Lapse, State
from canut.discussion.models import Post, SubjectKind, Thread
from canut.kernel.events import record
from canut.kernel.later import later
from canut.people.models import Person


def terms_of(discussion: Discussion) -> Terms:
    """Return the numbers that a discussion goes by."""
    return Terms(
        round_days=discussion.round_days,
        waiting_days=discussion.waiting_days,
        objection_days=discussion.objection_days,
        least_people=discussion.least_people,
        most_statements=discussion.most_statements,
    )


def who_took_part(discussion: Discussion) -> frozenset[int]:
    """Return who has said something in a discussion that stands, or marked a statement.

    What was written before the first round counts for nobody, and the facilitator is not among them.
    """
    first = discussion.rounds.filter(number=1).first()
    if first is None:
        return frozenset()
    posts = Post.objects.filter(
        thread__subject_kind=SubjectKind.FACILITATED,
        thread__subject_id=discussion.pk,
        number__gt=first.fixed_to,
        withdrawn_at__isnull=True,
    )
    summaries = discussion.rounds.filter(summary__isnull=False).values("summary_id")
    said = set(posts.exclude(pk__in=summaries).values_list("author_id", flat=True))
    marked = set(Mark.objects.filter(statement__discussion=discussion).values_list("person_id", flat=True))
    return frozenset((said | marked) - {discussion.facilitator_id})


def thread_to_write_in(discussion: Discussion) -> Thread:
    """Lock and return the thread of a discussion, so that nobody is writing there just now."""
    return Thread.objects.select_for_update(no_key=True).get(
        subject_kind=SubjectKind.FACILITATED, subject_id=discussion.pk
    )


def begin_round(
    discussion: Discussion, *, state: State, by: Person, at: datetime, summary: Post | None = None
) -> None:
    """Begin the round of `state` in a locked discussion. A summary is the first post of the round."""
    until = ends_at(state, at, terms_of(discussion))
    assert until is not None  # a round ends
    fixed_to = thread_to_write_in(discussion).posts if summary is None else summary.number - 1
    Round.objects.create(
        discussion=discussion,
        number=ROUNDS[state],
        began_at=at,
        ends_at=until,
        fixed_to=fixed_to,
        summary=summary,
    )
    move(discussion, state, by=by, at=at)


def advance_if_due(discussion: Discussion, *, at: datetime) -> bool:
    """Let a locked discussion go on whose time in its state is over; return whether it does."""
    if discussion.due_at is None or at < discussion.due_at:
        return False
    thread_to_write_in(discussion)  # whoever was writing in time is counted
    state, lapse = what_follows(
        State(discussion.state),
        people=len(who_took_part(discussion)),
        least_people=discussion.least_people,
    )
    move(discussion, state, by=None, at=at, lapse=lapse)
    return True


def move(
    discussion: Discussion, state: State, *, by: Person | None, at: datetime, lapse: Lapse | None = None
) -> None:
    """Put a locked discussion into another state, and have everybody told whom that concerns."""
    discussion.state, discussion.state_since = state, at
    discussion.due_at = ends_at(state, at, terms_of(discussion))
    discussion.reminded_at = None
    discussion.ended_at = at if state in ENDED else None
    discussion.lapsed_for = lapse or ""
    discussion.save(update_fields=["state", "state_since", "due_at", "reminded_at", "ended_at", "lapsed_for"])
    if state in ENDED:
        open_calls = Call.objects.filter(discussion=discussion, answer=Answer.OPEN)
        open_calls.update(answer=Answer.OVER, answered_at=at)
    record(by, "discussion.moved", discussion, at=at, state=str(state))
    later("facilitated.tell", discussion_id=discussion.pk, what=str(state))
