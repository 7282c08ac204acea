"""The designs and compiled validators of published revisions, made once in each process.

A published revision never changes (`revision_frozen`), so they can be kept for good.
"""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from canut.work.designs.answers import Validator, compile_validator
from canut.work.designs.schema import Design, read_design, shown_columns
from canut.work.models import Assignment, Revision


@lru_cache(maxsize=2048)
def design_of(revision_id: int) -> Design:
    """Return the design of a published revision.

    Raises:
        LookupError: there is no such revision, or it is not published and may still change.
    """
    revision = Revision.objects.filter(pk=revision_id, published_at__isnull=False).first()
    if revision is None:
        raise LookupError(f"revision {revision_id} is not published")
    return read_design(revision.design)


@lru_cache(maxsize=2048)
def validator_of(revision_id: int) -> Validator:
    """Return the validator of a published revision. Raises LookupError as `design_of` does.

    What a fund pays needs the twin: it is approved as it is handed in, and its tasks are for some people.
    """
    validate = compile_validator(design_of(revision_id))
    if Revision.objects.filter(pk=revision_id).exclude(project__fund="").exists():
        validate.needs_twin = True
    return validate


def row_shown(assignment: Assignment) -> Mapping[str, Any]:
    """Return what an assignment shows of its task's row: the columns of its own revision's design.

    A task keeps those of the revision that it belongs to now, which may be a later one.
    """
    task = assignment.task
    if task.revision_id == assignment.revision_id:
        shown: Mapping[str, Any] = task.shown
        return shown
    return shown_columns(design_of(assignment.revision_id), task.row)
