"""An answer is held against its row and its files: the part of the check that reads the database."""

from typing import Any

from canut.work.designs.answers import Answer, Validator
from canut.work.models import AnswerFile, Assignment
from canut.work.queries.files import place_of


def check_answer(assignment: Assignment, validate: Validator, answer: Any) -> Answer:
    """Return an answer as it is stored for this assignment; most designs need no more than `validate`.

    Raises:
        AnswerRefused: it does not fit the design, or quotes, points at or names what is not there.
    """
    checked = validate(answer)
    if not validate.needs_twin:
        return checked
    return validate.placed(checked, place_of(assignment, takes_files=validate.takes_files))


def keep_named_files(assignment: Assignment, validate: Validator, answer: Answer) -> None:
    """Make the files that a checked answer names this assignment's own, should an earlier go have them."""
    if validate.takes_files:
        named = [part["file"] for part in answer.values() if isinstance(part, dict) and "file" in part]
        AnswerFile.objects.filter(pk__in=named, worker_id=assignment.worker_id).exclude(
            assignment=assignment
        ).update(assignment=assignment)
