"""Reading a SurveyJS form (its JSON) as a design.

What has no counterpart here is named: elements, properties, validators and conditions alike. Where a
property only moves things about on SurveyJS's page it is named too, for the author to judge.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from html import unescape
from itertools import islice
from math import isfinite
from typing import Any

from django.utils.translation import get_language
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
from canut.work.designs.patterns import PatternRefused, compiled
from canut.work.designs.quantities import MOST_POINTS
from canut.work.designs.sources import safe_source
from canut.work.designs.values import LARGEST_NUMBER

DEEPEST = 20
MOST_OPTIONS_MADE = 101
"""One more than a question can have, so that who makes more of them is told."""
LONGEST_TITLE = 501

Item = dict[str, Any]

_CONDITION = re.compile(r"\{([^{}]+)\}\s*(==|=|anyof|contains|in)\s*(.+)", re.IGNORECASE | re.DOTALL)
_OR = re.compile(r"(?<!\s)\s++or\s+|\|\|", re.IGNORECASE)
_LITERAL = re.compile(r"'([^']*)'|\"([^\"]*)\"|(-?[0-9]+(?:\.[0-9]+)?|true|false)")
_PIPED = re.compile(r"(?<!\{)\{[^{}\s][^{}]{0,200}\}(?!\})")
"""Where SurveyJS puts the answer to another question into a text."""


def looks_like_surveyjs(found: object) -> bool:
    """Tell whether decoded JSON is a SurveyJS form."""
    return isinstance(found, dict) and any(isinstance(found.get(part), list) for part in _CONTAINERS)


def read_surveyjs(found: object) -> Imported:
    """Return the design of a SurveyJS form.

    Raises:
        ImportRefused: it is no such form, or asks nothing that Canut can ask.
    """
    if not looks_like_surveyjs(found):
        raise ImportRefused(_("This is no form of SurveyJS: it has neither pages nor elements."))
    reader = _Reader()
    survey = _Part(found, "", reader.left_out)
    title, description = survey.words("title"), survey.words("description")
    items = list(islice(reader.survey(survey), MOST_LOOKED_AT + 1))
    survey.finish()
    reader.name_markup()
    return make_design("SurveyJS", items, reader.left_out, title=title, instructions=description)


_CONTAINERS = ("pages", "elements", "questions")


class _Part:
    """One object of the form. What nobody takes out of it is named at the end."""

    def __init__(self, raw: object, path: str, left_out: LeftOut) -> None:
        self.raw: dict[str, Any] = dict(raw) if isinstance(raw, dict) else {}
        self.path = path
        self.left_out = left_out
        self._taken: set[str] = set()
        if not isinstance(raw, dict):
            left_out.unknown(path)

    def take(self, name: str) -> Any:
        self._taken.add(name)
        return self.raw.get(name)

    def at(self, name: str) -> str:
        return f"{self.path}.{name}" if self.path else name

    def words(self, name: str) -> str:
        """Return a text, in the reader's language if there are several."""
        value = self.take(name)
        if isinstance(value, dict):
            language = (get_language() or "en").split("-")[0]
            texts = {key: text for key, text in value.items() if isinstance(text, str)}
            chosen = texts.get(language) or texts.get("default") or next(iter(texts.values()), "")
            if len(texts) > 1:
                self.left_out.note(self.at(name), _("Only one of its languages was taken over."))
            return self._said(name, chosen)
        if isinstance(value, str | int | float) and not isinstance(value, bool):
            return self._said(name, str(value))
        if value is not None:
            self.left_out.unknown(self.at(name))
        return ""

    def _said(self, name: str, text: str) -> str:
        if _PIPED.search(text):
            self.left_out.note(
                self.at(name), _("What stands in braces is shown as it is: no answer is put in its place.")
            )
        return text.strip()

    def number(self, name: str) -> int | float | None:
        value = self.take(name)
        if isinstance(value, str):
            try:
                value = float(value)
            except ValueError:
                self.left_out.unknown(self.at(name))
                return None
        counts = isinstance(value, int | float) and not isinstance(value, bool)
        if counts and abs(value) <= LARGEST_NUMBER and isfinite(value):
            return int(value) if isinstance(value, float) and value.is_integer() else value
        if value is not None:
            self.left_out.unknown(self.at(name))
        return None

    def flag(self, name: str) -> bool:
        value = self.take(name)
        if isinstance(value, str) and value.strip().casefold() in ("true", "false"):
            return value.strip().casefold() == "true"
        if value not in (None, True, False):
            self.left_out.unknown(self.at(name))
        return value is True

    def listed(self, name: str) -> list[Any]:
        value = self.take(name)
        if isinstance(value, list):
            return value
        if value is not None:
            self.left_out.unknown(self.at(name))
        return []

    def parts(self, name: str) -> Iterator["_Part"]:
        for number, raw in enumerate(self.listed(name)):
            yield _Part(raw, f"{self.at(name)}[{number}]", self.left_out)

    def finish(self) -> None:
        for name, value in self.raw.items():
            if name not in self._taken and value not in (None, "", False, [], {}):
                self.left_out.unknown(self.at(str(name)))


class _Reader:
    def __init__(self) -> None:
        self.left_out = LeftOut()
        self.names = Names()
        self._values: dict[str, Sequence[str]] = {}
        self._marked_up: list[str] = []

    def survey(self, survey: _Part) -> Iterator[Built]:
        survey.take("locale")
        pages = list(survey.parts("pages"))
        for page in pages:
            page.take("name")
            title, description = page.words("title"), page.words("description")
            shown = self._condition(page, "visibleIf")
            if len(pages) > 1:
                yield Built(page.path, {"type": "page", **without({"title": title, "shown_if": shown})})
            elif title:
                yield Built(page.path, {"type": "text", "text": title})
            if description:
                yield Built(page.path, {"type": "text", "text": description})
            for part in ("elements", "questions"):
                for element in page.parts(part):
                    yield from self._element(element, None, 0)
            page.finish()
        for part in ("elements", "questions"):
            for element in survey.parts(part):
                yield from self._element(element, None, 0)

    def name_markup(self) -> None:
        for path in self._marked_up:
            self.left_out.note(path, _("Its words were taken over without their markup."))

    def _element(self, element: _Part, around: Item | None, depth: int) -> Iterator[Built]:
        kind = element.take("type")
        shown = self._condition(element, "visibleIf")
        if shown and around:
            self.left_out.note(
                element.at("visibleIf"), _("One condition was taken over: that of what it stands in.")
            )
        shown = around or shown
        if kind == "panel" and depth < DEEPEST:
            element.take("name")
            heading = " ".join(filter(None, (element.words("title"), element.words("description"))))
            if heading:
                yield Built(element.path, {"type": "text", "text": heading, **without({"shown_if": shown})})
            for inner in element.parts("elements"):
                yield from self._element(inner, shown, depth + 1)
            element.finish()
            return
        read = _READERS.get(kind) if isinstance(kind, str) else None
        if read is None:
            called = kind if isinstance(kind, str) else "?"
            self.left_out.note(
                element.path,
                _("Elements of the type “%(type)s” were not taken over.") % {"type": called[:40]},
            )
            return
        for item in read(self, element):
            yield Built(element.path, {**item, **without({"shown_if": shown})})
        element.finish()

    def common(self, element: _Part, *, otherwise: str = "question") -> Item:
        """Return what every question has. SurveyJS needs an answer only where it says so; so do we here."""
        called = element.take("name")
        title = element.words("title")
        name = self.names.give(called, otherwise)
        if isinstance(called, str) and called and called != name:
            self.left_out.note(
                element.at("name"), _("In the results this is called “%(name)s”.") % {"name": name}
            )
        needed = element.flag("isRequired")
        needed_if = self._condition(element, "requiredIf")
        if needed_if and needed:
            needed_if = None
        item: Item = {
            "name": name,
            "label": title or _written(called) or name,
            **without({"help": element.words("description")}),
        }
        item |= {"required_if": needed_if} if needed_if else {"required": needed}
        return item

    def options(self, element: _Part) -> list[tuple[str, str]]:
        found = self.choices(element, "choices")
        if element.flag("hasNone") or element.flag("showNoneItem"):
            found.append(("none", element.words("noneText") or _("None of these")))
        return found

    def choices(self, element: _Part, name: str) -> list[tuple[str, str]]:
        found = []
        for number, raw in enumerate(element.listed(name)):
            path = f"{element.at(name)}[{number}]"
            if isinstance(raw, dict):
                choice = _Part(raw, path, self.left_out)
                value = _written(choice.raw.get("value")) or choice.words("value")
                choice.take("value")
                found.append((value, choice.words("text") or value))
                choice.finish()
            elif value := _written(raw):
                found.append((value, value))
            else:
                self.left_out.unknown(path)
        return found

    def with_other(self, element: _Part, item: Item, options: list[tuple[str, str]]) -> Iterator[Item]:
        """Give a question with options and, if it lets people write another one, a question for that."""
        other = element.flag("hasOther") or element.flag("showOtherItem")
        words = element.words("otherText")
        if other:
            options = [*options, ("other", words or _("Other"))]
        self._values[item["name"]] = [value for value, _label in options]
        yield {**item, "options": as_options(options)}
        if other:
            yield {
                "type": "short_text",
                "name": self.names.give(f"{item['name']}_other"),
                "label": element.words("otherPlaceholder") or _("Which other?"),
                "max_length": 1000,
                "shown_if": {"item": item["name"], "in": ["other"]},
            }

    def remember(self, name: str, values: Sequence[str]) -> None:
        self._values[name] = values

    def plain(self, element: _Part, markup: str) -> str:
        if "<" in markup:
            self._marked_up.append(element.path)
        return _without_tags(markup)

    def _condition(self, element: _Part, name: str) -> Item | None:
        written = element.take(name)
        if not written:
            return None
        condition = self._read_condition(written) if isinstance(written, str) else None
        if condition is None:
            self.left_out.note(
                element.at(name),
                _("This condition was not taken over: %(words)s") % {"words": str(written)[:80]},
            )
        return condition

    def _read_condition(self, written: str) -> Item | None:
        """Read `{q} = 'x' or {q} = 'y'`, `{q} anyof ['x', 'y']` and `{q} contains 'x'`, of one question."""
        item = ""
        among: list[str] = []
        for part in _OR.split(written[:2000]):
            found = _CONDITION.fullmatch(part.strip())
            name = self.names.of(found[1].strip()) if found else ""
            if not found or not name or (item and item != name):
                return None
            if found[3].startswith("[") and found[2] in ("=", "=="):
                return None  # exactly these answers, which is more than one of them
            inner = found[3].removeprefix("[").removesuffix("]")
            values = ["".join(literal.groups(default="")) for literal in _LITERAL.finditer(inner)]
            if not values or _LITERAL.sub("", inner).strip(", "):
                return None
            item, among = name, among + values
        known = self._values.get(item, ())
        if not known or not set(among) <= set(known):
            return None
        return {"item": item, "in": list(dict.fromkeys(among))}


def _text(reader: _Reader, element: _Part) -> Iterator[Item]:
    kind = element.take("inputType") or "text"
    item = reader.common(element)
    rules = _validators(reader, element)
    if kind in ("number", "range"):
        bounds = {name: element.number(name) for name in ("min", "max", "step")}
        bounds["min"] = rules.pop("min", None) if bounds["min"] is None else bounds["min"]
        bounds["max"] = rules.pop("max", None) if bounds["max"] is None else bounds["max"]
        yield {"type": "number", **item, **_kept(bounds)}
    elif kind == "date":
        days = {"earliest": element.words("min"), "latest": element.words("max")}
        yield {"type": "date", **item, **without(days)}
    else:
        if kind != "text":
            reader.left_out.note(
                element.at("inputType"),
                _("Any text is taken as an answer, also where it is no %(kind)s.") % {"kind": str(kind)[:40]},
            )
        yield {"type": "short_text", **item, **_lengths(element, rules, most=1000)}
    for rule in ("min", "max", "pattern", "min_length", "max_length"):
        if rule in rules:
            reader.left_out.note(
                element.at("validators"), _("“%(rule)s” was not taken over.") % {"rule": rule}
            )


def _comment(reader: _Reader, element: _Part) -> Iterator[Item]:
    item = reader.common(element)
    rules = _validators(reader, element)
    yield {"type": "long_text", **item, **_lengths(element, rules, most=10_000)}
    if rules:
        reader.left_out.note(
            element.at("validators"), _("“%(rule)s” was not taken over.") % {"rule": ", ".join(rules)}
        )


def _validators(reader: _Reader, element: _Part) -> dict[str, Any]:
    """Return what the validators demand that a question of ours can; what else they do is named."""
    rules: dict[str, Any] = {}
    for validator in element.parts("validators"):
        kind = validator.take("type")
        if kind in ("numeric", "numericvalidator"):
            rules |= _kept({"min": validator.number("minValue"), "max": validator.number("maxValue")})
        elif kind in ("text", "textvalidator"):
            found = {"min_length": validator.number("minLength"), "max_length": validator.number("maxLength")}
            rules |= _kept(found)
        elif kind in ("regex", "regexvalidator"):
            pattern = str(validator.take("regex") or "").removeprefix("^").removesuffix("$")
            try:
                compiled(pattern)
                rules["pattern"] = pattern
            except PatternRefused:
                reader.left_out.unknown(validator.at("regex"))
        else:
            reader.left_out.note(
                validator.path,
                _("Validators of the type “%(type)s” were not taken over.") % {"type": str(kind)[:40]},
            )
            continue
        validator.finish()
    return rules


def _lengths(element: _Part, rules: dict[str, Any], *, most: int) -> Item:
    longest = element.number("maxLength")
    lengths = {"max_length": rules.pop("max_length", None), "min_length": rules.pop("min_length", None)}
    if isinstance(longest, int) and longest > 0:
        lengths["max_length"] = longest
    if most == 1000 and "pattern" in rules:
        lengths["pattern"] = rules.pop("pattern")
    if isinstance(lengths["max_length"], int) and lengths["max_length"] > most:
        element.left_out.note(
            element.at("maxLength"), _("An answer has at most %(most)s characters.") % {"most": most}
        )
        lengths["max_length"] = most
    return {name: value for name, value in lengths.items() if value not in (None, 0, -1)}


def _kept(bounds: Mapping[str, Any]) -> Item:
    return {name: bound for name, bound in bounds.items() if bound is not None}


def _radiogroup(reader: _Reader, element: _Part) -> Iterator[Item]:
    yield from reader.with_other(
        element, {"type": "single_choice", **reader.common(element)}, reader.options(element)
    )


def _dropdown(reader: _Reader, element: _Part) -> Iterator[Item]:
    low, high = element.number("choicesMin"), element.number("choicesMax")
    options = reader.options(element)
    if isinstance(low, int) and isinstance(high, int) and high - low < 100:
        options += [(str(number), str(number)) for number in range(low, high + 1)]
    yield from reader.with_other(element, {"type": "drop_down", **reader.common(element)}, options)


def _checkbox(reader: _Reader, element: _Part) -> Iterator[Item]:
    yield from reader.with_other(
        element, {"type": "multiple_choice", **reader.common(element)}, reader.options(element)
    )


def _boolean(reader: _Reader, element: _Part) -> Iterator[Item]:
    item = reader.common(element)
    values = [
        _written(element.take(name)) or otherwise
        for name, otherwise in (("valueTrue", "true"), ("valueFalse", "false"))
    ]
    labels = (element.words("labelTrue") or _("Yes"), element.words("labelFalse") or _("No"))
    reader.remember(item["name"], values)
    yield {"type": "single_choice", **item, "options": as_options(zip(values, labels, strict=True))}


def _rating(reader: _Reader, element: _Part) -> Iterator[Item]:
    item = reader.common(element)
    ends = {
        "least_label": element.words("minRateDescription"),
        "most_label": element.words("maxRateDescription"),
    }
    low, high, step = element.number("rateMin"), element.number("rateMax"), element.number("rateStep")
    count = element.number("rateCount")
    low = 1 if low is None else low
    high = (low + count - 1 if count is not None else 5) if high is None else high
    values = reader.choices(element, "rateValues")
    numbers = [
        int(value) for value, label in values if re.fullmatch(r"-?[0-9]{1,3}", value) and value == label
    ]
    if (
        values
        and len(numbers) == len(values)
        and numbers == list(range(numbers[0], numbers[0] + len(numbers)))
    ):
        low, high, step, values = numbers[0], numbers[-1], 1, []
    whole = isinstance(low, int) and isinstance(high, int) and step in (None, 1) and high - low < MOST_POINTS
    if whole and not values:
        reader.remember(item["name"], [str(point) for point in range(int(low), int(high) + 1)])
        yield {"type": "rating", **item, "least": low, "most": high, **without(ends)}
        return
    if not values and isinstance(low, int) and isinstance(high, int) and isinstance(step or 1, int):
        points = range(low, high + 1, max(1, int(step or 1)))[:MOST_OPTIONS_MADE]
        values = [(str(point), str(point)) for point in points]
    reader.left_out.note(element.path, _("This scale became a list of choices."))
    reader.remember(item["name"], [value for value, _label in values])
    yield {"type": "single_choice", **item, "options": as_options(values)}


def _ranking(reader: _Reader, element: _Part) -> Iterator[Item]:
    yield {"type": "ranking", **reader.common(element), "options": as_options(reader.options(element))}


def _html(reader: _Reader, element: _Part) -> Iterator[Item]:
    element.take("name")
    words = reader.plain(element, element.words("html"))
    if words:
        yield {"type": "text", "text": words}


def _image(reader: _Reader, element: _Part) -> Iterator[Item]:
    element.take("name")
    source = element.words("imageLink")
    mode = element.take("contentMode") or "image"
    if mode not in ("image", "auto") or not (safe_source(source) or source.startswith("{{")):
        reader.left_out.note(element.at("imageLink"), _("Only images with an https address are taken over."))
        return
    yield {
        "type": "image",
        "source": source,
        "alt": element.words("altText") or element.words("title") or _("An image"),
    }


def _multipletext(reader: _Reader, element: _Part) -> Iterator[Item]:
    title = (element.words("title") or _written(element.raw.get("name")))[:LONGEST_TITLE]
    element.take("name")
    for part in element.parts("items"):
        for item in _text(reader, part):
            yield {**item, "label": f"{title}: {item['label']}" if title else item["label"]}
        part.finish()


def _matrix(reader: _Reader, element: _Part) -> Iterator[Item]:
    """Give a question with one choice for each row of a table."""
    columns, rows = reader.choices(element, "columns"), reader.choices(element, "rows")
    called = _written(element.raw.get("name"))
    item = reader.common(element)
    needed = element.flag("isAllRowRequired") or element.flag("eachRowRequired")
    values, options = [column for column, _label in columns], as_options(columns)
    for value, label in rows:
        name = reader.names.give(f"{called}_{value}")
        reader.remember(name, values)
        title = f"{item['label'][:LONGEST_TITLE]}: {label}"
        asked = {**item, "name": name, "label": title, "options": options}
        yield {"type": "single_choice", **asked, **({"required": True} if needed else {})}


_FILE_KINDS = ("image", "audio", "video")


def _file(reader: _Reader, element: _Part) -> Iterator[Item]:
    item = reader.common(element)
    wanted = element.words("acceptedTypes").casefold()
    kinds = [kind for kind in _FILE_KINDS if f"{kind}/" in wanted] + (["pdf"] if "pdf" in wanted else [])
    if not kinds:
        kinds = ["image", "pdf"]
        reader.left_out.note(element.at("acceptedTypes"), _("Images and PDF documents may be uploaded."))
    size = element.number("maxSize")
    most = {"most_megabytes": min(100, max(1, round(size / 1_000_000)))} if size and size > 0 else {}
    if element.flag("allowMultiple"):
        reader.left_out.note(element.at("allowMultiple"), _("One file can be uploaded."))
    yield {"type": "file", **item, "accepts": kinds, **most}


_READERS: dict[str, Callable[[_Reader, _Part], Iterator[Item]]] = {
    "text": _text,
    "comment": _comment,
    "radiogroup": _radiogroup,
    "buttongroup": _radiogroup,
    "dropdown": _dropdown,
    "checkbox": _checkbox,
    "tagbox": _checkbox,
    "boolean": _boolean,
    "rating": _rating,
    "ranking": _ranking,
    "html": _html,
    "image": _image,
    "multipletext": _multipletext,
    "matrix": _matrix,
    "file": _file,
}


def _written(raw: object) -> str:
    """Return a value as a condition writes it; nothing for what is no single value."""
    if isinstance(raw, bool):
        return str(raw).lower()
    return str(raw).strip() if isinstance(raw, str | int | float) else ""


_TAG = re.compile(r"""<(?:(/?)([a-zA-Z][a-zA-Z0-9]*+)|[!?])(?:[^<>"']++|"[^"<]*"|'[^'<]*')*+>""")
_BLOCKS = frozenset({"p", "div", "br", "li", "h1", "h2", "h3", "h4", "tr", "ul", "ol"})
_SILENT = frozenset({"script", "style"})
_NO_CHARACTER = re.compile(r"&#[0-9]{8,};?")


def _without_tags(markup: str) -> str:
    """Return the words of some markup, each block on a line of its own.

    Each character is looked at a few times at most, however the markup is made.
    """
    first, *others = markup.split("<!--")
    shown = first + "".join(other.partition("-->")[2] for other in others)
    pieces: list[str] = []
    at, silent = 0, ""
    for tag in _TAG.finditer(shown):
        if not silent:
            pieces.append(shown[at : tag.start()])
        at, name = tag.end(), (tag[2] or "").lower()
        if name in _BLOCKS and not silent:
            pieces.append("\n")
        if name in _SILENT and silent in ("", name):
            silent = "" if tag[1] else name
    if not silent:
        pieces.append(shown[at:])
    words = unescape(_NO_CHARACTER.sub("\ufffd", "".join(pieces)))
    return re.sub(r"\n{3,}", "\n\n", words).strip()
