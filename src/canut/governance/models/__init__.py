"""Tables of governance."""

from canut.governance.models.proposals import Proposal
from canut.governance.models.said import Assessment, SenseCheck, Support
from canut.governance.models.versions import (
    ProposalArticle,
    ProposalReplay,
    ProposalSetting,
    ProposalVersion,
)

__all__ = [
    "Assessment",
    "Proposal",
    "ProposalArticle",
    "ProposalReplay",
    "ProposalSetting",
    "ProposalVersion",
    "SenseCheck",
    "Support",
]
