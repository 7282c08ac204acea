"""A requester's own HTML: reading where its columns stand, and filling them in for one row.

A value is escaped for the place in which it stands, so that data can neither add elements nor run as a
script, whoever wrote it. The page itself may hold any script: where it runs, it can do nothing to the
site (`docs/own-pages.md`).

Columns are written `{{column}}` or, as on Mechanical Turk, `${column}`. As the latter is JavaScript too, it
is left as it stands where the row has no such column; a missing `{{column}}` is empty as everywhere.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import Enum, auto
from functools import lru_cache
from html import escape

from canut.work.designs.columns import as_text, column_name

PLACE = re.compile(r"\{\{([^{}]*)\}\}|\$\{(\w[\w-]*(?: +[\w-]+)*)\}")

_TAG = re.compile(r"<(/?)([A-Za-z][^\s/>]*)")
_ATTRIBUTE = re.compile(
    r"""[\s/]*+(?P<name>[^\s/>=][^\s/>=]*)(?:\s*=\s*(?:"(?P<double>[^"]*)"|'(?P<single>[^']*)'|(?P<bare>[^\s>"'][^\s>]*)))?"""
)
_END_OF_TAG = re.compile(r"[\s/]*+>")
_BLANKS_OR_ONE = re.compile(r"[\s/]++|.", re.DOTALL)
_MARKED = re.compile("\0([0-9]+)\0")

_RAW = frozenset(
    {"script", "style", "textarea", "title", "xmp", "iframe", "noembed", "noframes", "plaintext"}
)
_URLS = frozenset(
    {"href", "src", "action", "formaction", "xlink:href", "data", "poster", "background", "cite"}
)
_OURS = frozenset({"action", "method", "enctype", "target", "accept-charset"})
"""What decides where a form goes; the frame's own address takes their place."""
_OURS_ON_BUTTONS = frozenset({"formaction", "formmethod", "formenctype", "formtarget"})

_SAFE_ADDRESS = re.compile(
    r"(?:https?:|mailto:|tel:|data:(?:image|audio|video)/|//|[^:]*$|[^:/?#]*[/?#])", re.IGNORECASE
)
_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?")
_CSS_VALUE = re.compile(r"#[0-9a-fA-F]{3,8}|-?[0-9]+(\.[0-9]+)?(px|em|rem|ch|%|deg|s|ms|vh|vw)?")


class Within(Enum):
    """Where in a page a value stands."""

    TEXT = auto()
    QUOTED = auto()
    BARE = auto()
    SCRIPT = auto()
    STYLE = auto()


@dataclass(frozen=True, slots=True)
class Place:
    """A place for a column's value. `attribute` is what it stands in; `begins` if it comes first there."""

    column: str
    written: str
    within: Within
    attribute: str = ""
    begins: bool = False

    def filled(self, row: Mapping[str, object]) -> str:
        if self.column not in row and self.written.startswith("$"):
            return self.written
        text = as_text(row.get(self.column)).replace("\0", "\ufffd")
        if self.within is Within.SCRIPT or self.attribute.startswith("on"):
            text = for_script(text)
        elif self.within is Within.STYLE or self.attribute == "style":
            text = for_style(text)
        elif self.attribute == "srcdoc":
            text = for_html(text)
        elif self.attribute in _URLS and self.begins and not is_safe_address(text):
            text = "about:invalid"
        if self.within in (Within.SCRIPT, Within.STYLE):
            return text
        return for_html(text, keeps_blanks=self.within is not Within.BARE)


@dataclass(frozen=True, slots=True)
class OwnPage:
    """A requester's HTML, read once: literal parts and places in turn. Its forms go where `address` says."""

    parts: tuple[str | Place, ...]
    is_document: bool
    has_form: bool
    has_button: bool

    def filled(self, row: Mapping[str, object], *, address: str, button: str) -> str:
        """Return the page for one row, whole, its forms sending to `address`.

        A page without a button to send its form gets one that says `button`.
        """
        said = {_ADDRESS: escape(address), _BUTTON: "" if self.has_button else _button(button)}
        return "".join(
            part.filled(row) if isinstance(part, Place) else said.get(part, part) for part in self.parts
        )


_ADDRESS = "\0address\0"
_BUTTON = "\0button\0"
_IF_NO_FORM = "\0if no form\0"
"""Stands in a button that says no type: without a form around it, it sends nothing in the original."""


def columns_in_html(html: str) -> Iterator[str]:
    """Give the columns that a page names, in its order."""
    for double, dollar in PLACE.findall(html):
        if name := column_name(double or dollar):
            yield name


def with_columns_called(html: str, names: Mapping[str, str]) -> str:
    """Return the page with each column of `names` called by its new name, in the way it was written."""

    def called(found: re.Match[str]) -> str:
        new = names.get(column_name(found[1] if found[1] is not None else found[2]))
        if new is None:
            return found[0]
        as_dollar = f"${{{new}}}"
        return as_dollar if found[2] is not None and PLACE.fullmatch(as_dollar) else f"{{{{{new}}}}}"

    return PLACE.sub(called, html)


def for_html(text: str, *, keeps_blanks: bool = True) -> str:
    """Return text for an element's text or an attribute's value, quoted or, without blanks, unquoted."""
    return "".join(_entity(char, keeps_blanks=keeps_blanks) for char in text)


def for_script(text: str) -> str:
    """Return text for inside a string of JavaScript; a number as it is, to stand alone."""
    if _NUMBER.fullmatch(text):
        return text
    units = text.encode("utf-16-be")
    codes = (units[at] << 8 | units[at + 1] for at in range(0, len(units), 2))
    return "".join(_script_unit(code) for code in codes)


def for_style(text: str) -> str:
    """Return text for inside a string or a name of CSS; colours, numbers and lengths as they are."""
    if _CSS_VALUE.fullmatch(text):
        return text
    return "".join(char if _is_plain(char) or char in "-_" else f"\\{ord(char):x} " for char in text)


def is_safe_address(text: str) -> bool:
    """Tell whether an address that a value begins runs no script when it is followed."""
    seen = re.sub(r"[\t\n\r]", "", text).lstrip("".join(map(chr, range(33))))
    return _SAFE_ADDRESS.match(seen) is not None


@lru_cache(maxsize=256)
def read_page(html: str) -> OwnPage:
    """Return the page that a requester's HTML is, ready to be filled."""
    return _Reading(html).page()


class _Reading:
    """One pass over a page, from left to right, as a browser's tokeniser makes it."""

    def __init__(self, html: str) -> None:
        self._places: list[tuple[str, str]] = []
        self._html = PLACE.sub(self._mark, html)
        self._parts: list[str | Place] = []
        self._at = 0
        self._forms = self._buttons = self._buttons_in_forms = 0
        self._document = bool(re.search(r"<(?:!doctype|html|body)[\s>]", html, re.IGNORECASE))
        self._body_begins: int | None = None
        self._body_ends: int | None = None
        self._last_form_ends: int | None = None

    def page(self) -> OwnPage:
        self._read()
        return OwnPage(
            parts=tuple(part for part in self._whole() if part != ""),
            is_document=self._document,
            has_form=self._forms > 0,
            has_button=self._buttons + (self._buttons_in_forms if self._forms else 0) > 0,
        )

    def _whole(self) -> list[str | Place]:
        """Return the parts with a form around them if there is none, and the place for a button."""
        plain = "" if self._forms else ' type="button"'
        parts = [plain if part == _IF_NO_FORM else part for part in self._parts]
        begins = 0 if self._body_begins is None else self._body_begins
        ends = len(parts) if self._body_ends is None else self._body_ends
        if self._forms:
            last = ends if self._last_form_ends is None else self._last_form_ends
            return [*parts[:last], _BUTTON, *parts[last:]]
        opened = ['<form method="post" target="_self" action="', _ADDRESS, '">']
        return [*parts[:begins], *opened, *parts[begins:ends], _BUTTON, "</form>", *parts[ends:]]

    def _mark(self, found: re.Match[str]) -> str:
        name = column_name(found[1] if found[1] is not None else found[2])
        if not name:
            return found[0]
        self._places.append((name, found[0]))
        return f"\0{len(self._places) - 1}\0"

    def _read(self) -> None:
        html = self._html
        while self._at < len(html):
            opens = html.find("<", self._at)
            if opens < 0:
                break
            self._text(html[self._at : opens])
            self._at = opens
            if html.startswith("<!--", opens):
                self._text(self._upto("-->", opens + 4))
            elif html.startswith(("<!", "<?"), opens):
                self._text(self._upto(">", opens))
            elif tag := _TAG.match(html, opens):
                self._tag(tag)
            else:
                self._text("&lt;")  # so that no value after it makes it a tag
                self._at += 1
        self._text(html[self._at :])
        self._at = len(html)

    def _upto(self, end: str, search_from: int) -> str:
        """Return what is left up to and with `end`, and go there."""
        found = self._html.find(end, search_from)
        ends = len(self._html) if found < 0 else found + len(end)
        part, self._at = self._html[self._at : ends], ends
        return part

    def _text(self, text: str, within: Within = Within.TEXT, attribute: str = "") -> None:
        """Take over a stretch of the page, with the places in it."""
        for number, piece in enumerate(_MARKED.split(text)):
            if number % 2 == 0:
                self._parts.append(piece)
            else:
                column, written = self._places[int(piece)]
                begins = number == 1 and not text[: text.index("\0")].strip()
                self._parts.append(Place(column, written, within, attribute, begins))

    def _tag(self, tag: re.Match[str]) -> None:
        name, closes = tag[2].lower(), bool(tag[1])
        if closes and name == "form" and self._forms:
            self._last_form_ends = len(self._parts)
        if closes and name in ("body", "html") and self._body_ends is None:
            self._body_ends = len(self._parts)
        self._text(tag[0], Within.BARE)
        self._at = tag.end()
        said = self._attributes(name, closes=closes)
        if closes:
            self._text(self._upto(">", self._at))
            if name == "head" and not self._forms:
                self._body_begins = len(self._parts)
            return
        if name == "form":
            self._forms += 1
            self._parts += [' method="post" target="_self" action="', _ADDRESS, '"']
        sends = said.get("type", "").lower()
        if (name == "button" and sends == "submit") or (name == "input" and sends in ("submit", "image")):
            self._buttons += 1
        elif name == "button" and not sends:
            self._buttons_in_forms += 1
            self._parts.append(_IF_NO_FORM)
        self._text(self._upto(">", self._at))
        if name in ("body", "html") and not self._forms:
            self._body_begins = len(self._parts)
        if name in _RAW:
            self._raw(name)

    def _attributes(self, tag: str, *, closes: bool) -> dict[str, str]:
        """Take over a tag's attributes but those that say where a form goes; return what they say."""
        said: dict[str, str] = {}
        while self._at < len(self._html) and not _END_OF_TAG.match(self._html, self._at):
            found = _ATTRIBUTE.match(self._html, self._at)
            if not found:
                stray = _BLANKS_OR_ONE.match(self._html, self._at)
                assert stray is not None
                self._text(stray[0])  # such as an equals sign
                self._at = stray.end()
                continue
            self._at = found.end()
            name = found["name"].lower()
            value = next(
                (found[form] for form in ("double", "single", "bare") if found[form] is not None), ""
            )
            said.setdefault(name, value)
            if not closes and (name in _OURS_ON_BUTTONS or (tag == "form" and name in _OURS)):
                continue
            quote = '"' if found["double"] is not None else "'" if found["single"] is not None else ""
            self._text(self._html[found.start() : found.end() - len(value) - len(quote)], Within.BARE)
            self._text(value, Within.QUOTED if quote else Within.BARE, name)
            self._text(quote)
        return said

    def _raw(self, name: str) -> None:
        """Take over what stands in an element whose text is not read as HTML."""
        ends = re.compile(rf"</{name}(?=[\s/>])", re.IGNORECASE).search(self._html, self._at)
        upto = len(self._html) if ends is None or name == "plaintext" else ends.start()
        within = {"script": Within.SCRIPT, "style": Within.STYLE}.get(name, Within.TEXT)
        self._text(self._html[self._at : upto], within)
        self._at = upto


def _button(says: str) -> str:
    return f'<p><button type="submit">{escape(says)}</button></p>'


def _is_plain(char: str) -> bool:
    return char.isascii() and char.isalnum()


def _entity(char: str, *, keeps_blanks: bool) -> str:
    code = ord(char)
    if char.isalnum() or char in ".,_-" or (keeps_blanks and char in " \n\t"):
        return char
    if code < 32 and char not in "\n\t":
        return ""
    if 0x7F <= code < 0xA0:  # references to these are read as other characters
        return "\ufffd"
    return f"&#{code};"


def _script_unit(code: int) -> str:
    char = chr(code)
    return char if _is_plain(char) or char in " ._," else f"\\u{code:04x}"
