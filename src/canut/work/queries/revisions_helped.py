"""How often a requester's revisions helped: part of their public record (MECHANISMS 3.7)."""

from dataclasses import dataclass
from itertools import pairwise

from django.db.models import Count, Q

from canut.work.models import Round
from canut.work.rules_rounds import Votes, helped
from canut.work.states import RoundState, Verdict


@dataclass(frozen=True, slots=True)
class RevisionsHelped:
    """Of how many revisions a round was voted on before and after, and after how many more said *publish*."""

    revisions: int
    helped: int


def revisions_helped(owner_id: int) -> RevisionsHelped:
    """Return how often it helped that this requester revised a design between two rounds."""
    ended = Round.objects.filter(project__owner_id=owner_id).exclude(state=RoundState.RUNNING)
    rounds = ended.order_by("project_id", "pk").annotate(
        publish=Count("feedback", filter=Q(feedback__verdict=Verdict.PUBLISH)),
        revise=Count("feedback", filter=Q(feedback__verdict=Verdict.REVISE)),
    )
    told = [
        (one.project_id, one.revision_id, Votes(one.publish, one.revise))
        for one in rounds
        if one.publish + one.revise
    ]
    compared = [
        helped(before[2], after[2])
        for before, after in pairwise(told)
        if before[0] == after[0] and before[1] != after[1]
    ]
    return RevisionsHelped(len(compared), sum(compared))
