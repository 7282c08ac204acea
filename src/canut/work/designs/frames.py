"""Pages that are not ours, on a task's page: a web page to look at, own HTML, a page on another server.

Each runs in a frame of another origin, in a sandbox, so that it can read and do nothing here
(`docs/own-pages.md`). What workers answer in a frame comes back by a permit that is good once; handing in
the task takes it from there, so no form of ours has a field for it.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar, Self
from urllib.parse import quote, urlsplit

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from canut.work.designs.columns import PLACE, as_text, column_name
from canut.work.designs.editing import EditedField, Family
from canut.work.designs.fields import Fields
from canut.work.designs.items import Check, Item, Occasion, Question, Told
from canut.work.designs.own_html import columns_in_html
from canut.work.designs.problems import Wrong
from canut.work.designs.sources import LONGEST, safe_source
from canut.work.designs.values import LARGEST_NUMBER, clean_text, storable
from canut.work.frame_host import frame_source

MOST_HTML = 100_000
MOST_PAGE_ANSWER_BYTES = 32 * 1024
MOST_FIELDS = 200
MOST_VALUES = 200
LONGEST_FIELD_NAME = 100
LEAST_HEIGHT, USUAL_HEIGHT, MOST_HEIGHT = 100, 500, 2000
"""Of a frame, in CSS pixels."""

_LOCAL_NAMES = frozenset({"localhost", "127.0.0.1", "::1"})

HEIGHT = EditedField(
    name="height",
    kind="whole",
    label=_("Height in pixels"),
    help=_("From 100 to 2000."),
    default=USUAL_HEIGHT,
)
ADDRESS = EditedField(
    name="url",
    kind="column",
    label=_("Address of the page (https)"),
    help=_("Columns may stand in it: https://example.org/item?id={{id}}"),
    needed=True,
)


def read_address(raw: Fields, field: str) -> str:
    """Take the address of a page out of `raw`: one in which columns may stand, or a column of them."""
    template = raw.text(field, at_most=LONGEST, one_line=True)
    if template and not page_address(PLACE.sub("x", template)) and not template.startswith("{{"):
        raw.problem("not_a_source", field)
    return template


def fill_address(template: str, row: Mapping[str, object]) -> str:
    """Return the address for one row, or nothing if it is none that a frame may show.

    A value that begins it stands as it is; any other is encoded for the path or the query it is in.
    """
    pieces = PLACE.split(template)
    filled = ""
    for number, piece in enumerate(pieces):
        if number % 2 == 0:
            filled += piece
        else:
            value = as_text(row.get(column_name(piece)))
            filled += value if not filled else quote(value, safe="" if "?" in filled else "/")
    return page_address(filled)


def page_address(address: str) -> str:
    """Return the address if a frame may show it, else nothing: https, or this machine while we try things."""
    address = address.strip()
    if not settings.SITE_IS_HTTPS and address.startswith("http://"):
        secure = "https://" + address.removeprefix("http://")
        return address if safe_source(secure) and urlsplit(secure).hostname in _LOCAL_NAMES else ""
    return safe_source(address)


def elsewhere() -> tuple[str, ...]:
    """Return what a page that shows pages elsewhere may frame; they may lead on to others."""
    return ("https:",) if settings.SITE_IS_HTTPS else ("https:", "http://localhost:*", "http://127.0.0.1:*")


def check_page_answer(answer: object) -> dict[str, str | list[str]] | None:
    """Return what a page's form sent, cleaned: each field's name with its text, or a list of texts.

    Blank fields are left out; a page on which nothing was filled in is no answer.

    Raises:
        Wrong: it is no object of texts and lists of texts, or too large.
    """
    if not isinstance(answer, dict):
        raise Wrong("not_a_page_answer")
    if len(answer) > MOST_FIELDS:
        raise Wrong("too_many_fields", at_most=MOST_FIELDS)
    cleaned: dict[str, str | list[str]] = {}
    size = 0
    for name, value in answer.items():
        if not isinstance(name, str) or not 0 < len(name) <= LONGEST_FIELD_NAME or not storable(name):
            raise Wrong("not_a_page_answer")
        values = _values(value)
        size += _bytes(name) + sum(_bytes(one) + 4 for one in values)
        if size > MOST_PAGE_ANSWER_BYTES:
            raise Wrong("page_answer_too_large", at_most=MOST_PAGE_ANSWER_BYTES // 1024)
        if not all(storable(one) for one in values):
            raise Wrong("unstorable")
        texts = [text for text in map(clean_text, values) if text]
        if texts:
            cleaned[name] = texts if isinstance(value, list) else texts[0]
    return cleaned or None


def _values(value: object) -> list[str]:
    """Return a field's texts; a number or a yes or no of a program's JSON is what a form would have sent."""
    values = []
    for one in value[: MOST_VALUES + 1] if isinstance(value, list) else [value]:
        if isinstance(one, bool):
            values.append("true" if one else "false")
        elif isinstance(one, int | float) and abs(one) < LARGEST_NUMBER:
            values.append(str(one))
        elif isinstance(one, str):
            values.append(one)
        else:
            raise Wrong("not_a_page_answer")
    if len(values) > MOST_VALUES:
        raise Wrong("not_a_page_answer")
    return values


def _bytes(text: str) -> int:
    return len(text.encode(errors="replace"))


@dataclass(frozen=True, kw_only=True)
class WebPage(Item):
    """A web page to look at. It asks nothing here, and learns nothing of who looks."""

    type = "web_page"
    template = "work/items/web_page.html"
    called = _("A web page")
    family = Family.OWN
    editing = (
        ADDRESS,
        EditedField(
            name="title",
            kind="line",
            label=_("What it is"),
            help=_("For those who have it read aloud: the shop's page, the article."),
            needed=True,
        ),
        HEIGHT,
    )
    begins = {"url": "{{url}}", "title": _("The page to judge")}

    url: str
    title: str
    height: int = USUAL_HEIGHT

    @classmethod
    def read(cls, raw: Fields) -> Self:
        return cls(
            url=read_address(raw, "url"),
            title=raw.text("title", at_most=200, one_line=True),
            height=read_height(raw),
        )

    @property
    def loads(self) -> Mapping[str, tuple[str, ...]]:  # type: ignore[override]
        return {"frame-src": elsewhere()}

    def templates(self) -> Iterator[str]:
        yield from (self.title, self.url)

    def drawn(self, occasion: Occasion) -> dict[str, object]:
        return {
            "title": occasion.fill(self.title),
            "address": fill_address(self.url, occasion.row),
            "height": self.height,
        }

    def seen(self, occasion: Occasion) -> Sequence[Told]:
        address, title = fill_address(self.url, occasion.row), occasion.fill(self.title)
        return [Told(kind="link", text=title, url=address)] if address else [Told(text=title)]


@dataclass(frozen=True, kw_only=True)
class FramedQuestion(Question):
    """A question that a page answers which is not ours. The answer is an object: `{field: text or texts}`."""

    needs_twin: ClassVar[bool] = True
    template = "work/items/framed.html"
    family = Family.OWN

    height: int = USUAL_HEIGHT

    @property
    def loads(self) -> Mapping[str, tuple[str, ...]]:  # type: ignore[override]
        return {"frame-src": frame_source()}

    def check(self) -> Check:
        return check_page_answer

    def most_bytes(self) -> int:
        return 6 * MOST_PAGE_ANSWER_BYTES

    def widget(self, occasion: Occasion) -> forms.Widget:
        return forms.HiddenInput()

    def posted(self, values: Sequence[str]) -> object:
        return None  # the answer waits on the permit

    def typed(self, answer: object) -> object:
        return None

    def drawn(self, occasion: Occasion) -> dict[str, object]:
        return {"frame": occasion.frames.get(self.name), "height": self.height, "name": self.name}

    def told(self, answer: object, occasion: Occasion) -> Sequence[Told]:
        given = answer if isinstance(answer, dict) else {}
        return [
            Told(
                heading=str(name), text="\n".join(map(str, value)) if isinstance(value, list) else str(value)
            )
            for name, value in given.items()
        ]


@dataclass(frozen=True, kw_only=True)
class OwnHtml(FramedQuestion):
    """The requester's own HTML, with `{{column}}` and `${column}`. What its form sends is the answer."""

    type = "own_html"
    called = _("Your own HTML")
    editing = (
        EditedField(
            name="html",
            kind="area",
            label=_("HTML"),
            help=_(
                "{{column}} or ${column} stands for that column's value. What its fields hold is the answer."
            ),
            needed=True,
            rows=12,
        ),
        HEIGHT,
    )
    begins = {
        "label": _("Fill in this page."),
        "html": '<p>{{text}}</p>\n<p><label>Remark <input name="remark" required></label></p>',
    }

    html: str

    @classmethod
    def read(cls, raw: Fields) -> Self:
        return cls(html=raw.text("html", at_most=MOST_HTML), height=read_height(raw), **cls.read_common(raw))

    def templates(self) -> Iterator[str]:
        yield from super().templates()
        for column in columns_in_html(self.html):
            yield f"{{{{{column}}}}}"

    def seen(self, occasion: Occasion) -> Sequence[Told]:
        """Return the row's values that the page held; the page itself is not run for reading."""
        columns = dict.fromkeys(columns_in_html(self.html))
        return [
            Told(heading=name, text=as_text(occasion.row[name])) for name in columns if name in occasion.row
        ]


@dataclass(frozen=True, kw_only=True)
class RemotePage(FramedQuestion):
    """A page elsewhere that answers by itself: it is told the assignment and where to send the answer."""

    type = "remote_page"
    called = _("A page on your own server")
    editing = (ADDRESS, HEIGHT)
    begins = {"label": _("Do the task on this page."), "url": "https://example.org/task?id={{id}}"}

    url: str

    @classmethod
    def read(cls, raw: Fields) -> Self:
        return cls(url=read_address(raw, "url"), height=read_height(raw), **cls.read_common(raw))

    @property
    def loads(self) -> Mapping[str, tuple[str, ...]]:  # type: ignore[override]
        return {"frame-src": (*frame_source(), *elsewhere())}

    def templates(self) -> Iterator[str]:
        yield from super().templates()
        yield self.url

    def seen(self, occasion: Occasion) -> Sequence[Told]:
        address = fill_address(self.url, occasion.row)
        return [Told(kind="link", url=address)] if address else ()


def read_height(raw: Fields) -> int:
    return raw.whole_number("height", default=USUAL_HEIGHT, low=LEAST_HEIGHT, high=MOST_HEIGHT)
