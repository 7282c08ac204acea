"""A requester makes a project: its draft, its design, its price, its rows, and what is refused."""

from datetime import timedelta
from typing import Any

import pytest
from tests.builders import CHOICE_DESIGN, NOON, a_project
from tests.work.files import a_new_project, pairs, with_rows

from canut.kernel.refusals import BadInput
from canut.ledger.models import Kind
from canut.ledger.queries import party_total_minor
from canut.ledger.usecases.post_entries import InsufficientFunds
from canut.people.models import Person
from canut.work.access import RequesterRoleMissing, latest_revision
from canut.work.designs.problems import DesignRefused
from canut.work.designs.schema import read_design, shown_columns
from canut.work.designs.starting import STARTING_DESIGNS
from canut.work.models import Place, Project, Task
from canut.work.queries.pricing import places_wanted, quote_for
from canut.work.refusals import ProjectClosed, ProjectNotFound
from canut.work.states import ProjectKind, ProjectState
from canut.work.usecases.change_deadline import change_deadline
from canut.work.usecases.change_draft import DraftChangedMeanwhile, change_draft
from canut.work.usecases.close_project import close_project
from canut.work.usecases.create_project import create_project
from canut.work.usecases.duplicate_project import duplicate_project
from canut.work.usecases.publish_project import (
    NothingToPublish,
    ProjectNotDraft,
    RewardMissing,
    RewardUnderFloor,
    TotalChanged,
    publish_project,
)
from canut.work.usecases.schedule_project import TimeIsOver, schedule_project
from canut.work.usecases.sweep_deadlines import publish_what_is_due

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("uploads")]

LATER = NOON + timedelta(hours=1)


def test_a_new_project_is_a_draft_with_one_blank_task(requester: Person) -> None:
    project = a_new_project(requester, title="  Compare \n answers ")
    assert (project.state, project.title, project.kind, project.currency) == (
        "draft",
        "Compare answers",
        "paid",
        "EUR",
    )
    (task,) = Task.objects.filter(project=project)
    assert (task.row, task.shown, task.position, task.paid_for) == ({}, {}, 1, False)
    # One minute expected: three times that is under the charter's least of ten minutes
    assert latest_revision(project).lease_seconds == 600


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("title", "   "),
        ("title", "x" * 121),
        ("title", "a\0b"),
        ("description", "x" * 2001),
        ("kind", "unpaid"),
        ("currency", "USD"),
        ("language", "English"),
        ("reward_minor", -1),
        ("reward_minor", 100_000_001),
        ("expected_seconds", 0),
        ("expected_seconds", 8 * 3600 + 1),
        ("answers_per_task", 0),
        ("answers_per_task", 1001),
    ],
)
def test_a_field_of_the_wrong_shape_is_refused_by_its_name(requester: Person, field: str, value: Any) -> None:
    with pytest.raises(BadInput) as refused:
        a_new_project(requester, **{field: value})
    assert list(refused.value.facts["errors"]) == [field]
    assert not Project.objects.exists()


def test_a_design_that_asks_nothing_is_refused(requester: Person) -> None:
    with pytest.raises(DesignRefused):
        a_new_project(requester, design={"version": 1, "instructions": "", "items": []})


def test_only_a_requester_makes_projects_and_only_their_own_are_theirs(
    requester: Person, worker: Person, stranger: Person
) -> None:
    with pytest.raises(RequesterRoleMissing):
        a_new_project(worker)
    project = a_new_project(requester)
    for verb in (
        lambda: change_draft(project_id=project.pk, by=stranger, title="Mine", at=NOON),
        lambda: duplicate_project(project_id=project.pk, by=stranger, at=NOON),
        lambda: schedule_project(project_id=project.pk, by=stranger, publish_at=LATER, at=NOON),
        lambda: change_deadline(project_id=project.pk, by=stranger, deadline_at=LATER, at=NOON),
        lambda: publish_project(project_id=project.pk, by=stranger, at=NOON),
    ):
        with pytest.raises(ProjectNotFound):
            verb()
    assert Project.objects.get().title == "Compare"


# --- Changing a draft -----------------------------------------------------------------------------


def test_what_is_not_given_stays_as_it_was(requester: Person) -> None:
    project = a_new_project(requester, description="Two texts.", language="en")
    change_draft(project_id=project.pk, by=requester, title="Which is better?", at=LATER)
    project.refresh_from_db()
    assert (project.title, project.description, project.language) == ("Which is better?", "Two texts.", "en")
    assert project.changed_at == LATER


def test_of_two_windows_the_later_form_is_refused_and_nothing_of_it_saved(requester: Person) -> None:
    project = a_new_project(requester)
    opened = project.changed_at
    change_draft(project_id=project.pk, by=requester, title="First", based_on=opened, at=NOON)
    with pytest.raises(DraftChangedMeanwhile) as refused:
        change_draft(project_id=project.pk, by=requester, title="Second", based_on=opened, at=NOON)
    project.refresh_from_db()
    assert project.title == "First"
    # With what the refusal names, the second may go on
    assert refused.value.facts["changed_at"] == project.changed_at.isoformat()
    change_draft(project_id=project.pk, by=requester, title="Second", based_on=project.changed_at, at=NOON)


def test_workers_are_shown_what_the_changed_design_shows_and_nothing_else(requester: Person) -> None:
    project = a_new_project(requester)
    with_rows(requester, project)
    assert Task.objects.get(position=1).shown == {"prompt": "Question 1", "a": "First 1", "b": "Second 1"}
    design = STARTING_DESIGNS["classification"].build({"text": "b"})
    change_draft(project_id=project.pk, by=requester, design=design, at=LATER)
    read = read_design(design)
    for task in Task.objects.filter(project=project):
        assert task.shown == shown_columns(read, task.row) == {"b": f"Second {task.position}"}
        assert task.row == pairs(3)[task.position - 1]


def test_the_number_of_answers_reaches_every_task(requester: Person) -> None:
    project = a_new_project(requester)
    with_rows(requester, project)
    change_draft(project_id=project.pk, by=requester, answers_per_task=4, at=LATER)
    assert places_wanted(latest_revision(project)) == 12


def test_a_longer_expected_time_gives_a_longer_lease(requester: Person) -> None:
    project = a_new_project(requester)
    change_draft(project_id=project.pk, by=requester, expected_seconds=900, at=LATER)
    assert latest_revision(project).lease_seconds == 2700


def test_a_project_that_becomes_volunteer_has_no_reward(requester: Person) -> None:
    project = a_new_project(requester, reward_minor=60)
    change_draft(project_id=project.pk, by=requester, kind="volunteer", at=LATER)
    assert latest_revision(project).reward_minor == 0
    with pytest.raises(RewardMissing):
        change_draft(project_id=project.pk, by=requester, kind="paid", reward_minor=0, at=LATER)


def test_what_was_published_is_not_edited(requester: Person) -> None:
    project = a_project(owner=requester)
    with pytest.raises(ProjectNotDraft):
        change_draft(project_id=project.pk, by=requester, title="Better", at=LATER)


# --- Publishing -----------------------------------------------------------------------------------


def test_a_design_without_columns_needs_no_file(requester: Person) -> None:
    design = {**CHOICE_DESIGN, "items": CHOICE_DESIGN["items"][1:]}
    project = create_project(
        by=requester, title="Ask", design=design, reward_minor=60, answers_per_task=5, at=NOON
    )
    publish_project(project_id=project.pk, by=requester, at=NOON)
    assert Place.objects.filter(project=project).count() == 5


def test_a_design_with_columns_is_not_published_blank(requester: Person) -> None:
    project = a_new_project(requester, reward_minor=60)
    with pytest.raises(NothingToPublish):
        publish_project(project_id=project.pk, by=requester, at=NOON)


def test_paid_work_without_a_price_is_refused_and_volunteer_work_has_none(requester: Person) -> None:
    project = a_new_project(requester)
    with_rows(requester, project)
    with pytest.raises(RewardMissing):
        publish_project(project_id=project.pk, by=requester, at=NOON)
    before = party_total_minor(requester.pk, Kind.BALANCE, "EUR")
    project = change_draft(project_id=project.pk, by=requester, kind=ProjectKind.VOLUNTEER, at=NOON)
    assert quote_for(project, latest_revision(project), places=3, at=NOON).total_minor == 0
    publish_project(project_id=project.pk, by=requester, at=NOON)
    assert party_total_minor(requester.pk, Kind.BALANCE, "EUR") == before


def test_a_price_under_the_floor_is_refused_with_the_smallest_that_is_not(requester: Person) -> None:
    project = a_new_project(requester, reward_minor=49, expected_seconds=120)
    with_rows(requester, project)
    with pytest.raises(RewardUnderFloor) as refused:
        publish_project(project_id=project.pk, by=requester, at=NOON)
    least = refused.value.facts["least_reward_minor"]
    assert least == 50
    change_draft(project_id=project.pk, by=requester, reward_minor=least, at=NOON)
    assert publish_project(project_id=project.pk, by=requester, at=NOON).state == ProjectState.LIVE


def test_exactly_the_total_agreed_to_is_charged_or_nothing(requester: Person) -> None:
    project = a_new_project(requester, reward_minor=60)
    with_rows(requester, project)
    agreed = quote_for(project, latest_revision(project), places=3, at=NOON).total_minor
    change_draft(project_id=project.pk, by=requester, reward_minor=61, at=NOON)
    before = party_total_minor(requester.pk, Kind.BALANCE, "EUR")
    with pytest.raises(TotalChanged):
        publish_project(project_id=project.pk, by=requester, agreed_minor=agreed, at=NOON)
    assert party_total_minor(requester.pk, Kind.BALANCE, "EUR") == before
    change_draft(project_id=project.pk, by=requester, reward_minor=60, at=NOON)
    publish_project(project_id=project.pk, by=requester, agreed_minor=agreed, at=NOON)
    assert party_total_minor(requester.pk, Kind.BALANCE, "EUR") == before - agreed


def test_without_funds_the_draft_stays_a_draft_and_nothing_is_charged(
    peer: Person, requester: Person
) -> None:
    project = a_new_project(requester, reward_minor=90_000_000, expected_seconds=60)
    with_rows(requester, project)
    with pytest.raises(InsufficientFunds) as refused:
        publish_project(project_id=project.pk, by=requester, at=NOON)
    assert refused.value.status == 402
    project.refresh_from_db()
    assert (project.state, latest_revision(project).published_at) == (ProjectState.DRAFT, None)
    assert latest_revision(project).paid_upto == 0
    assert party_total_minor(requester.pk, Kind.BALANCE, "EUR") == 1_000_000


# --- Times ----------------------------------------------------------------------------------------


def test_a_scheduled_draft_goes_live_at_its_time_and_not_before(requester: Person) -> None:
    project = a_new_project(requester, reward_minor=60)
    with_rows(requester, project)
    schedule_project(project_id=project.pk, by=requester, publish_at=LATER, at=NOON)
    assert publish_what_is_due(at=NOON) == 0
    assert publish_what_is_due(at=LATER) == 1
    project.refresh_from_db()
    assert (project.state, project.published_at, project.publish_at) == (ProjectState.LIVE, LATER, None)


def test_a_draft_that_is_not_fit_cannot_be_scheduled(requester: Person) -> None:
    project = a_new_project(requester)
    with pytest.raises(NothingToPublish):
        schedule_project(project_id=project.pk, by=requester, publish_at=LATER, at=NOON)
    with pytest.raises(TimeIsOver):
        schedule_project(project_id=project.pk, by=requester, publish_at=NOON, at=NOON)


def test_a_schedule_can_be_lifted(requester: Person) -> None:
    project = a_new_project(requester, reward_minor=60)
    with_rows(requester, project)
    schedule_project(project_id=project.pk, by=requester, publish_at=LATER, at=NOON)
    schedule_project(project_id=project.pk, by=requester, publish_at=None, at=NOON)
    assert publish_what_is_due(at=LATER) == 0


def test_a_deadline_can_be_set_moved_and_lifted_while_the_project_lives(requester: Person) -> None:
    project = a_project(owner=requester)
    for deadline in (LATER, LATER + timedelta(days=1), None):
        assert (
            change_deadline(project_id=project.pk, by=requester, deadline_at=deadline, at=NOON).deadline_at
            == deadline
        )
    with pytest.raises(TimeIsOver):
        change_deadline(project_id=project.pk, by=requester, deadline_at=NOON, at=NOON)
    close_project(project_id=project.pk, by=requester, at=NOON)
    with pytest.raises(ProjectClosed):
        change_deadline(project_id=project.pk, by=requester, deadline_at=LATER, at=NOON)
