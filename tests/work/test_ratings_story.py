"""In whatever order and by however many at once people rate, standings are what the rules make of it."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, rule, run_state_machine_as_test
from tests.builders import NOON, a_project, a_requester, a_submission, a_worker
from tests.people.at_once import at_once
from tests.stories import RollsBack, examples

from canut.people.models import Person
from canut.reputation.models import Rating, Standing
from canut.reputation.queries import factors_in_force, score_of
from canut.reputation.rules_ratings import Rating as Counted
from canut.reputation.rules_ratings import requester_score, standing_toward
from canut.work.models import Project
from canut.work.usecases.duplicate_project import duplicate_project
from canut.work.usecases.rate_requester import rate_requester
from canut.work.usecases.rate_worker import Judged, rate_alike, rate_worker, rate_workers

D = Decimal
VALUES = st.decimals("1", "3", places=2)
WORKERS, REQUESTERS = st.integers(0, 1), st.integers(0, 2)


def in_sql(worker_id: int, project: Project) -> Decimal:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT reputation_toward(%s, %s, %s, 1.99)", [worker_id, project.owner_id, project.group_id]
        )
        (value,) = cursor.fetchone()
    return D(value)


class RatingStory(RollsBack):
    """`counting` is a plain list of what counts, newest last; the rules over it are what must be stored."""

    @initialize()
    def begin(self) -> None:
        self.at = NOON
        self.workers = [a_worker() for _ in range(2)]
        self.owners = [a_requester() for _ in range(3)]
        self.projects = []
        for owner in self.owners:
            first = a_project(owner=owner, rows=2, answers=2)
            same_group = duplicate_project(project_id=first.pk, by=owner, at=NOON)
            other_group = a_project(owner=owner, rows=2, answers=2)
            assert same_group.group_id == first.group_id != other_group.group_id
            self.projects += [first, other_group]
        self.done = {
            (who, project.pk, number): a_submission(worker=worker, project=project)
            for who, worker in enumerate(self.workers)
            for project in self.projects
            for number in range(2)
        }
        self.counting: list[tuple[int, Counted]] = []  # whose work, about which assignment
        self.said: list[tuple[int, int, Decimal, int]] = []  # worker, requester, value, assignment

    def _of(self, who: int, requester: int, group: int, number: int):
        return self.done[who, self.projects[2 * requester + group].pk, number]

    def _count(self, submission, value: Decimal) -> None:
        before = next((one for _w, one in self.counting if one.id == submission.assignment_id), None)
        if before is not None and before.value == value:
            return
        project = next(one for one in self.projects if one.pk == submission.project_id)
        kept = Counted(submission.assignment_id, project.owner_id, project.group_id, value, self.at)
        self.counting = [pair for pair in self.counting if pair[1].id != submission.assignment_id]
        self.counting.append((submission.assignment.worker_id, kept))

    def _standing(self, worker_id: int, project: Project) -> Decimal:
        of_worker = [one for who, one in self.counting if who == worker_id]
        in_order = [
            Counted(number, one.rater_id, one.group_id, one.value, one.given_at)
            for number, one in enumerate(of_worker)
        ]
        toward = {"requester_id": project.owner_id, "group_id": project.group_id}
        return standing_toward(in_order, **toward, factors=factors_in_force(at=NOON)).value

    @rule(who=WORKERS, requester=REQUESTERS, group=WORKERS, number=WORKERS, value=VALUES)
    def a_requester_rates(self, who, requester, group, number, value) -> None:
        self.at += timedelta(minutes=1)
        submission = self._of(who, requester, group, number)
        rate_worker(submission_id=submission.pk, by=self.owners[requester], value=value, at=self.at)
        self._count(submission, value)

    @rule(requester=REQUESTERS, group=WORKERS, value=VALUES)
    def a_requester_rates_what_is_selected(self, requester, group, value) -> None:
        self.at += timedelta(minutes=1)
        chosen = [self._of(who, requester, group, 1) for who in range(2)]
        ids = [one.pk for one in chosen]
        rate_alike(submission_ids=ids, by=self.owners[requester], value=value, at=self.at)
        for one in chosen:
            self._count(one, value)

    @rule(requester=REQUESTERS, low=st.integers(-5, 5), more=st.integers(1, 9), ignores=st.booleans())
    def a_program_rates(self, requester, low, more, ignores) -> None:
        self.at += timedelta(minutes=1)
        chosen = [self._of(who, requester, 0, who) for who in range(2)]
        lines = [Judged(None, None, D(low), chosen[0].pk), Judged(None, None, D(low + more), chosen[1].pk)]
        rate_workers(judged=lines, by=self.owners[requester], at=self.at, ignore_history=ignores)
        if ignores:
            ids = {one.assignment_id for one in chosen}
            owner = self.owners[requester].pk
            self.counting = [p for p in self.counting if p[1].rater_id != owner or p[1].id in ids]
        self._count(chosen[0], D(1))
        self._count(chosen[1], D(3))

    @rule(who=WORKERS, requester=REQUESTERS, group=WORKERS, number=WORKERS, value=VALUES)
    def a_worker_rates(self, who, requester, group, number, value) -> None:
        self.at += timedelta(minutes=1)
        about = self._of(who, requester, group, number).assignment_id
        rate_requester(assignment_id=about, by=self.workers[who], value=value, at=self.at)
        self.said = [one for one in self.said if one[3] != about]
        self.said.append((who, requester, value, about))

    @invariant()
    def standings_are_what_the_rules_make_of_what_counts(self) -> None:
        if not hasattr(self, "said"):
            return
        for worker in self.workers:
            for project in self.projects:
                assert in_sql(worker.pk, project) == self._standing(worker.pk, project)
        stored = Standing.objects.count()
        scales = {(who, "group", one.group_id) for who, one in self.counting}
        scales |= {(who, "requester", one.rater_id) for who, one in self.counting}
        raters = {(who, one.rater_id) for who, one in self.counting}
        both = {who for who, _rater in raters if sum(who == other for other, _r in raters) > 1}
        assert stored == len(scales) + len(both)
        assert Rating.objects.filter(counts_until=None).count() == len(self.counting) + len(self.said)

    @invariant()
    def a_requester_stands_where_the_worker_put_them_last(self) -> None:
        if not hasattr(self, "said"):
            return
        for who, worker in enumerate(self.workers):
            for number, requester in enumerate(self.owners):
                own = [value for w, r, value, _about in self.said if (w, r) == (who, number)]
                score = requester_score(
                    own=own[-1] if own else None,
                    others=(),  # nothing is decided, so nobody else's judgement counts
                    others_factor=D("0.1"),
                    neutral=D(2),
                    unrated=D("1.99"),
                )
                assert score_of(requester.pk, worker_id=worker.pk, at=NOON) == score


@pytest.mark.django_db
@pytest.mark.slow
def test_standings_are_exact_in_every_story() -> None:
    run_state_machine_as_test(
        RatingStory,
        settings=settings(
            max_examples=examples(5, 8),
            stateful_step_count=12,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )


@pytest.mark.django_db
@pytest.mark.long
def test_standings_are_exact_in_many_stories() -> None:
    run_state_machine_as_test(
        RatingStory,
        settings=settings(
            max_examples=40, stateful_step_count=20, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )


# --- At once ---


def _all_standings_are_right(workers: list[Person], projects: list[Project]) -> None:
    factors = factors_in_force(at=NOON)
    for worker in workers:
        rows = Rating.objects.filter(side="worker", rated_id=worker.pk, counts_until=None)
        counted = [Counted(r.pk, r.rater_id, r.group_id, r.value, r.given_at) for r in rows]
        for project in projects:
            toward = {"requester_id": project.owner_id, "group_id": project.group_id}
            assert in_sql(worker.pk, project) == standing_toward(counted, **toward, factors=factors).value


@pytest.mark.usefixtures("committed")
def test_two_programs_that_rate_the_same_workers_at_once_both_count() -> None:
    workers = [a_worker() for _ in range(6)]
    projects = [a_project(owner=a_requester(), rows=1, answers=6) for _ in range(2)]
    done = {
        project.pk: [a_submission(worker=worker, project=project) for worker in workers]
        for project in projects
    }

    def rate(turn: int) -> int:
        project = projects[turn % 2]
        order = done[project.pk] if turn < 2 else done[project.pk][::-1]  # no order of lines matters
        lines = [Judged(None, None, D(weight), one.pk) for weight, one in enumerate(order)]
        owner = Person.objects.get(pk=project.owner_id)
        at = NOON + timedelta(minutes=turn)
        return len(rate_workers(judged=lines, by=owner, at=at, ignore_history=bool(turn % 2)))

    assert at_once(rate, 0, 1, 2, 3) == [6, 6, 6, 6]
    assert Rating.objects.filter(counts_until=None).count() == 12
    assert Standing.objects.filter(scale="platform").count() == 6
    _all_standings_are_right(workers, projects)


@pytest.mark.usefixtures("committed")
def test_of_two_ratings_of_one_work_at_once_one_counts() -> None:
    project, worker = a_project(owner=a_requester(), rows=1), a_worker()
    submission = a_submission(worker=worker, project=project)
    owner = Person.objects.get(pk=project.owner_id)

    def rate(value: int) -> Decimal:
        return rate_worker(submission_id=submission.pk, by=owner, value=D(value), at=NOON).value

    assert at_once(rate, 1, 2, 3) == [D(1), D(2), D(3)]
    assert Rating.objects.filter(counts_until=None).count() == 1
    _all_standings_are_right([worker], [project])


@pytest.mark.usefixtures("committed")
def test_both_sides_rate_each_other_at_once() -> None:
    project, worker = a_project(owner=a_requester(), rows=1), a_worker()
    submission = a_submission(worker=worker, project=project)
    owner = Person.objects.get(pk=project.owner_id)

    def rate(turn: int) -> Decimal:
        if turn % 2:
            return rate_worker(submission_id=submission.pk, by=owner, value=D(3), at=NOON).value
        return rate_requester(assignment_id=submission.assignment_id, by=worker, value=D(1), at=NOON).value

    assert at_once(rate, 0, 1, 2, 3) == [D(1), D(3), D(1), D(3)]
    assert Rating.objects.filter(counts_until=None).count() == 2
    assert score_of(owner.pk, worker_id=worker.pk, at=NOON) == D(1)
