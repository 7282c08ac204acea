"""Whatever is settled, approved, contested, decided or closed, in whatever order: everybody has their due."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, precondition, rule, run_state_machine_as_test
from tests.builders import ANSWER, NOON, a_person, a_project, a_requester, a_worker, taken
from tests.stories import RollsBack, examples

from canut.kernel.refusals import Refusal
from canut.ledger.models import Kind
from canut.ledger.queries import party_total_minor, project_total_minor, verify
from canut.ledger.rules import dues_minor
from canut.ledger.usecases.deposit_play_money import deposit_play_money
from canut.people.usecases.appoint_operator import appoint_operator
from canut.work.models import Project, Settlement, TopUp
from canut.work.queries.pricing import rates
from canut.work.rules_pay import TimeReport, typical_seconds
from canut.work.usecases.approve_submission import approve_submission
from canut.work.usecases.close_project import close_project
from canut.work.usecases.contest_top_up import contest_top_up
from canut.work.usecases.decide_contest import decide_contest
from canut.work.usecases.pause_project import resume_project
from canut.work.usecases.pay_top_ups import pay_top_ups
from canut.work.usecases.settle_design import settle_what_is_due
from canut.work.usecases.submit_answer import submit_answer

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

REWARD, FLOOR, ROWS = 60, 1500, 40
ANY = st.integers(0, 10_000)
TIMES = st.lists(st.sampled_from([240, 110, 400, 1_500]), min_size=3, max_size=3)


@dataclass
class Owed:
    """One top-up as it should be: to whom, how much, from when on, and what became of it."""

    who: int
    amount: int
    due_at: datetime
    state: str = "announced"


class TopUpStory(RollsBack):
    """`expected` is what each account should hold: the balance, the project's three, and each worker's."""

    @initialize(money=st.sampled_from([3_300, 5_000, 100_000]), seconds=TIMES)
    def begin(self, money: int, seconds: list[int]) -> None:
        self.at = NOON
        self.owner = a_requester(money_minor=money)
        self.workers = [a_worker() for _ in range(4)]
        self.operator = appoint_operator(person_id=a_person().pk, by=None, at=NOON)
        self.project = a_project(owner=self.owner, rows=ROWS, reward_minor=REWARD, expected_seconds=120)
        self.expected: Counter[str] = Counter(self._held())
        self.work: list[tuple[int, int, int]] = []  # task, worker, seconds
        self.done_at: list[datetime] = []
        self.settled = 0
        self.last_settled: datetime | None = None
        self.floor_of: Counter[int] = Counter()  # 3600ths of a cent that a worker's settled work is worth
        self.owed: list[Owed] = []
        self.is_live, self.is_closed = True, False
        self.shares = rates(self.project, at=NOON)
        self.crowd_does_tasks_and_a_day_passes(seconds)

    def _held(self) -> dict[str, int]:
        found = {
            "balance": party_total_minor(self.owner.pk, Kind.BALANCE, "EUR"),
            **{
                str(kind): project_total_minor(self.project.pk, kind)
                for kind in (Kind.ESCROW, Kind.DUES, Kind.RESERVE)
            },
        }
        for number, worker in enumerate(self.workers):
            found[f"worker {number}"] = party_total_minor(worker.pk, Kind.EARNINGS, "EUR")
        return found

    @precondition(lambda self: self.is_live and len(self.work) <= ROWS - 12)
    @rule(seconds=TIMES)
    def crowd_does_tasks_and_a_day_passes(self, seconds: list[int]) -> None:
        for who, its in enumerate(seconds):
            self.worker_does_tasks(who, its, 4)
        self.a_day_brings_a_settlement(24)

    @precondition(lambda self: self.is_live)
    @rule(who=st.integers(0, 3), seconds=st.sampled_from([60, 240, 1_500]), times=st.integers(1, 3))
    def worker_does_tasks(self, who: int, seconds: int, times: int) -> None:
        done = sum(1 for _task, worker, _seconds in self.work if worker == who)
        for _time in range(min(times, ROWS - len(self.work), ROWS - done)):
            before = sum(dues_minor(len(self.work) * REWARD, self.shares).values())
            assignment = taken(worker=self.workers[who], project=self.project, at=self.at)
            handed = submit_answer(
                assignment_id=assignment.pk,
                by=self.workers[who],
                answer=ANSWER,
                active_seconds=seconds,
                at=self.at,
            )
            approve_submission(submission_id=handed.submission.pk, by=self.owner, at=self.at)
            self.work.append((assignment.task_id, who, seconds))
            self.done_at.append(self.at)
            self.expected[f"worker {who}"] += REWARD
            self.expected["escrow"] -= REWARD
            self.expected["dues"] -= sum(dues_minor(len(self.work) * REWARD, self.shares).values()) - before

    @rule(hours=st.sampled_from([0, 24]))
    def a_day_brings_a_settlement(self, hours: int) -> None:
        self.at += timedelta(hours=hours)
        settle_what_is_due(at=self.at)
        new = self.work[self.settled :]
        rested = self.last_settled is None or self.at >= self.last_settled + timedelta(hours=24)
        enough = len(new) >= 10 and len({who for _, who, _ in new}) >= 3
        waits = bool(new) and self.done_at[self.settled] <= self.at - timedelta(days=7)
        if not self.is_closed and rested and (enough or waits):
            self._settle()

    def _settle(self) -> None:
        typical = typical_seconds(TimeReport(*one) for one in self.work)
        lacks = Counter()
        for _task, who, _seconds in self.work[self.settled :]:
            lacks[who] += max(0, int(typical * 4) * FLOOR - REWARD * 3600 * 4)
            self.floor_of[who] += int(typical * 4) * FLOOR
        for who, lack in sorted(lacks.items()):
            if lack:
                due_at = self.at + timedelta(hours=12)
                self.owed.append(Owed(who, ceil(lack / (3600 * 4)), due_at))
        self.settled, self.last_settled = len(self.work), self.at

    @rule(hours=st.sampled_from([1, 12, 24, 7 * 24]), sweeps=st.booleans())
    def time_passes(self, hours: int, sweeps: bool) -> None:
        self.at += timedelta(hours=hours)
        if sweeps:
            pay_top_ups(at=self.at)
            self._pay()

    def _pay(self) -> None:
        due = [one for one in self.owed if one.state in ("announced", "contested") and one.due_at <= self.at]
        lacked = False
        for one in sorted(due, key=lambda each: (each.due_at, self.owed.index(each))):
            one.state = "announced"
            from_reserve = min(self.expected["reserve"], one.amount)
            if one.amount - from_reserve > self.expected["balance"]:
                lacked = True
                continue
            lacked |= one.amount > from_reserve
            self.expected["reserve"] -= from_reserve
            self.expected["balance"] -= one.amount - from_reserve
            self.expected[f"worker {one.who}"] += one.amount
            one.state = "paid"
        if lacked:
            self.is_live = False
        self._give_back()

    def _give_back(self) -> None:
        over = all(one.state in ("paid", "refused") for one in self.owed)
        if self.is_closed:
            for name in ("escrow", "dues", *(["reserve"] if over else [])):
                self.expected["balance"] += self.expected[name]
                self.expected[name] = 0

    def _top_up(self, number: int) -> TopUp:
        return TopUp.objects.filter(settlement__project=self.project).order_by("pk")[number]

    @precondition(lambda self: self.owed)
    @rule(which=ANY)
    def requester_contests(self, which: int) -> None:
        one = self.owed[which % len(self.owed)]
        was, number = one.state, which % len(self.owed)
        try:
            contest_top_up(top_up_id=self._top_up(number).pk, reason="Long.", at=self.at)
        except Refusal as refusal:
            assert refusal.code == "contest_too_late"
            assert was in ("paid", "refused") or one.due_at <= self.at
            return
        if was == "announced" and not hasattr(one, "contested"):
            one.state, one.due_at = "contested", self.at + timedelta(days=7)
            one.contested = True  # type: ignore[attr-defined]

    @precondition(lambda self: any(one.state == "contested" for one in self.owed))
    @rule(which=ANY, uphold=st.booleans())
    def peers_decide(self, which: int, uphold: bool) -> None:
        held = [number for number, one in enumerate(self.owed) if one.state == "contested"]
        number = held[which % len(held)]
        one, pk = self.owed[number], self._top_up(number).pk
        try:
            decide_contest(top_up_id=pk, uphold=uphold, reason="Seen.", at=self.at)
        except Refusal as refusal:
            assert refusal.code == "contest_decided"
            assert one.due_at <= self.at
            return
        if uphold:
            one.state = "refused"
            self._give_back()
        else:
            one.state, one.due_at = "announced", self.at
            self._pay()

    @precondition(lambda self: not self.is_closed)
    @rule()
    def requester_resumes(self) -> None:
        owing = any(one.state == "announced" and one.due_at <= self.at for one in self.owed)
        was_live = self.is_live
        try:
            resume_project(project_id=self.project.pk, by=self.owner, at=self.at)
        except Refusal as refusal:
            assert refusal.code == "top_ups_owed"  # refused whole: nothing was paid either
            before = Counter(self.expected)
            states = [one.state for one in self.owed]
            self._pay()
            assert any(one.state == "announced" and one.due_at <= self.at for one in self.owed)
            self.expected = before
            for one, state in zip(self.owed, states, strict=True):
                one.state = state
            return
        if not was_live:
            if owing:
                self._pay()
            self.is_live = True

    @rule(amount=st.integers(500, 5_000))
    def requester_deposits(self, amount: int) -> None:
        key = f"{self.expected['deposits']}"
        deposit_play_money(by=self.owner, amount_minor=amount, currency="EUR", key=key, at=self.at)
        self.expected["balance"] += amount
        self.expected["deposits"] += 1

    @precondition(lambda self: not self.is_closed and len(self.work) > 12)
    @rule()
    def requester_closes(self) -> None:
        close_project(project_id=self.project.pk, by=self.owner, at=self.at)
        self.is_live, self.is_closed = False, True
        if self.settled < len(self.work):
            self._settle()
        self._give_back()

    @invariant()
    def the_ledger_equals_the_plain_dict(self) -> None:
        if not hasattr(self, "project"):
            return
        held = self._held()
        assert held == {name: self.expected[name] for name in held}
        assert verify() == []
        rows = TopUp.objects.filter(settlement__project=self.project).order_by("pk")
        workers = [worker.pk for worker in self.workers]
        assert [(workers.index(one.worker_id), one.amount_minor, one.state) for one in rows] == [
            (one.who, one.amount, one.state) for one in self.owed
        ]

    @invariant()
    def no_assignment_is_topped_up_twice(self) -> None:
        if hasattr(self, "project"):
            rows = TopUp.objects.filter(settlement__project=self.project)
            named = [pk for one in rows for line in one.lines for pk in line["assignments"]]
            assert len(named) == len(set(named))
            settled = sum(Settlement.objects.values_list("assignments", flat=True))
            assert settled == self.settled

    def teardown(self) -> None:
        if hasattr(self, "project"):
            self._bring_to_an_end()
        super().teardown()

    def _bring_to_an_end(self) -> None:
        """Close, wait, pay: nobody is under the floor but by their peers' decision, and nothing is kept."""
        self.requester_deposits(1_000_000)
        if not self.is_closed:
            self.is_closed = bool(close_project(project_id=self.project.pk, by=self.owner, at=self.at))
            if self.settled < len(self.work):
                self._settle()
        self.at += timedelta(days=30)
        pay_top_ups(at=self.at)
        refused = Counter()
        for one in TopUp.objects.filter(settlement__project=self.project):
            assert one.state in ("paid", "refused")
            if one.state == "refused":
                assert one.contest.heard_by == "jury"
                refused[one.worker_id] += one.amount_minor
        for number, worker in enumerate(self.workers):
            has = party_total_minor(worker.pk, Kind.EARNINGS, "EUR") + refused[worker.pk]
            assert has * 3600 * 4 >= self.floor_of[number]
        assert Project.objects.get(pk=self.project.pk).state == "closed"
        for kind in (Kind.ESCROW, Kind.DUES, Kind.RESERVE):
            assert project_total_minor(self.project.pk, kind) == 0


def test_the_story_of_top_ups() -> None:
    run_state_machine_as_test(
        TopUpStory,
        settings=settings(
            max_examples=examples(6, 20),
            stateful_step_count=15,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
