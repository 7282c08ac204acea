"""What differs between two designs, said so that a person can decide by it and a program can use it.

Questions are the same if they have the same name; what is only shown is the same if it says the same,
else it is taken for the next of its type that is left. Both designs are compared in their one form
(`schema.to_json`), so a default that somebody wrote out is no difference.
"""

import json
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from typing import Literal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from canut.charter.differences import Piece, word_differences
from canut.work.designs.changes import (
    Change,
    Difference,
    FieldChange,
    ItemChange,
    PartChange,
    TermChange,
    Text,
)
from canut.work.designs.registry import ITEM_TYPES
from canut.work.designs.schema import read_design, to_json

_LONGEST_NAME = 80

_SHARED: Mapping[str, Text] = {
    "type": gettext_lazy("Kind of item"),
    "label": gettext_lazy("Question"),
    "help": gettext_lazy("Hint below the question"),
    "required": gettext_lazy("An answer is needed"),
    "required_if": gettext_lazy("Needed only if"),
    "shown_if": gettext_lazy("Shown only if"),
    "lang": gettext_lazy("Language of the text"),
}
"""What fields are called that several types share and whose own form does not name them."""


TERMS: Sequence[tuple[str, Text, Literal["money", "seconds", "count"]]] = (
    ("reward_minor", gettext_lazy("Reward"), "money"),
    ("hourly_minor", gettext_lazy("Pay for an hour"), "money"),
    ("expected_seconds", gettext_lazy("Expected time"), "seconds"),
    ("lease_seconds", gettext_lazy("Time for a task"), "seconds"),
    ("answers_per_task", gettext_lazy("Answers to each task"), "count"),
)
"""The terms of a revision: the name of each, what people call it, and what it counts."""


def difference(
    before: object,
    after: object,
    *,
    terms_before: Mapping[str, int] | None = None,
    terms_after: Mapping[str, int] | None = None,
) -> Difference:
    """Return what differs between two designs (decoded JSON), and between their terms if given.

    `terms_before` and `terms_after` map names of `TERMS` to whole numbers; only what both name is compared.

    Raises:
        DesignRefused: one of them is no sound design.
    """
    old, new = to_json(read_design(before)), to_json(read_design(after))
    olds, news = _items(old), _items(new)
    was_of = _matched(olds, news)
    staying = _longest_rising([was_of[place] for place in sorted(was_of)])
    changes = [_item_change(olds, news, was_of.get(place), place, staying) for place in range(len(news))]
    gone = sorted(set(range(len(olds))) - set(was_of.values()))
    return Difference(
        title=_text_change("title", gettext_lazy("Title of the task"), old, new),
        instructions=_text_change("instructions", gettext_lazy("Instructions"), old, new),
        items=[*changes, *(_item_change(olds, news, place, None, staying) for place in gone)],
        terms=list(_term_changes(terms_before or {}, terms_after or {})),
    )


def called(item: Mapping[str, object]) -> str:
    """Return by what a person knows an item: its question, else the beginning of what it shows."""
    for field in ("label", "heading", "title", "text"):
        words = item.get(field)
        if isinstance(words, str) and words.strip():
            line = " ".join(words.split())
            return line if len(line) <= _LONGEST_NAME else f"{line[: _LONGEST_NAME - 1]}…"
    return str(item.get("name") or item["type"])


def _items(design: Mapping[str, object]) -> Sequence[Mapping[str, object]]:
    items = design["items"]
    assert isinstance(items, list), "a design that was read has a list of items"
    return items


def _matched(olds: Sequence[Mapping[str, object]], news: Sequence[Mapping[str, object]]) -> Mapping[int, int]:
    """Return, for each place in the new design that has one, the place of the same item in the old one."""
    was_of: dict[int, int] = {}
    by_name = {item["name"]: place for place, item in enumerate(olds) if item.get("name")}
    free = [place for place, item in enumerate(olds) if not item.get("name")]
    for place, item in enumerate(news):
        if item.get("name") in by_name:
            was_of[place] = by_name[item["name"]]
    for is_same in (_says_the_same, _is_of_one_type):
        for place, item in enumerate(news):
            if place not in was_of and not item.get("name"):
                found = next((one for one in free if is_same(olds[one], item)), None)
                if found is not None:
                    was_of[place] = found
                    free.remove(found)
    return was_of


def _says_the_same(old: Mapping[str, object], new: Mapping[str, object]) -> bool:
    return old == new


def _is_of_one_type(old: Mapping[str, object], new: Mapping[str, object]) -> bool:
    return old["type"] == new["type"]


def _longest_rising(places: Sequence[int]) -> frozenset[int]:
    """Return the most of the different numbers that stand in rising order: these items did not move."""
    ends: list[int] = []
    at: list[int] = []
    before: dict[int, int | None] = {}
    for place in places:
        length = bisect_left(ends, place)
        before[place] = at[length - 1] if length else None
        if length == len(ends):
            ends.append(place)
            at.append(place)
        else:
            ends[length] = at[length] = place
    rising: list[int] = []
    last = at[-1] if at else None
    while last is not None:
        rising.append(last)
        last = before[last]
    return frozenset(rising)


def _item_change(
    olds: Sequence[Mapping[str, object]],
    news: Sequence[Mapping[str, object]],
    was: int | None,
    now: int | None,
    staying: frozenset[int],
) -> ItemChange:
    before = None if was is None else olds[was]
    after = None if now is None else news[now]
    item = after or before
    assert item is not None, "an item stands in one of the two designs"
    fields = list(_field_changes(before, after)) if before is not None and after is not None else []
    has_moved = before is not None and after is not None and was not in staying
    change: Change
    if before is None:
        change = "added"
    elif after is None:
        change = "removed"
    elif fields:
        change = "changed"
    else:
        change = "moved" if has_moved else "same"
    kind = str(item["type"])
    return ItemChange(
        change=change,
        type=kind,
        type_name=ITEM_TYPES[kind].called,
        name=str(item.get("name") or ""),
        called=called(item),
        was=None if was is None else was + 1,
        now=None if now is None else now + 1,
        before=before,
        after=after,
        has_moved=has_moved,
        fields=fields,
    )


def _field_changes(before: Mapping[str, object], after: Mapping[str, object]) -> Iterator[FieldChange]:
    for name in dict.fromkeys((*after, *before)):
        if before.get(name) != after.get(name):
            label, default = _form_of(str(after["type"]), name)
            yield _field_change(name, label, before.get(name), after.get(name), default=default)


def _form_of(kind: str, name: str) -> tuple[Text, object]:
    """Return what the item's own form calls a field, and the value it has where nothing is said."""
    for field in getattr(ITEM_TYPES[kind], "editing", ()):
        if field.name == name:
            return field.label, field.default
    return _SHARED.get(name, name), True if name == "required" else None


def _field_change(
    name: str, label: Text, before: object, after: object, *, default: object = None
) -> FieldChange:
    pieces: Sequence[Piece] = ()
    parts: Sequence[PartChange] = ()
    if isinstance(before, str) and isinstance(after, str) and name != "type":
        pieces = word_differences(before, after)
    elif isinstance(before, list) or isinstance(after, list):
        parts = _part_changes(
            before if isinstance(before, list) else [], after if isinstance(after, list) else []
        )
    return FieldChange(
        name=name,
        label=label,
        before=before,
        after=after,
        said_before=_said(name, default if before is None else before),
        said_after=_said(name, default if after is None else after),
        pieces=pieces,
        parts=parts,
    )


def _text_change(
    name: str, label: Text, old: Mapping[str, object], new: Mapping[str, object]
) -> FieldChange | None:
    before, after = old.get(name, ""), new.get(name, "")
    return None if before == after else _field_change(name, label, before, after)


def _part_changes(olds: Sequence[object], news: Sequence[object]) -> Sequence[PartChange]:
    """Return what became of a list's entries: objects are the same by value or name."""
    before = {_key(part): part for part in olds}
    after = {_key(part): part for part in news}
    order = [list(before).index(key) for key in after if key in before]
    staying = _longest_rising(order)
    changes = []
    for key, part in after.items():
        if key not in before:
            changes.append(PartChange("added", "", _called_part(part)))
        elif part != before[key]:
            old, new = _called_part(before[key]), _called_part(part)
            changes.append(PartChange("changed", old, new, word_differences(old, new)))
        elif list(before).index(key) not in staying:
            changes.append(PartChange("moved", _called_part(part), _called_part(part)))
    gone = [part for key, part in before.items() if key not in after]
    return [*changes, *(PartChange("removed", _called_part(part), "") for part in gone)]


def _key(part: object) -> str:
    if isinstance(part, dict):
        known = next((part[name] for name in ("value", "name") if name in part), part)
        return json.dumps(known, sort_keys=True, ensure_ascii=False)
    return json.dumps(part, ensure_ascii=False)


def _called_part(part: object) -> str:
    if not isinstance(part, dict):
        return _said("", part)
    names = [str(part[name]) for name in ("value", "name") if part.get(name)]
    label = str(part.get("label") or "")
    head = label if label in ("", *names) or not names else f"{label} ({names[0]})"
    rest = [
        f"{name}: {_said(name, value)}"
        for name, value in part.items()
        if name not in ("value", "name", "label")
    ]
    return ", ".join([head or "".join(names[:1]), *rest]).strip(", ")


def _said(name: str, value: object) -> str:
    """Return a value of a design's JSON as a person reads it; nothing for nothing."""
    match value:
        case None | "":
            return ""
        case bool():
            return _("yes") if value else _("no")
        case str() if name == "type":
            return str(ITEM_TYPES[value].called) if value in ITEM_TYPES else value
        case str() | int() | float():
            return str(value)
        case {"item": item, "in": list(among)}:
            return _("“%(item)s” is: %(values)s") % {"item": item, "values": ", ".join(map(str, among))}
        case dict():
            return _called_part(value)
        case list():
            return ", ".join(_called_part(part) for part in value)
        case _:
            return str(value)


def _term_changes(before: Mapping[str, int], after: Mapping[str, int]) -> Iterator[TermChange]:
    for name, label, kind in TERMS:
        if name in before and name in after and before[name] != after[name]:
            yield TermChange(name, label, kind, before[name], after[name])
