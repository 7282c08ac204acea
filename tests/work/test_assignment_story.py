"""Whatever workers, requesters and the clock do, in whatever order, work and money stay whole."""

from collections import Counter
from datetime import timedelta

import pytest
from django.db import connection
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, precondition, rule, run_state_machine_as_test
from tests.builders import ANSWER, NOON, a_project, a_requester, a_worker
from tests.justice.cases import heard, lapsed
from tests.stories import RollsBack, examples

from canut.justice.models import Case
from canut.justice.usecases.appeal_rejection import appeal_rejection
from canut.justice.usecases.follow_settled import follow_settled
from canut.justice.usecases.take_back_case import take_back_case
from canut.kernel.refusals import Refusal
from canut.ledger.models import Kind
from canut.ledger.queries import party_total_minor, project_total_minor, verify
from canut.work.models import Appeal, Assignment, BrokenReport, BrokenRow, Place, Project, Submission
from canut.work.states import OCCUPIES
from canut.work.usecases.approve_submission import approve_submission
from canut.work.usecases.close_project import close_project
from canut.work.usecases.end_broken_rows import put_back_rows, withdraw_rows
from canut.work.usecases.expire_leases import expire_leases
from canut.work.usecases.leave_task import give_back_task, skip_task
from canut.work.usecases.pause_project import pause_project, resume_project
from canut.work.usecases.pay_bonus import pay_bonus
from canut.work.usecases.pay_top_ups import pay_top_ups
from canut.work.usecases.reject_submission import reject_submission
from canut.work.usecases.report_broken import report_broken
from canut.work.usecases.return_submission import return_submission
from canut.work.usecases.submit_answer import submit_answer
from canut.work.usecases.sweep_deadlines import (
    approve_what_nobody_decided,
    close_missed_rework,
    refund_closed_projects,
    release_rejected_places,
)
from canut.work.usecases.take_task import take_task

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

REWARD, REWORK = 60, 50
WORKERS = st.integers(0, 2)
ANY = st.integers(0, 10_000)


class WorkStory(RollsBack):
    """`expected` is what each worker should be owed.

    Sixty an approval, fifty for its rework, bonuses, and what reports of broken tasks were announced to pay.
    """

    @initialize(answers=st.integers(1, 2))
    def begin(self, answers: int) -> None:
        self.at = NOON
        self.owner = a_requester(money_minor=100_000)
        self.workers = [a_worker() for _ in range(3)]
        self.project = a_project(owner=self.owner, rows=3, answers=answers, reward_minor=REWARD)
        self.places = 3 * answers
        self.expected: Counter[int] = Counter()
        self.bonuses = 0

    def _one_of(self, rows: list, number: int):  # type: ignore[no-untyped-def, type-arg]
        return rows[number % len(rows)] if rows else None

    def _submissions(self) -> list[Submission]:
        return list(Submission.objects.filter(project=self.project).order_by("pk"))

    @rule(who=WORKERS)
    def worker_takes(self, who: int) -> None:
        try:
            take_task(by=self.workers[who], project_id=self.project.pk, at=self.at)
        except Refusal as refusal:
            assert refusal.code in {"none_left", "project_paused", "project_closed"}

    @rule(which=ANY, again=st.booleans(), want_next=st.booleans())
    def worker_hands_in(self, which: int, again: bool, want_next: bool) -> None:
        states = ["held", "returned", "submitted"] if again else ["held", "returned"]
        mine = list(Assignment.objects.filter(project=self.project, state__in=states).order_by("pk"))
        if (one := self._one_of(mine, which)) is None:
            return
        try:
            submit_answer(
                assignment_id=one.pk,
                by=one.worker,
                answer=ANSWER,
                active_seconds=60,
                at=self.at,
                want_next=want_next,
            )
        except Refusal as refusal:
            assert refusal.code == "lease_ran_out"
            assert one.lease_until <= self.at

    @rule(which=ANY, skip=st.booleans())
    def worker_leaves(self, which: int, skip: bool) -> None:
        held = list(Assignment.objects.filter(project=self.project, state="held").order_by("pk"))
        if one := self._one_of(held, which):
            (skip_task if skip else give_back_task)(assignment_id=one.pk, by=one.worker, at=self.at)

    @rule(which=ANY)
    def worker_reports_a_broken_task_twice(self, which: int) -> None:
        held = list(Assignment.objects.filter(project=self.project, state="held").order_by("pk"))
        if (one := self._one_of(held, which)) is None:
            return
        for _click in range(2):
            try:
                report_broken(
                    assignment_id=one.pk, kind="missing", words="No picture.", by=one.worker, at=self.at
                )
            except Refusal as refusal:
                assert refusal.code == "lease_ran_out"
                assert one.lease_until <= self.at

    @rule(which=ANY, withdraw=st.booleans())
    def requester_decides_on_a_row(self, which: int, withdraw: bool) -> None:
        row = self._one_of(list(BrokenRow.objects.filter(state="paused").order_by("pk")), which)
        if row is None:
            return
        for _click in range(2):
            try:
                (withdraw_rows if withdraw else put_back_rows)(
                    project_id=self.project.pk, row_ids=[row.pk], by=self.owner, at=self.at
                )
            except Refusal as refusal:
                assert refusal.code == "project_closed"

    @rule(which=ANY, clicks=st.integers(1, 2))
    def requester_approves(self, which: int, clicks: int) -> None:
        if (one := self._one_of(self._submissions(), which)) is None:
            return
        before = one.assignment.state
        for _click in range(clicks):
            try:
                approve_submission(submission_id=one.pk, by=self.owner, at=self.at)
            except Refusal as refusal:
                assert refusal.code == "already_returned"
                return
        if before in ("submitted", "rejected"):
            self._approved(one.assignment)

    def _approved(self, assignment: Assignment) -> None:
        assignment.refresh_from_db()
        assert assignment.state == "approved"
        self.expected[assignment.worker_id] += REWARD + (REWORK if assignment.attempt == 2 else 0)

    @rule(which=ANY)
    def requester_returns(self, which: int) -> None:
        if one := self._one_of(self._submissions(), which):
            try:
                return_submission(submission_id=one.pk, by=self.owner, reason="Look again.", at=self.at)
            except Refusal as refusal:
                assert refusal.code in {"returned_already", "decided_already"}

    @rule(which=ANY)
    def requester_rejects(self, which: int) -> None:
        if one := self._one_of(self._submissions(), which):
            try:
                reject_submission(
                    submission_id=one.pk,
                    by=self.owner,
                    ground="wrong_answer",
                    evidence="See.",
                    reason="No.",
                    at=self.at,
                )
            except Refusal as refusal:
                assert refusal.code in {"return_first", "decided_already"}

    @rule(which=ANY)
    def worker_appeals(self, which: int) -> None:
        lost = list(Assignment.objects.filter(project=self.project, state="rejected").order_by("pk"))
        if one := self._one_of(lost, which):
            try:
                appeal_rejection(assignment_id=one.pk, by=one.worker, at=self.at)
            except Refusal as refusal:
                assert refusal.code == "appeal_too_late"

    @rule(which=ANY, how=st.sampled_from(["peers overturn", "peers uphold", "no peers", "taken back"]))
    def a_case_ends(self, which: int, how: str) -> None:
        """Peers, nobody or the worker end a case, twice; one that the requester has settled says so."""
        case = self._one_of(list(Case.objects.filter(state="open").order_by("pk")), which)
        if case is None:
            return
        assignment = Assignment.objects.get(pk=case.subject_id)
        settled = assignment.state == "approved"
        for _twice in range(2):
            match how:
                case "no peers":
                    ended = lapsed(case, at=self.at)
                case "taken back":
                    ended = take_back_case(case_id=case.pk, by=assignment.worker, at=self.at)
                case _:
                    ended = heard(case, overturn=how == "peers overturn", at=self.at)
        if settled:
            assert (ended.state, ended.decided_by) == ("dropped", "other_side")
        elif how in ("peers overturn", "no peers"):
            self._approved(assignment)
        else:
            assert Assignment.objects.get(pk=assignment.pk).state == "rejected"

    @rule(which=ANY)
    def requester_gives_a_bonus_twice(self, which: int) -> None:
        if one := self._one_of(self._submissions(), which):
            self.bonuses += 1
            for _click in range(2):
                pay_bonus(
                    assignment_id=one.assignment_id,
                    by=self.owner,
                    amount_minor=7,
                    reason="Thanks.",
                    key=str(self.bonuses),
                    at=self.at,
                )
            self.expected[one.assignment.worker_id] += 7

    @rule(hours=st.sampled_from([0.1, 1, 30, 80, 200]))
    def time_passes(self, hours: float) -> None:
        self.at += timedelta(hours=hours)

    @rule()
    def jobs_run(self) -> None:
        waiting = Assignment.objects.filter(project=self.project, state="submitted")
        silent = list(waiting.filter(submitted_at__lte=self.at - timedelta(hours=72)))
        self._what_is_due_is_paid()
        for _twice in range(2):
            expire_leases(at=self.at)
            approve_what_nobody_decided(at=self.at)
            close_missed_rework(at=self.at)
            release_rejected_places(at=self.at)
            follow_settled(at=self.at)
            refund_closed_projects(at=self.at)
            pay_top_ups(at=self.at)
        for assignment in silent:
            self._approved(assignment)

    @rule(pause=st.booleans())
    def requester_pauses_or_resumes(self, pause: bool) -> None:
        if not pause and Project.objects.get(pk=self.project.pk).state == "paused":
            self._what_is_due_is_paid()  # workers come first
        try:
            (pause_project if pause else resume_project)(
                project_id=self.project.pk, by=self.owner, at=self.at
            )
        except Refusal as refusal:
            assert refusal.code == "project_not_running"

    def _what_is_due_is_paid(self) -> None:
        for report in BrokenReport.objects.filter(pay="announced", due_at__lte=self.at):
            self.expected[report.worker_id] += report.amount_minor

    @precondition(lambda self: self.bonuses % 3 == 1)
    @rule()
    def requester_closes(self) -> None:
        close_project(project_id=self.project.pk, by=self.owner, at=self.at)

    @invariant()
    def workers_are_owed_what_was_approved(self) -> None:
        if hasattr(self, "workers"):
            owed = {w.pk: party_total_minor(w.pk, Kind.EARNINGS, "EUR") for w in self.workers}
            assert owed == {w.pk: self.expected[w.pk] for w in self.workers}

    @invariant()
    def no_place_is_given_out_twice_and_none_is_lost(self) -> None:
        if not hasattr(self, "project"):
            return
        places = Place.objects.filter(project=self.project)
        assert places.count() == self.places
        filling = Assignment.objects.filter(project=self.project, state__in=OCCUPIES, place_released=False)
        assert places.filter(state="taken").count() == filling.count()
        state = Project.objects.get(pk=self.project.pk).state
        withdrawn = BrokenRow.objects.filter(state="withdrawn").values("task")
        assert state == "closed" or not places.filter(state="closed").exclude(task__in=withdrawn).exists()
        assert state != "closed" or not places.filter(state__in=["open", "paused"]).exists()

    @invariant()
    def a_reported_row_is_given_to_nobody_and_to_no_reporter_again(self) -> None:
        paused = BrokenRow.objects.filter(state="paused").values("task")
        assert not Place.objects.filter(task__in=paused, state="open").exists()
        assert not Place.objects.filter(state="paused").exclude(task__in=paused).exists()
        reported = Assignment.objects.filter(state="broken").values_list("worker", "task")
        assert len(reported) == len(set(reported)) == BrokenReport.objects.count()

    @invariant()
    def every_unpaid_place_has_its_money_in_escrow(self) -> None:
        if not hasattr(self, "project"):
            return
        state = Project.objects.get(pk=self.project.pk).state
        unpaid = Assignment.objects.filter(project=self.project, place_released=False).filter(
            state__in=["held", "submitted", "returned", "rejected"]
        )
        still_open = Place.objects.filter(project=self.project, state__in=["open", "paused"]).count()
        escrow = project_total_minor(self.project.pk, Kind.ESCROW)
        if state == "closed":
            assert escrow >= REWARD * unpaid.count()
        elif BrokenRow.objects.filter(
            state="withdrawn"
        ).exists():  # what comes back in hand waits for its end
            assert escrow >= REWARD * (unpaid.count() + still_open)
        else:
            assert escrow == REWARD * (unpaid.count() + still_open)

    @invariant()
    def an_open_case_keeps_its_place_and_its_money(self) -> None:
        for appeal in Appeal.objects.filter(state="open").select_related("assignment"):
            case = Case.objects.get(kind="rejection", subject_id=appeal.assignment_id)
            assert (case.state, appeal.assignment.state) == ("open", "rejected")
            assert not appeal.assignment.place_released

    @invariant()
    def the_books_agree(self) -> None:
        assert verify() == []
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")


def test_whatever_people_do_work_and_money_stay_whole() -> None:
    run_state_machine_as_test(
        WorkStory,
        settings=settings(
            max_examples=examples(6, 15),
            stateful_step_count=25,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )


@pytest.mark.long
def test_whatever_people_do_for_long_work_and_money_stay_whole() -> None:
    run_state_machine_as_test(
        WorkStory,
        settings=settings(
            max_examples=300, stateful_step_count=60, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )
