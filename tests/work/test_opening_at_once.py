"""Two who choose at once how a project opens."""

import pytest
from tests.builders import a_requester, a_worker
from tests.work.opening import LATER, a_cascade, rated_workers
from tests.work.test_crowding import at_once

from canut.work.models import CascadeBeat, Place
from canut.work.usecases.choose_cascade import choose_cascade
from canut.work.usecases.take_task import take_task

pytestmark = pytest.mark.usefixtures("committed")


def test_of_several_who_open_it_at_once_one_end_is_in_the_history_and_workers_come_in_meanwhile() -> None:
    requester = a_requester()
    (best,) = rated_workers(requester, [3])
    others = [a_worker(password=None) for _ in range(3)]
    project = a_cascade(requester)
    opening = [
        lambda policy=policy: choose_cascade(project_id=project.pk, by=requester, at=LATER, policy=policy)
        for policy in ("open", "share", "open", "throughput", "open")
    ]
    taking = [
        lambda worker=worker: take_task(by=worker, project_id=project.pk, at=LATER)
        for worker in (best, *others)
    ]
    at_once([*opening, *taking], threads=9)
    at_once(opening[:1])
    project.refresh_from_db()
    assert (project.cascade_policy, project.threshold, project.cascade_next_at) == ("open", None, None)
    assert CascadeBeat.objects.filter(project=project, why="chosen").count() == 1
    assert not Place.objects.filter(project=project, rank__lt=0).exists()
    for worker in (best, *others):
        assert take_task(by=worker, project_id=project.pk, at=LATER).state == "held"
