"""Keeping a draft's tasks fit to it: what workers are shown of each row, how many answers it wants."""

from django.db import connection, transaction
from django.utils.translation import gettext as _

from canut.kernel.later import later
from canut.kernel.refusals import Refusal
from canut.work.designs.schema import columns_of, read_design
from canut.work.models import Project, Revision, Task, Upload
from canut.work.states import ProjectState, UploadState

AT_ONCE = 5_000
"""How many tasks are changed in one transaction; a draft with more leaves them to a job."""

MOVING = (UploadState.ADDING, UploadState.FITTING, UploadState.REMOVING)
"""The states of a file in which tasks of its project are coming, changing or going."""

# `shown` is in SQL what `designs.schema.shown_columns` is in Python; a test compares them. Where a
# column of the file says how many answers each row needs, the tasks keep those numbers.
_FIT = """
UPDATE work_task t SET
    shown = (SELECT coalesce(jsonb_object_agg(e.key, e.value), '{}') FROM jsonb_each(t.row) e
             WHERE e.key = ANY (%(columns)s)),
    answers_wanted = CASE
        WHEN EXISTS (SELECT FROM work_upload u
                     WHERE u.id = t.upload_id AND coalesce(u.mapping->>'answers', '') <> '')
        THEN t.answers_wanted ELSE %(answers)s END
WHERE t.revision_id = %(revision)s AND t.position > %(after)s AND t.position <= %(upto)s
"""


class RowsUnderWay(Refusal):
    code = "rows_under_way"


def refuse_while_rows_move(project: Project) -> None:
    """Raise RowsUnderWay while a job is at tasks of the project. Its row must be locked."""
    if Upload.objects.filter(project=project, state__in=MOVING).exists():
        raise RowsUnderWay(
            _(
                "Rows are still becoming tasks of this project. Wait until that is done; "
                "the page on data shows how far it is."
            )
        )


def fit_rows(project: Project, revision: Revision) -> None:
    """Fit each of a draft's tasks to its design and its number of answers; by a job if there are many.

    Until the job is done the draft's rows count as under way, so it cannot be published half changed.
    Must run in the transaction that changed the draft, the project's row locked.
    """
    if _last_position(revision.pk) <= AT_ONCE:
        _fit(revision, after=0, upto=AT_ONCE)
        return
    Upload.objects.filter(project=project, state=UploadState.ADDED).update(state=UploadState.FITTING)
    later("work.fit_rows", revision_id=revision.pk)


def fit_all_rows(*, revision_id: int) -> int:
    """Do what `fit_rows` left to a job, batch by batch, and return how many positions were gone through.

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
                _fit(revision, after=after, upto=after + AT_ONCE)
                after += AT_ONCE
                continue
            Upload.objects.filter(project=project, state=UploadState.FITTING).update(state=UploadState.ADDED)
            return min(after, last)


def _fit(revision: Revision, *, after: int, upto: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            _FIT,
            {
                "columns": list(columns_of(read_design(revision.design))),
                "answers": revision.answers_per_task,
                "revision": revision.pk,
                "after": after,
                "upto": upto,
            },
        )


def _last_position(revision_id: int) -> int:
    tasks = Task.objects.filter(revision_id=revision_id).order_by("-position")
    return int(tasks.values_list("position", flat=True).first() or 0)
