"""Tables of governance."""

from canut.governance.models.proposals import Proposal
from canut.governance.models.said import Assessment, MailsOff, SenseCheck, Support
from canut.governance.models.versions import (
    ProposalArticle,
    ProposalReplay,
    ProposalSetting,
    ProposalVersion,
)

__all__ = [
    "Assessment",
    "MailsOff",
    "Proposal",
    "ProposalArticle",
    "ProposalReplay",
    "ProposalSetting",
    "ProposalVersion",
    "SenseCheck",
    "Support",
]
