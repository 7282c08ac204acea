"""Collective refusal, read: what a worker sees of it, what the requester is told, what an appeal is about."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from canut.charter.queries import in_force
from canut.people.models import Person
from canut.work.access import latest_revision, own_project
from canut.work.designs.schema import read_design
from canut.work.models import Assignment, Project, ProjectOpening, ProjectRefusal, Withdrawal
from canut.work.queries.near import near_to
from canut.work.queries.sessions import published_revision
from canut.work.rules_refusal import refusals_needed
from canut.work.states import AppealState, PayBasis, ProjectKind, RefusalGround


@dataclass(frozen=True, slots=True)
class Told:
    """One refusal as everybody but its author reads it: no name and no time."""

    ground: str
    words: str


@dataclass(frozen=True, slots=True)
class RefusalsSeen:
    """What a worker sees on a project's page: whether they refused it, how many it takes, how many did."""

    mine: str
    refused: int
    opened: int
    needed: int


@dataclass(frozen=True, slots=True)
class WithdrawalSeen:
    """A withdrawal as its requester sees it, and those who hear the appeal.

    `appeal` is "" while there is none, then a state of AppealState; `appeal_until` is when it is too late to
    appeal. `ended_by` is a word of HeardBy. The terms are those that were refused. `language` is what workers
    needed, empty if none.
    """

    project_id: int
    title: str
    language: str
    description: str
    instructions: str
    currency: str
    is_volunteer: bool
    by_the_hour: bool
    reward_minor: int
    hourly_minor: int
    expected_seconds: int
    opened: int
    refused: int
    needed: int
    withdrawn_at: datetime
    grounds: Mapping[str, int]
    reasons: Sequence[Told]
    appeal: str
    appeal_until: datetime
    may_appeal: bool
    words: str
    appealed_at: datetime | None
    reason: str
    decided_at: datetime | None
    ended_by: str
    may_reinstate: bool


def needed_now(project_id: int, *, at: datetime) -> tuple[int, int]:
    """Return how many workers have opened a project, and how many of them it takes to withdraw it."""
    opened = ProjectOpening.objects.filter(project_id=project_id).count()
    needed = refusals_needed(
        opened,
        least_workers=in_force("refusal.least_workers", at=at),
        opened_share=in_force("refusal.opened_share", at=at),
        most_workers=in_force("refusal.most_workers", at=at),
        few_opened=in_force("refusal.few_opened_workers", at=at),
    )
    return opened, needed


def refusals_seen(project_id: int, *, by: Person, at: datetime) -> RefusalsSeen:
    """Return what the worker `by` sees of a project's refusals."""
    rows = ProjectRefusal.objects.filter(project_id=project_id)
    mine = rows.filter(worker=by).values_list("ground", flat=True).first()
    opened, needed = needed_now(project_id, at=at)
    label = str(RefusalGround(mine).label) if mine else ""
    return RefusalsSeen(mine=label, refused=rows.count(), opened=opened, needed=needed)


def withdrawal_of(project_id: int, *, by: Person, at: datetime) -> WithdrawalSeen | None:
    """Return the withdrawal of a project of `by`, or None if it was not withdrawn.

    Raises:
        ProjectNotFound: there is none of `by`.
    """
    project = own_project(project_id, by=by)
    found = Withdrawal.objects.filter(project=project).first()
    return None if found is None else _seen(found, project, by=by, at=at)


def appealed_withdrawal(project_id: int) -> WithdrawalSeen:
    """Return what the appeal against a withdrawal is about, for the room that hears it; there must be one."""
    found = Withdrawal.objects.select_related("project").get(pk=project_id)
    return _seen(found, found.project, by=None, at=found.appealed_at or found.withdrawn_at)


def who_had_a_part_in_refusing(project_id: int, *, at: datetime) -> set[int]:
    """Return who may not judge the withdrawal of a project, because they had a part in it or a tie to it.

    They are its owner; who refused it; who took a task of it; and who has a tie to its owner.
    """
    project = Project.objects.get(pk=project_id)
    refused = ProjectRefusal.objects.filter(project=project)
    return {
        project.owner_id,
        *refused.values_list("worker", flat=True),
        *Assignment.objects.filter(project=project).values_list("worker", flat=True).distinct(),
        *near_to(project.owner_id, at=at),
    }


def withdrawn_since_published(project: Project) -> datetime | None:
    """Return when a project that was taken up again had been withdrawn, until a revision of it is published.

    Till then it has no money: what was set aside went back when it was withdrawn.
    """
    withdrawal = Withdrawal.objects.filter(project=project, appeal=AppealState.OVERTURNED).first()
    published = published_revision(project)
    if withdrawal is None or published is None or published.published_at is None:
        return None
    return withdrawal.withdrawn_at if published.published_at < withdrawal.withdrawn_at else None


def appeal_until(withdrawal: Withdrawal) -> datetime:
    """Return until when the requester may appeal a withdrawal, by the charter in force when it happened."""
    days = in_force("refusal.appeal_days", at=withdrawal.withdrawn_at)
    return withdrawal.withdrawn_at + timedelta(days=days)


def _seen(withdrawal: Withdrawal, project: Project, *, by: Person | None, at: datetime) -> WithdrawalSeen:
    revision = published_revision(project) or latest_revision(project)
    refusals = list(ProjectRefusal.objects.filter(project=project).order_by("ground", "words"))
    grounds: dict[str, int] = {}
    for refusal in refusals:
        label = str(RefusalGround(refusal.ground).label)
        grounds[label] = grounds.get(label, 0) + 1
    until = appeal_until(withdrawal)
    is_owner = by is not None and project.owner_id == by.pk
    return WithdrawalSeen(
        project_id=project.pk,
        title=project.title,
        language=project.language,
        description=project.description,
        instructions=read_design(revision.design).instructions,
        currency=project.currency,
        is_volunteer=project.kind == ProjectKind.VOLUNTEER,
        by_the_hour=project.pay_basis == PayBasis.HOUR,
        reward_minor=revision.reward_minor,
        hourly_minor=revision.hourly_minor,
        expected_seconds=revision.expected_seconds,
        opened=withdrawal.opened_by_workers,
        refused=withdrawal.refused_by_workers,
        needed=withdrawal.needed_workers,
        withdrawn_at=withdrawal.withdrawn_at,
        grounds=grounds,
        reasons=[Told(str(RefusalGround(one.ground).label), one.words) for one in refusals if one.words],
        appeal=withdrawal.appeal,
        appeal_until=until,
        may_appeal=not withdrawal.appeal and at < until and is_owner,
        words=withdrawal.words,
        appealed_at=withdrawal.appealed_at,
        reason=withdrawal.reason,
        decided_at=withdrawal.decided_at,
        ended_by=withdrawal.ended_by,
        may_reinstate=withdrawal.appeal == AppealState.OVERTURNED
        and is_owner
        and project.closed_at == withdrawal.withdrawn_at,
    )
