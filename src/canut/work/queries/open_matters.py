"""What is still open between a party and others, so that nobody leaves in the middle of it."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q

from canut.work.models import Assignment, BrokenReport, Project, TopUp
from canut.work.queries.settling import NOT_OVER, REPORT_NOT_OVER
from canut.work.states import IN_HAND, AppealState, AssignmentState, ProjectState

OWED_FOR = timedelta(days=1)
"""What is owed for longer keeps no worker here: nobody can say when its requester has the money."""


@dataclass(frozen=True, slots=True)
class OpenMatters:
    """How many of each are open: own projects, work in hand, work that is to be decided or appealed.

    `to_come` are the top-ups and the reports of broken tasks that are to be paid to the party, `to_pay` those
    that its projects are to pay.
    """

    projects: int
    in_hand: int
    undecided: int
    to_come: int
    to_pay: int


def open_matters(party_id: int, *, at: datetime) -> OpenMatters:
    """Count what must end before a party may leave."""
    mine = Assignment.objects.filter(worker_id=party_id)
    top_ups = TopUp.objects.filter(state__in=NOT_OVER)
    reports = BrokenReport.objects.filter(pay__in=REPORT_NOT_OVER)
    soon = {"worker_id": party_id, "due_at__gt": at - OWED_FOR}
    return OpenMatters(
        projects=Project.objects.filter(
            owner_id=party_id, state__in=[ProjectState.LIVE, ProjectState.PAUSED]
        ).count(),
        in_hand=mine.filter(state__in=IN_HAND).count(),
        undecided=mine.filter(Q(state=AssignmentState.SUBMITTED) | Q(appeal__state=AppealState.OPEN)).count(),
        to_come=top_ups.filter(**soon).count() + reports.filter(**soon).count(),
        to_pay=top_ups.filter(settlement__project__owner_id=party_id).count()
        + reports.filter(project__owner_id=party_id).count(),
    )
