"""How a worker came in while a project's cascade ran is kept, so that it can be explained later."""

from datetime import datetime

from canut.reputation.queries import standing_of
from canut.work.models import Admission, Assignment, Project
from canut.work.rules import Asking, way_in


def note_admission(assignment: Assignment, facts: Asking, *, at: datetime) -> Admission:
    """Keep by which way, standing and threshold the worker took this assignment.

    Must run in the transaction of the claim, with the facts that the claim was allowed by.
    """
    if facts.threshold is None:
        raise RuntimeError("there is nothing to keep where no cascade runs")
    project = Project.objects.only("owner_id", "group_id", "cascade_beat").get(pk=assignment.project_id)
    standing = standing_of(
        assignment.worker_id, requester_id=project.owner_id, group_id=project.group_id, at=at
    )
    return Admission.objects.create(
        assignment=assignment,
        project_id=assignment.project_id,
        worker_id=assignment.worker_id,
        at=at,
        way=way_in(facts) or "standing",
        standing=facts.standing,
        scope=standing.scope,
        ratings=len(standing.ratings),
        threshold=facts.threshold,
        beat=project.cascade_beat,
    )
