"""Whatever happens in sessions, everybody is paid their minutes and no hour is sold twice."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, rule, run_state_machine_as_test
from tests.builders import ANSWER, NOON, a_requester, a_worker
from tests.stories import RollsBack, examples
from tests.work.by_the_hour import HOUR, MINUTE, an_hourly_project

from canut.kernel.refusals import Refusal
from canut.ledger.models import Kind
from canut.ledger.queries import party_total_minor, project_total_minor, verify
from canut.work.models import Revision, WorkSession
from canut.work.usecases.add_hours import add_hours
from canut.work.usecases.close_project import close_project
from canut.work.usecases.close_session import close_session
from canut.work.usecases.end_session import close_overdue_sessions
from canut.work.usecases.expire_leases import expire_leases
from canut.work.usecases.open_session import open_session
from canut.work.usecases.pause_project import pause_project, resume_project
from canut.work.usecases.submit_answer import submit_answer
from canut.work.usecases.take_break import end_break, note_seen, take_break
from canut.work.usecases.take_task import take_task

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

LEAST, MOST, IDLE, LEASE, EXPECTED, LONGEST_BREAK = 900, 2 * HOUR, 600, 600, 120, HOUR
WORKERS = st.integers(0, 1)


@dataclass
class Running:
    """One open session as a plain clock: it counts up minute by minute and remembers the last sign."""

    id: int
    reserved: int
    seen_at: datetime
    opened_at: datetime
    least: int
    worked: int = 0
    worked_when_seen: int = 0
    break_since: datetime | None = None
    holds: int | None = None
    holds_until: datetime | None = None

    def sign(self, at: datetime) -> None:
        self.seen_at, self.worked_when_seen = at, self.worked


class SessionStory(RollsBack):
    """`expected` is what each worker should be owed: eighteen euros an hour of counted minutes."""

    @initialize()
    def begin(self) -> None:
        self.at = NOON
        self.owner = a_requester(money_minor=1_000_000)
        self.workers = [a_worker() for _ in range(2)]
        self.project = an_hourly_project(
            owner=self.owner, hours=4, most_hours=2, rows=4, answers=2, expected_seconds=EXPECTED
        )
        self.left = 4 * HOUR
        self.state = "live"
        self.running: dict[int, Running] = {}
        self.expected: Counter[int] = Counter()
        self.had_the_least: dict[int, datetime] = {}

    def _ends(self, who: int, seconds: int, *, by_project: bool = False) -> None:
        session = self.running.pop(who)
        if session.least and not by_project:
            self.had_the_least[who] = session.opened_at
        paid = min(session.reserved, max(session.least, seconds))
        self.expected[who] += -(-paid * 1800 // HOUR)
        self.left += session.reserved - paid

    def _project_stops(self) -> None:
        for who, session in list(self.running.items()):
            self._ends(who, session.worked + (EXPECTED if session.holds else 0), by_project=True)

    @rule(minutes=st.integers(1, 30))
    def time_passes(self, minutes: int) -> None:
        for _minute in range(minutes):
            self.at += timedelta(minutes=1)
            for who, session in list(self.running.items()):
                if session.holds_until is not None and self.at >= session.holds_until:
                    session.holds = session.holds_until = None
                if session.break_since is not None:
                    if (self.at - session.break_since).total_seconds() >= LONGEST_BREAK:
                        self._ends(who, session.worked)
                    continue
                session.worked += MINUTE
                if session.worked >= session.reserved:
                    self._ends(who, session.reserved)
                elif (self.at - session.seen_at).total_seconds() >= IDLE:
                    self._ends(who, session.worked_when_seen)
            expire_leases(at=self.at)
            close_overdue_sessions(at=self.at)

    @rule(who=WORKERS)
    def worker_opens(self, who: int) -> None:
        try:
            session = open_session(project_id=self.project.pk, by=self.workers[who], at=self.at)
        except Refusal as refusal:
            assert who not in self.running
            if refusal.code == "hours_used_up":
                assert self.left < LEAST
            else:
                assert refusal.code == "none_left" or refusal.code == f"project_{self.state}"
            return
        if who not in self.running:
            assert session.reserved_seconds == min(MOST, self.left)
            self.left -= session.reserved_seconds
            had = self.had_the_least.get(who)
            again = had is not None and self.at < had + timedelta(seconds=LEAST)
            least = 0 if again else LEAST
            self.running[who] = Running(session.pk, session.reserved_seconds, self.at, self.at, least)

    @rule(who=WORKERS)
    def worker_closes(self, who: int) -> None:
        if who in self.running:
            session = self.running[who]
            for _click in range(2):
                close_session(session_id=session.id, by=self.workers[who], at=self.at)
            self._ends(who, session.worked)

    @rule(who=WORKERS)
    def worker_rests(self, who: int) -> None:
        if who in self.running:
            take_break(session_id=self.running[who].id, by=self.workers[who], at=self.at)
            if self.running[who].break_since is None:
                self.running[who].break_since = self.at

    @rule(who=WORKERS)
    def worker_comes_back(self, who: int) -> None:
        if who in self.running:
            end_break(session_id=self.running[who].id, by=self.workers[who], at=self.at)
            if self.running[who].break_since is not None:
                self.running[who].break_since = None
                self.running[who].sign(self.at)

    @rule(who=WORKERS)
    def worker_is_seen(self, who: int) -> None:
        session = self.running.get(who)
        if session is not None and session.break_since is None:
            note_seen(session_id=session.id, by=self.workers[who], at=self.at)
            session.sign(self.at)

    @rule(who=WORKERS)
    def worker_takes(self, who: int) -> None:
        try:
            taken = take_task(by=self.workers[who], project_id=self.project.pk, at=self.at)
        except Refusal as refusal:
            known = {"no_session_open", "none_left", "project_paused", "project_closed"}
            assert refusal.code in known
            return
        session = self.running.get(who)
        if session is not None and taken.session_id == session.id and session.holds is None:
            session.holds, session.holds_until = taken.pk, self.at + timedelta(seconds=LEASE)
            session.sign(self.at)

    @rule(who=WORKERS)
    def worker_hands_in(self, who: int) -> None:
        session = self.running.get(who)
        if session is not None and session.holds:
            submit_answer(
                assignment_id=session.holds,
                by=self.workers[who],
                answer=ANSWER,
                active_seconds=60,
                at=self.at,
            )
            session.holds = session.holds_until = None
            if session.break_since is None:
                session.sign(self.at)

    @rule()
    def requester_pauses(self) -> None:
        if self.state == "live":
            pause_project(project_id=self.project.pk, by=self.owner, at=self.at)
            self._project_stops()
            self.state = "paused"

    @rule()
    def requester_resumes(self) -> None:
        if self.state == "paused":
            resume_project(project_id=self.project.pk, by=self.owner, at=self.at)
            self.state = "live"

    @rule(seconds=st.sampled_from([HOUR, 20 * MINUTE]))
    def requester_adds_hours(self, seconds: int) -> None:
        if self.state != "closed":
            add_hours(project_id=self.project.pk, by=self.owner, seconds=seconds, at=self.at)
            self.left += seconds

    @rule(really=st.integers(0, 9))
    def requester_closes(self, really: int) -> None:
        if self.state != "closed" and really == 0:
            close_project(project_id=self.project.pk, by=self.owner, at=self.at)
            self._project_stops()
            self.state = "closed"

    @invariant()
    def everybody_is_paid_their_minutes(self) -> None:
        if not hasattr(self, "expected"):
            return
        for who, worker in enumerate(self.workers):
            assert party_total_minor(worker.pk, Kind.EARNINGS, "EUR") == self.expected[who]
        running = WorkSession.objects.filter(closed_at__isnull=True)
        assert {session.pk for session in running} == {one.id for one in self.running.values()}

    @invariant()
    def no_hour_is_sold_twice_and_no_money_is_lost(self) -> None:
        if not hasattr(self, "expected"):
            return
        revision = Revision.objects.get(project=self.project)
        assert revision.hours_paid_seconds - revision.hours_reserved_seconds == self.left
        if self.state == "closed":
            assert project_total_minor(self.project.pk, Kind.ESCROW) == 0
        else:
            owed = sum(-(-one.reserved * 1800 // HOUR) for one in self.running.values())
            assert project_total_minor(self.project.pk, Kind.ESCROW) >= owed
        assert verify() == []


def test_sessions_pay_every_minute_whatever_people_do() -> None:
    run_state_machine_as_test(
        SessionStory,
        settings=settings(
            max_examples=examples(5, 12),
            stateful_step_count=25,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
