"""An answer as somebody sees it who judges it: without what tells who gave it, or leads to them.

Files lose the names that the worker chose and their ids, and are counted instead; marks lose the ids
that the worker's browser made, and everything that is not the mark itself; what a page of the requester's
own sent back loses what the page was told of the worker. What people write themselves stays as it is.
"""

from collections.abc import Callable, Mapping
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from django.utils.translation import gettext as _

from canut.work.designs.annotations import CONTEXT, Marking
from canut.work.designs.answers import Answer
from canut.work.designs.files import FileAnswer
from canut.work.designs.frames import FramedQuestion
from canut.work.designs.items import Question
from canut.work.designs.schema import Design

TOLD_TO_PAGES = frozenset({"assignmentid", "hitid", "workerid", "turksubmitto", "postto"})
"""What a page is told of its task and may send back, in small letters."""


def blind_answer(
    design: Design, answer: Mapping[str, Any], *, number_of: Callable[[str], int], called: str
) -> Answer:
    """Return an answer as it is stored, without what tells who gave it.

    `number_of` counts a file, by its id, among those that are shown. `called` is what the requester's own
    pages were told of the worker: fields that hold it are left out.
    """
    return {
        question.name: _blind(question, answer[question.name], number_of=number_of, called=called)
        for question in design.questions
        if question.name in answer
    }


def _blind(question: Question, given: Any, *, number_of: Callable[[str], int], called: str) -> object:
    match question:
        case FileAnswer() if isinstance(given, Mapping):
            number = number_of(str(given["file"]))
            called = _("file %(number)s") % {"number": number}
            return {"file": str(number), "name": called, "size": given["size"], "type": given["type"]}
        case Marking() if isinstance(given, list):
            return [_mark(mark, number) for number, mark in enumerate(given, start=1)]
        case FramedQuestion() if isinstance(given, Mapping):
            return {
                name: value
                for name, value in given.items()
                if name.lower() not in TOLD_TO_PAGES and called not in value
            }
    return given


def _mark(mark: Mapping[str, Any], number: int) -> dict[str, object]:
    """Return a mark with nothing in it but what was marked and how, named after its place in the list."""
    target = mark["target"]
    return {
        "@context": CONTEXT,
        "id": f"urn:uuid:{uuid5(NAMESPACE_URL, f'mark {number}')}",
        "type": "Annotation",
        "body": [
            {"type": "TextualBody", "purpose": body["purpose"], "value": body["value"]}
            for body in mark["body"]
        ],
        "target": {name: target[name] for name in ("source", "selector") if name in target},
    }
