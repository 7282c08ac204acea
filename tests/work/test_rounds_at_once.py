"""Prototype rounds with several people at once: decided once, launched once, paid once."""

import pytest
from tests.builders import ANSWER, NOON, a_draft, a_project, a_requester, a_worker, taken
from tests.people.at_once import at_once
from tests.work.rounds import PUBLISH, a_crowd, fill_round, round_of

from canut.kernel.models import Event
from canut.kernel.refusals import Refusal
from canut.ledger.models import Kind
from canut.ledger.queries import party_total_minor, project_total_minor, verify
from canut.people.models import Person
from canut.work.models import Assignment, Place, Project, Round, RoundFeedback
from canut.work.usecases.begin_revision import begin_revision
from canut.work.usecases.launch_project import launch_project
from canut.work.usecases.publish_project import publish_project
from canut.work.usecases.submit_answer import submit_answer

pytestmark = pytest.mark.usefixtures("committed")


def hand_in(held: Assignment) -> None:
    submit_answer(
        assignment_id=held.pk,
        by=Person.objects.get(pk=held.worker_id),
        answer=ANSWER,
        active_seconds=60,
        at=NOON,
        feedback=PUBLISH,
    )


def an_untried_project(rows: int = 16) -> Project:
    return a_project(owner=a_requester(), rows=rows, untried=True)


def test_of_two_who_hand_in_last_at_once_one_decides_the_round_and_all_votes_count() -> None:
    project = an_untried_project()
    crowd = a_crowd(4)
    held = [taken(worker=worker, project=project) for worker in crowd]
    hand_in(held[0])
    hand_in(held[1])
    at_once(hand_in, held[2], held[3])
    found = round_of(project)
    assert (found.state, RoundFeedback.objects.filter(round=found).count()) == ("passed", 4)
    assert Event.objects.filter(name="round.passed", subject_id=found.pk).count() == 1
    project.refresh_from_db()
    assert project.round_id is None


def test_of_two_launches_at_once_one_charges() -> None:
    project = an_untried_project()
    fill_round(project, a_crowd(3))
    owner = Person.objects.get(pk=project.owner_id)
    before = party_total_minor(owner.pk, Kind.BALANCE, "EUR")

    def launch(_nobody: int) -> str:
        return launch_project(project_id=project.pk, by=owner, at=NOON).state

    assert at_once(launch, 1, 2, 3) == ["live"] * 3
    # Twelve answers at 0.60, their charges, and a quarter in reserve
    assert before - party_total_minor(owner.pk, Kind.BALANCE, "EUR") == 720 + 46 + 14 + 8 + 8 + 4 + 180
    assert Place.objects.filter(project=project).count() == 16
    assert verify() == []


def test_of_two_publications_at_once_one_opens_a_round() -> None:
    project = an_untried_project()
    owner = Person.objects.get(pk=project.owner_id)
    begin_revision(project_id=project.pk, by=owner, at=NOON)

    def publish(_nobody: int) -> str:
        try:
            return publish_project(project_id=project.pk, by=owner, at=NOON).state
        except Refusal as refusal:
            return refusal.code

    assert at_once(publish, 1, 2) == ["live"] * 2
    assert Round.objects.filter(project=project, state="running").count() == 1
    assert project_total_minor(project.pk, Kind.ESCROW) == round_of(project).places * 60


def test_two_small_projects_of_one_design_published_at_once_count_together() -> None:
    owner = a_requester()
    drafts = [a_draft(owner=owner, rows=9) for _one in range(2)]

    def publish(draft: Project) -> int:
        return publish_project(project_id=draft.pk, by=owner, at=NOON).pk

    at_once(publish, *drafts)
    opened = sorted(Place.objects.filter(project=draft).count() for draft in drafts)
    assert (opened, Round.objects.count()) == ([3, 9], 1)


def test_nobody_takes_more_than_a_third_by_asking_at_once() -> None:
    project = an_untried_project(rows=36)  # six tasks, two of them for one worker
    worker = a_worker(password=None)
    for _turn in range(2):
        hand_in(taken(worker=worker, project=project))

    def take(_nobody: int) -> str:
        try:
            return str(taken(worker=worker, project=project).pk)
        except Refusal as refusal:
            return refusal.code

    assert set(at_once(take, 1, 2, 3)) == {"round_share_used"}
