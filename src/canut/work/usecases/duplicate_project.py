"""A copy of a project to go on from: a draft of its own, with the design, the prices and the rows."""

from datetime import datetime

from django.core.files.base import File
from django.core.files.storage import default_storage
from django.db import connection, transaction
from django.utils.translation import gettext as _

from canut.kernel.events import record
from canut.kernel.later import later
from canut.people.models import Person
from canut.work.access import latest_revision, own_project, require_requester
from canut.work.designs.schema import columns_of, read_design, refuse_works_by_hand
from canut.work.models import Project, Revision, Upload
from canut.work.queries.wanted import source_of
from canut.work.states import ProjectKind, ProjectState, UploadState
from canut.work.usecases.add_rows import ADD_AT_ONCE_ROWS, delete_tasks_of
from canut.work.usecases.blank_task import put_blank_task, remove_blank_task
from canut.work.usecases.create_project import LONGEST_TITLE, lease_by_charter
from canut.work.usecases.fit_rows import refuse_while_rows_move
from canut.work.usecases.read_upload import READ_AT_ONCE_BYTES
from canut.work.usecases.receive_upload import place_for_file
from canut.work.usecases.require_standings import copy_requirements

BATCH_ROWS = 5_000

# Positions stay the same, so what has come over already tells where to go on.
_COPY = """
WITH next AS (
    SELECT * FROM work_task
    WHERE revision_id = %(source_revision)s AND upload_id IS NOT DISTINCT FROM %(source)s AND row <> '{}'
      AND position > (SELECT coalesce(max(position), 0) FROM work_task
                      WHERE revision_id = %(revision)s AND upload_id IS NOT DISTINCT FROM %(upload)s)
    ORDER BY position LIMIT %(most)s)
INSERT INTO work_task
    (project_id, revision_id, upload_id, position, key, row, shown, answers_wanted)
SELECT %(project)s, %(revision)s, %(upload)s, position, key, row,
    (SELECT coalesce(jsonb_object_agg(e.key, e.value), '{}') FROM jsonb_each(row) e
        WHERE e.key = ANY (%(columns)s)),
    answers_wanted
FROM next
"""


@transaction.atomic
def duplicate_project(*, project_id: int, by: Person, at: datetime, title: str | None = None) -> Project:
    """Make a draft that begins as the project is: texts, latest design, prices, files and rows.

    From then on the two have nothing to do with each other, but that they are of one group, for
    standings, and that it asks for the same standings. Deadline and schedule are not copied. Many rows are
    copied by a job, with progress.

    Raises:
        RequesterRoleMissing, ProjectNotFound: not `by`'s to copy.
        DesignRefused: it shows work of others, which its copy's tasks would not.
        RowsUnderWay: rows are becoming tasks of it just now.
    """
    require_requester(by)
    source = own_project(project_id, by=by, lock=True)
    old = latest_revision(source)
    refuse_works_by_hand(old.design)
    refuse_while_rows_move(source)
    copy = Project.objects.create(
        owner_id=source.owner_id,
        group_id=source.group_id,
        title=title or (_("%(title)s (copy)") % {"title": source.title})[:LONGEST_TITLE],
        description=source.description,
        language=source.language,
        kind=source.kind,
        pay_basis=source.pay_basis,
        audience=source.audience,
        currency=source.currency,
        allowed_only=source.allowed_only,
        device=source.device,
        risks=source.risks,
        launches_itself=source.launches_itself,
        cascade_policy=source.cascade_policy,
        created_at=at,
        changed_at=at,
    )
    new = Revision.objects.create(
        project=copy,
        number=1,
        design=old.design,
        reward_minor=old.reward_minor if copy.kind == ProjectKind.PAID else 0,
        expected_seconds=old.expected_seconds,
        lease_seconds=lease_by_charter(old.expected_seconds, at=at),
        answers_per_task=old.answers_per_task,
        hourly_minor=old.hourly_minor,
        hours_seconds=old.hours_seconds,
        session_most_seconds=old.session_most_seconds,
        created_at=at,
    )
    copy_requirements(source, copy)
    _copy_rows(source_of(source, old), new, None, None)
    for upload in Upload.objects.filter(project=source, state=UploadState.ADDED).order_by("pk"):
        _begin_copy(upload, copy, by=by, at=at)
    put_blank_task(new)
    record(by, "project.duplicated", copy, at=at, source_id=source.pk)
    return copy


def _begin_copy(source: Upload, project: Project, *, by: Person, at: datetime) -> None:
    upload = Upload.objects.create(
        project=project,
        uploaded_by=by,
        stored_as=place_for_file(project.pk, source.format),
        filename=source.filename,
        format=source.format,
        size_bytes=source.size_bytes,
        state=UploadState.ADDING,
        bytes_read=source.bytes_read,
        row_count=source.row_count,
        columns=source.columns,
        sample=source.sample,
        errors=source.errors,
        error_count=source.error_count,
        mapping=source.mapping,
        received_at=at,
    )
    if source.row_count <= ADD_AT_ONCE_ROWS and source.size_bytes <= READ_AT_ONCE_BYTES:
        copy_upload(upload_id=upload.pk, source_id=source.pk)
    else:
        later("work.copy_upload", upload_id=upload.pk, source_id=source.pk)


def copy_upload(*, upload_id: int, source_id: int) -> int:
    """Copy a file and the tasks its rows became to a duplicate, and return how many tasks were copied now.

    A job. It may run twice and be cut off anywhere: each batch says itself where to go on. If the
    source is removed meanwhile, the duplicate is left without this file.
    """
    upload = Upload.objects.filter(pk=upload_id, state=UploadState.ADDING).first()
    if upload is None:
        return 0
    source = Upload.objects.filter(pk=source_id).first()
    if source is None or not _copy_file(source, upload):
        _give_up(upload_id)
        return 0
    copied = 0
    while (batch := _copy_batch(upload_id, source)) > 0:
        copied += batch
    return copied


def _copy_file(source: Upload, upload: Upload) -> bool:
    """Copy the stored file, whole or anew; False if the source's is gone."""
    name = upload.stored_as
    if default_storage.exists(name):
        if default_storage.size(name) == source.size_bytes:
            return True
        default_storage.delete(name)
    try:
        with default_storage.open(source.stored_as) as file:
            default_storage.save(name, File(file))
    except FileNotFoundError:
        return False
    return True


@transaction.atomic
def _copy_batch(upload_id: int, source: Upload) -> int:
    """Copy the next tasks, or note that all are copied; return how many."""
    upload = _locked(upload_id)
    if upload is None:
        return 0
    new = latest_revision(upload.project)
    old = source_of(source.project, latest_revision(source.project))
    copied = _copy_rows(old, new, source.pk, upload.pk)
    upload.rows_added += copied
    if not copied:
        if not Upload.objects.filter(pk=source.pk).exists():
            delete_tasks_of(upload)
            upload.delete()
            return 0
        upload.state = UploadState.ADDED
    upload.save(update_fields=["rows_added", "state"])
    return copied


def _copy_rows(old: Revision, new: Revision, source_id: int | None, upload_id: int | None) -> int:
    if upload_id is not None:
        remove_blank_task(new)
    with connection.cursor() as cursor:
        cursor.execute(
            _COPY,
            {
                "source_revision": old.pk,
                "source": source_id,
                "revision": new.pk,
                "upload": upload_id,
                "project": new.project_id,
                "columns": list(columns_of(read_design(new.design))),
                "most": BATCH_ROWS if upload_id is not None else None,
            },
        )
        return int(cursor.rowcount)


@transaction.atomic
def _give_up(upload_id: int) -> None:
    """Leave the duplicate without a file whose source was removed before it was copied."""
    upload = _locked(upload_id)
    if upload is not None:
        delete_tasks_of(upload)
        upload.delete()


def _locked(upload_id: int) -> Upload | None:
    found = Upload.objects.filter(pk=upload_id).values_list("project_id", flat=True).first()
    if found is None:
        return None
    project = Project.objects.select_for_update(no_key=True).get(pk=found)
    if project.state != ProjectState.DRAFT:
        return None
    rows = Upload.objects.select_for_update(of=("self",)).select_related("project")
    return rows.filter(pk=upload_id, state=UploadState.ADDING).first()
