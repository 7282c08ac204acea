"""Whatever is paid in, added, taken, left, handed in, withdrawn or ended: no cent of the fund is lost."""

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, precondition, rule, run_state_machine_as_test
from tests.builders import ANSWER, NOON, a_worker
from tests.stories import RollsBack, examples
from tests.work.duties import a_duty, fill_fund, in_fund, to_judge

from canut.kernel.refusals import Refusal
from canut.ledger.models import Kind
from canut.ledger.queries import party_total_minor, project_total_minor, verify
from canut.work.models import Place, Task
from canut.work.usecases.add_duty import add_duty
from canut.work.usecases.end_duty import end_duty
from canut.work.usecases.expire_leases import expire_leases
from canut.work.usecases.leave_task import give_back_task
from canut.work.usecases.pay_top_ups import pay_top_ups
from canut.work.usecases.settle_design import settle_what_is_due
from canut.work.usecases.submit_answer import submit_answer
from canut.work.usecases.sweep_deadlines import refund_closed_projects
from canut.work.usecases.take_task import take_task
from canut.work.usecases.widen_audience import widen_audience
from canut.work.usecases.withdraw_task import withdraw_task

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

PAY, RESERVE = 100, 25
WHO = st.integers(0, 3)


class DutyStory(RollsBack):
    """`tasks` is what each task should be, in the order in which they were made.

    A task is "open", "held", "done" or "withdrawn"; beside it, who was offered it, who left it, who has it.
    Work takes as long as it should, or twice that: then top-ups are owed, which the reserve does not cover.
    """

    @initialize(money=st.sampled_from([0, 130, 5_000]))
    def begin(self, money: int) -> None:
        self.at = NOON
        self.workers = [a_worker() for _ in range(4)]
        self.duty = a_duty()
        self.paid_in = money
        if money:
            fill_fund(money)
        self.tasks: list[Task] = []
        self.state: list[str] = []
        self.offered: list[set[int]] = []
        self.left: list[set[int]] = []
        self.holder: dict[int, tuple[int, object]] = {}  # of a task: who, and the assignment
        self.is_ended = False

    @rule(amount=st.sampled_from([1, 125, 700]))
    def levies_come_in(self, amount: int) -> None:
        fill_fund(amount)
        self.paid_in += amount

    @rule(who=st.sets(WHO, max_size=3))
    def a_task_is_added(self, who: set[int]) -> None:
        before = in_fund()
        try:
            asked = to_judge(offered_to=[self.workers[one].pk for one in who])
            task = add_duty(project_id=self.duty.pk, asked=asked, at=self.at)
        except Refusal as refusal:
            if self.is_ended:
                assert refusal.code == "project_closed"
            else:
                assert refusal.code == "insufficient_funds"
                assert before < PAY + RESERVE or self._is_paused()
            return
        assert not self.is_ended
        self.tasks.append(task)
        self.state.append("open")
        self.offered.append(set(who))
        self.left.append(set())

    def _is_paused(self) -> bool:
        self.duty.refresh_from_db()
        return self.duty.state == "paused"

    @precondition(lambda self: self.tasks)
    @rule(which=st.integers(0, 100), who=WHO)
    def a_task_is_offered_to_one_more(self, which: int, who: int) -> None:
        which %= len(self.tasks)
        widen_audience(task_id=self.tasks[which].pk, offered_to=[self.workers[who].pk], at=self.at)
        self.offered[which].add(who)

    @rule(who=WHO)
    def somebody_takes_a_task(self, who: int) -> None:
        held = [task for task, (holder, _) in self.holder.items() if holder == who]
        theirs = [
            number
            for number, state in enumerate(self.state)
            if state == "open" and who in self.offered[number] - self.left[number]
        ]
        try:
            assignment = take_task(by=self.workers[who], project_id=self.duty.pk, at=self.at)
        except Refusal as refusal:
            assert not theirs or self.is_ended or self._is_paused(), refusal.code
            return
        number = [task.pk for task in self.tasks].index(assignment.task_id)
        assert number in (held or theirs)
        self.state[number], self.holder[number] = "held", (who, assignment)

    @precondition(lambda self: self.holder)
    @rule(which=st.integers(0, 100), seconds=st.sampled_from([240, 480]))
    def it_is_handed_in(self, which: int, seconds: int) -> None:
        number, (who, assignment) = sorted(self.holder.items())[which % len(self.holder)]
        before = party_total_minor(self.workers[who].pk, Kind.EARNINGS, "EUR")
        submit_answer(
            assignment_id=assignment.pk,  # type: ignore[attr-defined]
            by=self.workers[who],
            answer=ANSWER,
            active_seconds=seconds,
            at=self.at,
        )
        assert party_total_minor(self.workers[who].pk, Kind.EARNINGS, "EUR") == before + PAY
        self.state[number] = "done"
        del self.holder[number]

    @precondition(lambda self: self.holder)
    @rule(which=st.integers(0, 100))
    def it_is_given_back(self, which: int) -> None:
        number, (who, assignment) = sorted(self.holder.items())[which % len(self.holder)]
        give_back_task(assignment_id=assignment.pk, by=self.workers[who], at=self.at)  # type: ignore[attr-defined]
        self.state[number] = "open"
        self.left[number].add(who)
        del self.holder[number]

    @rule()
    def a_day_passes(self) -> None:
        self.at += timedelta(days=1)
        assert expire_leases(at=self.at) == len(self.holder)
        for number in self.holder:
            self.state[number] = "open"
        self.holder = {}
        settle_what_is_due(at=self.at)
        pay_top_ups(at=self.at)
        refund_closed_projects(at=self.at)

    @precondition(lambda self: self.tasks)
    @rule(which=st.integers(0, 100))
    def a_task_is_withdrawn(self, which: int) -> None:
        which %= len(self.tasks)
        done = withdraw_task(task_id=self.tasks[which].pk, at=self.at)
        assert done == (self.state[which] in ("open", "withdrawn"))
        if done:
            self.state[which] = "withdrawn"

    @rule()
    def it_is_to_end(self) -> None:
        ended = end_duty(project_id=self.duty.pk, at=self.at)
        assert ended == (not {"open", "held"} & set(self.state))
        self.is_ended |= ended

    @invariant()
    def every_cent_is_somewhere_and_every_open_task_is_paid_for(self) -> None:
        held = {
            kind: project_total_minor(self.duty.pk, kind) for kind in (Kind.ESCROW, Kind.RESERVE, Kind.DUES)
        }
        earned = sum(party_total_minor(one.pk, Kind.EARNINGS, "EUR") for one in self.workers)
        assert in_fund() + sum(held.values()) + earned == self.paid_in
        waiting = sum(one in ("open", "held") for one in self.state)
        assert held[Kind.ESCROW] == waiting * PAY
        assert held[Kind.DUES] == 0
        assert held[Kind.RESERVE] >= waiting * RESERVE
        assert earned >= self.state.count("done") * PAY
        assert verify() == []
        open_places = Place.objects.filter(project=self.duty, state="open")
        assert open_places.count() == self.state.count("open")

    def teardown(self) -> None:
        if hasattr(self, "duty"):
            self._end_it_all()
        super().teardown()

    def _end_it_all(self) -> None:
        """With all handed in or withdrawn and all top-ups paid, nothing is left in the project."""
        self.a_day_passes()
        for number in range(len(self.tasks)):
            self.a_task_is_withdrawn(number)
        assert end_duty(project_id=self.duty.pk, at=self.at)
        self.levies_come_in(100_000)
        self.a_day_passes()
        self.a_day_passes()
        earned = sum(party_total_minor(one.pk, Kind.EARNINGS, "EUR") for one in self.workers)
        assert in_fund() + earned == self.paid_in


def test_stories_of_duties() -> None:
    run_state_machine_as_test(
        DutyStory,
        settings=settings(
            max_examples=examples(6, 60),
            stateful_step_count=25,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )


@pytest.mark.long
def test_long_stories_of_duties() -> None:
    run_state_machine_as_test(
        DutyStory,
        settings=settings(
            max_examples=300,
            stateful_step_count=60,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
