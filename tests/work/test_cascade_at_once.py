"""Cascades with several nodes and people at once: each beat happens once, each place is given out once."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection, transaction
from tests.builders import NOON, a_project, a_requester, a_worker
from tests.people.at_once import at_once
from tests.work.cascades import BEAT, LATER, a_rated_worker, beats_of, told

from canut.kernel.models import Event
from canut.kernel.refusals import Refusal
from canut.people.models import Person
from canut.reputation.queries import standing_of
from canut.work.models import Admission, Assignment, Place, Project, Submission
from canut.work.usecases.expire_leases import expire_leases
from canut.work.usecases.leave_task import give_back_task
from canut.work.usecases.move_cascades import mind_cascades, move_cascades
from canut.work.usecases.rate_worker import rate_worker
from canut.work.usecases.take_task import take_task

pytestmark = pytest.mark.usefixtures("committed")

D = Decimal
END, OVER = LATER + 3 * BEAT, LATER + timedelta(hours=1)


def running(owner: Person, *, rows: int = 20) -> Project:
    return a_project(owner=owner, rows=rows, at=LATER, cascade_policy="ladder")


def together(*calls: Callable[[], Any]) -> list[Any]:
    """Do all of these at once and return what each returned, or the code of its refusal."""

    def do(call: Callable[[], Any]) -> Any:
        try:
            return call()
        except Refusal as refusal:
            return refusal.code

    return at_once(do, *calls)


def takes(worker: Person, project: Project, *, at: Any) -> Callable[[], Assignment]:
    return lambda: take_task(by=worker, project_id=project.pk, at=at)


def rates(owner: Person, submission: Submission) -> Callable[[], Any]:
    return lambda: rate_worker(submission_id=submission.pk, by=owner, value=D(1), at=LATER)


def test_beats_on_three_nodes_at_once_happen_once_each() -> None:
    owner = a_requester()
    for value in (D(3), D(2), D(1)):
        a_rated_worker(value, by=owner)
    projects = [running(owner, rows=9) for _one in range(6)]
    moved = together(*[lambda: move_cascades(at=LATER + 2 * BEAT)] * 3)
    move_cascades(at=LATER + 2 * BEAT)  # what one node held while another asked
    assert sum(moved) <= 12
    for project in projects:
        assert [one.beat for one in beats_of(project)] == [1, 2, 3]
        assert Project.objects.get(pk=project.pk).cascade_next_at == LATER + 3 * BEAT


def test_a_project_that_another_node_holds_is_left_for_later() -> None:
    owner = a_requester()
    a_rated_worker(D(3), by=owner)
    held, other = running(owner), running(owner)
    with transaction.atomic():
        Project.objects.select_for_update(no_key=True).get(pk=held.pk)
        (moved,) = together(lambda: move_cascades(at=LATER + BEAT))
        assert moved == 1
    assert len(beats_of(held)) == 1
    assert len(beats_of(other)) > 1
    assert move_cascades(at=LATER + BEAT) == 1


def test_claims_against_a_beat_are_let_in_by_the_threshold_before_or_after_it() -> None:
    owner = a_requester()
    workers = [a_rated_worker(value, by=owner) for value in (D(3), D(3), D(2), D(2))]
    for _turn in range(5):
        project = running(owner)
        got = together(
            *[takes(worker, project, at=LATER + BEAT) for worker in workers],
            lambda: move_cascades(at=LATER + BEAT),
        )
        assert all(isinstance(one, Assignment) for one in got[:2])
        for worker, taken in zip(workers[2:], got[2:4], strict=True):
            if isinstance(taken, Assignment):
                admission = Admission.objects.get(assignment=taken)
                assert (admission.worker_id, admission.threshold, admission.standing) == (
                    worker.pk,
                    D(2),
                    D(2),
                )
            else:
                assert taken == "not_open_to_you_yet"
        for one in Assignment.objects.filter(project=project, state="held"):
            give_back_task(assignment_id=one.pk, by=one.worker, at=LATER + BEAT)


def test_the_end_of_a_cascade_against_claims_of_kept_places_leaves_none_behind() -> None:
    owner = a_requester()
    a_rated_worker(D(3), by=owner)
    for _turn in range(5):
        new = [a_worker(password=None) for _one in range(4)]
        project = running(owner)
        move_cascades(at=LATER + 2 * BEAT)
        got = together(*[takes(worker, project, at=END) for worker in new], lambda: move_cascades(at=END))
        taken = [one for one in got[:4] if isinstance(one, Assignment)]
        assert {one for one in got[:4] if isinstance(one, str)} <= {"not_open_to_you_yet"}
        assert len({(one.task_id, one.place_number) for one in taken}) == len(taken)
        assert len(taken) >= 2  # as many as there are kept places, whoever is first
        move_cascades(at=END)
        assert Project.objects.get(pk=project.pk).threshold is None
        assert not Place.objects.filter(project=project, rank__lt=0).exists()
        assert Place.objects.filter(project=project, state="taken").count() == len(taken)
        assert Event.objects.filter(name="cascade.ended", subject_id=project.pk).count() == 1


def test_a_kept_place_that_is_left_as_the_cascade_ends_is_everybodys_in_the_end() -> None:
    owner = a_requester()
    a_rated_worker(D(3), by=owner)
    for _turn in range(4):
        new, project = a_worker(password=None), running(owner, rows=10)
        move_cascades(at=LATER + 2 * BEAT)
        take_task(by=new, project_id=project.pk, at=LATER + 2 * BEAT)
        together(lambda: expire_leases(at=OVER), lambda: move_cascades(at=OVER))
        move_cascades(at=OVER)
        mind_cascades(at=OVER)
        place = Place.objects.get(project=project, for_newcomers=True)
        assert place.state == "open"
        assert place.rank is not None
        assert place.rank >= 0


def test_how_somebody_came_in_is_kept_as_it_was_when_a_rating_comes_at_the_same_time() -> None:
    owner = a_requester()
    for _turn in range(6):
        worker = a_rated_worker(D(3), by=owner)
        a_rated_worker(D(3), by=owner)
        submission = Submission.objects.get(assignment__worker=worker)
        project = running(owner)
        got = together(
            takes(worker, project, at=LATER),
            rates(owner, submission),
        )
        standing = standing_of(worker.pk, requester_id=owner.pk, group_id=project.group_id, at=LATER)
        assert standing.value == D(1)
        if isinstance(got[0], Assignment):
            admission = Admission.objects.get(assignment=got[0])
            assert (admission.way, admission.standing, admission.scope, admission.ratings) == (
                "standing",
                D(3),
                "requester",
                1,
            )
        else:
            assert got[0] == "not_open_to_you_yet"


def test_a_judgement_waits_for_a_claim_of_the_same_worker() -> None:
    owner = a_requester()
    worker = a_rated_worker(D(3), by=owner)
    submission = Submission.objects.get(assignment__worker=worker)
    project = running(owner)

    def rate() -> str:
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SET LOCAL lock_timeout = '300ms'")
            rate_worker(submission_id=submission.pk, by=owner, value=D(1), at=NOON + timedelta(minutes=9))
        return "rated"

    with transaction.atomic():
        take_task(by=worker, project_id=project.pk, at=LATER)
        with pytest.raises(Exception, match="lock timeout"):
            together(rate)
    assert together(rate) == ["rated"]
    assert told(beats_of(project)) == [(1, "started", D(3))]
