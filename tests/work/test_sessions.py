"""Work by the hour: what a session is paid, when it ends by itself, and that its money is always there."""

from datetime import timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.builders import ANSWER, NOON, a_requester, a_worker
from tests.told import told_by_jobs
from tests.work.by_the_hour import HOUR, MINUTE, an_hourly_draft, an_hourly_project, later, opened, seen_until
from tests.work.test_crowding import at_once

from canut.kernel.refusals import Refusal
from canut.ledger.models import Kind, LedgerEntry
from canut.ledger.queries import party_total_minor, project_total_minor, verify
from canut.people.models import Person
from canut.work.models import Assignment, Project, Revision, WorkSession
from canut.work.queries.pricing import quote_for
from canut.work.rules_hours import Pause, Session, ending, hours_minor, spent
from canut.work.usecases.add_hours import add_hours
from canut.work.usecases.approve_submission import approve_submission
from canut.work.usecases.close_project import close_project
from canut.work.usecases.close_session import close_session
from canut.work.usecases.end_session import close_overdue_sessions
from canut.work.usecases.open_session import open_session
from canut.work.usecases.pause_project import pause_project, resume_project
from canut.work.usecases.publish_project import publish_project
from canut.work.usecases.submit_answer import submit_answer
from canut.work.usecases.take_break import end_break, take_break
from canut.work.usecases.take_task import take_task


def earned(worker: Person) -> int:
    return party_total_minor(worker.pk, Kind.EARNINGS, "EUR")


def worked(minutes: float, **details: object) -> Session:
    """Return what the rules see of a session in which nobody took a break; at most two hours."""
    given = {
        "hourly_minor": 1800,
        "least_seconds": 900,
        "reserved_seconds": 2 * HOUR,
        "opened_at": NOON,
        "ends_at": later(120),
        "last_sign_at": later(minutes),
        "pauses": (),
        "credit_seconds": 600,
        "patience_seconds": 600,
        "longest_break_seconds": HOUR,
        "break_share": Decimal(0),
    } | details
    return Session(**given)  # type: ignore[arg-type]


# --- The rules ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("minutes", "minor"), [(0, 450), (1, 450), (15, 450), (15.1, 453), (60, 1800), (119, 3570), (200, 3600)]
)
def test_a_session_is_paid_its_time_never_under_the_least_nor_over_its_hours(
    minutes: float, minor: int
) -> None:
    assert spent(worked(minutes), until=later(minutes)).amount_minor == minor


def test_a_break_stops_the_clock_and_fractions_go_to_the_worker() -> None:
    facts = worked(60, pauses=[Pause(later(10), later(30), is_paid=False)])
    now = spent(facts, until=later(60) + timedelta(seconds=1))
    assert (now.worked_seconds, now.unpaid_seconds, now.paid_seconds) == (2401, 1200, 2401)
    assert now.amount_minor == 1201  # 12.005 EUR, rounded up


def test_paid_breaks_count_up_to_their_share_of_the_time_worked() -> None:
    share = {"break_share": Decimal("0.2")}
    within = spent(worked(60, pauses=[Pause(later(50), later(60), is_paid=True)], **share), until=later(60))
    assert (within.paid_seconds, within.break_seconds, within.amount_minor) == (HOUR, 600, 1800)
    assert within.break_minor == 300
    beyond = spent(worked(80, pauses=[Pause(later(50), later(80), is_paid=True)], **share), until=later(80))
    assert (beyond.paid_seconds, beyond.unpaid_seconds) == (HOUR, 1200)
    nothing_sensitive = spent(worked(60, pauses=[Pause(later(50), later(60), is_paid=True)]), until=later(60))
    assert nothing_sensitive.paid_seconds == 50 * MINUTE


def test_who_is_not_heard_of_is_paid_up_to_the_last_sign_of_life() -> None:
    assert ending(worked(30), at=later(39)) is None
    gone = ending(worked(30), at=later(41))
    assert gone is not None
    assert (gone.ended_by, gone.at) == ("idle", later(30))
    busy = worked(30, patience_seconds=HOUR, credit_seconds=20 * MINUTE)
    assert ending(busy, at=later(80)) is None
    used_up = ending(worked(115), at=later(121))
    assert used_up is not None
    assert (used_up.ended_by, used_up.at) == ("hours", later(120))
    half_believed = ending(worked(90, patience_seconds=HOUR, credit_seconds=20 * MINUTE), at=later(130))
    assert half_believed is not None
    assert half_believed.at == later(110)


def test_a_break_that_lasts_too_long_ends_the_session_where_it_began() -> None:
    resting = worked(30, pauses=[Pause(later(30), None, is_paid=False)])
    assert ending(resting, at=later(89)) is None
    gone = ending(resting, at=later(90))
    assert gone is not None
    assert (gone.ended_by, gone.at) == ("idle", later(30))


@given(
    worked_for=st.integers(0, 4 * HOUR),
    pauses=st.lists(st.tuples(st.integers(0, 600), st.integers(0, 600), st.booleans()), max_size=5),
    hourly=st.integers(100, 10_000),
    reserved=st.integers(900, 3 * HOUR),
    share=st.sampled_from([Decimal(0), Decimal("0.2"), Decimal(1)]),
)
def test_whatever_somebody_does_pay_lies_between_the_least_and_what_was_reserved(
    worked_for: int,
    pauses: list[tuple[int, int, bool]],
    hourly: int,
    reserved: int,
    share: Decimal,
) -> None:
    at, breaks = NOON, []
    for before, length, paid in pauses:
        began = at + timedelta(seconds=before)
        at = began + timedelta(seconds=length)
        breaks.append(Pause(began, at, paid))
    until = at + timedelta(seconds=worked_for)
    facts = worked(0, pauses=breaks, hourly_minor=hourly, reserved_seconds=reserved, break_share=share)
    now = spent(facts, until=until)
    assert 900 <= now.paid_seconds <= reserved
    assert now.worked_seconds + now.break_seconds + now.unpaid_seconds == (until - NOON).total_seconds()
    assert now.paid_seconds >= min(reserved, now.worked_seconds)
    assert Decimal(now.amount_minor) >= Decimal(hourly * now.paid_seconds) / HOUR
    assert now.amount_minor - 1 < Decimal(hourly * now.paid_seconds) / HOUR
    assert 0 <= now.break_minor <= now.amount_minor


# --- Sessions -------------------------------------------------------------------------------------


def test_closing_pays_the_time_at_once_with_levies_on_top_and_gives_the_hours_back(
    requester: Person, worker: Person
) -> None:
    project = an_hourly_project(owner=requester, hours=10)
    before = party_total_minor(requester.pk, Kind.BALANCE, "EUR")
    session = opened(worker=worker, project=project)
    assert session.reserved_seconds == 2 * HOUR
    seen_until(session, 38)
    for _click in range(2):
        close_session(session_id=session.pk, by=worker, at=later(40))
    assert earned(worker) == 1200
    project.refresh_from_db()
    assert project.paid_minor == 1200
    assert Revision.objects.get(project=project).hours_reserved_seconds == 40 * MINUTE
    assert LedgerEntry.objects.get(reason="session").amount_minor == 1200
    assert set(LedgerEntry.objects.filter(reason__in=["levy", "service_fee"]).values_list("note", flat=True))
    closed = close_project(project_id=project.pk, by=requester, at=later(50))
    spent_in_all = 1200 + 78 + 24 + 12 + 12 + 6  # the time, the fee and four levies
    assert party_total_minor(requester.pk, Kind.BALANCE, "EUR") == before + closed.refunded_minor
    assert before + closed.refunded_minor == 1_000_000 - spent_in_all
    assert verify() == []


def test_opening_twice_is_one_session_and_none_can_be_open_elsewhere(
    requester: Person, worker: Person
) -> None:
    project, other = an_hourly_project(owner=requester), an_hourly_project(owner=requester)
    first = opened(worker=worker, project=project)
    assert opened(worker=worker, project=project, at=later(1)) == first
    with pytest.raises(Refusal) as refused:
        opened(worker=worker, project=other, at=later(2))
    assert refused.value.code == "session_open_elsewhere"


def test_the_least_time_is_paid_once_however_often_a_session_is_closed_and_opened(
    requester: Person, worker: Person
) -> None:
    project = an_hourly_project(owner=requester)
    # Given a session that is closed after a minute: a quarter of an hour is paid
    close_session(session_id=opened(worker=worker, project=project).pk, by=worker, at=later(1))
    assert earned(worker) == 450
    # When the worker opens and closes others within that quarter
    for minute in (1, 5, 12):
        again = opened(worker=worker, project=project, at=later(minute))
        close_session(session_id=again.pk, by=worker, at=later(minute + 2))
    # Then each is paid what it lasted
    assert earned(worker) == 450 + 3 * 60
    # And a session after it has its own least time, whoever ended the one before
    close_session(session_id=opened(worker=worker, project=project, at=later(15)).pk, by=worker, at=later(16))
    assert earned(worker) == 2 * 450 + 3 * 60
    assert verify() == []


def test_who_is_cut_short_by_the_requester_has_the_least_time_again(
    requester: Person, worker: Person
) -> None:
    project = an_hourly_project(owner=requester)
    opened(worker=worker, project=project)
    pause_project(project_id=project.pk, by=requester, at=later(1))
    resume_project(project_id=project.pk, by=requester, at=later(2))
    session = opened(worker=worker, project=project, at=later(3))
    close_session(session_id=session.pk, by=worker, at=later(4))
    assert earned(worker) == 2 * 450


def test_tasks_are_taken_only_inside_a_session_and_cost_nothing_more(
    requester: Person, worker: Person
) -> None:
    project = an_hourly_project(owner=requester)
    with pytest.raises(Refusal) as refused:
        take_task(by=worker, project_id=project.pk, at=NOON)
    assert refused.value.code == "no_session_open"
    session = opened(worker=worker, project=project)
    held = take_task(by=worker, project_id=project.pk, at=later(1))
    assert (held.session_id, held.reward_minor) == (session.pk, 0)
    handed = submit_answer(
        assignment_id=held.pk, by=worker, answer=ANSWER, active_seconds=60, at=later(3), want_next=True
    )
    assert handed.next is not None
    assert handed.next.session_id == session.pk
    take_break(session_id=session.pk, by=worker, at=later(5))
    with pytest.raises(Refusal):
        take_task(by=worker, project_id=project.pk, task_id=held.task_id, at=later(6))
    end_break(session_id=session.pk, by=worker, at=later(25))
    seen_until(WorkSession.objects.get(), 45)
    close_session(session_id=session.pk, by=worker, at=later(45))
    assert earned(worker) == 750  # 45 minutes less 20 of a break
    approve_submission(submission_id=handed.submission.pk, by=requester, at=later(60))
    assert earned(worker) == 750
    assert verify() == []


def test_an_abandoned_session_ends_and_is_paid_up_to_the_last_sign_of_life(
    requester: Person, worker: Person
) -> None:
    project = an_hourly_project(owner=requester)
    opened(worker=worker, project=project)
    held = take_task(by=worker, project_id=project.pk, at=later(20))
    submit_answer(assignment_id=held.pk, by=worker, answer=ANSWER, active_seconds=60, at=later(24))
    assert close_overdue_sessions(at=later(33)) == 0
    assert close_overdue_sessions(at=later(35)) == 1
    session = WorkSession.objects.get()
    assert (session.ended_by, session.paid_seconds, session.closed_at) == ("idle", 24 * MINUTE, later(24))
    (notice,) = told_by_jobs(person=worker)
    assert (notice.kind, notice.path) == ("session", "/earnings/sessions/")
    assert "€7.20" in notice.text
    assert earned(worker) == 720


def test_a_session_that_ends_with_its_hours_is_paid_all_of_them(requester: Person, worker: Person) -> None:
    project = an_hourly_project(owner=requester, hours=0.5)
    session = opened(worker=worker, project=project)
    seen_until(session, 25)
    assert close_overdue_sessions(at=later(30)) == 1
    assert earned(worker) == 900
    with pytest.raises(Refusal) as refused:
        opened(worker=worker, project=project, at=later(31))
    assert refused.value.code == "hours_used_up"


@pytest.mark.parametrize("stop", [pause_project, close_project])
def test_a_requester_who_stops_pays_the_work_they_cut_short(stop, requester, worker) -> None:  # type: ignore[no-untyped-def]
    project = an_hourly_project(owner=requester, expected_seconds=300)
    opened(worker=worker, project=project)
    take_task(by=worker, project_id=project.pk, at=later(20))
    stop(project_id=project.pk, by=requester, at=later(22))
    session = WorkSession.objects.get()
    assert (session.ended_by, session.paid_seconds) == ("project", 27 * MINUTE)
    assert earned(worker) == 810
    assert verify() == []


def test_a_session_is_never_under_the_floor_of_its_worker(
    requester: Person, worker: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    project = an_hourly_project(owner=requester, hourly_minor=1500, hours=1)
    monkeypatch.setattr("canut.work.queries.sessions.worker_floor_minor", lambda *_worker, **_at: 2000)
    session = opened(worker=worker, project=project)
    assert session.hourly_minor == 2000
    assert session.reserved_seconds == 2700  # as long as the money for an hour at 15.00 lasts
    seen_until(session, 30)
    close_session(session_id=session.pk, by=worker, at=later(30))
    assert earned(worker) == 1000


def test_under_the_floor_or_for_less_than_the_least_nothing_is_published(requester: Person) -> None:
    for details, code in (
        ({"hourly_minor": 1499}, "reward_under_floor"),
        ({"hourly_minor": 0}, "reward_missing"),
    ):
        draft = an_hourly_draft(owner=requester, **details)
        with pytest.raises(Refusal) as refused:
            publish_project(project_id=draft.pk, by=requester, at=NOON)
        assert refused.value.code == code
    for details in ({"hours": 0.2}, {"most_hours": 0.2}):
        draft = an_hourly_draft(owner=requester, **details)
        with pytest.raises(Refusal) as refused:
            publish_project(project_id=draft.pk, by=requester, at=NOON)
        assert refused.value.code == "hours_too_few"


def test_hours_are_added_for_exactly_what_was_shown_and_not_twice(requester: Person, worker: Person) -> None:
    project = an_hourly_project(owner=requester, hours=1)
    before = party_total_minor(requester.pk, Kind.BALANCE, "EUR")
    priced = add_hours(project_id=project.pk, by=requester, seconds=HOUR, hours_before_seconds=HOUR, at=NOON)
    assert priced.pay_minor == 1800
    with pytest.raises(Refusal) as refused:
        add_hours(project_id=project.pk, by=requester, seconds=HOUR, hours_before_seconds=HOUR, at=NOON)
    assert refused.value.code == "hours_changed"
    assert party_total_minor(requester.pk, Kind.BALANCE, "EUR") == before - priced.total_minor
    assert project_total_minor(project.pk, Kind.ESCROW) == 3600
    assert opened(worker=worker, project=project).reserved_seconds == 2 * HOUR


def test_what_publishing_costs_is_hours_and_not_places(requester: Person) -> None:
    draft = an_hourly_draft(owner=requester, rows=7, hours=2)
    revision = Revision.objects.get(project=draft)
    priced = quote_for(draft, revision, places=7, at=NOON)
    assert (priced.pay_minor, priced.hours_seconds, priced.reserve_minor) == (3600, 2 * HOUR, 900)
    publish_project(project_id=draft.pk, by=requester, at=NOON, agreed_minor=priced.total_minor)
    assert project_total_minor(draft.pk, Kind.ESCROW) == 3600


# --- Many at once ---------------------------------------------------------------------------------


@pytest.mark.usefixtures("committed")
def test_of_many_who_open_sessions_at_once_as_many_get_one_as_there_are_hours() -> None:
    project = an_hourly_project(owner=a_requester(), hours=3.1, most_hours=1, rows=3, answers=3)
    workers = [a_worker(password=None) for _ in range(8)]
    got = at_once([lambda w=w: open_session(project_id=project.pk, by=w, at=NOON) for w in workers])
    assert sum(isinstance(one, WorkSession) for one in got) == 3
    assert got.count("hours_used_up") == 5
    for session in _open():
        seen_until(session, 25)
    at_once([lambda s=s: close_session(session_id=s.pk, by=s.worker, at=later(30)) for s in _open()] * 2)
    assert sum(earned(worker) for worker in workers) == 3 * 900
    assert verify() == []


@pytest.mark.usefixtures("committed")
def test_one_worker_who_clicks_twice_at_once_has_one_session_that_is_paid_once() -> None:
    requester, worker = a_requester(), a_worker(password=None)
    projects = [an_hourly_project(owner=requester) for _ in range(2)]
    calls = [lambda p=p: open_session(project_id=p.pk, by=worker, at=NOON).pk for p in projects * 3]
    got = at_once(calls)
    assert len({one for one in got if one != "session_open_elsewhere"}) == 1
    (session,) = _open()
    seen_until(session, 60)
    ends = [
        lambda: close_session(session_id=session.pk, by=worker, at=later(60)).paid_minor,
        lambda: close_project(project_id=session.project_id, by=requester, at=later(60)).refunded_minor,
        lambda: close_overdue_sessions(at=later(60)),
    ]
    at_once(ends * 2)
    assert LedgerEntry.objects.filter(reason="session").count() == 1
    assert verify() == []


def _open() -> list[WorkSession]:
    return list(WorkSession.objects.filter(closed_at__isnull=True).select_related("worker"))


def test_short_sessions_never_cost_more_than_was_set_aside(requester: Person, peer: Person) -> None:
    """Each is rounded up to the cent, so many of them would cost more than their hours together."""
    project: Project = an_hourly_project(owner=requester, hourly_minor=1501, hours=1.25, rows=20)
    at = NOON
    for _session in range(6):
        try:
            session = open_session(project_id=project.pk, by=peer, at=at)
        except Refusal as refusal:
            assert refusal.code == "hours_used_up"
            break
        at += timedelta(seconds=1)
        close_session(session_id=session.pk, by=peer, at=at)
    assert earned(peer) <= hours_minor(seconds=4500, hourly_minor=1501)
    assert Assignment.objects.count() == 0
    assert verify() == []


def test_a_prototype_round_by_the_hour_has_its_share_of_the_hours_and_of_the_places(
    requester: Person, worker: Person
) -> None:
    project = an_hourly_project(owner=requester, rows=16, hours=8)
    assert project.round_id is not None
    revision = Revision.objects.get(project=project)
    assert revision.hours_paid_seconds == 8 * HOUR * project.round.places // 16
    assert project_total_minor(project.pk, Kind.ESCROW) == revision.hours_paid_seconds // 2
    session = opened(worker=worker, project=project)
    done = 0
    while True:
        try:
            held = take_task(by=worker, project_id=project.pk, at=later(1))
        except Refusal as refusal:
            assert refusal.code == "round_share_used"
            break
        assert (held.round_id, held.session_id) == (project.round_id, session.pk)
        Assignment.objects.filter(pk=held.pk).update(state="submitted", submitted_at=later(1))
        done += 1
    assert done == project.round_most
    close_session(session_id=session.pk, by=worker, at=later(9))
    assert earned(worker) == 450
