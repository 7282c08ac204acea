"""A draft is edited: its texts, its design, its price. What was published is never edited."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.formats import time_format
from django.utils.translation import gettext as _

from canut.charter.queries import in_force
from canut.kernel.events import record
from canut.kernel.refusals import Refusal
from canut.people.models import Person
from canut.work.access import latest_revision, own_project, require_requester
from canut.work.designs.schema import read_design_by_hand, to_json
from canut.work.models import Project, Revision
from canut.work.states import DesignStep, PayBasis, ProjectKind, ProjectState
from canut.work.usecases.create_project import in_order, lease_by_charter, refuse_misshapen
from canut.work.usecases.keep_design_version import keep_design_version
from canut.work.usecases.publish_project import ProjectNotDraft, RewardMissing
from canut.work.usecases.write_revision import write_revision

STAYS_ONCE_PUBLISHED = (
    *("title", "description", "language", "kind", "allowed_only", "pay_basis"),
    "cascade_policy",
)
"""What workers chose a project by: a revision of a published one does not change it."""


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
    device: str | None = None,
    risks: Sequence[str] | None = None,
    launches_itself: bool | None = None,
    pay_basis: str | None = None,
    hourly_minor: int | None = None,
    hours_seconds: int | None = None,
    session_most_seconds: int | None = None,
    cascade_policy: str | None = None,
    design_step: str = DesignStep.REPLACED,
) -> Project:
    """Change what is given of a draft, or of a published project's revision, and leave the rest.

    `based_on` is the draft's `changed_at` as the editor saw it: of two who edit at once, the later is
    refused. Without it nothing is compared. What workers are shown of the rows follows the design, of
    which each version is kept; `design_step` says what led to this one. An empty `cascade_policy` is the
    charter's; of a published project it is chosen by `choose_cascade`.

    Raises:
        RequesterRoleMissing, ProjectNotFound: not `by`'s to change.
        ProjectNotDraft: it was published or closed, or this part of it was published.
        DraftChangedMeanwhile: somebody changed it after `based_on`.
        BadInput, DesignRefused: a value has the wrong shape. RewardMissing: a reward of zero for paid work.
        RowsUnderWay: rows are becoming tasks just now, and this would change them.
    """
    require_requester(by)
    project = own_project(project_id, by=by, lock=True)
    revision = latest_revision(project)
    refuse_if_not_editable(project, revision, based_on=based_on)
    given = {
        "title": None if title is None else " ".join(title.split()),
        "description": None if description is None else description.strip(),
        "language": language,
        "kind": kind,
        "allowed_only": allowed_only,
        "device": device,
        "risks": None if risks is None else in_order(risks),
        "launches_itself": launches_itself,
        "pay_basis": pay_basis,
        "cascade_policy": in_force("cascade.default_policy", at=at)
        if cascade_policy == ""
        else cascade_policy,
    }
    prices = {
        "reward_minor": reward_minor,
        "expected_seconds": expected_seconds,
        "answers_per_task": answers_per_task,
        "hourly_minor": hourly_minor,
        "hours_seconds": hours_seconds,
        "session_most_seconds": session_most_seconds,
    }
    _refuse_wrong(project, {**given, **prices})
    read = None if design is None else to_json(read_design_by_hand(design, before=revision.design))

    changed = _set(project, given)
    is_kept = read is not None and keep_design_version(
        revision, read, step=design_step, is_sound=True, by=by, at=at
    )
    changed += _change_revision(project, revision, prices, read, at=at)
    if changed or is_kept:
        mark_changed(project, at=at)
    if changed:
        record(by, "project.changed", project, at=at, fields=changed)
    return project


def refuse_if_not_editable(project: Project, revision: Revision, *, based_on: datetime | None) -> None:
    """Raise ProjectNotDraft if it is published, DraftChangedMeanwhile if the form is out of date."""
    if revision.published_at is not None or project.state == ProjectState.CLOSED:
        raise ProjectNotDraft(
            _(
                "What was published is not changed. Begin a revision of this project, or duplicate it "
                "to change a copy."
            )
        )
    if based_on is not None and project.changed_at != based_on:
        raise _changed_meanwhile(project)


def mark_changed(project: Project, *, at: datetime) -> None:
    """Note when the draft was changed, so that forms opened before are out of date."""
    # Later than before even where clocks stand still, so that no form based on it passes for current.
    project.changed_at = max(at, project.changed_at + timedelta(microseconds=1))
    project.save(update_fields=["changed_at"])


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


def _refuse_wrong(project: Project, given: Mapping[str, Any]) -> None:
    """Raise for a value that no project can have, or that this one cannot have any more."""
    present = {name: value for name, value in given.items() if value is not None}
    refuse_misshapen(**present)
    if project.published_at is not None:
        differing = [n for n in STAYS_ONCE_PUBLISHED if n in present and present[n] != getattr(project, n)]
        if differing:
            raise ProjectNotDraft(
                _("A revision changes the design, the price and the risks. The rest was published and stays.")
            )
    kind = given["kind"] or project.kind
    by_the_hour = (given["pay_basis"] or project.pay_basis) == PayBasis.HOUR
    if kind == ProjectKind.PAID and not by_the_hour and given["reward_minor"] == 0:
        raise RewardMissing(
            _("Paid work needs a reward above zero. Volunteer work is a kind of project of its own.")
        )


def _set(project: Project, values: Mapping[str, Any]) -> list[str]:
    """Write the given values that differ, and return their names."""
    changed = [
        name for name, value in values.items() if value is not None and getattr(project, name) != value
    ]
    for name in changed:
        setattr(project, name, values[name])
    if changed:
        project.save(update_fields=changed)
    return changed


def _change_revision(
    project: Project,
    revision: Revision,
    prices: Mapping[str, int | None],
    design: Mapping[str, Any] | None,
    *,
    at: datetime,
) -> list[str]:
    values: dict[str, Any] = {**prices, "design": design}
    volunteer = project.kind == ProjectKind.VOLUNTEER
    if volunteer or project.pay_basis == PayBasis.HOUR:
        values["reward_minor"] = 0
    if volunteer or project.pay_basis == PayBasis.PIECE:
        values |= {"hourly_minor": 0, "hours_seconds": 0, "session_most_seconds": 0}
    if prices["expected_seconds"] is not None:
        values["lease_seconds"] = lease_by_charter(prices["expected_seconds"], at=at)
    return [name for name in write_revision(project, revision, values) if name != "lease_seconds"]
