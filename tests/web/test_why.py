"""Why a project is open to somebody: the page, who may read it, and what it must not tell."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse
from tests.builders import NOON, a_draft, a_project, a_requester, a_submission, a_worker

from canut.kernel import clock
from canut.people.models import Person
from canut.work.models import CascadeBeat, Project, Revision
from canut.work.queries.explained_for import explain_to_worker
from canut.work.queries.explanations import explain_access
from canut.work.usecases.rate_worker import rate_worker

pytestmark = pytest.mark.django_db


def a_cascade(owner: Person, *, threshold: str = "3", policy: str = "ladder", beat: int = 1) -> Project:
    """Return a project whose cascade stands at a threshold now, as a beat would leave it."""
    now = clock.now()
    project = a_project(owner=owner, rows=20, at=now - timedelta(minutes=1))
    stands = {"threshold": Decimal(threshold), "cascade_beat": beat, "cascade_started_at": now}
    Project.objects.filter(pk=project.pk).update(
        cascade_policy=policy, cascade_next_at=now + timedelta(minutes=5), **stands
    )
    CascadeBeat.objects.create(
        project=project,
        revision=Revision.objects.get(project=project),
        beat=beat,
        at=now,
        policy=policy,
        why="started",
        threshold=stands["threshold"],
    )
    return Project.objects.get(pk=project.pk)


def rated(worker: Person, by: Person, value: str) -> None:
    done = a_submission(worker=worker, project=a_project(owner=by, rows=1))
    rate_worker(submission_id=done.pk, by=by, value=Decimal(value), at=NOON)


def the_page(client: Client, person: Person, project: Project) -> str:
    client.force_login(person)
    answer = client.get(reverse("why", args=[project.pk]))
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def test_strangers_are_sent_to_sign_in_requesters_refused_and_drafts_not_found(
    client: Client, worker: Person, requester: Person
) -> None:
    project, draft = a_project(owner=requester), a_draft(owner=requester)
    address = reverse("why", args=[project.pk])
    assert client.get(address).headers["Location"].startswith(reverse("account_login"))
    client.force_login(requester)
    assert client.get(address).status_code == 403
    client.force_login(worker)
    assert client.get(reverse("why", args=[draft.pk])).status_code == 404
    assert client.get(reverse("why", args=[2**40])).status_code == 404
    assert client.post(address).status_code == 405


def test_who_waits_on_a_ladder_reads_when_it_opens(client: Client, worker: Person, requester: Person) -> None:
    rated(worker, requester, "2")
    page = the_page(client, worker, a_cascade(requester))
    assert "Why this is not open to you now" in page
    assert "at the latest; you need not do anything for it." in page
    assert "normal: in the middle" in page


def test_while_a_beat_that_is_due_has_not_come_yet_nothing_is_said_to_stand_still(
    client: Client, worker: Person, requester: Person
) -> None:
    rated(worker, requester, "2")
    project = a_cascade(requester)
    Project.objects.filter(pk=project.pk).update(cascade_next_at=clock.now() - timedelta(seconds=9))
    page = the_page(client, worker, project)
    assert "Its clock stands still" not in page
    assert "at the latest; you need not do anything for it." in page


def test_what_an_open_project_says(client: Client, worker: Person, requester: Person) -> None:
    page = the_page(client, worker, a_project(owner=requester))
    assert "Why this is open to you" in page
    assert "Not met:" not in page


@pytest.mark.parametrize("policy", ["ladder", "throughput", "share"])
def test_a_rating_by_one_requester_is_never_told_nor_a_threshold_that_is_somebodys_standing(
    client: Client, worker: Person, requester: Person, policy: str
) -> None:
    rated(worker, requester, "2.37")
    page = the_page(client, worker, a_cascade(requester, threshold="2.37", policy=policy))
    assert "2.37" not in page
    assert "between 2 and 3" in page
    assert "at least 5 people have rated" in page


def test_with_enough_raters_the_number_and_the_ratings_are_told_by_value_alone(
    client: Client, worker: Person, requester: Person
) -> None:
    for value in ("1", "3", "2.5", "1.5", "2"):
        rated(worker, a_requester(), value)
    page = the_page(client, worker, a_cascade(requester))
    assert "The exact number" in page
    assert "3.00 · 2.50 · 2.00 · 1.50 · 1.00" in page


def test_with_four_raters_they_are_not(client: Client, worker: Person, requester: Person) -> None:
    for value in ("1", "3", "2.5", "1.5"):
        rated(worker, a_requester(), value)
    page = the_page(client, worker, a_cascade(requester))
    assert "The exact number</dt>" not in page
    assert "<dd>4</dd>" in page  # how many count is told


def test_a_newcomer_reads_of_the_places_kept(client: Client, requester: Person) -> None:
    newcomer = a_worker()
    project = a_cascade(requester)
    project.places.filter(number=1).update(for_newcomers=True, rank=-1)
    page = the_page(client, newcomer, project)
    assert "They are open from beat 2 on." in page


def test_a_newcomer_is_promised_the_moment_of_their_standing_not_a_place_that_others_may_take(
    requester: Person,
) -> None:
    newcomer = a_worker()
    project = a_cascade(requester)
    project.places.filter(number=1).update(for_newcomers=True, rank=-1)
    found = explain_to_worker(project.pk, by=newcomer, at=clock.now())
    assert found.newcomer_from_beat == 2
    assert project.cascade_next_at is not None
    two_steps = project.cascade_next_at + timedelta(seconds=found.beat_seconds)  # 3.0, 2.0, then 1.99
    assert (found.opening.kind, found.opening.at) == ("at", two_steps)


def test_of_a_moment_in_an_earlier_beat_the_end_of_this_one_is_not_told(requester: Person) -> None:
    project = a_cascade(requester, beat=1)
    earlier = clock.now()
    Project.objects.filter(pk=project.pk).update(cascade_beat=3)
    project.refresh_from_db()
    assert explain_access(project=project, worker_id=a_worker().pk, at=earlier).clock.next_at is None
