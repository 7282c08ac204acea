"""Keeping what workers are shown of a row equal to what the design shows, while a draft changes."""

from collections.abc import Collection

from django.db import connection, transaction
from django.utils.translation import gettext as _

from canut.kernel.later import later
from canut.kernel.refusals import Refusal
from canut.work.designs.schema import columns_of, read_design
from canut.work.models import Project, Revision, Task, Upload
from canut.work.states import ProjectState, UploadState

AT_ONCE = 5_000
"""How many tasks are changed in one transaction; a draft with more leaves them to a job."""

# In SQL what `designs.schema.shown_columns` is in Python; a test compares them.
_SHOW = """
UPDATE work_task t SET shown =
    (SELECT coalesce(jsonb_object_agg(e.key, e.value), '{}') FROM jsonb_each(t.row) e
        WHERE e.key = ANY (%(columns)s))
WHERE t.revision_id = %(revision)s AND t.position > %(after)s AND t.position <= %(upto)s
"""


class RowsUnderWay(Refusal):
    code = "rows_under_way"


def refuse_while_rows_move(project: Project) -> None:
    """Raise RowsUnderWay while rows of the project are still becoming tasks. Its row must be locked."""
    if Upload.objects.filter(project=project, state=UploadState.ADDING).exists():
        raise RowsUnderWay(
            _(
                "Rows are still becoming tasks of this project. Wait until that is done; "
                "the page on data shows how far it is."
            )
        )


def show_columns(project: Project, revision: Revision) -> None:
    """Recompute what workers are shown of each of a draft's rows; by a job if there are many.

    Until the job is done the draft's rows count as under way, so it cannot be published half changed.
    Must run in the transaction that changed the design, the project's row locked.
    """
    if _last_position(revision.pk) <= AT_ONCE:
        _show(revision.pk, columns_of(read_design(revision.design)), after=0, upto=AT_ONCE)
        return
    Upload.objects.filter(project=project, state=UploadState.ADDED).update(state=UploadState.ADDING)
    later("work.show_columns", revision_id=revision.pk)


def show_all_columns(*, revision_id: int) -> int:
    """Do what `show_columns` left to a job, batch by batch, and return how many tasks were looked at.

    Running it twice, on two nodes or again after a crash, gives the same: nothing is remembered
    between batches but the tasks themselves, and the last step alone ends the waiting.
    """
    after = 0
    while True:
        with transaction.atomic():
            revision = Revision.objects.get(pk=revision_id)
            project = Project.objects.select_for_update(no_key=True).get(pk=revision.project_id)
            last = _last_position(revision_id)
            if project.state == ProjectState.DRAFT and after < last:
                columns = columns_of(read_design(revision.design))
                _show(revision_id, columns, after=after, upto=after + AT_ONCE)
                after += AT_ONCE
                continue
            Upload.objects.filter(project=project, state=UploadState.ADDING).update(state=UploadState.ADDED)
            return min(after, last)


def _show(revision_id: int, columns: Collection[str], *, after: int, upto: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            _SHOW, {"columns": list(columns), "revision": revision_id, "after": after, "upto": upto}
        )


def _last_position(revision_id: int) -> int:
    return int(
        Task.objects.filter(revision_id=revision_id)
        .order_by("-position")
        .values_list("position", flat=True)
        .first()
        or 0
    )
