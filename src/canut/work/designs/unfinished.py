"""Reading a design that its editor is still at: whatever of it can be read, whether or not it is sound."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from canut.work.designs.columns import columns_in
from canut.work.designs.fields import Fields, Findings
from canut.work.designs.items import Choice, Item, Occasion, Question
from canut.work.designs.problems import DesignProblem, DesignRefused
from canut.work.designs.registry import ITEM_TYPES
from canut.work.designs.schema import read_design


def problems_of(design: Mapping[str, Any]) -> Sequence[DesignProblem]:
    """Return what is wrong with a design; nothing if it is sound."""
    try:
        read_design(design)
    except DesignRefused as refused:
        return refused.problems
    return ()


def readable(item: Mapping[str, Any]) -> Item | None:
    """Return an item with what is right of it, what is wrong being empty; None of an unknown type."""
    item_type = ITEM_TYPES.get(str(item.get("type")))
    return item_type.read(Fields(dict(item), "", Findings())) if item_type else None


def columns_named(design: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the columns that a design names so far, each once, in its order."""
    return tuple(dict.fromkeys(_columns_named(design)))


def answers_for_conditions(item: Mapping[str, Any]) -> tuple[Choice, ...]:
    """Return the answers to an item that a condition may name, as its editor reads them."""
    question = readable(item)
    if not isinstance(question, Question):
        return ()
    labels = {choice.value: choice.label for choice in question.choices(Occasion(row={}))}
    return tuple(
        Choice(value=value, label=labels.get(value, value)) for value in question.condition_values() if value
    )


def _columns_named(design: Mapping[str, Any]) -> Iterator[str]:
    for raw in design.get("items", []):
        item = readable(raw)
        for template in item.templates() if item else ():
            yield from columns_in(template)
