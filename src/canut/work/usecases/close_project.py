"""Ending a project: nothing more is taken, what is in hand is paid, the rest of the money comes back."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from canut.kernel.events import record
from canut.people.models import Person
from canut.work.access import own_project
from canut.work.models import Place, Project
from canut.work.states import UNFILLED, PlaceState, ProjectState
from canut.work.usecases.decide_round import end_round_early
from canut.work.usecases.end_cascade import forget_clock
from canut.work.usecases.end_session import end_sessions_of
from canut.work.usecases.refund_unused import refund_unused
from canut.work.usecases.settle_design import settle_what_is_over


@dataclass(frozen=True, slots=True)
class Closed:
    """The closed project and what came back just now, in minor units; the rest follows as work is decided."""

    project: Project
    refunded_minor: int


@transaction.atomic
def close_project(*, project_id: int, by: Person, at: datetime) -> Closed:
    """Close a project for good. Work in hand can still be handed in, and is decided and paid as ever.

    What was approved and not settled is settled now, so that its top-ups are announced at once.

    Closing twice is safe. A draft closes too; it is then only a memory.

    Raises:
        ProjectNotFound: there is none of `by`.
    """
    project = own_project(project_id, by=by, lock=True)
    if project.state == ProjectState.CLOSED:
        return Closed(project, 0)
    refunded = end_project(project, by=by, at=at)
    record(by, "project.closed", project, at=at, refunded_minor=refunded)
    return Closed(project, refunded)


def end_project(project: Project, *, by: Person | None, at: datetime) -> int:
    """Close a project whose row is locked, whoever ends it, and return what came back to its owner."""
    project.state, project.closed_at, project.publish_at = ProjectState.CLOSED, at, None
    forget_clock(project)
    project.save(
        update_fields=[
            "state",
            "closed_at",
            "publish_at",
            "threshold",
            "cascade_next_at",
            "cascade_stopped_at",
            "cascade_reference",
        ]
    )
    end_round_early(project, at=at)
    unfilled = Place.objects.filter(project=project, state__in=UNFILLED)
    unfilled.update(state=PlaceState.CLOSED, rank=None)
    end_sessions_of(project, by=by, at=at)
    settle_what_is_over(project, at=at)
    return refund_unused(project, at=at)
