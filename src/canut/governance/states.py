"""The states of what governance keeps."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class ProposalKind(models.TextChoices):
    """A change of rules, a guild to be founded, or whether the constitution the site began with is ours."""

    CHANGE = "change", _("a change of the rules")
    GUILD = "guild", _("the founding of a guild")
    RATIFICATION = "ratification", _("the ratification of the constitution")


WRITTEN_BY_MEMBERS = (ProposalKind.CHANGE, ProposalKind.GUILD)
"""Somebody wrote them, so they can be amended, discussed, and looked at by a jury."""


class ProposalState(models.TextChoices):
    """How far a proposal has come; the last four are ends."""

    IDEA = "idea", _("idea")
    DRAFT = "draft", _("draft")
    FEASIBILITY = "feasibility", _("before the team")
    INFEASIBLE = "infeasible", _("not feasible as it stands")
    WAITING = "waiting", _("waiting for its vote")
    VOTE = "vote", _("vote")
    ADOPTED = "adopted", _("adopted")
    REJECTED = "rejected", _("rejected")
    ARCHIVED = "archived", _("archived")
    WITHDRAWN = "withdrawn", _("withdrawn")


BEFORE_POPULAR = (ProposalState.IDEA,)
AS_DRAFT = (
    ProposalState.DRAFT,
    ProposalState.FEASIBILITY,
    ProposalState.INFEASIBLE,
    ProposalState.WAITING,
)
"""Popular, its author known, and not voted on yet."""
VOTED_ON = (ProposalState.VOTE, ProposalState.ADOPTED, ProposalState.REJECTED)
DECIDED = (ProposalState.ADOPTED, ProposalState.REJECTED)
ENDED = (*DECIDED, ProposalState.ARCHIVED, ProposalState.WITHDRAWN)
OPEN = (*BEFORE_POPULAR, *AS_DRAFT, ProposalState.VOTE)


class CameBy(models.TextChoices):
    """Why a proposal comes after another."""

    COMEBACK = "comeback", _("it brings an earlier proposal back")
    GOING_BACK = "going_back", _("it undoes an earlier decision")


class Stance(models.TextChoices):
    """What somebody says to a draft in its sense check."""

    AGREE = "agree", _("agree")
    ABSTAIN = "abstain", _("abstain")
    DISAGREE = "disagree", _("disagree")
    BLOCK = "block", _("block")


WITH_A_REASON = (Stance.DISAGREE, Stance.BLOCK)


class Feasibility(models.TextChoices):
    """What came of the team's look at a draft."""

    OPEN = "open", _("the team is looking at it")
    FEASIBLE = "feasible", _("feasible")
    INFEASIBLE = "infeasible", _("not feasible as it stands")
    SILENCE = "silence", _("feasible, for the team said nothing in time")
    WITHDRAWN = "withdrawn", _("ended with the proposal")


SAID_BY_TEAM = (Feasibility.FEASIBLE, Feasibility.INFEASIBLE)
