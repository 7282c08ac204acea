"""A requester's projects as the studio shows them: the list, and one with all its parts."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Q, Sum

from canut.people.models import Person
from canut.work.access import latest_revision, own_project, projects_of, require_requester
from canut.work.designs.schema import columns_in_order, read_design
from canut.work.models import Assignment, BrokenRow, Round, Task, Upload, Withdrawal
from canut.work.queries.row_files import RowsFile, file_of
from canut.work.queries.wanted import source_of
from canut.work.states import CascadePolicy, PayBasis, ProjectKind, ProjectState

PROJECTS_A_PAGE = 20

MADE_OF_ROWS = Q(upload__isnull=False) | Q(revision__published_at__isnull=False) | ~Q(row={})
"""Tasks but for the blank one that a draft without rows has."""


@dataclass(frozen=True, slots=True)
class ProjectLine:
    """One line of the list. `answers_in` counts what was handed in, `to_decide` what waits for a decision."""

    id: int
    title: str
    state: str
    state_name: str
    is_volunteer: bool
    tasks: int
    answers_wanted: int
    answers_in: int
    to_decide: int
    created_at: datetime
    published_at: datetime | None
    publish_at: datetime | None


@dataclass(frozen=True, slots=True)
class ProjectsPage:
    """Lines, newest first; `next_cursor` is the id after which the list goes on, if it does."""

    lines: Sequence[ProjectLine]
    next_cursor: int | None


@dataclass(frozen=True, slots=True)
class StudioProject:
    """One project as its owner edits or watches it. `changed_at` is what a form is based on.

    `design` is the latest revision's JSON, `design_columns` what it shows of a row, in its order;
    `lacking` those of them that some file of the project does not have. `rows` are tasks made of rows:
    the blank task of a draft without a file does not count. `unpaid_rows` wait in a published project.
    `revision` is the latest one's number; `is_revising` tells that it is not published and others were.
    """

    id: int
    title: str
    description: str
    language: str
    kind: str
    currency: str
    state: str
    state_name: str
    allowed_only: bool
    device: str
    risks: Sequence[str]
    launches_itself: bool
    pay_basis: str
    cascade_policy: str
    changed_at: datetime
    created_at: datetime
    published_at: datetime | None
    publish_at: datetime | None
    deadline_at: datetime | None
    closed_at: datetime | None
    design: Mapping[str, Any]
    design_columns: Sequence[str]
    reward_minor: int
    expected_seconds: int
    lease_seconds: int
    answers_per_task: int
    hourly_minor: int
    hours_seconds: int
    session_most_seconds: int
    rows: int
    unpaid_rows: int
    files: Sequence[RowsFile]
    lacking: Sequence[str]
    revision: int
    is_revising: bool
    has_rounds: bool
    is_withdrawn: bool
    has_broken_rows: bool

    @property
    def is_editable(self) -> bool:
        """Whether its design and price can be changed: a draft, or a revision that is being made."""
        return self.is_draft or (self.is_revising and not self.is_closed)

    @property
    def is_draft(self) -> bool:
        return self.state == ProjectState.DRAFT

    @property
    def is_live(self) -> bool:
        return self.state == ProjectState.LIVE

    @property
    def is_paused(self) -> bool:
        return self.state == ProjectState.PAUSED

    @property
    def is_closed(self) -> bool:
        return self.state == ProjectState.CLOSED

    @property
    def is_volunteer(self) -> bool:
        return self.kind == ProjectKind.VOLUNTEER

    @property
    def is_by_the_hour(self) -> bool:
        return self.pay_basis == PayBasis.HOUR

    @property
    def opens(self) -> str:
        """How it opens to workers, in words."""
        return str(CascadePolicy(self.cascade_policy).label)

    @property
    def needs_rows(self) -> bool:
        return bool(self.design_columns) and not self.rows

    @property
    def needs_reward(self) -> bool:
        if self.is_by_the_hour:
            return not self.hourly_minor
        return not self.is_volunteer and not self.reward_minor

    @property
    def file_to_add(self) -> RowsFile | None:
        """The file that waits to be read, mapped and added, if one does."""
        return next((file for file in self.files if not file.is_added), None)

    @property
    def files_added(self) -> Sequence[RowsFile]:
        return [file for file in self.files if file.is_added]


def projects_page(*, by: Person, before_id: int | None = None, most: int = PROJECTS_A_PAGE) -> ProjectsPage:
    """Return the projects of `by`, newest first, at most `most` of them before the project `before_id`.

    Raises:
        RequesterRoleMissing: `by` is no requester and has no project.
    """
    rows = projects_of(by)
    if not by.is_requester and not rows.exists():
        require_requester(by)
    if before_id is not None:
        rows = rows.filter(pk__lt=before_id)
    found = list(rows[: most + 1])
    projects, ids = found[:most], [project.pk for project in found[:most]]
    tasks = {
        row["project_id"]: row
        for row in Task.objects.filter(project__in=ids)
        .filter(MADE_OF_ROWS)
        .values("project_id")
        .annotate(n=Count("pk"), wanted=Sum("answers_wanted"))
        .order_by()
    }
    handed_in = Counter(
        dict(
            _per_project(
                Q(state__in=["submitted", "returned", "approved"])
                | Q(state="rejected", place_released=False),
                ids,
            )
        )
    )
    to_decide = Counter(dict(_per_project(Q(state="submitted"), ids)))
    lines = [
        ProjectLine(
            id=project.pk,
            title=project.title,
            state=project.state,
            state_name=str(project.get_state_display()),
            is_volunteer=project.kind == ProjectKind.VOLUNTEER,
            tasks=tasks.get(project.pk, _NO_TASKS)["n"],
            answers_wanted=tasks.get(project.pk, _NO_TASKS)["wanted"],
            answers_in=handed_in[project.pk],
            to_decide=to_decide[project.pk],
            created_at=project.created_at,
            published_at=project.published_at,
            publish_at=project.publish_at,
        )
        for project in projects
    ]
    return ProjectsPage(lines, projects[-1].pk if len(found) > most else None)


def studio_project(project_id: int, *, by: Person) -> StudioProject:
    """Return a project of `by` with all its parts.

    Raises:
        ProjectNotFound: there is none of `by`.
    """
    project = own_project(project_id, by=by)
    revision = latest_revision(project)
    design = read_design(revision.design)
    uploads = list(Upload.objects.filter(project=project).order_by("pk"))
    published = set(
        Task.objects.filter(upload__in=uploads, position__lte=revision.paid_upto)
        .values_list("upload_id", flat=True)
        .distinct()
    )
    files = [file_of(upload, design, uploads, is_published=upload.pk in published) for upload in uploads]
    is_revising = project.published_at is not None and revision.published_at is None
    tasks = Task.objects.filter(revision=source_of(project, revision))
    return StudioProject(
        id=project.pk,
        title=project.title,
        description=project.description,
        language=project.language,
        kind=project.kind,
        currency=project.currency,
        state=project.state,
        state_name=str(project.get_state_display()),
        allowed_only=project.allowed_only,
        device=project.device,
        risks=project.risks,
        launches_itself=project.launches_itself,
        pay_basis=project.pay_basis,
        cascade_policy=project.cascade_policy,
        changed_at=project.changed_at,
        created_at=project.created_at,
        published_at=project.published_at,
        publish_at=project.publish_at,
        deadline_at=project.deadline_at,
        closed_at=project.closed_at,
        design=revision.design,
        design_columns=columns_in_order(design),
        reward_minor=revision.reward_minor,
        expected_seconds=revision.expected_seconds,
        lease_seconds=revision.lease_seconds,
        answers_per_task=revision.answers_per_task,
        hourly_minor=revision.hourly_minor,
        hours_seconds=revision.hours_seconds,
        session_most_seconds=revision.session_most_seconds,
        rows=tasks.filter(MADE_OF_ROWS).count(),
        unpaid_rows=tasks.filter(position__gt=revision.paid_upto).count()
        if project.published_at and not is_revising
        else 0,
        files=files,
        lacking=tuple(dict.fromkeys(column for file in files if file.is_added for column in file.lacks)),
        revision=revision.number,
        is_revising=is_revising,
        has_rounds=Round.objects.filter(project=project).exists(),
        is_withdrawn=Withdrawal.objects.filter(project=project).exists(),
        has_broken_rows=BrokenRow.objects.filter(project=project).exists(),
    )


_NO_TASKS: Mapping[str, int] = {"n": 0, "wanted": 0}


def _per_project(condition: Q, ids: Sequence[int]) -> Sequence[tuple[int, int]]:
    rows = Assignment.objects.filter(condition, project__in=ids).values("project_id").order_by()
    return list(rows.annotate(n=Count("pk")).values_list("project_id", "n"))
