"""Tables of governance."""

from canut.governance.models.proposals import Proposal
from canut.governance.models.said import Assessment, SenseCheck, Support
from canut.governance.models.versions import (
    ProposalArticle,
    ProposalFounder,
    ProposalGuild,
    ProposalReplay,
    ProposalSetting,
    ProposalVersion,
)

__all__ = [
    "Assessment",
    "Proposal",
    "ProposalArticle",
    "ProposalFounder",
    "ProposalGuild",
    "ProposalReplay",
    "ProposalSetting",
    "ProposalVersion",
    "SenseCheck",
    "Support",
]
