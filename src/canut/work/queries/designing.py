"""A design as its owner works on it: its present version, the way to it, and what it would cost."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from canut.charter.queries import floor_highest, in_force
from canut.people.models import Person
from canut.work.access import latest_revision, own_project
from canut.work.designs.columns import column_name
from canut.work.designs.problems import DesignProblem
from canut.work.designs.rules_effort import Effort, effort_of
from canut.work.designs.schema import read_design
from canut.work.designs.unfinished import columns_named, problems_of
from canut.work.models import DesignVersion, Project, Revision, Task, Upload
from canut.work.rules import least_reward_minor, paid_seconds
from canut.work.states import Device, PayBasis, ProjectKind, ProjectState, UploadState

VERSIONS_SHOWN = 30
ROWS_LOOKED_AT = 50


@dataclass(frozen=True, slots=True)
class VersionLine:
    """One version of the design in the list, newest first."""

    number: int
    title: str
    step_name: str
    is_sound: bool
    made_at: datetime
    is_current: bool


@dataclass(frozen=True, slots=True)
class Designing:
    """A design being worked on. `design` is the present version's JSON, sound or not; `problems` say.

    `columns` are those of the project's rows, `lacking` those that the design names and some file has
    not. `best_on_computer` names the types in the last sound version for which a phone is too small, while
    the project does not say what it is best done with. `effort` is how long a task of that version should
    take, by what is in it; `least_minor` the smallest reward for that time, None where nothing is paid for
    by the piece.
    """

    project_id: int
    is_editable: bool
    is_revision: bool
    changed_at: datetime
    design: Mapping[str, Any]
    problems: Sequence[DesignProblem]
    can_undo: bool
    can_redo: bool
    versions: Sequence[VersionLine]
    columns: Sequence[str]
    lacking: Sequence[str]
    best_on_computer: Sequence[str]
    expected_seconds: int
    effort: Effort
    least_minor: int | None
    currency: str
    title: str


def designing_of(project_id: int, *, by: Person, at: datetime) -> Designing:
    """Return the design of a project of `by` as they left it.

    Raises:
        ProjectNotFound: there is none of `by`.
    """
    project = own_project(project_id, by=by)
    revision = latest_revision(project)
    current = DesignVersion.objects.filter(revision=revision, number=revision.design_version).first()
    design = current.design if current else revision.design
    versions = list(DesignVersion.objects.filter(revision=revision).defer("design").order_by("-number"))
    files = [set(map(column_name, columns)) for columns in _columns_of_files(project)]
    columns = dict.fromkeys(column for file in _columns_of_files(project) for column in file)
    named = columns_named(design)
    rows = Task.objects.filter(project=project).order_by("position").values_list("shown", flat=True)
    sound = read_design(revision.design)
    effort = effort_of(sound, rows[:ROWS_LOOKED_AT])
    types = dict.fromkeys(type(item) for item in sound.items if item.best_on_computer)
    return Designing(
        project_id=project.pk,
        is_editable=revision.published_at is None and project.state != ProjectState.CLOSED,
        is_revision=project.published_at is not None,
        changed_at=project.changed_at,
        design=design,
        problems=problems_of(design),
        can_undo=any(version.number < revision.design_version for version in versions),
        can_redo=any(version.number > revision.design_version for version in versions),
        versions=[_line(version, revision) for version in _shown(versions)],
        columns=tuple(columns),
        lacking=tuple(name for name in named if any(name not in file for file in files)),
        best_on_computer=[str(one.called) for one in types] if project.device == Device.ANY else (),
        expected_seconds=revision.expected_seconds,
        effort=effort,
        least_minor=_least_minor(project, effort.seconds, at=at),
        currency=project.currency,
        title=project.title,
    )


def _columns_of_files(project: Project) -> list[Sequence[str]]:
    added = Upload.objects.filter(project=project, state__in=[UploadState.ADDED, UploadState.FITTING])
    return list(added.order_by("pk").values_list("columns", flat=True))


def _shown(versions: Sequence[DesignVersion]) -> Sequence[DesignVersion]:
    """Return the newest versions, and of the others those that somebody gave a name."""
    return [version for place, version in enumerate(versions) if place < VERSIONS_SHOWN or version.title]


def _line(version: DesignVersion, revision: Revision) -> VersionLine:
    return VersionLine(
        number=version.number,
        title=version.title,
        step_name=str(version.get_step_display()),
        is_sound=version.is_sound,
        made_at=version.made_at,
        is_current=version.number == revision.design_version,
    )


def _least_minor(project: Project, seconds: int, *, at: datetime) -> int | None:
    if project.kind != ProjectKind.PAID or project.pay_basis != PayBasis.PIECE:
        return None
    paid = paid_seconds(seconds, project.risks, in_force("pay.risk_break_share", at=at))
    return least_reward_minor(expected_seconds=paid, floor_hourly_minor=floor_highest(at=at))
