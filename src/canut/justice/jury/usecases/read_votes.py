"""What jurors did with their tasks: who takes one sits, who puts it back leaves, who answers votes."""

from contextlib import suppress
from datetime import datetime

from django.db import transaction

from canut.justice.jury.form import said_in
from canut.justice.jury.lots import lot_of
from canut.justice.jury.models import Panel, PanelProject, Seat
from canut.justice.jury.states import LIVE, PanelState, SeatState
from canut.justice.jury.usecases.seat_jurors import seat_jurors
from canut.justice.models import Case
from canut.kernel.events import Happened, read_new, record
from canut.membership.usecases.answer_seat import SeatAnswered, answer_seat, keep_served
from canut.people.models import Person
from canut.work.models import Assignment, Submission

READER = "juries"
TAKEN, HANDED_IN = "assignment.taken", "assignment.submitted"
PUT_BACK = ("assignment.given_back", "assignment.skipped")


@transaction.atomic
def read_votes(*, at: datetime, most: int = 100) -> int:
    """Read what happened to tasks of panels since the last call, and return how many events that were.

    What is read, and all that follows from it, is one transaction, and runners take turns. A job.
    """
    happened = read_new(READER, names=[TAKEN, HANDED_IN, *PUT_BACK], most=most)
    projects = {int(one.data["project_id"]) for one in happened}
    of_panels = set(PanelProject.objects.filter(pk__in=projects).values_list("pk", flat=True))
    for one in happened:
        if int(one.data["project_id"]) in of_panels:
            _read(one, at=at)
    return len(happened)


def cast_vote(assignment: Assignment, *, at: datetime) -> Seat:
    """Take what a juror handed in as their vote; `follow_panels` counts it when its hour is over.

    It was given when it was handed in, however long it waited to be read. A vote that was given when the case
    was decided, or its panel's time was over, is kept and never counts. Reading it twice is safe.
    """
    panel = _panel_of(assignment.task_id)
    seat = Seat.objects.select_for_update(no_key=True).get(task_id=assignment.task_id)
    if seat.state == SeatState.VOTED:
        return seat
    submission = Submission.objects.get(assignment=assignment, attempt=1)
    said = said_in(submission.answer)
    seat.state, seat.vote, seat.reason = SeatState.VOTED, said.vote, said.reason
    seat.ended_at = max(submission.submitted_at, seat.offered_at)
    seat.save(update_fields=["state", "vote", "reason", "ended_at"])
    record(None, "panel.vote_cast", panel, at=at, case_id=panel.case_id)
    keep_served(number=lot_of(panel).number, person_id=seat.person_id, at=at)
    return seat


def take_what_waits(panel: Panel, *, at: datetime) -> bool:
    """Take as votes what jurors of an open panel have handed in and nobody has read yet; tell if any was.

    The case's row must be locked.
    """
    tasks = Seat.objects.filter(panel=panel, state__in=LIVE).values("task_id")
    waiting = Submission.objects.filter(assignment__task__in=tasks, attempt=1).select_related("assignment")
    votes = [cast_vote(submission.assignment, at=at) for submission in waiting.order_by("pk")]
    return bool(votes)


def _read(happened: Happened, *, at: datetime) -> None:
    assignment = Assignment.objects.get(pk=happened.subject_id)
    if happened.name == HANDED_IN:
        if happened.data["attempt"] == 1:
            cast_vote(assignment, at=at)
        return
    panel = _panel_of(assignment.task_id)
    if panel.state != PanelState.OPEN:
        return
    _answer(panel, Person.objects.get(pk=assignment.worker_id), accept=happened.name == TAKEN, at=at)
    seat_jurors(panel, at=at)


def _panel_of(task_id: int) -> Panel:
    """Return the panel of a seat's task, its case's row locked."""
    panel = Panel.objects.get(seat_rows__task=task_id)
    Case.objects.select_for_update(no_key=True).get(pk=panel.case_id)
    panel.refresh_from_db()
    return panel


def _answer(panel: Panel, person: Person, *, accept: bool, at: datetime) -> None:
    """Say in the lot what somebody did: that they sit, or that another is to be asked."""
    with suppress(SeatAnswered):  # their time ran out while they had it in hand, or the lot is closed
        answer_seat(number=lot_of(panel).number, by=person, accept=accept, at=at)
