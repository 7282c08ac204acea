"""Pages that are not ours, in a task: where they are, and what they answer."""

from collections.abc import Sequence
from typing import Any

from pydantic import Field

from canut.api.shapes.common import Moment, RowId, Said, Sent


class PageToAnswer(Said):
    """One page of an assignment; `item` is the name of the question that it answers."""

    item: str
    address: str = Field(description="Where it is shown; it holds the permit to answer. Empty if nowhere.")
    answered_at: Moment | None


class PagesToAnswer(Said):
    """The pages of an assignment, in the design's order."""

    pages: Sequence[PageToAnswer]


class PageAnswer(Sent):
    """What a page answers: each field's text, or list of texts."""

    permit: str = Field(description="The last part of `turkSubmitTo`.", max_length=200)
    answer: dict[str, Any]
    assignment_id: RowId | None = Field(None, description="If given, it must be the permit's.")


class PageAnswered(Said):
    """What was kept; it is handed in when the worker hands in the task."""

    item: str
    answered_at: Moment
