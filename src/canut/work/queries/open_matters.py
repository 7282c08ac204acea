"""What is still open between a party and others, so that nobody leaves in the middle of it."""

from dataclasses import dataclass

from django.db.models import Q

from canut.work.models import Assignment, Project
from canut.work.states import IN_HAND, AppealState, AssignmentState, ProjectState


@dataclass(frozen=True, slots=True)
class OpenMatters:
    """How many of each are open: own projects, work in hand, work that is to be decided or appealed."""

    projects: int
    in_hand: int
    undecided: int


def open_matters(party_id: int) -> OpenMatters:
    """Count what must end before a party may leave."""
    mine = Assignment.objects.filter(worker_id=party_id)
    return OpenMatters(
        projects=Project.objects.filter(
            owner_id=party_id, state__in=[ProjectState.LIVE, ProjectState.PAUSED]
        ).count(),
        in_hand=mine.filter(state__in=IN_HAND).count(),
        undecided=mine.filter(Q(state=AssignmentState.SUBMITTED) | Q(appeal__state=AppealState.OPEN)).count(),
    )
