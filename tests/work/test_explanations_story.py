"""Whatever happened before, an explanation of any moment says what was gone by at that moment."""

from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, rule, run_state_machine_as_test
from tests.builders import ANSWER, NOON, a_project, a_requester, a_worker
from tests.stories import RollsBack, examples

from canut.kernel.refusals import Refusal
from canut.people.models import Person
from canut.people.usecases.block_person import block_person
from canut.people.usecases.choose_roles import choose_roles
from canut.people.usecases.unlist_person import unlist_person
from canut.reputation.queries import score_of
from canut.work.models import Admission, Assignment, Project, Submission
from canut.work.queries.admission import asking
from canut.work.queries.explanations import explain_access, place_in_feed
from canut.work.rules import Asking, may_take
from canut.work.rules_explained import CONDITIONS
from canut.work.usecases.approve_submission import approve_submission
from canut.work.usecases.change_deadline import change_deadline
from canut.work.usecases.leave_task import give_back_task
from canut.work.usecases.move_cascades import move_cascades
from canut.work.usecases.pause_project import pause_project, resume_project
from canut.work.usecases.rate_requester import rate_requester
from canut.work.usecases.rate_worker import rate_worker
from canut.work.usecases.return_submission import return_submission
from canut.work.usecases.submit_answer import submit_answer
from canut.work.usecases.take_task import take_task

pytestmark = [pytest.mark.django_db]

ANY = st.integers(0, 10_000)
WHO = st.integers(0, 3)
WHICH = st.integers(0, 2)
VALUES = st.sampled_from([Decimal(1), Decimal(2), Decimal(3), Decimal("2.4")])


@dataclass(frozen=True)
class Seen:
    """What admission and the feed went by at a moment, between two things that happened."""

    at: datetime
    worker_id: int
    project: Project
    asking: Asking
    score: Decimal


class Explanations(RollsBack):
    """`seen` is what was live at each moment; `explain_access` must tell it ever after."""

    @initialize(policy=st.sampled_from(["ladder", "ladder", "throughput", "share"]))
    def begin(self, policy: str) -> None:
        self.at = NOON
        self.owners = [a_requester(), a_requester()]
        self.workers = [a_worker() for _ in range(4)]
        warm_up = a_project(owner=self.owners[1], rows=9, answers=4, at=NOON)
        for worker in self.workers:  # so that the cascade waits for them
            self._handed_in(take_task(by=worker, project_id=warm_up.pk, at=NOON), NOON)
        self.at += timedelta(minutes=1)
        self.projects = [
            warm_up,
            a_project(owner=self.owners[0], rows=9, answers=4, cascade_policy=policy, at=self.at),
            a_project(owner=self.owners[1], rows=9, answers=4, cascade_policy="ladder", at=self.at),
        ]
        self.seen: list[Seen] = []

    def _handed_in(self, one: Assignment, at: datetime) -> None:
        submit_answer(assignment_id=one.pk, by=one.worker, answer=ANSWER, active_seconds=60, at=at)

    def _tick(self) -> datetime:
        self.at += timedelta(seconds=61)
        return self.at

    def _project(self, which: int) -> Project:
        return Project.objects.get(pk=self.projects[which].pk)

    def _submission(self, number: int) -> Submission | None:
        rows = list(Submission.objects.filter(project__in=self.projects).order_by("pk"))
        return rows[number % len(rows)] if rows else None

    @rule(who=WHO, which=WHICH, hands_in=st.booleans())
    def worker_takes(self, who: int, which: int, hands_in: bool) -> None:
        at = self._tick()
        try:
            one = take_task(by=self.workers[who], project_id=self.projects[which].pk, at=at)
        except Refusal as refusal:
            code = may_take(asking(worker_id=self.workers[who].pk, project_id=self.projects[which].pk, at=at))
            assert refusal.code in (code, "none_left", "worker_role_missing")
            return
        if hands_in and one.taken_at == at:
            self._handed_in(one, self._tick())

    @rule(number=ANY, value=VALUES)
    def requester_rates(self, number: int, value: Decimal) -> None:
        if one := self._submission(number):
            rate_worker(submission_id=one.pk, by=self._owner(one), value=value, at=self._tick())

    @rule(number=ANY, value=VALUES)
    def worker_rates(self, number: int, value: Decimal) -> None:
        if one := self._submission(number):
            worker = Person.objects.get(pk=one.assignment.worker_id)
            rate_requester(assignment_id=one.assignment_id, by=worker, value=value, at=self._tick())

    @rule(number=ANY, returns=st.booleans())
    def requester_decides(self, number: int, returns: bool) -> None:
        if (one := self._submission(number)) is None:
            return
        at, owner = self._tick(), self._owner(one)
        try:
            if returns:
                return_submission(submission_id=one.pk, by=owner, reason="Look again at it.", at=at)
            else:
                approve_submission(submission_id=one.pk, by=owner, at=at)
        except Refusal:
            return

    @rule(number=ANY)
    def worker_gives_back(self, number: int) -> None:
        held = list(Assignment.objects.filter(state="held").order_by("pk"))
        if held:
            one = held[number % len(held)]
            give_back_task(assignment_id=one.pk, by=one.worker, at=self._tick())

    @rule(which=WHICH, late=st.sampled_from([0, 0, 100]))
    def the_next_beat_comes(self, which: int, late: int) -> None:
        """Let the beat be run when it is due, or by a run that comes late, between which others looked."""
        due = self._project(which).cascade_next_at
        self.at = max(self._tick(), due or self.at)
        if late:
            self.now_is_explained_as_it_is()
            self.at += timedelta(seconds=late)
        move_cascades(at=self.at)
        for one in self.seen[-len(self.workers) * len(self.projects) :]:
            _must_explain(one)

    @rule(which=WHICH, resume=st.booleans())
    def requester_pauses(self, which: int, resume: bool) -> None:
        project = self._project(which)
        verb = resume_project if resume else pause_project
        verb(project_id=project.pk, by=Person.objects.get(pk=project.owner_id), at=self._tick())

    @rule(who=WHO, which=WHICH, back=st.booleans())
    def requester_blocks(self, who: int, which: int, back: bool) -> None:
        owner = Person.objects.get(pk=self._project(which).owner_id)
        at = self._tick()
        try:
            if back:
                unlist_person(person_id=self.workers[who].pk, by=owner, at=at)
            else:
                block_person(person_id=self.workers[who].pk, by=owner, at=at)
        except Refusal as refusal:
            assert refusal.code == "not_listed"

    @rule(who=WHO, worker=st.booleans())
    def worker_changes_roles(self, who: int, worker: bool) -> None:
        by = Person.objects.get(pk=self.workers[who].pk)
        self.workers[who] = choose_roles(by=by, worker=worker, requester=False, at=self._tick())

    @rule(which=WHICH, minutes=st.sampled_from([None, 3, 3000]))
    def requester_sets_a_deadline(self, which: int, minutes: int | None) -> None:
        project, at = self._project(which), self._tick()
        deadline = None if minutes is None else at + timedelta(minutes=minutes)
        owner = Person.objects.get(pk=project.owner_id)
        change_deadline(project_id=project.pk, by=owner, deadline_at=deadline, at=at)

    def _owner(self, one: Submission) -> Person:
        return Person.objects.get(pk=one.project.owner_id)

    @invariant()
    def now_is_explained_as_it_is(self) -> None:
        if not hasattr(self, "seen"):
            return
        at = self.at + timedelta(seconds=30)
        for worker in self.workers:
            for one in self.projects:
                project = self._project(self.projects.index(one))
                live = asking(worker_id=worker.pk, project_id=project.pk, at=at)
                score = score_of(project.owner_id, worker_id=worker.pk, at=at)
                seen = Seen(at, worker.pk, project, live, score)
                self.seen.append(seen)
                _must_explain(seen)

    @rule(number=ANY)
    def somebody_asks_about_an_earlier_moment(self, number: int) -> None:
        if self.seen:
            _must_explain(self.seen[number % len(self.seen)])

    def teardown(self) -> None:
        for admission in Admission.objects.all():
            project = Project.objects.get(pk=admission.project_id)
            explained = explain_access(project=project, worker_id=admission.worker_id, at=admission.at)
            assert explained.agrees, explained
            assert explained.recorded is not None
        super().teardown()


def _must_explain(seen: Seen) -> None:
    explained = explain_access(project=seen.project, worker_id=seen.worker_id, at=seen.at)
    assert not explained.unknown
    assert _facts(explained.asking) == _facts(seen.asking)
    assert explained.code == may_take(seen.asking)
    if seen.asking.threshold is not None:
        assert explained.standing.value == seen.asking.standing
    failing = [one.code for one in explained.conditions if not one.is_met]
    assert explained.code == (failing[0] if failing else None)
    place = place_in_feed(project=seen.project, worker_id=seen.worker_id, at=seen.at)
    assert place.score is not None
    assert place.score.value == seen.score


def _facts(asking: Asking) -> dict[str, Any]:
    return {field.name: getattr(asking, field.name) for field in fields(asking)}


def test_every_fact_of_admission_belongs_to_a_condition() -> None:
    assert {fact for facts in CONDITIONS.values() for fact in facts} == {one.name for one in fields(Asking)}


@pytest.mark.slow
def test_any_moment_of_any_story_is_explained() -> None:
    run_state_machine_as_test(
        Explanations,
        settings=settings(
            max_examples=examples(2, 3),
            stateful_step_count=examples(15, 20),
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )


@pytest.mark.long
def test_any_moment_of_many_stories_is_explained() -> None:
    run_state_machine_as_test(
        Explanations,
        settings=settings(
            max_examples=150, stateful_step_count=50, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )
