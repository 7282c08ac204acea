"""A vote on a proposal ends: the decision is written into the log, and what was adopted executes."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from typing import Any

from django.db import transaction

from canut.charter.changes import SettingChange
from canut.charter.parameters import PARAMETERS
from canut.charter.usecases.record_decision import record_decision
from canut.governance.access import proposal_known, version_that_counts
from canut.governance.ballots.queries import votes_to_close
from canut.governance.ballots.usecases.close_vote import close_vote
from canut.governance.checking import article_change, setting_change, stored_value
from canut.governance.founding import begin_founding, founding_of
from canut.governance.models import Proposal, ProposalVersion
from canut.governance.states import ProposalState
from canut.governance.usecases.open_proposal_vote import SUBJECT, titles
from canut.guilds.founding import Founding
from canut.guilds.usecases.found_guild import found_by_decision
from canut.kernel.events import record
from canut.kernel.later import later
from canut.kernel.refusals import Refusal
from canut.people.models import Body


@dataclass(slots=True)
class _Guild:
    """The guild that was asked for, and what became of it: a body and its founders, or why there is none."""

    wanted: Founding
    body: Body | None = None
    people: Mapping[int, int] = field(default_factory=dict)
    code: str = ""


def conclude_votes(*, at: datetime) -> int:
    """Conclude every vote on a proposal whose time is past, each by itself; return how many. A job."""
    ended = votes_to_close(subject_kind=SUBJECT, at=at)
    for vote in ended:
        conclude_vote(proposal_id=vote.subject_id, at=at)
    return len(ended)


@transaction.atomic
def conclude_vote(*, proposal_id: int, at: datetime) -> Proposal:
    """Count the vote on a proposal, write the decision, and do what was adopted. Twice does it once.

    What no longer fits when the vote closes lapses, with its reason in the log; the rest of the decision
    stands. Where two decisions set the same, the later one holds.

    Raises:
        ProposalNotFound: there is none. VoteStillOpen: its time is not past.
    """
    proposal = proposal_known(proposal_id, lock=True)
    if proposal.state != ProposalState.VOTE or proposal.vote_id is None:
        return proposal
    result = close_vote(vote_id=proposal.vote_id, at=at)
    version = version_that_counts(proposal)
    settings: list[tuple[int, SettingChange]] = []
    lapsed: list[dict[str, Any]] = []
    for row in version.settings.order_by("position"):
        if stored_value(row.parameter, row.new_value) is None:  # a release has taken the parameter away
            lapsed.append({"setting": row.position, "code": "not_found"})
        else:
            settings.append((row.position, setting_change(PARAMETERS[row.parameter], row, decided_at=at)))
    articles = [
        (row.position, article_change(row, based_on=row.of_number, decided_at=at))
        for row in version.articles.order_by("position")
    ]
    guild = _guild(version, adopted=result.is_adopted, at=at)
    title_en, title_fr = titles(proposal)
    recorded = record_decision(
        title_en=title_en,
        title_fr=title_fr,
        question_kind=proposal.kind,
        rule=result.rule_as_log(),
        colleges=result.colleges_as_log(),
        ballots_hash=result.ballots_hash,
        adopted=result.is_adopted,
        settings=[change for _position, change in settings],
        articles=[change for _position, change in articles],
        about={
            "proposal": proposal.pk,
            "version": version.number,
            "vote": proposal.vote_id,
            "address": f"/proposals/{proposal.pk}/",
            **_guild_said(guild, adopted=result.is_adopted),
        },
        at=at,
    )
    places = {id(change): {"setting": position} for position, change in settings}
    places |= {id(article): {"article": position} for position, article in articles}
    lapsed += [places[id(one.change)] | {"code": one.code} for one in recorded.lapsed]
    if guild is not None and guild.body is not None:
        found_by_decision(
            guild.wanted,
            guild.people,
            guild.body,
            title=version.title,
            adopted=recorded.decision,
            at=at,
        )
        later("governance.tell_founders", proposal_id=proposal.pk, what="is_founder")
    elif guild is not None:
        lapsed.append({"guild": True, "code": guild.code})
    proposal.state = ProposalState.ADOPTED if result.is_adopted else ProposalState.REJECTED
    proposal.decision_number, proposal.lapsed = recorded.number, lapsed if result.is_adopted else []
    proposal.changed_at = proposal.ended_at = at
    proposal.save(update_fields=["state", "decision_number", "lapsed", "changed_at", "ended_at"])
    record(
        None,
        "proposal.decided",
        proposal,
        at=at,
        adopted=result.is_adopted,
        decision=recorded.number,
        lapsed=len(lapsed),
    )
    later("governance.tell_author", proposal_id=proposal.pk, what="decided")
    later("governance.tell_supporters", proposal_id=proposal.pk, what="decided")
    return proposal


def _guild(version: ProposalVersion, *, adopted: bool, at: datetime) -> _Guild | None:
    """Return the guild that a version asks for, its body made if it was adopted and can be founded still."""
    wanted = founding_of(version, at=at)
    if wanted is None:
        return None
    found = _Guild(wanted)
    if adopted:
        try:
            found.body, found.people = begin_founding(wanted, at=at)
        except Refusal as refusal:
            found.code = refusal.code
    return found


def _guild_said(guild: _Guild | None, *, adopted: bool) -> dict[str, Any]:
    """Return what the log says of a guild: which it is, how many begin it, and nobody by name."""
    if guild is None:
        return {}
    wanted = guild.wanted
    return {
        "guild": {
            "number": None if guild.body is None else guild.body.pk,
            "name": wanted.name,
            "screen_name": wanted.screen_name,
            "craft": wanted.craft,
            "language": wanted.language,
            "joining": str(wanted.joining),
            "charter_text_sha256": sha256(wanted.charter_text.encode()).hexdigest(),
            "founders": len(guild.people),
            "outcome": "rejected" if not adopted else "lapsed" if guild.code else "executed",
            "reason": guild.code or None,
        }
    }
