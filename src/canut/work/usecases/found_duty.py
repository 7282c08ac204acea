"""A body begins a project that a fund pays: reviews of a guild's work, juries."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone

from canut.kernel.events import record
from canut.people.models import Kind, Party
from canut.work.designs.schema import read_design, to_json
from canut.work.models import Project, ProjectGroup, Requirement, Revision
from canut.work.queries.gates import hash_of
from canut.work.queries.pricing import quote_for
from canut.work.rules_rounds import words_hash
from canut.work.states import CascadePolicy, Fund, ProjectState
from canut.work.usecases.create_project import in_order, lease_by_charter, refuse_misshapen
from canut.work.usecases.publish_project import refuse_under_floor


@dataclass(frozen=True, slots=True)
class Asked:
    """One standing that a project asks for, as `Requirement` keeps it."""

    scale: str
    scale_id: int
    comparator: str
    value: Decimal | int | None


@transaction.atomic
def found_duty(
    *,
    owner_id: int,
    title: str,
    description: str,
    design: Mapping[str, Any],
    fund: Fund,
    reward_minor: int,
    expected_seconds: int,
    language: str,
    device: str,
    risks: Sequence[str],
    at: datetime,
    requirements: Sequence[Asked] = (),
) -> Project:
    """Publish a project of a body's that a fund pays, without any task; `add_duty` brings them one by one.

    It is open at once to whoever it asks for, is tried in no prototype round, and what is handed in is
    approved at once. Nothing is charged yet. It says the day of its publication and no more: when it is about
    somebody's work, the moment would tell when that was handed in.

    Raises:
        LookupError: the owner is no body.
        BadInput: a field has the wrong shape; `errors` names each. DesignRefused: the design cannot be used.
        RewardUnderFloor: it pays under the floor.
    """
    if not Party.objects.filter(pk=owner_id, kind=Kind.BODY).exists():
        raise LookupError(f"party {owner_id} is no body")
    refuse_misshapen(
        title=title,
        description=description,
        language=language,
        device=device,
        reward_minor=reward_minor,
        expected_seconds=expected_seconds,
        risks=risks,
    )
    read = read_design(design)
    project = Project.objects.create(
        owner_id=owner_id,
        group=ProjectGroup.objects.create(),
        title=title,
        description=description,
        language=language,
        device=device,
        risks=in_order(risks),
        fund=fund,
        cascade_policy=CascadePolicy.OPEN,
        created_at=at,
        changed_at=at,
    )
    for one in requirements:
        Requirement.objects.create(
            project=project,
            scale=one.scale,
            scale_id=one.scale_id,
            comparator=one.comparator,
            value=one.value,
        )
    revision = Revision.objects.create(
        project=project,
        number=1,
        design=to_json(read),
        reward_minor=reward_minor,
        expected_seconds=expected_seconds,
        lease_seconds=lease_by_charter(expected_seconds, at=at),
        risks=project.risks,
        created_at=at,
    )
    refuse_under_floor(project, quote_for(project, revision, places=1, at=at), at=at)
    record(None, "project.created", project, at=at, kind=project.kind, fund=project.fund)
    day = timezone.localtime(at, timezone.get_default_timezone()).replace(
        hour=0, minute=0, second=0, microsecond=0
    )
    project.state, project.published_at = ProjectState.LIVE, day
    project.save(update_fields=["state", "published_at"])
    revision.published_at = day
    revision.design_hash, revision.words_hash = hash_of(project, revision), words_hash(revision.design)
    revision.save(update_fields=["published_at", "design_hash", "words_hash"])
    record(
        None, "project.published", project, at=at, places=0, total_minor=0, in_round=False, fund=project.fund
    )
    project.refresh_from_db()
    return project
