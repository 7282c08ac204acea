"""A project's tasks with their answers in the form of Label Studio, read in pieces."""

from collections.abc import Iterator
from itertools import islice
from typing import Any

from django.conf import settings

from canut.work.designs.schema import Design, read_design
from canut.work.models import Project, Revision, Submission, Task
from canut.work.queries.answers import COUNTED
from canut.work.results.label_studio import annotation_of

PIECE = 1_000


def label_studio_tasks(project: Project, *, revision_id: int | None = None) -> Iterator[dict[str, Any]]:
    """Give each task that has an answer, with the latest attempts that were approved or wait for it.

    Every answer is read by the design of the revision to which it was given; of one revision if named.
    """
    alias = settings.DATABASE_FOR_LONG_READS
    designs: dict[int, Design] = {
        revision.pk: read_design(revision.design) for revision in Revision.objects.filter(project=project)
    }
    ids = Task.objects.using(alias).filter(project_id=project.pk).order_by("pk").values_list("pk", flat=True)
    numbers = ids.iterator(chunk_size=PIECE)
    while piece := list(islice(numbers, PIECE)):
        tasks = {task.pk: task for task in Task.objects.using(alias).filter(pk__in=piece)}
        found: dict[int, list[dict[str, Any]]] = {}
        answered = Submission.objects.using(alias).filter(
            project_id=project.pk, assignment__task_id__in=piece, assignment__state__in=COUNTED
        )
        if revision_id is not None:
            answered = answered.filter(assignment__revision_id=revision_id)
        for submission in answered.select_related("assignment").order_by("assignment_id"):
            assignment = submission.assignment
            if submission.attempt == assignment.attempt:
                task = tasks[assignment.task_id]
                annotation = annotation_of(
                    designs[assignment.revision_id],
                    task.row,
                    submission.answer,
                    assignment_id=assignment.pk,
                    worker_id=None if assignment.round_id else assignment.worker_id,
                    seconds=submission.active_seconds,
                    submitted_at=submission.submitted_at,
                )
                found.setdefault(task.pk, []).append(annotation)
        for number in piece:
            if number in found:
                task = tasks[number]
                yield {
                    "id": task.pk,
                    "data": task.row,
                    "meta": {"canut": {"key": task.key, "position": task.position}},
                    "annotations": found[number],
                    "predictions": [],
                }
