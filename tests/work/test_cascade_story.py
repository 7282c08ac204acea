"""Whatever happens, a project opens downwards only, beat by beat, and to whom it should."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, precondition, rule, run_state_machine_as_test
from tests.builders import ANSWER, a_draft, a_requester, a_worker, as_if_tried
from tests.stories import RollsBack, examples
from tests.work.cascades import BEAT, LATER, a_rated_worker, beats_of

from canut.kernel.refusals import Refusal
from canut.work.models import Admission, Assignment, Place, Project, Revision, Task
from canut.work.queries.admission import asking
from canut.work.rules import may_take, way_in
from canut.work.states import OCCUPIES, AdmissionWay, CascadeWhy, ProjectState
from canut.work.usecases.add_tasks import add_tasks
from canut.work.usecases.begin_revision import begin_revision, discard_revision
from canut.work.usecases.choose_cascade import choose_cascade
from canut.work.usecases.close_project import close_project
from canut.work.usecases.expire_leases import expire_leases
from canut.work.usecases.leave_task import give_back_task, skip_task
from canut.work.usecases.move_cascades import mind_cascades, move_cascades
from canut.work.usecases.pause_project import pause_project, resume_project
from canut.work.usecases.publish_project import publish_project
from canut.work.usecases.rate_worker import rate_worker
from canut.work.usecases.reject_submission import reject_submission
from canut.work.usecases.return_submission import return_submission
from canut.work.usecases.submit_answer import submit_answer
from canut.work.usecases.take_task import take_task

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

ANY = st.integers(0, 10_000)
POLICIES = st.sampled_from(["ladder", "ladder", "throughput", "share", "open"])
VALUES = [Decimal(3), Decimal("2.4"), Decimal(2), Decimal(1), None, None]


class Opening(RollsBack):
    """One project of twelve places, one of them a newcomer's, and six workers; two of them are new."""

    @initialize(policy=POLICIES)
    def begin(self, policy: str) -> None:
        self.owner = a_requester()
        self.workers = [a_rated_worker(value, by=self.owner) for value in VALUES[:4]]
        self.workers += [a_worker(), a_worker()]
        self.at = LATER
        draft = a_draft(
            owner=self.owner, rows=6, answers=2, cascade_policy=policy, lease_seconds=900, at=LATER
        )
        as_if_tried(draft, at=LATER)
        self.project = publish_project(project_id=draft.pk, by=self.owner, at=LATER)

    def _now(self) -> Project:
        return Project.objects.get(pk=self.project.pk)

    def _one_of(self, state: str, number: int) -> Assignment | None:
        found = list(Assignment.objects.filter(project=self.project, state=state).order_by("pk"))
        return found[number % len(found)] if found else None

    @rule(who=st.integers(0, 5))
    def worker_takes(self, who: int) -> None:
        worker = self.workers[who]
        facts = asking(worker_id=worker.pk, project_id=self.project.pk, at=self.at)
        verdict = may_take(facts)
        before = Assignment.objects.filter(project=self.project, worker=worker, state="held").first()
        try:
            taken = take_task(by=worker, project_id=self.project.pk, at=self.at, returned_first=False)
        except Refusal as refusal:
            assert refusal.code == (verdict or "none_left")
            return
        if before is not None and before.pk == taken.pk:
            return
        assert verdict in (None, "holds_one_here")  # what was held may have run out just now
        admission = Admission.objects.filter(assignment=taken).first()
        assert (admission is not None) == (facts.threshold is not None)
        if admission is not None:
            assert admission.way == way_in(facts)
            assert (admission.standing, admission.threshold) == (facts.standing, facts.threshold)
            kept = Place.objects.get(task=taken.task_id, number=taken.place_number).for_newcomers
            assert kept == (admission.way == AdmissionWay.NEWCOMER)

    @rule(which=ANY, want_next=st.booleans())
    def worker_hands_in(self, which: int, want_next: bool) -> None:
        if one := self._one_of("held", which) or self._one_of("returned", which):
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

    @rule(which=ANY, skip=st.booleans())
    def worker_leaves(self, which: int, skip: bool) -> None:
        if one := self._one_of("held", which):
            (skip_task if skip else give_back_task)(assignment_id=one.pk, by=one.worker, at=self.at)

    @rule(which=ANY, value=st.sampled_from([Decimal(1), Decimal(2), Decimal(3)]))
    def requester_rates(self, which: int, value: Decimal) -> None:
        if one := self._one_of("submitted", which):
            submission = one.submissions.latest("pk")
            rate_worker(submission_id=submission.pk, by=self.owner, value=value, at=self.at)

    @rule(which=ANY, back=st.booleans())
    def requester_sends_back(self, which: int, back: bool) -> None:
        if one := self._one_of("submitted", which):
            about: dict[str, Any] = {
                "submission_id": one.submissions.latest("pk").pk,
                "by": self.owner,
                "at": self.at,
            }
            try:
                if back:
                    return_submission(**about, reason="Look again.")
                else:
                    reject_submission(**about, ground="wrong_answer", evidence="See.", reason="No.")
            except Refusal as refusal:
                assert refusal.code in {"returned_already", "return_first"}

    @rule(seconds=st.sampled_from([0, 20, 299, 300, 301, 650, 1_000]))
    def time_passes(self, seconds: int) -> None:
        self.at += timedelta(seconds=seconds)
        expire_leases(at=self.at)

    @rule()
    def a_day_passes(self) -> None:
        self.at += timedelta(hours=24)
        expire_leases(at=self.at)

    @rule(twice=st.booleans())
    def beats_come(self, twice: bool) -> None:
        before = self._now()
        move_cascades(at=self.at)
        now = self._now()
        if now.threshold is not None and now.cascade_stopped_at is None:
            assert now.cascade_next_at is not None
            assert self.at < now.cascade_next_at <= self.at + BEAT
        if before.cascade_stopped_at is not None:
            assert (now.threshold, now.cascade_beat) == (before.threshold, before.cascade_beat)
        if twice:
            assert move_cascades(at=self.at) == 0

    @rule()
    def cascades_are_minded(self) -> None:
        mind_cascades(at=self.at)
        assert mind_cascades(at=self.at) == 0

    @rule(pause=st.booleans())
    def requester_pauses_or_resumes(self, pause: bool) -> None:
        verb = pause_project if pause else resume_project
        try:
            verb(project_id=self.project.pk, by=self.owner, at=self.at)
        except Refusal as refusal:
            assert refusal.code in {"project_not_running", "revision_unfinished"}

    @rule(policy=POLICIES)
    def requester_chooses(self, policy: str) -> None:
        try:
            choose_cascade(project_id=self.project.pk, by=self.owner, at=self.at, policy=policy)
        except Refusal as refusal:
            assert refusal.code in {"open_already", "project_closed"}

    @rule(rows=st.integers(1, 4))
    def requester_adds_tasks(self, rows: int) -> None:
        if self._now().state == ProjectState.CLOSED:
            return
        revision = Revision.objects.filter(project=self.project).latest("number")
        if revision.published_at is None:
            return
        last = Task.objects.filter(revision=revision).latest("position").position
        for n in range(1, rows + 1):
            Task.objects.create(
                project=self.project,
                revision=revision,
                position=last + n,
                key=str(last + n),
                row={"text": "x"},
                shown={"text": "x"},
                answers_wanted=2,
            )
        started = self._starts()
        before = self._now()
        add_tasks(project_id=self.project.pk, by=self.owner, at=self.at)
        last_start = before.cascade_started_at or self.at
        restarts = before.threshold is None and self.at - last_start >= timedelta(hours=24)
        assert self._starts() == started + restarts

    @rule(publish=st.booleans())
    def requester_revises(self, publish: bool) -> None:
        try:
            begin_revision(project_id=self.project.pk, by=self.owner, at=self.at)
            if publish:
                started = self._starts()
                publish_project(project_id=self.project.pk, by=self.owner, at=self.at)
                assert self._starts() == started + 1
            else:
                discard_revision(project_id=self.project.pk, by=self.owner, at=self.at)
        except Refusal as refusal:
            assert refusal.code in {"project_closed", "nothing_to_publish"}
            if refusal.code == "nothing_to_publish":
                discard_revision(project_id=self.project.pk, by=self.owner, at=self.at)

    def _starts(self) -> int:
        return [one.why for one in beats_of(self.project)].count(CascadeWhy.STARTED)

    @precondition(lambda self: len(beats_of(self.project)) > 6)
    @rule()
    def requester_closes(self) -> None:
        close_project(project_id=self.project.pk, by=self.owner, at=self.at)

    @invariant()
    def the_clock_runs_exactly_while_it_opens(self) -> None:
        if not hasattr(self, "project"):
            return
        now = self._now()
        assert (now.threshold is None) == (now.cascade_next_at is None)
        assert now.state != ProjectState.CLOSED or now.threshold is None
        stands_still = now.state != ProjectState.LIVE or now.round_id is not None
        assert (now.cascade_stopped_at is not None) == (now.threshold is not None and stands_still)

    @invariant()
    def its_history_goes_down_from_each_start_and_tells_where_it_is(self) -> None:
        if not hasattr(self, "project"):
            return
        before = None
        for beat in beats_of(self.project):
            if beat.why != CascadeWhy.STARTED:
                assert beat.threshold_before == before
                assert before is not None
                assert beat.threshold is None or beat.threshold <= before
            before = beat.threshold
        now = self._now()
        assert now.threshold == before or now.state == ProjectState.CLOSED

    @invariant()
    def kept_places_are_the_open_newcomers_places_of_a_running_cascade(self) -> None:
        if not hasattr(self, "project"):
            return
        runs = self._now().threshold is not None
        for place in Place.objects.filter(project=self.project):
            assert (place.rank is not None) == (place.state == "open")
            if place.rank is not None:
                assert (place.rank < 0) == (runs and place.for_newcomers)

    @invariant()
    def no_place_is_given_out_twice(self) -> None:
        if not hasattr(self, "project"):
            return
        filling = Assignment.objects.filter(project=self.project, state__in=OCCUPIES, place_released=False)
        taken = filling.values_list("task_id", "place_number")
        assert len(taken) == len(set(taken))
        assert Place.objects.filter(project=self.project, state="taken").count() == len(taken)


def test_whatever_happens_a_project_opens_downwards_and_to_whom_it_should() -> None:
    run_state_machine_as_test(
        Opening,
        settings=settings(
            max_examples=examples(5, 12),
            stateful_step_count=30,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )


@pytest.mark.long
def test_whatever_happens_for_long_a_project_opens_downwards_and_to_whom_it_should() -> None:
    run_state_machine_as_test(
        Opening,
        settings=settings(
            max_examples=200, stateful_step_count=60, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )
