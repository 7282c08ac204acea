"""Reading a Label Studio labelling configuration (its XML) as a design.

`$column` becomes `{{column}}`. Tags and attributes that have no counterpart here are named. Entities and
document types are refused, so that no small file can blow up or read another one.
"""

import re
from collections.abc import Callable, Iterator
from itertools import islice
from typing import Any
from xml.etree.ElementTree import Element, ParseError, TreeBuilder
from xml.parsers import expat

from django.utils.translation import gettext as _

from canut.work.designs.imported import (
    MOST_LOOKED_AT,
    Built,
    Imported,
    ImportRefused,
    LeftOut,
    Names,
    as_options,
    make_design,
    without,
)

DEEPEST = 40
MOST_TAGS = 5000

Item = dict[str, Any]

_COLUMN = re.compile(r"\$([A-Za-z_](?:[A-Za-z0-9_.-]*[A-Za-z0-9_])?)")
_REGION_SHAPES = {"RectangleLabels": "rectangle", "PolygonLabels": "polygon"}
_OBJECTS = {
    "Text": "text",
    "HyperText": "text",
    "Image": "image",
    "Audio": "audio",
    "AudioPlus": "audio",
    "Video": "video",
}
_INNER = frozenset({"Choice", "Label"})


def read_label_studio(text: str) -> Imported:
    """Return the design of a labelling configuration.

    Raises:
        ImportRefused: it is no XML, has entities or a document type, or asks nothing that Canut can ask.
    """
    root = parse_safely(text)
    if root.tag != "View":
        raise ImportRefused(_("This is no labelling configuration: its outermost tag is not View."))
    reader = _Reader(root)
    items = list(islice(reader.view(root, "View", None), MOST_LOOKED_AT + 1))
    return make_design("Label Studio", items, reader.left_out)


def parse_safely(text: str) -> Element:
    """Return the outermost element of some XML without entities, of bounded depth and size.

    Raises:
        ImportRefused: it cannot be read so.
    """
    parser = expat.ParserCreate("utf-8", None)  # whatever a file declares: it was decoded before
    builder = TreeBuilder()
    depth = tags = 0

    def begin(tag: str, attributes: dict[str, str]) -> None:
        nonlocal depth, tags
        depth, tags = depth + 1, tags + 1
        if depth > DEEPEST or tags > MOST_TAGS:
            raise ImportRefused(
                _("This configuration is too large: at most %(most)s tags.") % {"most": MOST_TAGS}
            )
        builder.start(tag, attributes)

    def end(tag: str) -> None:
        nonlocal depth
        depth -= 1
        builder.end(tag)

    def refuse(*_declared: object) -> int:
        raise ImportRefused(_("XML with entities or a document type is not read. Remove them."))

    parser.StartElementHandler = begin
    parser.EndElementHandler = end
    parser.CharacterDataHandler = builder.data
    parser.StartDoctypeDeclHandler = refuse  # entities can be declared nowhere else
    parser.ExternalEntityRefHandler = refuse
    try:
        parser.Parse(text.encode(errors="replace"), True)
        return builder.close()
    except (expat.ExpatError, ParseError, AssertionError) as wrong:
        raise ImportRefused(_("This XML cannot be read: %(why)s.") % {"why": str(wrong)}) from wrong


class _Tag:
    """One tag. Attributes that nobody takes are named at the end."""

    def __init__(self, element: Element, path: str, left_out: LeftOut) -> None:
        self.kind = element.tag
        self.inner = list(element)
        self.path = path
        self.left_out = left_out
        self._attributes = dict(element.attrib)

    def take(self, name: str, otherwise: str = "") -> str:
        return self._attributes.pop(name, otherwise).strip()

    def peek(self, name: str) -> str:
        return self._attributes.get(name, "").strip()

    def flag(self, name: str) -> bool:
        return self.take(name).casefold() in ("true", "1", "yes")

    def whole(self, name: str) -> int | None:
        written = self.take(name)
        if re.fullmatch(r"-?[0-9]{1,6}", written):
            return int(written)
        if written:
            self.left_out.unknown(f"{self.path} {name}")
        return None

    def finish(self) -> None:
        for name in self._attributes:
            self.left_out.unknown(f"{self.path} {name}")


class _Reader:
    def __init__(self, root: Element) -> None:
        self.left_out = LeftOut()
        self.names = Names()
        self.heading = ""
        self.heading_path = ""
        self.sources = self._named_sources(root)
        self.marked = self._marked(root)
        self.kinds: dict[str, str] = {}
        self.values: dict[str, dict[str, str]] = {}

    def view(self, element: Element, path: str, shown: Item | None) -> Iterator[Built]:
        """Give the items of a View, in order."""
        tag = _Tag(element, path, self.left_out)
        shown = self._condition(tag, shown)
        for name in ("className", "idAttr", "display"):
            tag.take(name)
        if tag.take("style"):
            self.left_out.note(f"{path} style", _("How things look is Canut's own matter."))
        tag.finish()
        count: dict[str, int] = {}
        for inner in element:
            count[inner.tag] = count.get(inner.tag, 0) + 1
            inner_path = f"{path}/{inner.tag}[{count[inner.tag]}]"
            if inner.tag in ("View", "Panel", "Collapse", "Row", "Col"):
                yield from self.view(inner, inner_path, shown)
            else:
                yield from self._tag(_Tag(inner, inner_path, self.left_out), shown)
        yield from self._leftover_heading(shown)

    def label(self, tag: _Tag, name: str) -> str:
        """Return what asks the question: the heading before it, else its title or its name."""
        title = tag.take("title")
        heading, self.heading = self.heading, ""
        return heading or title or name.replace("_", " ").capitalize()

    def common(self, tag: _Tag) -> Item:
        original = tag.take("name")
        name = self.names.give(original)
        if original and original != name:
            self.left_out.note(
                f"{tag.path} name", _("In the results this is called “%(name)s”.") % {"name": name}
            )
        for away in ("requiredMessage", "showInLine", "showInline"):
            tag.take(away)
        return {"name": name, "label": self.label(tag, name), "required": tag.flag("required")}

    def source(self, tag: _Tag) -> str:
        """Return the text of the object that a question is about, with its column."""
        return self.sources.get(tag.take("toName").split(",")[0].strip(), ("", ""))[1]

    def inner_values(self, tag: _Tag, kind: str) -> list[tuple[str, str]]:
        """Return the choices or labels: what is stored (an alias, if there is one) and what is read."""
        found = []
        for number, element in enumerate(tag.inner, start=1):
            path = f"{tag.path}/{element.tag}[{number}]"
            if element.tag != kind:
                self.left_out.unknown(path)
                continue
            inner = _Tag(element, path, self.left_out)
            label = inner.take("value")
            found.append((inner.take("alias") or label, as_template(inner.take("html") or label)))
            for away in ("background", "hotkey", "selected", "showAlias"):
                if inner.take(away) and away == "selected":
                    self.left_out.note(f"{path} {away}", _("Nothing is chosen beforehand."))
            for deeper in inner.inner:
                self.left_out.unknown(f"{path}/{deeper.tag}")
            inner.finish()
        return found

    def _tag(self, tag: _Tag, shown: Item | None) -> Iterator[Built]:
        if tag.kind == "Header":
            yield from self._leftover_heading(shown)
            self.heading, self.heading_path = as_template(tag.take("value")), tag.path
            for away in ("size", "underline", "style"):
                tag.take(away)
            tag.finish()
            return
        shown = self._condition(tag, shown)
        if tag.flag("perRegion") or tag.flag("perItem"):
            self._leave_out(tag, _("Questions about each mark were not taken over."))
            return
        if tag.kind in _OBJECTS:
            items = self._object(tag)
        elif read := _CONTROLS.get(tag.kind):
            items = read(self, tag)
        else:
            self._leave_out(
                tag, _("Tags of the kind “%(kind)s” were not taken over.") % {"kind": tag.kind[:40]}
            )
            return
        for item in items:
            yield Built(tag.path, {**item, **without({"shown_if": shown})})
        tag.finish()

    def _leave_out(self, tag: _Tag, why: str) -> None:
        """Name a tag that is not taken over, and the heading that asked what it would have."""
        if self.heading and tag.peek("toName"):
            self.left_out.unknown(self.heading_path)
            self.heading = ""
        self.left_out.note(tag.path, why)

    def _object(self, tag: _Tag) -> Iterator[Item]:
        name = tag.take("name")
        value = as_template(tag.take("value") or tag.take("valueUrl"))
        for away in (
            "zoom",
            "zoomControl",
            "rotateControl",
            "granularity",
            "height",
            "width",
            "hotkey",
            "inline",
        ):
            tag.take(away)
        if tag.kind == "HyperText":
            self.left_out.note(tag.path, _("Its markup is shown to workers as it is written."))
        column = _COLUMN.fullmatch(value.replace("{{", "$").replace("}}", ""))
        if name and column and column[1] != name:
            self.left_out.note(
                f"{tag.path} name",
                _("In Label Studio files this is called by its column, “%(name)s”.") % {"name": column[1]},
            )
        if name in self.marked:
            return  # the question that marks in it shows it
        heading, self.heading = self.heading, ""
        if _OBJECTS[tag.kind] == "text":
            yield {"type": "text", "text": value, **without({"heading": heading})}
        else:
            yield {
                "type": _OBJECTS[tag.kind],
                "source": value,
                "alt": heading or _("What this task is about"),
                **without({"heading": heading}),
            }

    def _leftover_heading(self, shown: Item | None) -> Iterator[Built]:
        if self.heading:
            heading, self.heading = self.heading, ""
            yield Built(self.heading_path, {"type": "text", "text": heading, **without({"shown_if": shown})})

    def _condition(self, tag: _Tag, around: Item | None) -> Item | None:
        when = tag.take("visibleWhen")
        name, values = (
            self.names.of(tag.take("whenTagName")),
            tag.take("whenChoiceValue") or tag.take("whenLabelValue"),
        )
        if not when:
            return around
        stored = [
            self.values.get(name, {}).get(value.strip(), "") for value in values.split(",") if value.strip()
        ]
        if not values:
            stored = list(self.values.get(name, {}).values())
        if when != "choice-selected" or not name or not stored or not all(stored) or around:
            self.left_out.note(f"{tag.path} visibleWhen", _("This condition was not taken over."))
            return around
        return {"item": name, "in": list(dict.fromkeys(stored))}

    def _named_sources(self, root: Element) -> dict[str, tuple[str, str]]:
        return {
            element.get("name", ""): (element.tag, as_template(element.get("value", "")))
            for element in root.iter()
            if element.tag in _OBJECTS
        }

    def _marked(self, root: Element) -> set[str]:
        kinds = {"Labels", *_REGION_SHAPES}
        return {
            element.get("toName", "")
            for element in root.iter()
            if element.tag in kinds and self._can_mark(element)
        }

    def _can_mark(self, element: Element) -> bool:
        kind = self.sources.get(element.get("toName", ""), ("", ""))[0]
        return (
            kind == "Image"
            if element.tag in _REGION_SHAPES
            else kind in ("Text", "HyperText", "Audio", "AudioPlus")
        )


def as_template(value: str) -> str:
    """Return a value with `{{column}}` for `$column`."""
    return _COLUMN.sub(lambda found: f"{{{{{found[1]}}}}}", value)


def _choices(reader: _Reader, tag: _Tag) -> Iterator[Item]:
    item = reader.common(tag)
    tag.take("toName")
    kind, layout = tag.take("choice", "single"), tag.take("layout")
    options = reader.inner_values(tag, "Choice")
    reader.values[item["name"]] = {label: value for value, label in options} | {
        value: value for value, _l in options
    }
    if kind == "multiple":
        yield {"type": "multiple_choice", **item, "options": as_options(options)}
    else:
        yield {
            "type": "drop_down" if layout == "select" else "single_choice",
            **item,
            "options": as_options(options),
        }


def _rating(reader: _Reader, tag: _Tag) -> Iterator[Item]:
    item = reader.common(tag)
    for away in ("toName", "icon", "size", "defaultValue"):
        if tag.take(away) and away == "defaultValue":
            reader.left_out.note(f"{tag.path} {away}", _("Nothing is chosen beforehand."))
    yield {"type": "rating", **item, "least": 1, "most": tag.whole("maxRating") or 5}


def _number(reader: _Reader, tag: _Tag) -> Iterator[Item]:
    item = reader.common(tag)
    tag.take("toName")
    bounds = {name: tag.take(name) for name in ("min", "max", "step")}
    written = {
        name: float(bound)
        for name, bound in bounds.items()
        if re.fullmatch(r"-?[0-9]{1,9}(\.[0-9]{1,6})?", bound)
    }
    for name in bounds.keys() - written.keys():
        if bounds[name]:
            reader.left_out.unknown(f"{tag.path} {name}")
    yield {"type": "number", **item, **written}


def _date(reader: _Reader, tag: _Tag) -> Iterator[Item]:
    item = reader.common(tag)
    tag.take("toName")
    only = tag.take("only")
    if only and "date" not in only:
        reader.left_out.note(
            tag.path,
            _("Tags of the kind “%(kind)s” were not taken over.") % {"kind": f"DateTime {only[:20]}"},
        )
        return
    if only != "date":
        reader.left_out.note(f"{tag.path} only", _("Only the day is asked for."))
    yield {"type": "date", **item}


def _text_area(reader: _Reader, tag: _Tag) -> Iterator[Item]:
    placeholder = tag.take("placeholder")
    item = reader.common(tag)
    tag.take("toName")
    rows, most, longest = tag.whole("rows"), tag.whole("maxSubmissions"), tag.whole("maxlength")
    for away in ("editable", "showSubmitButton", "transcription"):
        tag.take(away)
    if most is not None and most > 1:
        reader.left_out.note(f"{tag.path} maxSubmissions", _("One text is written."))
    one_line = rows == 1
    limit = 1000 if one_line else 10_000
    length = {"max_length": longest} if longest and 0 < longest <= limit else {}
    yield {
        "type": "short_text" if one_line else "long_text",
        **item,
        **without({"help": placeholder}),
        **length,
    }


def _pairwise(reader: _Reader, tag: _Tag) -> Iterator[Item]:
    both = [name.strip() for name in tag.take("toName").split(",")]
    item = reader.common(tag)
    sides = [reader.sources.get(name, ("", ""))[1] for name in both]
    for away in ("selectionStyle", "leftClass", "rightClass"):
        tag.take(away)
    a, b = (*sides, "", "")[:2]
    yield {"type": "pairwise", **item, "a": a, "b": b, "ties": False}


def _labels(reader: _Reader, tag: _Tag) -> Iterator[Item]:
    kind = reader.sources.get(tag.peek("toName"), ("", ""))[0]
    source = reader.source(tag)
    shape = _REGION_SHAPES.get(tag.kind, "")
    if tag.take("choice") == "multiple":
        reader.left_out.note(f"{tag.path} choice", _("Each mark has one label."))
    item = reader.common(tag)
    needed = item.pop("required")
    for away in (
        "opacity",
        "fillOpacity",
        "strokeWidth",
        "strokeColor",
        "fillColor",
        "canRotate",
        "showLabels",
        "snap",
        "pointSize",
        "pointStyle",
    ):
        tag.take(away)
    marking = {**item, "labels": as_options(reader.inner_values(tag, "Label")), "least": 1 if needed else 0}
    if shape and kind == "Image":
        yield {
            "type": "regions",
            **marking,
            "image": source,
            "alt": _("The image to mark in"),
            "shapes": shape,
        }
    elif not shape and kind in ("Text", "HyperText"):
        yield {"type": "spans", **marking, "text": source}
    elif not shape and kind in ("Audio", "AudioPlus"):
        yield {"type": "audio_segments", **marking, "audio": source}
    else:
        reader.left_out.note(tag.path, _("Marks on “%(kind)s” were not taken over.") % {"kind": kind or "?"})


_CONTROLS: dict[str, Callable[[_Reader, _Tag], Iterator[Item]]] = {
    "Choices": _choices,
    "Rating": _rating,
    "Number": _number,
    "DateTime": _date,
    "TextArea": _text_area,
    "Pairwise": _pairwise,
    "Labels": _labels,
    "RectangleLabels": _labels,
    "PolygonLabels": _labels,
}
