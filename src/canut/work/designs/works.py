"""Work of somebody else that a task shows to be judged: the task as they saw it, and what they answered.

Only the software makes such designs: what a task shows is somebody's work, and whoever shows it has
decided that it may be shown. Nothing of who did it, or when, is ever in it (`designs.blind`).
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Self

from django.utils.translation import gettext_lazy as _

from canut.work.designs.displays import HEADING
from canut.work.designs.editing import Family
from canut.work.designs.fields import Fields
from canut.work.designs.items import Item, Occasion
from canut.work.designs.problems import DesignProblem

MOST_WORKS = 20
"""How many pieces of work one task may show."""
DEEPEST = 2
"""How deep shown work is drawn: a review of a review shows the review with the work that it is about."""


@dataclass(frozen=True, kw_only=True)
class Work(Item):
    """The work of this number among those that the task shows (`work.models.ShownWork`)."""

    type = "work"
    template = "work/items/work.html"
    called = _("Work to judge")
    family = Family.SHOWN
    by_hand = False
    editing = (HEADING,)

    number: int = 1
    heading: str = ""

    @classmethod
    def read(cls, raw: Fields) -> Self:
        return cls(
            number=raw.whole_number("number", default=1, low=1, high=MOST_WORKS),
            heading=raw.text("heading", at_most=200, needed=False, one_line=True),
        )

    def templates(self) -> Iterator[str]:
        yield self.heading

    def drawn(self, occasion: Occasion) -> dict[str, object]:
        return {
            "shows_work": True,
            "number": self.number,
            "heading": occasion.fill(self.heading),
            "work": occasion.works.get(self.number),
        }


def works_by_hand(design: object, *, before: object = None) -> Iterator[DesignProblem]:
    """Give a problem for each work that a design's JSON shows and the one `before` it did not.

    Nobody puts work of others into a design by hand. Who changes a design that the software made with
    some keeps it, or takes it out.
    """
    known = [_number(item) for _place, item in _works_in(before)]
    for place, item in _works_in(design):
        if _number(item) not in known:
            yield DesignProblem(f"items[{place}]", "work_by_hand", {}, Work.type)


def _works_in(design: object) -> Collection[tuple[int, Mapping[str, Any]]]:
    items = design.get("items") if isinstance(design, Mapping) else None
    return [
        (place, item)
        for place, item in enumerate(items if isinstance(items, list) else ())
        if isinstance(item, Mapping) and item.get("type") == Work.type
    ]


def _number(item: Mapping[str, Any]) -> object:
    return item.get("number") or 1
