"""The design of a task, version 1: reading it from JSON, writing it, and what it takes from a row."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from canut.work.designs.columns import columns_in
from canut.work.designs.fields import MOST_TEXT, Fields, Findings
from canut.work.designs.items import Item, Question
from canut.work.designs.problems import DesignProblem, DesignRefused
from canut.work.designs.registry import ITEM_TYPES

VERSION = 1
MOST_ITEMS = 200


@dataclass(frozen=True, kw_only=True)
class Design:
    """What workers are told (plain text), what they are shown and what they are asked, in order."""

    instructions: str
    items: tuple[Item, ...]
    title: str = ""

    @property
    def questions(self) -> tuple[Question, ...]:
        return tuple(item for item in self.items if isinstance(item, Question))


def read_design(raw: object) -> Design:
    """Return the design that decoded JSON describes.

    Raises:
        DesignRefused: `problems` names everything that is wrong, each with its path in the JSON.
    """
    findings = Findings()
    fields = Fields(raw, "", findings)
    fields.version(VERSION)
    title = fields.text("title", at_most=200, needed=False)
    instructions = fields.text("instructions", at_most=20_000, needed=False)
    items = dict(_read_items(fields.objects("items", at_least=1, at_most=MOST_ITEMS)))
    design = Design(title=title, instructions=instructions, items=tuple(items.values()))
    fields.finish()
    if not design.questions and not findings.problems:
        fields.problem("no_question", "items")
    if findings.characters > MOST_TEXT:
        fields.problem("too_large", at_most=MOST_TEXT)
    problems = findings.problems + list(_problems_between(items))
    if problems:
        raise DesignRefused(problems)
    return design


def to_json(design: Design) -> dict[str, object]:
    """Return the design's JSON in its one form: a field that has its default is left out."""
    written: dict[str, object] = {"version": VERSION}
    if design.title:
        written["title"] = design.title
    written["instructions"] = design.instructions
    written["items"] = [item.to_json() for item in design.items]
    return written


def columns_of(design: Design) -> set[str]:
    """Return the columns whose values workers see."""
    return set(_columns_in_order(design))


def columns_in_order(design: Design) -> tuple[str, ...]:
    """Return the same in the order in which workers meet them, each once."""
    return tuple(dict.fromkeys(_columns_in_order(design)))


def missing_columns(design: Design, columns: Iterable[str]) -> tuple[str, ...]:
    """Return, in the design's order, the columns it names that are not there: workers would see nothing."""
    present = set(columns)
    return tuple(name for name in columns_in_order(design) if name not in present)


def shown_columns(design: Design, row: Mapping[str, object]) -> dict[str, object]:
    """Return the part of a row that the design shows. Nothing else of it ever reaches a worker."""
    shown = columns_of(design)
    return {name: value for name, value in row.items() if name in shown}


def _columns_in_order(design: Design) -> Iterator[str]:
    for item in design.items:
        for template in item.templates():
            yield from columns_in(template)


def _read_items(raws: Iterable[Fields]) -> Iterator[tuple[str, Item]]:
    """Give each item that can be read, with its path in the JSON."""
    for raw in raws:
        kind = raw.text("type", at_most=60)
        item_type = ITEM_TYPES.get(kind)
        if item_type:
            raw.call_it("name", otherwise=kind)
            yield raw.path, item_type.read(raw)
            raw.finish()
        elif kind:
            raw.problem("unknown_type", "type", known=", ".join(ITEM_TYPES))


def _problems_between(items: Mapping[str, Item]) -> Iterator[DesignProblem]:
    """Give what is wrong with the items together: names used twice, conditions that lead nowhere."""
    values: dict[str, tuple[str, ...]] = {}
    questions = [(path, item) for path, item in items.items() if isinstance(item, Question) and item.name]
    for path, question in questions:
        if question.name in values:
            yield DesignProblem(f"{path}.name", "repeated", {"given": question.name}, question.name)
        values[question.name] = question.values()
    for path, question in questions:
        condition = question.required_if
        if not condition or not condition.item:
            continue
        if condition.item == question.name or not values.get(condition.item):
            yield DesignProblem(f"{path}.required_if.item", "condition_unknown_item", {}, question.name)
            continue
        for value in set(condition.among) - set(values[condition.item]):
            facts = {"given": value[:60]}
            yield DesignProblem(f"{path}.required_if.in", "condition_unknown_value", facts, question.name)
