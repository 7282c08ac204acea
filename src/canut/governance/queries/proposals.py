"""Proposals as pages and programs show them: the list, one proposal, its versions, what may be done."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from canut.charter.parameters import Class
from canut.charter.queries import in_force
from canut.governance.access import proposal_known, version_that_counts
from canut.governance.in_force import supporters_needed_at
from canut.governance.models import Assessment, Proposal, ProposalReplay, ProposalVersion
from canut.governance.queries.versions import VersionSeen, problem_of, title_of, version_seen
from canut.governance.rules import Lacks, Sense, in_the_order_of, lapses_at, sense_of
from canut.governance.states import (
    AS_DRAFT,
    ENDED,
    WRITTEN_BY_MEMBERS,
    Feasibility,
    ProposalKind,
    ProposalState,
    Stance,
)
from canut.governance.usecases.open_proposal_vote import class_of_version, lacks_of
from canut.governance.usecases.support_idea import supporters_of
from canut.membership.queries import is_admitted
from canut.people.models import Person

PROPOSALS_A_PAGE = 20
GROUPS: Mapping[str, Sequence[str]] = {
    "ideas": (ProposalState.IDEA,),
    "drafts": AS_DRAFT,
    "votes": (ProposalState.VOTE,),
    "decided": (ProposalState.ADOPTED, ProposalState.REJECTED),
    "archive": (ProposalState.ARCHIVED, ProposalState.WITHDRAWN),
}
"""What the list can be narrowed to."""


@dataclass(frozen=True, slots=True)
class ProposalCard:
    """A proposal in a list. `author` is empty until it is popular, and for what nobody wrote."""

    id: int
    kind: str
    state: ProposalState
    title: str
    language: str
    author: str
    began_at: datetime
    changed_at: datetime
    supporters: int
    decision_number: int | None
    sets: Sequence[str]
    is_own: bool


@dataclass(frozen=True, slots=True)
class ProposalsPage:
    cards: Sequence[ProposalCard]
    group: str
    words: str
    next_page: int | None


@dataclass(frozen=True, slots=True)
class SenseSaid:
    """What one member says to a draft; `is_of_earlier` if the draft was amended since."""

    who: str
    stance: Stance
    reason: str
    version_number: int
    is_of_earlier: bool
    given_at: datetime


@dataclass(frozen=True, slots=True)
class AssessmentSeen:
    """What the team was asked and said; `by` is the operator's screen name."""

    version_number: int
    outcome: Feasibility
    asked_at: datetime
    due_at: datetime
    said_at: datetime | None
    by: str
    reason: str
    help: str
    overruled_at: datetime | None
    motion_id: int | None


@dataclass(frozen=True, slots=True)
class ProposalSeen:
    """All of a proposal that anybody may see, and what is between it and who looks.

    `problem` says why its vote could not decide it as it stands, if it could not. `lacks` is what its vote
    waits for. `followed_by` are later proposals that come from it. `may` holds the verbs that `by` may do.
    """

    id: int
    kind: str
    state: ProposalState
    question_class: Class
    author: str
    is_own: bool
    own_stance: str
    own_reason: str
    supports: bool
    supporters: int
    supporters_needed: int
    began_at: datetime
    popular_at: datetime | None
    changed_at: datetime
    ended_at: datetime | None
    is_held: bool
    lapses_at: datetime | None
    comes_from: int | None
    came_by: str
    followed_by: Sequence[int]
    version: VersionSeen
    version_numbers: Sequence[int]
    sense: Sense
    said: Sequence[SenseSaid]
    assessments: Sequence[AssessmentSeen]
    has_replay: bool
    problem: str
    lacks: Sequence[Lacks]
    vote_id: int | None
    decision_number: int | None
    may: frozenset[str]


def proposals_page(
    *,
    at: datetime,
    by: Person | None = None,
    group: str = "",
    words: str = "",
    page: int = 1,
    own: bool = False,
    most: int = PROPOSALS_A_PAGE,
) -> ProposalsPage:
    """Return a page of proposals; ideas in the order of the day, others by when they last changed.

    `group` is one of GROUPS or empty for those that have not ended; `own` keeps to those that `by` wrote.
    """
    words = " ".join(words.replace("\0", " ").split())[:80]
    group = group if group in GROUPS else ""
    rows = _narrowed(group=group, words=words)
    if not group and not own and not words:
        rows = rows.exclude(state__in=ENDED)
    if own:
        rows = rows.filter(author=by)
    if group == "ideas" and not own:
        today = timezone.localdate(at, timezone.get_default_timezone())
        ids = in_the_order_of(today, list(rows.values_list("pk", flat=True)))
    else:
        ids = list(rows.order_by("-changed_at", "-pk").values_list("pk", flat=True))
    begin = (max(1, page) - 1) * most
    shown = ids[begin : begin + most]
    more = len(ids) > begin + most
    return ProposalsPage(cards_of(shown, by=by), group, words, max(1, page) + 1 if more else None)


def cards_of(proposal_ids: Sequence[int], *, by: Person | None) -> Sequence[ProposalCard]:
    """Return these proposals as a list shows them, in this order."""
    rows = Proposal.objects.filter(pk__in=proposal_ids).select_related("author__party")
    found = {row.pk: row for row in rows.annotate(supporters=Count("supports"))}
    versions: dict[int, ProposalVersion] = {}
    for version in ProposalVersion.objects.filter(proposal__in=found).prefetch_related("settings"):
        if version.number == found[version.proposal_id].version_number:
            versions[version.proposal_id] = version
    return [
        _card(found[number], found[number].supporters, versions[number], by)
        for number in proposal_ids
        if number in found
    ]


def _card(row: Proposal, supporters: int, version: ProposalVersion, by: Person | None) -> ProposalCard:
    title, language = title_of(version)
    return ProposalCard(
        id=row.pk,
        kind=row.kind,
        state=ProposalState(row.state),
        title=title,
        language=language,
        author=_author(row),
        began_at=row.began_at,
        changed_at=row.changed_at,
        supporters=supporters,
        decision_number=row.decision_number,
        sets=[one.parameter for one in version.settings.all()],
        is_own=by is not None and row.author_id == by.pk,
    )


def proposal_seen(proposal_id: int, *, by: Person | None, at: datetime) -> ProposalSeen:
    """Return one proposal as `by`, or somebody who is not signed in, sees it.

    Raises:
        ProposalNotFound: there is none of this number.
    """
    proposal = proposal_known(proposal_id)
    version = version_that_counts(proposal)
    checks = list(proposal.sense_checks.select_related("person__party").order_by("-given_at", "-pk"))
    own = next((one for one in checks if by is not None and one.person_id == by.pk), None)
    return ProposalSeen(
        id=proposal.pk,
        kind=proposal.kind,
        state=ProposalState(proposal.state),
        question_class=Class(
            "constitutional" if proposal.kind == ProposalKind.RATIFICATION else class_of_version(version)
        ),
        author=_author(proposal),
        is_own=by is not None and proposal.author_id == by.pk,
        own_stance=own.stance if own else "",
        own_reason=own.reason if own else "",
        supports=by is not None and proposal.supports.filter(person=by).exists(),
        supporters=supporters_of(proposal, at=at)
        if proposal.state == ProposalState.IDEA
        else proposal.supports.count(),
        supporters_needed=supporters_needed_at(at),
        began_at=proposal.began_at,
        popular_at=proposal.popular_at,
        changed_at=proposal.changed_at,
        ended_at=proposal.ended_at,
        is_held=proposal.held_at is not None,
        lapses_at=lapses_at(
            proposal.state,
            proposal.changed_at,
            idea_days=in_force("governance.idea_days", at=at),
            draft_days=in_force("governance.draft_days", at=at),
        ),
        comes_from=proposal.comes_from_id,
        came_by=proposal.came_by,
        followed_by=list(proposal.followed_by.order_by("pk").values_list("pk", flat=True)),
        version=version_seen(version, lapsed=proposal.lapsed),
        version_numbers=list(proposal.versions.order_by("-number").values_list("number", flat=True)),
        sense=sense_of(one.stance for one in checks),
        said=[
            SenseSaid(
                one.person.screen_name,
                Stance(one.stance),
                one.reason,
                one.version_number,
                one.version_number < proposal.version_number,
                one.given_at,
            )
            for one in checks
        ],
        assessments=[
            _assessed(one) for one in proposal.assessments.select_related("by__party").order_by("-pk")
        ],
        has_replay=ProposalReplay.objects.filter(version=version).exists(),
        problem=problem_of(version, at=at) if proposal.state in (*AS_DRAFT, ProposalState.IDEA) else "",
        lacks=lacks_of(proposal) if proposal.state == ProposalState.WAITING else (),
        vote_id=proposal.vote_id,
        decision_number=proposal.decision_number,
        may=_may(proposal, by, at=at),
    )


def _may(proposal: Proposal, by: Person | None, *, at: datetime) -> frozenset[str]:
    """Return the verbs to offer; whether one is allowed is its own question."""
    if by is None:
        return frozenset()
    member, own = is_admitted(by.pk, at=at), proposal.author_id == by.pk
    state, change = proposal.state, proposal.kind in WRITTEN_BY_MEMBERS
    free = proposal.held_at is None
    may = {
        "support": member and not own and state == ProposalState.IDEA,
        "check_sense": member and change and state in AS_DRAFT,
        "amend": own
        and member
        and change
        and free
        and state in (ProposalState.DRAFT, ProposalState.INFEASIBLE),
        "ask_feasibility": own and member and free and state == ProposalState.DRAFT,
        "withdraw": own and free and state not in (*ENDED, ProposalState.VOTE),
        "say_feasibility": by.is_operator and state == ProposalState.FEASIBILITY,
        "bring_back": member
        and change
        and state in (ProposalState.REJECTED, ProposalState.ARCHIVED, ProposalState.WITHDRAWN),
        "go_back": member and proposal.kind == ProposalKind.CHANGE and state == ProposalState.ADOPTED,
    }
    return frozenset(verb for verb, held in may.items() if held)


def _author(proposal: Proposal) -> str:
    """Return the author's screen name, which nobody is told before an idea is popular."""
    if proposal.author is None or proposal.popular_at is None:
        return ""
    return proposal.author.screen_name


def _assessed(row: Assessment) -> AssessmentSeen:
    return AssessmentSeen(
        version_number=row.version_number,
        outcome=Feasibility(row.outcome),
        asked_at=row.asked_at,
        due_at=row.due_at,
        said_at=row.said_at,
        by=row.by.screen_name if row.by else "",
        reason=row.reason,
        help=row.help,
        overruled_at=row.overruled_at,
        motion_id=row.motion_id,
    )


def proposals_listed(
    *, group: str = "", words: str = "", before_id: int | None = None, most: int
) -> Sequence[ProposalCard]:
    """Return proposals for programs, the newest first, so that a list goes on where it stopped."""
    rows = _narrowed(group=group, words=words)
    if before_id is not None:
        rows = rows.filter(pk__lt=before_id)
    return cards_of(list(rows.order_by("-pk").values_list("pk", flat=True)[:most]), by=None)


def _narrowed(*, group: str, words: str) -> "QuerySet[Proposal]":
    """Return the proposals of a group that have words in their title or text."""
    rows = Proposal.objects.filter(state__in=GROUPS[group]) if group else Proposal.objects.all()
    if not words:
        return rows
    latest = ProposalVersion.objects.filter(proposal=OuterRef("pk"), number=OuterRef("version_number"))
    titles = {
        "title_now": Subquery(latest.values("title")[:1]),
        "text_now": Subquery(latest.values("text")[:1]),
    }
    return rows.annotate(**titles).filter(Q(title_now__icontains=words) | Q(text_now__icontains=words))
