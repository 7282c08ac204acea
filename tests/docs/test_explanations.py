"""The order that is traced by hand in docs/explanations.md is the one a site computes."""

import doctest
import re
from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from tests.builders import ANSWER, NOON, a_draft, a_project, a_requester, a_submission, a_worker, as_if_tried

from canut.cli.explain import explained
from canut.cli.reference import DOCS
from canut.people.models import Person
from canut.reputation.usecases.keep_regard import keep_regard
from canut.work.models import Project
from canut.work.queries.explanations import explain_access
from canut.work.usecases.publish_project import publish_project
from canut.work.usecases.rate_requester import rate_requester
from canut.work.usecases.rate_worker import rate_worker

PAGE = DOCS / "explanations.md"


def test_what_the_page_computes_is_what_the_rules_compute() -> None:
    found = doctest.testfile(str(PAGE), module_relative=False)
    assert (found.failed, found.attempted > 10) == (0, True)


def in_a_group_of(project: Project, owner: Person, *, at: datetime, policy: str = "open") -> Project:
    draft = a_draft(owner=owner, rows=9, at=at, cascade_policy=policy)
    Project.objects.filter(pk=draft.pk).update(group_id=project.group_id)
    as_if_tried(draft, at=at)
    return publish_project(project_id=draft.pk, by=owner, at=at)


def rated(worker: Person, project: Project, value: str, *, at: datetime) -> int:
    """Have a piece of work done and rated, and return its assignment."""
    done = a_submission(worker=worker, project=project, answer=ANSWER, at=at)
    owner = Person.objects.get(pk=project.owner_id)
    rate_worker(submission_id=done.pk, by=owner, value=Decimal(value), at=at + timedelta(minutes=2))
    return done.assignment_id


def says(worker: Person, about: Person, value: str, *, at: datetime) -> None:
    project = Project.objects.filter(owner_id=about.pk, cascade_policy="open").order_by("pk")[0]
    done = a_submission(worker=worker, project=project, at=at)
    rate_requester(assignment_id=done.assignment_id, by=worker, value=Decimal(value), at=at)
    keep_regard(worker_id=worker.pk, requester_id=about.pk, decided_at=at)


@pytest.mark.django_db
def test_the_order_traced_by_hand_is_what_a_site_explains(monkeypatch: pytest.MonkeyPatch) -> None:
    rosa, sam = a_requester("rosa"), a_requester("sam")
    wanda, xavier, *others = a_worker("wanda"), a_worker("xavier"), *(a_worker() for _ in range(3))
    before = NOON - timedelta(days=1)
    earlier = a_project(owner=rosa, rows=9, answers=9, at=before)
    for hour, value in enumerate(["1", "3", "2"]):
        last = rated(wanda, earlier, value, at=before + timedelta(hours=hour))
    rated(xavier, earlier, "3", at=before)
    rate_requester(assignment_id=last, by=wanda, value=Decimal(2), at=before + timedelta(hours=3))
    sams = a_project(owner=sam, rows=9, answers=9, at=before)
    for other, value in zip(others, ["3", "3", "1"], strict=True):
        says(other, rosa, value, at=before)
    for other in others[:2]:
        says(other, sam, "2", at=before)
    project = in_a_group_of(earlier, rosa, at=NOON, policy="ladder")
    beside = in_a_group_of(sams, sam, at=NOON + timedelta(seconds=30))

    monkeypatch.setattr("canut.kernel.clock.now", lambda: NOON + timedelta(minutes=1))
    lines = explained("wanda", project.pk, beside=beside.pk)
    told = "\n".join(lines)
    (block,) = re.findall(r"```text\n(.*?)```", PAGE.read_text(), re.DOTALL)
    for line in block.splitlines():
        line = line.replace("project 3 above 4", f"project {project.pk} above {beside.pk}")
        assert line in told, told

    found = explain_access(project=project, worker_id=wanda.pk, at=NOON + timedelta(minutes=1))
    assert found.opening.at == NOON + timedelta(minutes=5)
    assert found.code == "not_open_to_you_yet"
