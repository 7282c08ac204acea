"""The task of a draft into which no rows were put: one, with an empty row."""

from canut.work.models import Revision, Task


def put_blank_task(revision: Revision) -> None:
    """Give a draft's revision its one blank task, if it has no task at all.

    So a design that shows no column is complete without a file, and removing a file leaves one task.
    """
    if not Task.objects.filter(revision=revision).exists():
        Task.objects.create(
            project_id=revision.project_id,
            revision=revision,
            position=1,
            key="1",
            row={},
            shown={},
            answers_wanted=revision.answers_per_task,
        )


def remove_blank_task(revision: Revision) -> None:
    """Take the blank task of a draft away, because rows come in its place."""
    Task.objects.filter(revision=revision, upload=None, row={}, position__gt=revision.paid_upto).delete()
