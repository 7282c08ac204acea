"""A prototype round ends: by its workers' votes when all are in, by the clock, or with its revision."""

from datetime import datetime, timedelta

from django.db import connection, transaction
from django.db.models import Exists, OuterRef, Q

from canut.charter.queries import in_force
from canut.kernel.events import record
from canut.kernel.later import later
from canut.work.hot.statements import RANKS
from canut.work.models import Assignment, BrokenRow, Place, Project, Revision, Round, RoundFeedback
from canut.work.rules_rounds import Votes, counted, decided, helped
from canut.work.states import AssignmentState, PayBasis, PlaceState, RoundState, RowState
from canut.work.usecases.give_back_free import give_back_free
from canut.work.usecases.keep_cascade_clock import keep_cascade_clock

HANDED_IN = (AssignmentState.SUBMITTED, AssignmentState.APPROVED)


def decide_round_of(project: Project, *, at: datetime) -> Round | None:
    """Decide the project's running round if it is time, and return it; None if it goes on or none runs.

    The project's row must be locked, so that of two last submissions one decides, once. What passes is
    launched by a job if the owner asked for that. The owner is told.
    """
    if project.round_id is None:
        return None
    round_ = Round.objects.get(pk=project.round_id)
    votes, off = votes_in(round_), withdrawn(round_)
    state = decided(
        votes,
        all_in=handed_in(round_) >= round_.places - off,
        opened_at=round_.opened_at,
        at=at,
        publish_share=in_force("prototype.publish_share", at=at),
        stall=timedelta(hours=in_force("prototype.stall_hours", at=at)),
        stall_least_votes=in_force("prototype.stall_least_votes", at=at),
        least_votes=min(in_force("prototype.least_workers", at=round_.opened_at), round_.places)
        if off
        else 1,
    )
    if state == RoundState.RUNNING:
        return None
    _end(project, round_, RoundState(state), votes, at=at)
    give_back_free(project, at=at)
    later("work.tell_owner_of_round", round_id=round_.pk)
    if state == RoundState.PASSED and project.launches_itself:
        later("work.launch_project", project_id=project.pk)
    return round_


def end_round_early(project: Project, *, at: datetime) -> None:
    """End the project's running round without a verdict: it is closed, or its design is replaced.

    The project's row must be locked. Its open places close; their money is the caller's to give back.
    """
    if project.round_id is not None:
        round_ = Round.objects.get(pk=project.round_id)
        _end(project, round_, RoundState.REFUNDED, votes_in(round_), at=at)


def decide_what_stalls(*, at: datetime) -> int:
    """Decide the rounds that nobody's submission decides; return how many.

    They are those that have run for longer than the charter lets them, and those whose last open place was
    left by its worker after its row had been withdrawn.
    """
    before = at - timedelta(hours=in_force("prototype.stall_hours", at=at))
    withdrew = BrokenRow.objects.filter(project=OuterRef("project"), state=RowState.WITHDRAWN)
    running = Round.objects.filter(state=RoundState.RUNNING)
    stalled = running.filter(Q(opened_at__lte=before) | Exists(withdrew)).order_by("pk")
    ended = 0
    for project_id in stalled.values_list("project_id", flat=True):
        with transaction.atomic():
            project = Project.objects.select_for_update(no_key=True).get(pk=project_id)
            ended += decide_round_of(project, at=at) is not None
    return ended


def votes_in(round_: Round) -> Votes:
    """Return the votes of a round so far."""
    return counted(RoundFeedback.objects.filter(round=round_).values_list("verdict", flat=True))


def handed_in(round_: Round) -> int:
    """Return how many of a round's places are handed in."""
    return Assignment.objects.filter(round=round_, state__in=HANDED_IN).count()


def withdrawn(round_: Round) -> int:
    """Return how many of a running round's places closed with a row that its requester has withdrawn."""
    off = BrokenRow.objects.filter(project=round_.project_id, state=RowState.WITHDRAWN)
    places = Place.objects.filter(project=round_.project_id, task__in=off.values("task"))
    return places.filter(round=round_, state=PlaceState.CLOSED).count()


def _end(project: Project, round_: Round, state: RoundState, votes: Votes, *, at: datetime) -> None:
    revision = Revision.objects.select_for_update(no_key=True).get(pk=round_.revision_id)
    if state != RoundState.PASSED and project.pay_basis == PayBasis.HOUR:
        revision.hours_paid_seconds = revision.hours_reserved_seconds  # the other hours' money comes back
        revision.save(update_fields=["hours_paid_seconds"])
    round_.state, round_.decided_at = state, at
    round_.save(update_fields=["state", "decided_at"])
    project.round, project.round_most = None, None
    project.save(update_fields=["round", "round_most"])
    keep_cascade_clock(project, at=at)
    places = Place.objects.filter(project=project)
    of_this = places.filter(round=round_, state__in=[PlaceState.OPEN, PlaceState.PAUSED])
    of_this.update(state=PlaceState.CLOSED, rank=None)
    reopen_waiting(project)
    record(
        None,
        f"round.{state}",
        round_,
        at=at,
        project_id=project.pk,
        owner_id=project.owner_id,
        publish=votes.publish,
        revise=votes.revise,
        helped=_revision_helped(round_, votes),
    )


def _revision_helped(round_: Round, votes: Votes) -> bool | None:
    """Say whether revising the design since the last voted round helped; None if there is no such pair.

    It counts in the owner's public record (MECHANISMS 3.7).
    """
    voted = Round.objects.filter(project=round_.project_id, pk__lt=round_.pk, feedback__isnull=False)
    before = voted.order_by("-pk").first()
    if before is None or before.revision_id == round_.revision_id or not votes.all:
        return None
    return helped(votes_in(before), votes)


def reopen_waiting(project: Project) -> None:
    """Open the paid places again that waited while a round ran, each at a fresh rank in the queue."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE work_place SET state = 'open', rank = CASE WHEN for_newcomers AND %(cascading)s "
            "THEN -1 - (random() * %(ranks)s)::int ELSE (random() * %(ranks)s)::int END "
            "WHERE project_id = %(project)s AND state = 'waiting'",
            {"ranks": RANKS - 1, "project": project.pk, "cascading": project.threshold is not None},
        )
