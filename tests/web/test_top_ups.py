"""Top-ups on pages: the requester contests one, peers decide, both sides read why."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from tests.builders import a_worker
from tests.justice.cases import heard
from tests.work.test_top_ups import a_slow_project, done

from canut.justice.models import Case
from canut.kernel import clock
from canut.people.models import Person
from canut.work.models import Project, TopUp
from canut.work.usecases.pay_top_ups import pay_top_ups
from canut.work.usecases.settle_design import settle_what_is_due


@pytest.fixture
def slow(requester: Person, worker: Person) -> Project:
    """A live project whose work took twice as long as it pays for, settled an hour ago."""
    project = a_slow_project(requester)
    at = clock.now() - timedelta(hours=2)
    for one in (worker, a_worker("anna"), a_worker("bert")):
        for _task in range(4):
            done(project, one, requester, seconds=240, at=at)
    settle_what_is_due(at=at + timedelta(hours=1))
    return project


def read(client: Client, person: Person, name: str, *parts: Any, **query: str) -> str:
    client.force_login(person)
    answer = client.get(reverse(name, args=parts), query)
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode()


def test_the_requester_sees_each_workers_median_and_what_is_to_come(client, requester, slow):
    page = read(client, requester, "project_top_ups", slow.pk)
    assert "Anna" in page
    assert "4\u00a0min" in page
    assert "€4.80" in page
    assert "Contest the times of Anna" in page


def test_nobody_else_sees_them(client, stranger, slow):
    client.force_login(stranger)
    assert client.get(reverse("project_top_ups", args=[slow.pk])).status_code == 404


def test_a_contest_goes_from_the_requester_to_peers_and_both_sides_read_all_of_it(
    client, requester, worker, slow
):
    top_up = TopUp.objects.get(worker=worker)
    address = reverse("contest_top_up", args=[slow.pk, top_up.pk])
    client.force_login(requester)
    assert client.post(address, {"reason": " "}).status_code == 422
    for _click in range(2):
        assert client.post(address, {"reason": "Others were quicker."}).status_code == 302
    case = Case.objects.get()
    assert reverse("case", args=[case.pk]) in client.get(address).content.decode()
    assert "Others were quicker." in read(client, worker, "earnings")
    heard(case, overturn=False, reason="The timer agrees with them.", at=clock.now())
    page = read(client, requester, "project_top_ups", slow.pk)
    assert "Decided by peers who were drawn by lot" in page
    assert "The timer agrees" in page
    assert "€1.60" in read(client, worker, "earnings")


def test_the_worker_reads_why_a_top_up_comes(client, worker, slow):
    page = read(client, worker, "earnings")
    assert "Top-ups to come" in page
    assert "each typically takes 4" in page
    pay_top_ups(at=clock.now() + timedelta(hours=12))
    assert "Top-ups to come" not in read(client, worker, "earnings")
