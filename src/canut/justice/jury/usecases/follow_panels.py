"""Cases get their peers, and panels are followed to their decision, or to the next draw."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.db.models import Q

from canut.charter.queries import in_force
from canut.justice.jury.form import BETWEEN
from canut.justice.jury.lots import lot_of
from canut.justice.jury.models import Panel, PanelProject, Seat
from canut.justice.jury.rules import counts_before, no_peers_in_time, verdict
from canut.justice.jury.states import LIVE, PanelState, SeatState
from canut.justice.jury.usecases.form_panel import form_panel
from canut.justice.jury.usecases.read_votes import take_what_waits
from canut.justice.jury.usecases.seat_jurors import end_seat, seat_jurors
from canut.justice.models import Case
from canut.justice.states import CaseBy, CaseState
from canut.justice.subjects import SUBJECTS
from canut.justice.usecases.decide_case import decide_case
from canut.kernel.events import record
from canut.membership.queries import electorate, is_admitted
from canut.membership.states import College
from canut.membership.usecases.answer_seat import exclude_drawn
from canut.membership.usecases.close_lot import close_lot
from canut.work.usecases.end_duty import end_duty


def follow_panels(*, at: datetime) -> int:
    """Bring every open case as far as it can go, each in a transaction of its own; return how many moved.

    Several runners are safe: each takes what no other has in hand. A job.

    Raises:
        ExceptionGroup: something unforeseen in single cases, once all the others were followed.
    """
    active = electorate(at)
    waiting = Case.objects.filter(state=CaseState.OPEN).values_list("pk", flat=True)
    ended = Panel.objects.filter(state=PanelState.OPEN).exclude(case__state=CaseState.OPEN)
    ids = sorted({*waiting, *ended.values_list("case_id", flat=True)})
    moved, faults = 0, []
    for case_id in ids:
        try:
            moved += follow_case(case_id=case_id, active=active, at=at)
        except Exception as fault:
            faults.append(fault)
    for project_id in list(PanelProject.objects.filter(ended_at__isnull=True).values_list("pk", flat=True)):
        _end_project(project_id, at=at)
    if faults:
        raise ExceptionGroup("these cases could not be followed", faults)
    return moved


@transaction.atomic
def follow_case(*, case_id: int, active: Mapping[int, College], at: datetime) -> bool:
    """Bring one case as far as it can go; return whether anything about it changed."""
    case = Case.objects.select_for_update(no_key=True, skip_locked=True).filter(pk=case_id).first()
    if case is None:
        return False
    panel = Panel.objects.filter(case=case, state=PanelState.OPEN).first()
    if case.state != CaseState.OPEN or SUBJECTS[case.kind].has_ended(case.subject_id):
        decide_case(case_id=case.pk, outcome=CaseState.DROPPED, by=CaseBy.OTHER_SIDE, at=at)
        if panel is not None:
            end_panel(panel, PanelState.DROPPED, at=at)
        return True
    if panel is not None:
        changed = _follow(panel, active=active, at=at)
        if panel.state in (PanelState.OPEN, PanelState.DECIDED):
            return changed
    if form_panel(case, active=active, at=at) is not None:
        return True
    lapse_days = in_force("jury.lapse_days", at=case.opened_at)  # as both sides were told
    if no_peers_in_time(opened_at=case.opened_at, lapse_days=lapse_days, at=at):
        decide_case(case_id=case.pk, outcome=CaseState.FALLS, by=CaseBy.NO_PEERS, at=at)
        return True
    return panel is not None


def count_votes(panel: Panel, *, at: datetime) -> None:
    """Let the votes of an open panel count whose hour is over, and all that came before its time was."""
    votes = Seat.objects.filter(
        panel=panel, state=SeatState.VOTED, counts=False, ended_at__lt=panel.decide_by
    )
    until = counts_before(at=at, decide_by=panel.decide_by)
    votes.filter(ended_at__lt=until).update(counts=True)


def settle(panel: Panel, *, at: datetime) -> bool:
    """Decide the case of an open panel if the votes that count do; return whether they did.

    The case's row must be locked.
    """
    votes = list(Seat.objects.filter(panel__case_id=panel.case_id, counts=True).order_by("pk"))
    found = verdict(
        stands=sum(one.vote == CaseState.STANDS for one in votes),
        falls=sum(one.vote == CaseState.FALLS for one in votes),
        votes_needed=panel.votes_needed,
        peers=panel.peers,
    )
    if found is None:
        return False
    outcome = CaseState(found)
    reasons = sorted(one.reason for one in votes if one.vote == outcome)  # in no order of time
    decide_case(case_id=panel.case_id, outcome=outcome, by=CaseBy.JURY, reason=BETWEEN.join(reasons), at=at)
    end_panel(panel, PanelState.DECIDED, at=at)
    return True


def end_panel(panel: Panel, state: PanelState, *, at: datetime) -> None:
    """End an open panel: nobody else is asked, the seed of its lot is shown, and free tasks close."""
    panel.state, panel.ended_at = state, at
    panel.save(update_fields=["state", "ended_at"])
    for seat in Seat.objects.filter(panel=panel, state__in=LIVE).select_related("panel").order_by("pk"):
        end_seat(seat, SeatState.NOT_NEEDED, at=at)
    close_lot(number=lot_of(panel).number, at=at)
    for project_id in panel.projects.values_list("pk", flat=True):
        _end_project(project_id, at=at)
    record(None, f"panel.{state}", panel, at=at, case_id=panel.case_id)


def _follow(panel: Panel, *, active: Mapping[int, College], at: datetime) -> bool:
    """Bring an open panel's seats up to date, and end it when its time or its peers are used up."""
    lot, changed = lot_of(panel), take_what_waits(panel, at=at)
    for seat in Seat.objects.filter(panel=panel, state__in=LIVE).select_related("person").order_by("pk"):
        if seat.person_id not in active and not _is_admitted(seat, at=at):
            exclude_drawn(number=lot.number, person_id=seat.person_id, at=at)
    changed |= seat_jurors(panel, at=at)
    count_votes(panel, at=at)
    if settle(panel, at=at):
        return True
    may_come = Q(state__in=LIVE) | Q(state=SeatState.VOTED, counts=False)
    nobody_left = not Seat.objects.filter(may_come, panel=panel).exists()
    if at >= panel.decide_by or nobody_left:
        end_panel(panel, PanelState.LAPSED, at=at)
        return True
    return changed


def _is_admitted(seat: Seat, *, at: datetime) -> bool:
    """Tell whether a juror is a member still, if an inactive one: they go on with what they began."""
    return seat.person.is_active and is_admitted(seat.person_id, at=at)


@transaction.atomic
def _end_project(project_id: int, *, at: datetime) -> None:
    """Close a panel's duty once the panel has ended and nothing in it is open or in hand any more."""
    project = PanelProject.objects.select_related("panel").get(pk=project_id)
    if project.panel.state == PanelState.OPEN or not end_duty(project_id=project_id, at=at):
        return
    PanelProject.objects.filter(pk=project_id).update(ended_at=at)
