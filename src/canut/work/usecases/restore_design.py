"""A requester goes back among the versions of a design, or forth again, or gives one a name."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from canut.kernel.events import record
from canut.kernel.refusals import NotFound, Refusal
from canut.people.models import Person
from canut.work.access import latest_revision, own_project, require_requester
from canut.work.models import DesignVersion, Project, Revision
from canut.work.states import DesignStep
from canut.work.usecases.change_draft import mark_changed, refuse_if_not_editable
from canut.work.usecases.keep_design_version import keep_design_version
from canut.work.usecases.write_revision import write_revision

LONGEST_TITLE = 80


class NothingToUndo(Refusal):
    code = "nothing_to_undo"


class DesignVersionNotFound(NotFound):
    code = "design_version_not_found"


@transaction.atomic
def undo_design(*, project_id: int, by: Person, at: datetime, based_on: datetime | None = None) -> Project:
    """Make the version before the present one the design again.

    Raises:
        RequesterRoleMissing, ProjectNotFound, ProjectNotDraft, DraftChangedMeanwhile: as `change_draft`.
        NothingToUndo: the present one is the first. RowsUnderWay: rows are becoming tasks just now.
    """
    project, revision = _of(project_id, by=by, based_on=based_on)
    before = revision.versions.filter(number__lt=revision.design_version).order_by("-number").first()
    if before is None:
        raise NothingToUndo(_("There is nothing to undo: this is the design as editing began."))
    return _go_to(before, project, revision, by=by, at=at)


@transaction.atomic
def redo_design(*, project_id: int, by: Person, at: datetime, based_on: datetime | None = None) -> Project:
    """Make the version after the present one, which was undone, the design again.

    Raises:
        As `undo_design`; NothingToUndo if nothing was undone, or something was changed after.
    """
    project, revision = _of(project_id, by=by, based_on=based_on)
    after = revision.versions.filter(number__gt=revision.design_version).order_by("number").first()
    if after is None:
        raise NothingToUndo(_("There is nothing to bring back: nothing was undone since the last change."))
    return _go_to(after, project, revision, by=by, at=at)


@transaction.atomic
def go_back_to_design(
    *, project_id: int, number: int, by: Person, at: datetime, based_on: datetime | None = None
) -> Project:
    """Make an earlier version the design again, as a new step: what came after it stays among the versions.

    Raises:
        As `undo_design`. DesignVersionNotFound: there is none of this number.
    """
    project, revision = _of(project_id, by=by, based_on=based_on)
    version = _version(revision, number)
    keep_design_version(
        revision, version.design, step=DesignStep.RESTORED, is_sound=version.is_sound, by=by, at=at
    )
    return _go_to(revision.versions.get(number=revision.design_version), project, revision, by=by, at=at)


@transaction.atomic
def name_design_version(
    *, project_id: int, number: int, title: str, by: Person, at: datetime
) -> DesignVersion:
    """Give a version a name by which to find it again; an empty one takes the name away.

    Raises:
        RequesterRoleMissing, ProjectNotFound, ProjectNotDraft: not `by`'s to change.
        DesignVersionNotFound: there is none of this number. TitleTooLong: over 80 characters.
    """
    project, revision = _of(project_id, by=by, based_on=None)
    version = _version(revision, number)
    title = " ".join(title.replace("\0", "").split())
    if len(title) > LONGEST_TITLE:
        raise TitleTooLong(_("A version's name has at most 80 characters."))
    version.title = title
    version.save(update_fields=["title"])
    record(by, "project.design_named", project, at=at, version=number)
    return version


class TitleTooLong(Refusal):
    code = "version_title_too_long"
    status = 422


def _of(project_id: int, *, by: Person, based_on: datetime | None) -> tuple[Project, Revision]:
    require_requester(by)
    project = own_project(project_id, by=by, lock=True)
    revision = latest_revision(project)
    refuse_if_not_editable(project, revision, based_on=based_on)
    return project, revision


def _version(revision: Revision, number: int) -> DesignVersion:
    found = revision.versions.filter(number=number).first()
    if found is None:
        raise DesignVersionNotFound(_("There is no such version of the design."))
    return found


def _go_to(
    version: DesignVersion, project: Project, revision: Revision, *, by: Person, at: datetime
) -> Project:
    if version.is_sound:
        write_revision(project, revision, {"design": version.design})
    revision.design_version = version.number
    revision.save(update_fields=["design_version"])
    mark_changed(project, at=at)
    record(by, "project.changed", project, at=at, fields=["design"])
    return project
