"""One field of an item as a form shows it, and the JSON that what was typed in it says.

What is typed comes back as it was, right or wrong: a number that is none stays the text that it is,
and the schema says so at its field, as it would to a program.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from math import isfinite
from typing import Any

from django.http import QueryDict

from canut.work.designs.editing import EditedField, Text
from canut.work.designs.values import storable

BAR = "|"
DEEPEST_REST = 20


@dataclass(frozen=True)
class Control:
    """One field as the template draws it. `chosen` are the values of `choices` that are chosen."""

    id: str
    kind: str
    label: Text
    help: Text
    needed: bool
    rows: int
    typed: str = ""
    is_ticked: bool = False
    choices: Sequence[tuple[str, Text]] = ()
    chosen: Sequence[str] = ()
    parts: Sequence["PartSection"] = ()
    may_add: bool = True
    problems: Sequence[str] = ()


@dataclass(frozen=True)
class PartSection:
    """One object of a nested list; `rest` are the fields that no form edits, as JSON."""

    id: str
    key: str
    number: int
    is_last: bool
    rest: str
    controls: Sequence[Control]


@dataclass
class Problems:
    """What is wrong, by the id of the field it is about. What nobody took is said elsewhere."""

    by_id: dict[str, list[str]] = field(default_factory=dict)

    def take(self, id_: str) -> list[str]:
        return self.by_id.pop(id_, [])


def control(edited: EditedField, prefix: str, fields: Mapping[str, Any], problems: Problems) -> Control:
    """Return the field of an object whose names in the form begin with `prefix`."""
    id_, value = f"{prefix}.{edited.name}", fields.get(edited.name, edited.default)
    parts = tuple(_parts(edited, id_, value, problems)) if edited.kind == "parts" else ()
    return Control(
        id=id_,
        kind=edited.kind,
        label=edited.label,
        help=edited.help,
        needed=edited.needed,
        rows=edited.rows,
        typed=_typed(edited, value),
        is_ticked=value is True,
        choices=edited.choices,
        chosen=_chosen(edited, value),
        parts=parts,
        may_add=len(parts) < edited.most,
        problems=problems.take(id_),
    )


def read_into(fields: dict[str, Any], edited: EditedField, prefix: str, post: QueryDict) -> None:
    """Put what was typed in a field into an object's JSON. What is empty or the default is left out."""
    value = _read(edited, f"{prefix}.{edited.name}", post)
    default = bool(edited.default) if edited.kind == "tick" else edited.default
    is_empty = value is None or value == "" or value == []
    if (not is_empty and value != default) or (edited.needed and value is not None):
        fields[edited.name] = value


def part_names(edited: EditedField) -> set[str]:
    return {part.name for part in edited.parts}


def rest_of(fields: Mapping[str, Any], known: set[str]) -> str:
    """Return the fields that no form edits, for a hidden field that brings them back."""
    rest = {name: value for name, value in fields.items() if name not in known}
    return json.dumps(rest, ensure_ascii=False) if rest else ""


def read_rest(post: QueryDict, name: str) -> dict[str, Any]:
    """Return the fields of an object that no form edits; none if they are not as this form writes them."""
    try:
        rest = json.loads(post.get(name) or "{}")
    except (ValueError, RecursionError):
        return {}
    return rest if isinstance(rest, dict) and _can_be_shown(rest) else {}


def _can_be_shown(rest: dict[str, Any]) -> bool:
    """Tell whether page and database can hold it: no deeper than any design, sound texts and numbers."""
    waiting: list[tuple[Any, int]] = [(rest, 1)]
    while waiting:
        value, depth = waiting.pop()
        if depth > DEEPEST_REST or not _is_sound(value):
            return False
        if isinstance(value, dict | list):
            inner = [*value, *value.values()] if isinstance(value, dict) else value
            waiting += [(one, depth + 1) for one in inner]
    return True


def _is_sound(value: object) -> bool:
    if isinstance(value, str):
        return storable(value)
    return not isinstance(value, float) or isfinite(value)


def clean(typed: str) -> str:
    """Return what was typed without what no database stores."""
    return typed.replace("\0", "").replace("\r\n", "\n")


# ---- from JSON to what is typed


def _typed(edited: EditedField, value: Any) -> str:
    match edited.kind:
        case "options":
            return "\n".join(_option_line(option) for option in _list(value))
        case "texts":
            return "\n".join(str(text) for text in _list(value))
        case "tick" | "choices" | "parts":
            return ""
        case _:
            return "" if value is None else str(value)


def _chosen(edited: EditedField, value: Any) -> Sequence[str]:
    if edited.kind == "choice":
        return [str(value)] if value is not None else [edited.choices[0][0]] if edited.choices else []
    return [str(one) for one in _list(value)] if edited.kind == "choices" else []


def _option_line(option: Any) -> str:
    """Return what workers read, after what is stored where that is something else."""
    if not isinstance(option, dict):
        return str(option)
    value, label = str(option.get("value", "")), str(option.get("label", ""))
    return label if value == label and BAR not in label else f"{value} {BAR} {label}"


def _parts(edited: EditedField, id_: str, value: Any, problems: Problems) -> Iterator[PartSection]:
    objects = (
        [value] if isinstance(value, dict) else [part for part in _list(value) if isinstance(part, dict)]
    )
    for place, part in enumerate(objects):
        key = f"p{place}"
        prefix = f"{id_}.{key}"
        controls = [control(inner, prefix, part, problems) for inner in edited.parts]
        yield PartSection(
            id=prefix,
            key=key,
            number=place + 1,
            is_last=place + 1 == len(objects),
            rest=rest_of(part, part_names(edited)),
            controls=controls,
        )


def _list(value: Any) -> Sequence[Any]:
    return value if isinstance(value, list) else ()


# ---- from what is typed to JSON


def _read(edited: EditedField, name: str, post: QueryDict) -> Any:
    typed = clean(post.get(name, ""))
    match edited.kind:
        case "tick":
            return name in post
        case "whole":
            return _whole(typed)
        case "number":
            return _number(typed)
        case "options":
            return [_option(line) for line in typed.splitlines() if line.strip()]
        case "texts":
            return [line.strip() for line in typed.splitlines() if line.strip()]
        case "choices":
            return post.getlist(name)
        case "parts":
            parts = [_part(edited, f"{name}.{key}", post) for key in post.getlist(name)]
            return (parts[0] if parts else None) if edited.most == 1 else parts
        case _:
            return typed if edited.kind == "area" else " ".join(typed.split("\n"))


def _part(edited: EditedField, prefix: str, post: QueryDict) -> dict[str, Any]:
    part = read_rest(post, f"{prefix}.rest")
    for inner in edited.parts:
        read_into(part, inner, prefix, post)
    return part


def _whole(typed: str) -> Any:
    written = typed.strip()
    plain = written.removeprefix("-")
    return int(written) if plain.isascii() and plain.isdecimal() and len(plain) < 16 else written or None


def _number(typed: str) -> Any:
    written = typed.strip().replace(",", ".")
    whole = _whole(written)
    if not isinstance(whole, str) or len(written) > 30:
        return whole
    try:
        number = float(written)
    except ValueError:
        return typed.strip()
    finite = number == number and abs(number) != float("inf")
    return number if finite else typed.strip()


def _option(line: str) -> dict[str, str]:
    value, bar, label = (part.strip() for part in line.partition(BAR))
    return {"value": value, "label": label if bar else value}
