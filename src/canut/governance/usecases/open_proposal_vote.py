"""The vote on a proposal opens, when it lacks nothing any more."""

from datetime import datetime

from django.db import transaction

from canut.charter.parameters import PARAMETERS
from canut.governance.access import proposal_known, version_that_counts
from canut.governance.ballots.usecases.open_vote import open_vote
from canut.governance.models import Proposal, ProposalReplay, ProposalVersion
from canut.governance.refusals import (
    ArticleRefused,
    ChangesNothing,
    GuildRefused,
    SettingRefused,
    TranslationMissing,
)
from canut.governance.rules import Lacks, class_of, what_lacks
from canut.governance.states import DECIDED, ProposalKind, ProposalState
from canut.governance.usecases.judge_feasibility import check_whole
from canut.kernel.events import record
from canut.kernel.later import later

SUBJECT = "proposal"
"""By which name votes know proposals."""


def is_ratification_asked() -> bool:
    """Return whether the members have been asked whether the constitution is theirs, and have answered."""
    return Proposal.objects.filter(kind=ProposalKind.RATIFICATION, state__in=DECIDED).exists()


def lacks_of(proposal: Proposal) -> tuple[Lacks, ...]:
    """Return why the vote on a feasible proposal cannot open yet."""
    version = version_that_counts(proposal)
    return what_lacks(
        sets=version.settings.exists(),
        is_replayed=ProposalReplay.objects.filter(version=version).exists(),
        is_ratified=proposal.kind == ProposalKind.RATIFICATION or is_ratification_asked(),
        is_held=proposal.held_at is not None,
    )


def class_of_version(version: ProposalVersion) -> str:
    """Return the class of a version: that of the hardest thing it changes."""
    names = version.settings.values_list("parameter", flat=True)
    classes = [str(PARAMETERS[name].class_) for name in names if name in PARAMETERS]
    return class_of(classes, has_articles=version.articles.exists())


def open_vote_on(proposal: Proposal, *, at: datetime) -> bool:
    """Open the vote on a locked proposal and return whether it is open.

    What the charter has made impossible since the team looked goes back to its author as a draft: nobody is
    asked for a ballot on what could not be done.
    """
    if proposal.kind == ProposalKind.RATIFICATION:
        others = Proposal.objects.filter(
            kind=ProposalKind.RATIFICATION, state__in=(ProposalState.VOTE, ProposalState.ADOPTED)
        )
        if others.exists():
            return False
        class_ = class_of((), has_articles=True)
    else:
        if lacks_of(proposal):
            return False
        version = version_that_counts(proposal)
        try:
            check_whole(version, at=at)
        except (ChangesNothing, TranslationMissing, SettingRefused, ArticleRefused, GuildRefused) as refusal:
            _send_back(proposal, refusal.code, at=at)
            return False
        class_ = class_of_version(version)
    title_en, title_fr = titles(proposal)
    vote = open_vote(
        subject_kind=SUBJECT,
        subject_id=proposal.pk,
        title_en=title_en,
        title_fr=title_fr,
        address=f"/proposals/{proposal.pk}/",
        class_=class_,
        at=at,
    )
    proposal.vote_id, proposal.state, proposal.changed_at = vote.pk, ProposalState.VOTE, at
    proposal.popular_at = proposal.popular_at or at
    proposal.save(update_fields=["vote_id", "state", "changed_at", "popular_at"])
    record(None, "proposal.vote_opened", proposal, at=at, vote_id=vote.pk)
    later("governance.tell_author", proposal_id=proposal.pk, what="vote")
    return True


@transaction.atomic
def open_votes(*, at: datetime) -> int:
    """Open the vote on every feasible proposal that lacks nothing any more; return how many. A job."""
    opened = 0
    for number in (
        Proposal.objects.filter(state=ProposalState.WAITING).order_by("pk").values_list("pk", flat=True)
    ):
        proposal = proposal_known(number, lock=True)
        if proposal.state == ProposalState.WAITING:
            opened += open_vote_on(proposal, at=at)
    return opened


def titles(proposal: Proposal) -> tuple[str, str]:
    """Return a proposal's title in English and in French; where it is not translated, as it was written."""
    version = version_that_counts(proposal)
    other = version.translated_title or version.title
    return (version.title, other) if version.language == "en" else (other, version.title)


def _send_back(proposal: Proposal, why: str, *, at: datetime) -> None:
    proposal.state, proposal.changed_at = ProposalState.DRAFT, at
    proposal.save(update_fields=["state", "changed_at"])
    record(None, "proposal.sent_back", proposal, at=at, why=why)
    later("governance.tell_author", proposal_id=proposal.pk, what="sent_back")
