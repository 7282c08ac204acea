"""A proposal on its way from an idea to a rule."""

from django.db import models
from django.db.models import F, Q

from canut.governance.states import (
    AS_DRAFT,
    DECIDED,
    ENDED,
    VOTED_ON,
    CameBy,
    ProposalKind,
    ProposalState,
)
from canut.people.models import Person


class Proposal(models.Model):
    """What somebody proposes (MECHANISMS 7.3-7.4). Its words and its changes are in its versions.

    Nobody is told who wrote it until it is popular, that is until `popular_at`. `version_number` is the
    version that counts now; from the team's look on it changes no more. `changed_at` is when it last began
    to wait: as an idea for support, as a draft for its author. `held_at` says that a resolution jury has it,
    so that it does not go on. The vote is the ballots' own, and so is the decision's number the log's.
    `lapsed` holds, for each setting or article that could not be executed when the vote closed, its place
    in the version and the code of the reason; and the reason for which a guild could not be founded.
    """

    kind = models.CharField(max_length=12, choices=ProposalKind, default=ProposalKind.CHANGE)
    state = models.CharField(max_length=11, choices=ProposalState, default=ProposalState.IDEA)
    author = models.ForeignKey(Person, models.PROTECT, null=True, related_name="proposals", db_index=False)
    comes_from = models.ForeignKey("self", models.PROTECT, null=True, related_name="followed_by")
    came_by = models.CharField(max_length=10, choices=CameBy, blank=True, default="")
    version_number = models.PositiveIntegerField(default=1)
    began_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    popular_at = models.DateTimeField(null=True)
    held_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    vote_id = models.BigIntegerField(null=True)
    decision_number = models.PositiveIntegerField(null=True)
    lapsed = models.JSONField(default=list)

    class Meta:
        constraints = [
            models.CheckConstraint(name="proposal_kind_known", condition=Q(kind__in=ProposalKind.values)),
            models.CheckConstraint(name="proposal_state_known", condition=Q(state__in=ProposalState.values)),
            models.CheckConstraint(
                name="proposal_change_has_author",
                condition=Q(kind=ProposalKind.RATIFICATION) | Q(author__isnull=False),
            ),
            models.CheckConstraint(
                name="proposal_came_by_known", condition=Q(came_by="") | Q(came_by__in=CameBy.values)
            ),
            models.CheckConstraint(
                name="proposal_comes_from_one",
                condition=Q(came_by="", comes_from__isnull=True)
                | (~Q(came_by="") & Q(comes_from__isnull=False)),
            ),
            models.CheckConstraint(name="proposal_has_version", condition=Q(version_number__gte=1)),
            models.CheckConstraint(
                name="proposal_popular_has_time",
                condition=(
                    Q(state=ProposalState.IDEA, popular_at__isnull=True)
                    | (Q(state__in=[*AS_DRAFT, *VOTED_ON], popular_at__gte=F("began_at")))
                    | Q(state__in=(ProposalState.ARCHIVED, ProposalState.WITHDRAWN))
                ),
            ),
            models.CheckConstraint(
                name="proposal_ended_has_time",
                condition=Q(state__in=ENDED, ended_at__isnull=False, ended_at__gte=F("began_at"))
                | (~Q(state__in=ENDED) & Q(ended_at__isnull=True)),
            ),
            models.CheckConstraint(
                name="proposal_held_as_draft",
                condition=Q(held_at__isnull=True) | Q(state=ProposalState.DRAFT),
            ),
            models.CheckConstraint(
                name="proposal_voted_on_has_vote",
                condition=Q(state__in=VOTED_ON, vote_id__isnull=False)
                | (~Q(state__in=VOTED_ON) & Q(vote_id__isnull=True)),
            ),
            models.CheckConstraint(
                name="proposal_decided_has_number",
                condition=Q(state__in=DECIDED, decision_number__isnull=False)
                | (~Q(state__in=DECIDED) & Q(decision_number__isnull=True)),
            ),
            models.UniqueConstraint(name="proposal_vote_once", fields=["vote_id"]),
            models.UniqueConstraint(name="proposal_decision_once", fields=["decision_number"]),
            models.UniqueConstraint(
                name="proposal_one_ratification",
                fields=["kind"],
                condition=Q(
                    kind=ProposalKind.RATIFICATION, state__in=(ProposalState.VOTE, ProposalState.ADOPTED)
                ),
            ),
        ]
        indexes = [
            models.Index(fields=["state", "-id"], name="proposal_by_state"),
            models.Index(fields=["author", "-id"], name="proposal_of_author"),
        ]
