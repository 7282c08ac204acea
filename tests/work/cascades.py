"""Cascades in tests: workers whom a requester has rated, and who gets in at a moment."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from decimal import Decimal

from tests.builders import NOON, a_project, a_submission, a_worker
from tests.charter.log_lines import a_line

from canut.charter import log
from canut.charter.queries import in_force
from canut.people.models import Person
from canut.work.models import CascadeBeat, Project
from canut.work.queries.admission import asking
from canut.work.queries.feed import feed_page
from canut.work.rules import may_take
from canut.work.usecases.rate_worker import rate_worker

D = Decimal
BEAT = timedelta(minutes=5)
LATER = NOON + timedelta(hours=1)
"""When projects that are about cascades are published: their workers have worked and been rated before."""

CAST: Mapping[str, Decimal | None] = {"best": D(3), "good": D(2), "unrated": None, "poor": D(1)}


def a_rated_worker(value: Decimal | None, *, by: Person, at: datetime = NOON) -> Person:
    """Return a worker who has handed in work to `by` and was rated for it, unless the value is None."""
    worker = a_worker()
    submission = a_submission(worker=worker, project=a_project(owner=by, rows=1, at=at), at=at)
    if value is not None:
        rate_worker(submission_id=submission.pk, by=by, value=value, at=at + timedelta(minutes=2))
    return worker


def a_rated_cast(*, by: Person) -> dict[str, Person]:
    """Return four workers, all active: rated 3, 2, not at all, and 1 by the same requester."""
    return {name: a_rated_worker(value, by=by) for name, value in CAST.items()}


def may_enter(people: Mapping[str, Person], project: Project, *, at: datetime) -> set[str]:
    """Return who may take a task now; the feed must show it to the same people."""
    let_in = {
        name
        for name, person in people.items()
        if may_take(asking(worker_id=person.pk, project_id=project.pk, at=at)) is None
    }
    shown = {
        name
        for name, person in people.items()
        if project.pk in [card.project_id for card in feed_page(by=person, at=at).cards]
    }
    assert let_in == shown
    return let_in


def threshold_of(project: Project) -> Decimal | None:
    return Project.objects.get(pk=project.pk).threshold


def beats_of(project: Project) -> list[CascadeBeat]:
    return list(CascadeBeat.objects.filter(project=project).order_by("pk"))


def told(beats: Sequence[CascadeBeat]) -> list[tuple[int, str, Decimal | None]]:
    """Return of each beat its number, why, and the threshold from then on."""
    return [(one.beat, one.why, one.threshold) for one in beats]


def charter_says(name: str, value: object, *, at: datetime) -> None:
    """Write a line into the charter's log, for the rest of this test's transaction."""
    log.lock()
    a_line(parameter=name, old_value=in_force(name, at=at), new_value=value, effective_at=at, recorded_at=at)
