"""Who was drawn has a task of their own by which they decide; who is out of the lot has it no more."""

from dataclasses import replace
from datetime import datetime

from django.utils import translation

from canut.charter.queries import floor_highest, in_force
from canut.justice.jury.form import SeatTask, form_of, names_in
from canut.justice.jury.fund import paid_from_fund
from canut.justice.jury.lots import lot_of
from canut.justice.jury.models import JuryBody, Panel, PanelProject, Seat
from canut.justice.jury.rules import seconds_to_hear
from canut.justice.jury.states import LIVE, SeatState
from canut.justice.subjects import SUBJECTS
from canut.justice.subjects.subject import Shown
from canut.kernel.events import record
from canut.membership.queries_lots import SeatTaken, seats_of_lot
from canut.membership.states import SeatState as Drawn
from canut.people.models import Person
from canut.people.usecases.found_body import found_body
from canut.people.usecases.register_person import ScreenNameTaken
from canut.work.designs.works import MOST_WORKS
from canut.work.models import Assignment, Submission
from canut.work.rules import least_reward_minor, paid_seconds
from canut.work.states import AssignmentState, Device, Fund
from canut.work.usecases.add_duty import add_duty, duty_to_change
from canut.work.usecases.create_project import LONGEST_EXPECTED_SECONDS
from canut.work.usecases.found_duty import found_duty
from canut.work.usecases.leave_task import give_back_task
from canut.work.usecases.put_tasks_to_judge import ToJudge
from canut.work.usecases.withdraw_task import withdraw_task


def seat_jurors(panel: Panel, *, at: datetime) -> bool:
    """Bring an open panel's seats to what became of its lot; return whether anything changed.

    The case's row must be locked.
    """
    known = {seat.person_id: seat for seat in Seat.objects.filter(panel=panel)}
    changed = False
    for drawn in seats_of_lot(lot_of(panel).number):
        seat = known.get(drawn.person_id)
        if drawn.state in (Drawn.OFFERED, Drawn.ACCEPTED):
            changed |= _take_in(panel, drawn, seat, at=at)
        elif seat is not None and seat.state in LIVE:
            changed |= _let_go(seat, drawn, at=at)
    return changed


def end_seat(seat: Seat, state: SeatState, *, at: datetime) -> None:
    """End a seat without a vote. Its task closes; who has it in hand may still hand it in, and is paid."""
    seat.state, seat.ended_at = state, at
    seat.save(update_fields=["state", "ended_at"])
    withdraw_task(task_id=seat.task_id, at=at)
    record(None, f"panel.seat_{state}", seat.panel, at=at, seat_id=seat.pk)


def _take_in(panel: Panel, drawn: SeatTaken, seat: Seat | None, *, at: datetime) -> bool:
    """Give somebody who was drawn their seat, and note that they accepted it."""
    state = SeatState.SITTING if drawn.state == Drawn.ACCEPTED else SeatState.OFFERED
    if seat is None:
        _open_seat(panel, Person.objects.get(pk=drawn.person_id), state, at=at)
        return True
    if state == SeatState.SITTING and seat.state == SeatState.OFFERED:
        seat.state = state
        seat.save(update_fields=["state"])
        return True
    return False


def _let_go(seat: Seat, drawn: SeatTaken, *, at: datetime) -> bool:
    """End the seat of somebody who declined, let the time pass or must not sit.

    Who took the task in time, and is in the middle of it, keeps it: their answer was on its way.
    """
    held = Assignment.objects.filter(task_id=seat.task_id, state=AssignmentState.HELD).first()
    if drawn.state == Drawn.LAPSED and held is not None:
        return False
    if held is not None:
        give_back_task(assignment_id=held.pk, by=seat.person, at=at)
    if Assignment.objects.filter(task_id=seat.task_id, state=AssignmentState.APPROVED).exists():
        return False  # handed in this moment: it is read as the vote it is
    end_seat(seat, SeatState.LEFT, at=at)
    return True


def _open_seat(panel: Panel, person: Person, state: SeatState, *, at: datetime) -> None:
    case = panel.case
    subject = SUBJECTS[case.kind]
    with translation.override(person.locale):
        shown = subject.shown(case.subject_id)
        shown = replace(shown, works=shown.works[:MOST_WORKS])
        names = names_in(case, subject.other_side(case.subject_id))
        task = form_of(case, shown, peers=panel.peers, names=names, files=case.files.count())
        project_id = _project_for(panel, person.locale, task, shown, at=at)
        asked = ToJudge(
            key=f"seat {person.pk}", row=task.row, shows=shown.works, offered_to=[person.pk], barred=()
        )
        _lock_duties(panel)
        made = paid_from_fund(lambda: add_duty(project_id=project_id, asked=asked, at=at), at=at)
    seat = Seat.objects.create(panel=panel, person=person, task=made, state=state, offered_at=at)
    record(None, "panel.seat_opened", panel, at=at, seat_id=seat.pk)


def _lock_duties(panel: Panel) -> None:
    """Lock the projects of a panel, which everybody does before the account of the fund that pays them."""
    for project_id in panel.projects.order_by("pk").values_list("pk", flat=True):
        duty_to_change(project_id)


def _project_for(panel: Panel, language: str, task: SeatTask, shown: Shown, *, at: datetime) -> int:
    """Return the duty of a panel for jurors who read this language; found it, if there is none yet."""
    found = PanelProject.objects.filter(panel=panel, language=language).first()
    if found is not None:
        return found.project_id
    works = {
        one.assignment_id: one.assignment
        for one in Submission.objects.filter(pk__in=shown.works).select_related(
            "assignment__project", "assignment__revision"
        )
    }.values()
    seconds = seconds_to_hear(
        works_seconds=[one.revision.expected_seconds for one in works],
        least_seconds=in_force("jury.appeal_least_seconds", at=at),
        share=in_force("jury.appeal_time_share", at=at),
        most=LONGEST_EXPECTED_SECONDS,
    )
    risks = sorted({risk for one in works for risk in one.project.risks})
    devices = {one.project.device for one in works}
    project = found_duty(
        owner_id=_the_body(at=at),
        title=task.title,
        description=task.description,
        design=task.design,
        fund=Fund.JUSTICE,
        reward_minor=least_reward_minor(
            expected_seconds=paid_seconds(seconds, risks, in_force("pay.risk_break_share", at=at)),
            floor_hourly_minor=floor_highest(at=at),
        ),
        expected_seconds=seconds,
        language=language,
        device=devices.pop() if len(devices) == 1 else Device.ANY,
        risks=risks,
        at=at,
    )
    PanelProject.objects.create(project=project, panel=panel, language=language)
    return project.pk


def _the_body(*, at: datetime) -> int:
    """Return the number of the body whose tasks juries do; found it with the first panel of a site."""
    found = JuryBody.objects.first()
    number = 1
    while found is None:
        try:
            name = "jury" if number == 1 else f"jury-{number}"
            body = found_body(name="Jury", screen_name=name, by=None, at=at)
        except ScreenNameTaken:
            number += 1
        else:
            found = JuryBody.objects.create(party_id=body.party_id)
    return found.party_id
