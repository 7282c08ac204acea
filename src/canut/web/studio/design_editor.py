"""The design of a task as one form: every item with its fields, in an order that buttons change.

The whole design travels with the form, so that every button works without scripts and loses nothing
that was typed. An item has a key that stays the same while the page is open; its fields are named
`KEY.field`, and the hidden fields `item` give the keys in the order of the page.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from typing import Any, Self

from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from canut.web.studio.design_fields import (
    Control,
    Problems,
    clean,
    control,
    part_names,
    read_into,
    read_rest,
    rest_of,
)
from canut.work.designs.editing import FAMILY_NAMES, EditedField, Family, Text
from canut.work.designs.items import Choice, Question
from canut.work.designs.problems import DesignProblem
from canut.work.designs.registry import ITEM_TYPES
from canut.work.designs.schema import MOST_ITEMS, VERSION
from canut.work.designs.unfinished import answers_for_conditions, readable
from canut.work.states import DesignStep

MOST_OPEN = 8
"""A design with more items shows them folded."""

LONGEST_KEY = 20
"""Of an item in the form; whatever is longer was made by no page of ours."""

CONDITIONS = ("shown_if", "required_if")
_OF_ITEM = re.compile(r"items\[([0-9]+)\]\.?(.*)")
_PLACE = re.compile(r"\[([0-9]+)\]")


@dataclass
class Entry:
    """An item with the key under which the page knows it."""

    key: str
    item: dict[str, Any]


@dataclass(frozen=True)
class ConditionSection:
    """When an item is shown, or an answer to it needed. `is_open`: it is being chosen just now."""

    id: str
    name: str
    is_open: bool
    item: str
    among: Sequence[str]
    sentence: str
    questions: Sequence[tuple[str, str]]
    answers: Sequence[Choice]
    problems: Sequence[str]


@dataclass(frozen=True)
class ItemSection:
    """One item as the template draws it."""

    key: str
    number: int
    type: str
    called: Text
    summary: str
    is_question: bool
    is_open: bool
    is_first: bool
    is_last: bool
    name: str
    name_problems: Sequence[str]
    is_required: bool
    controls: Sequence[Control]
    conditions: Sequence[ConditionSection]
    may_add: Sequence[str]
    """The conditions that it could have and has not."""
    problems: Sequence[str]
    has_problems: bool
    rest: str


@dataclass(frozen=True)
class AddedType:
    type: str
    called: Text


class UnknownAction(ValueError):
    """The form asked for something that no button of it asks for."""


class DesignEditor:
    """A design in the form, and what its buttons do to it."""

    def __init__(
        self,
        design: Mapping[str, Any],
        *,
        keys: Sequence[str] | None = None,
        open_condition: str = "",
        at: str = "",
    ) -> None:
        """`at` is the key of the item that somebody was at; `open_condition` one that is being chosen."""
        self.head = {name: value for name, value in design.items() if name != "items"}
        items = deepcopy(list(design.get("items", [])))
        keys = keys or [f"i{number}" for number in range(1, len(items) + 1)]
        self.entries = [Entry(key, item) for key, item in zip(keys, items, strict=True)]
        self.open_condition = open_condition
        self.at = at
        self.problems: Sequence[DesignProblem] = ()

    @classmethod
    def posted(cls, post: QueryDict) -> Self:
        """Return the design as the form says it."""
        head: dict[str, Any] = {"version": VERSION}
        if title := " ".join(clean(post.get("title", "")).split()):
            head["title"] = title
        head["instructions"] = clean(post.get("instructions", ""))
        keys = [
            key
            for key in dict.fromkeys(post.getlist("item"))
            if len(key) <= LONGEST_KEY and post.get(f"{key}.type") in ITEM_TYPES
        ]
        items = [_read_item(post, key) for key in keys]
        names = {
            was: item["name"]
            for key, item in zip(keys, items, strict=True)
            if (was := post.get(f"{key}.was")) and item.get("name") and was != item["name"]
        }
        for item in items:
            _follow_names(item, names)
        return cls({**head, "items": items}, keys=keys, open_condition=post.get("open_condition", ""), at="")

    def design(self) -> dict[str, Any]:
        return {**self.head, "items": [entry.item for entry in self.entries]}

    @property
    def may_add(self) -> bool:
        return len(self.entries) < MOST_ITEMS

    # ---- what the buttons do

    def do(self, action: str, place: str = "end") -> str:
        """Do what a button says and return what kind of step it was; nothing if only the view changed."""
        verb, _colon, about = action.partition(":")
        match verb:
            case "add" if about in ITEM_TYPES and ITEM_TYPES[about].by_hand:
                return self._add(about, place)
            case "up" | "down":
                return self._move(self._place_of(about), -1 if verb == "up" else 1)
            case "copy":
                return self._copy(self._place_of(about))
            case "delete":
                return self._delete(self._place_of(about))
            case "condition":
                self.open_condition, self.at = about, about.partition(".")[0]
                return ""
            case "condition-done":
                self.open_condition, self.at = "", about.partition(".")[0]
                return ""
            case "condition-off":
                return self._without_condition(about)
            case "part-add" | "part-delete" | "part-up" | "part-down":
                return self._change_parts(verb.removeprefix("part-"), about)
        raise UnknownAction(action)

    def _add(self, item_type: str, place: str) -> str:
        if not self.may_add:
            return ""
        begun = ITEM_TYPES[item_type].begin(self._free_name(item_type))
        entry = Entry(self._free_key(), begun)
        if place == "start":
            at = 0
        elif any(one.key == place for one in self.entries):
            at = self._place_of(place) + 1
        else:
            at = len(self.entries)
        self.entries.insert(at, entry)
        self.at = entry.key
        return DesignStep.ADDED

    def _move(self, place: int, by: int) -> str:
        self.at = self.entries[place].key
        if not 0 <= place + by < len(self.entries):
            return ""
        self.entries.insert(place + by, self.entries.pop(place))
        return DesignStep.MOVED

    def _copy(self, place: int) -> str:
        if not self.may_add:
            return ""
        item = deepcopy(self.entries[place].item)
        if "name" in item:
            item["name"] = self._free_name(str(item["name"]))
        entry = Entry(self._free_key(), item)
        self.entries.insert(place + 1, entry)
        self.at = entry.key
        return DesignStep.COPIED

    def _delete(self, place: int) -> str:
        del self.entries[place]
        self.at = self.entries[min(place, len(self.entries) - 1)].key if self.entries else ""
        return DesignStep.REMOVED

    def _without_condition(self, about: str) -> str:
        key, _dot, name = about.partition(".")
        self.at = key
        item = self.entries[self._place_of(key)].item
        if self.open_condition == about:
            self.open_condition = ""
        return DesignStep.TYPED if name in CONDITIONS and item.pop(name, None) is not None else ""

    def _change_parts(self, verb: str, about: str) -> str:
        path, _colon, which = about.partition(":")
        key, _dot, name = path.partition(".")
        self.at = key
        item = self.entries[self._place_of(key)].item
        edited = next((one for one in _edited(item) if one.name == name and one.kind == "parts"), None)
        if edited is None:
            raise UnknownAction(about)
        given = item.get(name)
        parts = [given] if isinstance(given, dict) else list(given or [])
        number = which.removeprefix("p")
        place = int(number) if number.isdecimal() and len(number) < 9 else len(parts)
        if verb == "add" and len(parts) < edited.most:
            parts.append(_new_part(edited, parts))
        elif verb == "delete" and place < len(parts):
            del parts[place]
        elif verb in ("up", "down") and 0 <= (to := place + (1 if verb == "down" else -1)) < len(parts):
            parts.insert(to, parts.pop(place))
        else:
            return ""
        item[name] = (parts[0] if parts else None) if edited.most == 1 else parts
        if item[name] is None:
            del item[name]
        return {"add": DesignStep.ADDED, "delete": DesignStep.REMOVED}.get(verb, DesignStep.MOVED)

    def _place_of(self, key: str) -> int:
        for place, entry in enumerate(self.entries):
            if entry.key == key:
                return place
        raise UnknownAction(key)

    def _free_key(self) -> str:
        numbers = [int(entry.key[1:]) for entry in self.entries if entry.key[1:].isdecimal()]
        return f"i{max(numbers, default=0) + 1}"

    def _free_name(self, like: str) -> str:
        taken = {entry.item.get("name") for entry in self.entries}
        stem = re.sub(r"_[0-9]+$", "", like)[:50] or "question"
        return next(f"{stem}_{n}" for n in range(1, MOST_ITEMS + 2) if f"{stem}_{n}" not in taken)

    # ---- what the template draws

    def sections(self) -> Iterator[ItemSection]:
        """Give the items in the order of the page."""
        problems = self._placed_problems()
        offered = [_Offered.of(entry.item) for entry in self.entries]
        for place, entry in enumerate(self.entries):
            yield self._section(place, entry, problems, offered)

    def families(self) -> Iterator[tuple[Text, Sequence[AddedType]]]:
        """Give what can be added, by what it is for."""
        for family in Family:
            types = [
                AddedType(name, getattr(one, "called", name))
                for name, one in ITEM_TYPES.items()
                if one.family == family and one.by_hand
            ]
            if types:
                yield FAMILY_NAMES[family], types

    def places(self) -> Iterator[tuple[str, str]]:
        """Give where something can be added: after which item, by its key."""
        for number, entry in enumerate(self.entries, 1):
            yield (
                entry.key,
                _("After %(number)s. %(item)s") % {"number": number, "item": _summary(entry.item)},
            )

    def problems_by_id(self) -> dict[str, list[str]]:
        """Return what is wrong by the id of the field it is about; under the item's key if it is about it."""
        return self._placed_problems().by_id

    @property
    def problem_count(self) -> str:
        return ngettext(
            "%(count)s thing is still to be mended.",
            "%(count)s things are still to be mended.",
            len(self.problems),
        ) % {"count": len(self.problems)}

    @property
    def head_problems(self) -> Mapping[str, Sequence[str]]:
        found: dict[str, list[str]] = {}
        for problem in self.problems:
            if not _OF_ITEM.match(problem.path):
                field = problem.path if problem.path in ("title", "instructions") else "design"
                empty = _("The design is empty. Add an item that workers answer.")
                sentence = problem.sentence if self.entries else empty
                found.setdefault(field, []).append(sentence)
        return found

    def _section(
        self, place: int, entry: Entry, problems: Problems, offered: Sequence["_Offered"]
    ) -> ItemSection:
        item, key = entry.item, entry.key
        item_type = ITEM_TYPES[item["type"]]
        is_question = issubclass(item_type, Question)
        had_problems = any(id_ == key or id_.startswith(f"{key}.") for id_ in problems.by_id)
        edited = _edited(item)
        conditions = [
            self._condition(name, place, entry, problems, offered)
            for name in CONDITIONS
            if (name in item or self.open_condition == f"{key}.{name}")
        ]
        could = ["shown_if", *(["required_if"] if is_question else [])]
        return ItemSection(
            key=key,
            number=place + 1,
            type=item["type"],
            called=getattr(item_type, "called", item["type"]),
            summary=_summary(item),
            is_question=is_question,
            is_open=len(self.entries) <= MOST_OPEN or had_problems or self.at == key,
            is_first=place == 0,
            is_last=place + 1 == len(self.entries),
            name=str(item.get("name", "")),
            name_problems=problems.take(f"{key}.name"),
            is_required=item.get("required", True) is not False,
            controls=[control(one, key, item, problems) for one in edited],
            conditions=conditions,
            may_add=[name for name in could if all(one.name != name for one in conditions)],
            problems=[sentence for id_ in _of(problems, key) for sentence in problems.take(id_)],
            has_problems=had_problems,
            rest=rest_of(item, _known(edited)),
        )

    def _condition(
        self, name: str, place: int, entry: Entry, problems: Problems, offered: Sequence["_Offered"]
    ) -> ConditionSection:
        condition = entry.item.get(name) or {}
        chosen, among = str(condition.get("item", "")), [str(value) for value in condition.get("in", [])]
        id_ = f"{entry.key}.{name}"
        others = offered[:place] if name == "shown_if" else [*offered[:place], *offered[place + 1 :]]
        other = next((one for one in others if one.name == chosen), None)
        labels = {choice.value: choice.label for choice in other.answers} if other else {}
        words = {
            "question": other.label if other else chosen,
            "answers": ", ".join(labels.get(value, value) for value in among),
        }
        shown = _("Shown only if the answer to “%(question)s” is: %(answers)s.")
        needed = _("An answer is needed only if the answer to “%(question)s” is: %(answers)s.")
        is_open = self.open_condition == id_
        return ConditionSection(
            id=id_,
            name=name,
            is_open=is_open,
            item=chosen,
            among=among,
            sentence=(shown if name == "shown_if" else needed) % words,
            questions=[(one.name, one.label) for one in others if one.answers] if is_open else (),
            answers=other.answers if is_open and other else (),
            problems=[*problems.take(f"{id_}.item"), *problems.take(f"{id_}.in"), *problems.take(id_)],
        )

    def _placed_problems(self) -> Problems:
        placed = Problems()
        for problem in self.problems:
            found = _OF_ITEM.match(problem.path)
            if found and int(found[1]) < len(self.entries):
                entry = self.entries[int(found[1])]
                id_ = ".".join(filter(None, (entry.key, _field_of(found[2], entry.item))))
                placed.by_id.setdefault(id_, []).append(problem.sentence)
        return placed


@dataclass(frozen=True)
class _Offered:
    """A question as conditions on it name it."""

    name: str
    label: str
    answers: Sequence[Choice]

    @classmethod
    def of(cls, item: Mapping[str, Any]) -> Self:
        return cls(str(item.get("name", "")), _summary(item), answers_for_conditions(item))


def called_and_summary(item: Mapping[str, Any]) -> tuple[str, str]:
    """Return what people call an item's type, and what they know the item by."""
    return str(getattr(ITEM_TYPES[item["type"]], "called", item["type"])), _summary(item)


def _edited(item: Mapping[str, Any]) -> Sequence[EditedField]:
    return ITEM_TYPES[item["type"]].edited()


def _known(edited: Sequence[EditedField]) -> set[str]:
    return {"type", "name", "required", *CONDITIONS, *(one.name for one in edited)}


def _of(problems: Problems, key: str) -> list[str]:
    return [id_ for id_ in problems.by_id if id_ == key or id_.startswith(f"{key}.")]


def _summary(item: Mapping[str, Any]) -> str:
    """Return what somebody knows the item by: its question, else the first text of it."""
    read = readable(item)
    texts = [str(item.get("label") or ""), *(read.templates() if read else ())]
    first = next((" ".join(text.split()) for text in texts if text.strip()), "")
    return first if len(first) <= 70 else f"{first[:69]}…"


def _read_item(post: QueryDict, key: str) -> dict[str, Any]:
    item_type = ITEM_TYPES[str(post[f"{key}.type"])]
    item: dict[str, Any] = {"type": item_type.type}
    if issubclass(item_type, Question):
        item["name"] = clean(post.get(f"{key}.name", "")).strip()
    item |= {name: value for name, value in read_rest(post, f"{key}.rest").items() if name not in item}
    for edited in item_type.edited():
        read_into(item, edited, key, post)
    for name in CONDITIONS:
        if f"{key}.{name}.item" in post:
            item[name] = {"item": post[f"{key}.{name}.item"], "in": _among(post, f"{key}.{name}")}
            if not item[name]["item"]:
                del item[name]
    if issubclass(item_type, Question) and "required_if" not in item and f"{key}.required" not in post:
        item["required"] = False
    return item


def _among(post: QueryDict, id_: str) -> list[str]:
    """Return the answers that a condition names: those that were ticked for the question now chosen."""
    among = list(dict.fromkeys(post.getlist(f"{id_}.in")))
    return among if post.get(f"{id_}.of", post[f"{id_}.item"]) == post[f"{id_}.item"] else []


def _follow_names(item: dict[str, Any], names: Mapping[str, str]) -> None:
    """Let conditions go along when the question that they name is given another name."""
    for condition in CONDITIONS:
        if condition in item:
            item[condition]["item"] = names.get(item[condition]["item"], item[condition]["item"])


def _new_part(edited: EditedField, parts: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Return a further object of a nested list: with a name of its own where it must have one."""
    part: dict[str, Any] = {}
    for inner in edited.parts:
        if inner.name in ("name", "value") and inner.kind == "line":
            taken = {one.get(inner.name) for one in parts}
            part[inner.name] = next(
                f"{edited.name[:20]}_{n}" for n in range(1, 202) if f"{edited.name[:20]}_{n}" not in taken
            )
        elif inner.kind == "choice" and inner.needed and inner.choices:
            part[inner.name] = inner.choices[0][0]
        elif inner.needed and inner.kind in ("line", "area", "column"):
            part[inner.name] = str(inner.label)
    return part


def _field_of(path: str, item: Mapping[str, Any]) -> str:
    """Return the rest of a field's id for the rest of a path: `criteria[1].label` is `criteria.p1.label`."""
    field = path.split(".")[0].split("[")[0]
    edited = next((one for one in _edited(item) if one.name == field), None)
    if edited is None:
        return path if field in CONDITIONS else field if field == "name" else ""
    if edited.kind != "parts":
        return field
    inner = _PLACE.sub(lambda found: f".p{found[1]}", path)
    if isinstance(item.get(field), dict):
        inner = inner.replace(field, f"{field}.p0", 1)
    return inner if inner.rsplit(".", 1)[-1] in part_names(edited) else field
