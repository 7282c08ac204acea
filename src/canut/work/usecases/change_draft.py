"""A draft is edited: its texts, its design, its price. What was published is never edited."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.formats import time_format
from django.utils.translation import gettext as _

from canut.kernel.events import record
from canut.kernel.refusals import Refusal
from canut.people.models import Person
from canut.work.access import latest_revision, own_project, require_requester
from canut.work.designs.schema import columns_of, read_design, to_json
from canut.work.models import Project, Revision
from canut.work.states import ProjectKind, ProjectState
from canut.work.usecases.create_project import lease_by_charter, refuse_misshapen
from canut.work.usecases.fit_rows import fit_rows, refuse_while_rows_move
from canut.work.usecases.publish_project import ProjectNotDraft, RewardMissing


class DraftChangedMeanwhile(Refusal):
    """Nothing was saved. Facts: `changed_at`, when the draft was changed after the form was opened."""

    code = "draft_changed_meanwhile"


@transaction.atomic
def change_draft(
    *,
    project_id: int,
    by: Person,
    at: datetime,
    based_on: datetime | None = None,
    title: str | None = None,
    description: str | None = None,
    language: str | None = None,
    kind: str | None = None,
    design: Mapping[str, Any] | None = None,
    reward_minor: int | None = None,
    expected_seconds: int | None = None,
    answers_per_task: int | None = None,
    allowed_only: bool | None = None,
) -> Project:
    """Change what is given of a draft and leave the rest.

    `based_on` is the draft's `changed_at` as the editor saw it: of two who edit at once, the later is
    refused. Without it nothing is compared. What workers are shown of the rows follows the design.

    Raises:
        RequesterRoleMissing, ProjectNotFound: not `by`'s to change.
        ProjectNotDraft: it was published or closed.
        DraftChangedMeanwhile: somebody changed it after `based_on`.
        BadInput, DesignRefused: a value has the wrong shape. RewardMissing: a reward of zero for paid work.
        RowsUnderWay: rows are becoming tasks just now, and this would change them.
    """
    require_requester(by)
    project = own_project(project_id, by=by, lock=True)
    if project.state != ProjectState.DRAFT:
        raise ProjectNotDraft(
            _("Only a draft can be changed. Duplicate this project to change a copy of it.")
        )
    if based_on is not None and project.changed_at != based_on:
        raise _changed_meanwhile(project)
    if title is not None:
        title = " ".join(title.split())
    given = {
        "title": title,
        "description": None if description is None else description.strip(),
        "language": language,
        "kind": kind,
        "allowed_only": allowed_only,
    }
    prices = {
        "reward_minor": reward_minor,
        "expected_seconds": expected_seconds,
        "answers_per_task": answers_per_task,
    }
    _refuse_wrong({**given, **prices}, kind=kind or project.kind)

    changed = _set(project, given)
    revision = latest_revision(project)
    changed += _change_revision(project, revision, prices, design, at=at)
    if changed:
        # Later than before even where clocks stand still, so that no form based on it passes for current.
        project.changed_at = max(at, project.changed_at + timedelta(microseconds=1))
        project.save(update_fields=["changed_at"])
        record(by, "project.changed", project, at=at, fields=changed)
    return project


def _changed_meanwhile(project: Project) -> DraftChangedMeanwhile:
    local = timezone.localtime(project.changed_at)
    return DraftChangedMeanwhile(
        _(
            "This draft was changed at %(time)s, after you opened this form, in another window or by a "
            "program. Nothing was saved; what you typed is still here. Save again to put it in the place "
            "of that change."
        )
        % {"time": time_format(local, "H:i:s")},
        changed_at=project.changed_at.isoformat(),
    )


def _refuse_wrong(given: Mapping[str, Any], *, kind: str) -> None:
    refuse_misshapen(
        **{name: value for name, value in given.items() if value is not None and name != "allowed_only"}
    )
    if kind == ProjectKind.PAID and given["reward_minor"] == 0:
        raise RewardMissing(
            _("Paid work needs a reward above zero. Volunteer work is a kind of project of its own.")
        )


def _set(row: Project | Revision, values: Mapping[str, Any]) -> list[str]:
    """Write the given values that differ, and return their names."""
    changed = [name for name, value in values.items() if value is not None and getattr(row, name) != value]
    for name in changed:
        setattr(row, name, values[name])
    if changed:
        row.save(update_fields=changed)
    return changed


def _change_revision(
    project: Project,
    revision: Revision,
    prices: Mapping[str, int | None],
    design: Mapping[str, Any] | None,
    *,
    at: datetime,
) -> list[str]:
    values: dict[str, Any] = dict(prices)
    if project.kind == ProjectKind.VOLUNTEER:
        values["reward_minor"] = 0
    if prices["expected_seconds"] is not None:
        values["lease_seconds"] = lease_by_charter(prices["expected_seconds"], at=at)
    columns_before = columns_of(read_design(revision.design))
    columns = columns_before
    if design is not None:
        read = read_design(design)
        values["design"], columns = to_json(read), columns_of(read)
    answers_change = prices["answers_per_task"] not in (None, revision.answers_per_task)
    must_fit = columns != columns_before or answers_change
    if must_fit:
        refuse_while_rows_move(project)
    changed = _set(revision, values)
    if must_fit:
        fit_rows(project, revision)
    return [name for name in changed if name != "lease_seconds"]
