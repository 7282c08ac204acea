"""What waits for others: proposals for their replay, drafts for the team."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from canut.governance.models import Assessment, ProposalVersion
from canut.governance.states import AS_DRAFT, Feasibility, ProposalState


@dataclass(frozen=True, slots=True)
class Awaiting:
    """A version whose settings nobody has replayed yet; `is_next` where a vote waits for that."""

    proposal_id: int
    version: int
    is_next: bool


@dataclass(frozen=True, slots=True)
class BeforeTeam:
    """A draft that the team has been asked about, and until when its silence means nothing yet."""

    proposal_id: int
    title: str
    asked_at: datetime
    due_at: datetime
    is_overdue: bool


def proposals_awaiting_replay(at: datetime) -> Sequence[Awaiting]:
    """Return the versions that count, with settings and without a replay: first those whose vote waits.

    A draft is replayed as soon as it is written, so that people talk about what it would do.
    """
    versions = ProposalVersion.objects.filter(
        proposal__state__in=AS_DRAFT, made_at__lte=at, replay__isnull=True, settings__isnull=False
    )
    found = versions.select_related("proposal").order_by("pk").distinct()
    waiting = [
        Awaiting(one.proposal_id, one.number, one.proposal.state == ProposalState.WAITING)
        for one in found
        if one.number == one.proposal.version_number
    ]
    return sorted(waiting, key=lambda one: not one.is_next)


def before_the_team(*, at: datetime) -> Sequence[BeforeTeam]:
    """Return the drafts that wait for the team's answer, those due first."""
    rows = Assessment.objects.filter(outcome=Feasibility.OPEN).order_by("due_at", "pk")
    found = list(rows.values_list("proposal_id", "version_number", "asked_at", "due_at"))
    titles = {
        (proposal_id, number): title
        for proposal_id, number, title in ProposalVersion.objects.filter(
            proposal__in=[one[0] for one in found]
        ).values_list("proposal_id", "number", "title")
    }
    return [
        BeforeTeam(proposal_id, titles[proposal_id, number], asked_at, due_at, due_at <= at)
        for proposal_id, number, asked_at, due_at in found
    ]
