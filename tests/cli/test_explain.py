"""`canut explain`: the operator's door to everything that decided, and what it says where it cannot."""

from datetime import timedelta

import pytest
from tests.builders import NOON, a_project, a_requester, a_worker, taken

from canut.cli.explain import explained
from canut.cli.failure import Failure
from canut.kernel import clock
from canut.kernel.models import Event

pytestmark = pytest.mark.django_db


def test_everything_that_decided_is_printed_and_the_reading_is_written_down() -> None:
    worker, project = a_worker("wanda"), a_project(owner=a_requester())
    taken(worker=worker, project=project)
    at = (NOON + timedelta(minutes=1)).isoformat()
    lines = explained("Wanda", project.pk, at=at)
    assert lines[0] == (
        f"Project {project.pk} and worker {worker.pk} at 2026-11-20T12:01:00.000Z: not open (holds_one_here)."
    )
    told = "\n".join(lines)
    assert "none_is_held_here: not met: holds_one_here [holds_one_here = yes]" in told
    assert "Nothing counts, so it is standing.unrated = 1.99." in told
    assert "work.cap_in_hand = 8" in told
    read = Event.objects.get(name="access.explained")
    assert (read.by_id, read.subject_id, read.data["project_id"]) == (None, worker.pk, project.pk)


def test_before_it_was_taken_it_was_open() -> None:
    worker, project = a_worker("wanda"), a_project(owner=a_requester())
    taken(worker=worker, project=project, at=NOON + timedelta(minutes=1))
    assert ": open." in explained("wanda", project.pk, at="2026-11-20T12:00:30")[0]


def test_what_cannot_be_explained_says_why() -> None:
    a_worker("wanda")
    project = a_project(owner=a_requester())
    with pytest.raises(Failure, match="Nobody signs in as walter here"):
        explained("walter", project.pk)
    with pytest.raises(Failure, match="There is no such project"):
        explained("wanda", 2**40)
    with pytest.raises(Failure, match="yesterday is no moment; write it as 2026"):
        explained("wanda", project.pk, at="yesterday")
    with pytest.raises(Failure, match="has not happened yet"):
        explained("wanda", project.pk, at=(clock.now() + timedelta(days=1)).isoformat())
    with pytest.raises(Failure, match="had no rules yet"):
        explained("wanda", project.pk, at="2000-01-01T00:00:00Z")
    with pytest.raises(Failure, match="Two different published projects"):
        explained("wanda", project.pk, beside=project.pk)
