"""The design of a task, version 1: reading it from JSON, writing it, and what it takes from a row."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from canut.work.designs.columns import columns_in
from canut.work.designs.displays import PageBreak, Takers
from canut.work.designs.fields import MOST_TEXT, Fields, Findings
from canut.work.designs.items import Condition, Item, Question
from canut.work.designs.problems import DesignProblem, DesignRefused
from canut.work.designs.registry import ITEM_TYPES
from canut.work.designs.works import Work, works_by_hand

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

    @property
    def takers(self) -> Takers | None:
        """Who may take a task, if not everybody that the project admits."""
        return next((item for item in self.items if isinstance(item, Takers)), None)

    @property
    def works(self) -> tuple[Work, ...]:
        """The work of others that its tasks show to be judged."""
        return tuple(item for item in self.items if isinstance(item, Work))

    @property
    def pages(self) -> tuple["DesignPage", ...]:
        """Return the pages in order. A design without page breaks has one, whose `begins` is None."""
        pages: list[DesignPage] = []
        begins: PageBreak | None = None
        items: list[Item] = []
        for item in self.items:
            if isinstance(item, PageBreak):
                if items or begins:
                    pages.append(DesignPage(begins, tuple(items)))
                begins, items = item, []
            else:
                items.append(item)
        return (*pages, DesignPage(begins, tuple(items)))

    def conditions(self) -> dict[str, tuple[Condition, ...]]:
        """Return, by a question's name, what must hold for it to be shown; without these it always is."""
        found = {}
        for page in self.pages:
            of_page = page.begins.shown_if if page.begins else None
            for item in page.items:
                conditions = tuple(filter(None, (of_page, item.shown_if)))
                if isinstance(item, Question) and conditions:
                    found[item.name] = conditions
        return found

    def loads(self) -> dict[str, list[str]]:
        """Return what its page may load from elsewhere, by directive of the content security policy."""
        found: dict[str, list[str]] = {}
        for item in self.items:
            for directive, sources in item.loads.items():
                known = found.setdefault(directive, [])
                known += [source for source in sources if source not in known]
        return found


@dataclass(frozen=True)
class DesignPage:
    """A page of a design: what begins it, if it is not simply the first, and what stands on it."""

    begins: PageBreak | None
    items: tuple[Item, ...]


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


def read_design_by_hand(raw: object, *, before: object = None) -> Design:
    """Return the design that somebody wrote in place of the one `before`, if there was one.

    Raises:
        DesignRefused: as `read_design`; or it shows work of others that the one before did not.
    """
    refuse_works_by_hand(raw, before=before)
    return read_design(raw)


def refuse_works_by_hand(raw: object, *, before: object = None) -> None:
    """Raise DesignRefused if a design, sound or not, shows work of others that the one before did not."""
    if problems := list(works_by_hand(raw, before=before)):
        raise DesignRefused(problems)


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
    named = [*columns_in_order(design), *((design.takers.column,) if design.takers else ())]
    return tuple(name for name in dict.fromkeys(named) if name not in present)


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
            item = item_type.read(raw)
            condition = raw.inner("shown_if")
            yield raw.path, replace(item, shown_if=Condition.read(condition)) if condition else item
            raw.finish()
        elif kind:
            raw.problem("unknown_type", "type", known=", ".join(ITEM_TYPES))


def _problems_between(items: Mapping[str, Item]) -> Iterator[DesignProblem]:
    """Give what is wrong with the items together: names used twice, conditions that lead nowhere.

    Whether an answer is needed may hang on any other item, whether something is shown only on one
    before it: so what is shown is settled once, from the first item to the last.
    """
    values: dict[str, tuple[str, ...]] = {}
    questions = [(path, item) for path, item in items.items() if isinstance(item, Question) and item.name]
    for path, question in questions:
        if question.name in values:
            yield DesignProblem(f"{path}.name", "repeated", {"given": question.name}, question.name)
        values[question.name] = question.condition_values()
    for path, question in questions:
        if question.required_if:
            others = {name: named for name, named in values.items() if name != question.name}
            place = (f"{path}.required_if", question.name)
            yield from _condition_problems(question.required_if, others, *place, "condition_unknown_item")
    for path in [path for path, item in items.items() if isinstance(item, Takers)][1:]:
        yield DesignProblem(path, "repeated", {"given": Takers.type}, Takers.type)
    shown: set[int] = set()
    for path, item in items.items():
        if isinstance(item, Work):
            if item.number in shown:
                yield DesignProblem(f"{path}.number", "repeated", {"given": item.number}, Work.type)
            shown.add(item.number)
    before: dict[str, tuple[str, ...]] = {}
    for path, item in items.items():
        name = item.name if isinstance(item, Question) else item.type
        if item.shown_if:
            place = (f"{path}.shown_if", name)
            yield from _condition_problems(item.shown_if, before, *place, "condition_not_before")
        if isinstance(item, Question) and item.name:
            before[item.name] = values[item.name]


def _condition_problems(
    condition: Condition, values: Mapping[str, tuple[str, ...]], path: str, called: str, unknown: str
) -> Iterator[DesignProblem]:
    if condition.item and not values.get(condition.item):
        yield DesignProblem(f"{path}.item", unknown, {}, called)
    elif condition.item:
        for value in sorted(set(condition.among) - set(values[condition.item])):
            facts = {"given": value[:60]}
            yield DesignProblem(f"{path}.in", "condition_unknown_value", facts, called)
