"""Items that show something and ask nothing: texts, images, sounds, videos, and where a page begins."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import ClassVar, Literal, Self

from django.utils.translation import gettext_lazy as _

from canut.work.designs.columns import column_name
from canut.work.designs.editing import FEED, EditedField, Family
from canut.work.designs.fields import Fields
from canut.work.designs.items import Item, Occasion, Told
from canut.work.designs.sources import read_source, safe_source

ALTERNATIVE = EditedField(
    name="alt",
    kind="line",
    label=_("What it shows, for who cannot see or hear it"),
    help=_("Needed, and without what you ask for: “A photo of a street”, not “A photo of three cars”."),
    needed=True,
)
HEADING = EditedField(name="heading", kind="line", label=_("Heading"))


@dataclass(frozen=True, kw_only=True)
class Text(Item):
    """A text to read, such as `{{sentence}}`; `lang` tells screen readers which language it is in."""

    type = "text"
    template = "work/items/text.html"
    called = _("A text to read")
    family = Family.SHOWN
    editing = (
        HEADING,
        EditedField(name="text", kind="area", label=_("Text"), help=FEED, needed=True, rows=3),
        EditedField(
            name="lang",
            kind="line",
            label=_("Its language, as a code"),
            help=_("For those who have it read aloud: en, fr, es."),
        ),
    )
    begins = {"text": _("Your text")}

    text: str
    heading: str = ""
    lang: str = ""

    @classmethod
    def read(cls, raw: Fields) -> Self:
        return cls(
            text=raw.text("text", at_most=20_000),
            heading=raw.text("heading", at_most=200, needed=False),
            lang=raw.language("lang"),
        )

    def templates(self) -> Iterator[str]:
        yield self.heading
        yield self.text

    def drawn(self, occasion: Occasion) -> dict[str, object]:
        return {"heading": occasion.fill(self.heading), "text": occasion.fill(self.text), "lang": self.lang}

    def seen(self, occasion: Occasion) -> Sequence[Told]:
        return [Told(heading=occasion.fill(self.heading), text=occasion.fill(self.text), lang=self.lang)]


@dataclass(frozen=True, kw_only=True)
class Shown(Item):
    """Something kept elsewhere and shown from there: `source` is its https address, or a column of them.

    The browser does not say from which page it asks; a row whose address is not https shows it as text.
    """

    template = "work/items/shown.html"
    kind: ClassVar[Literal["image", "audio", "video"]]

    source: str
    alt: str
    heading: str = ""

    @classmethod
    def read(cls, raw: Fields) -> Self:
        return cls(
            source=read_source(raw, "source"),
            alt=raw.text("alt", at_most=500, one_line=True),
            heading=raw.text("heading", at_most=200, needed=False),
        )

    def templates(self) -> Iterator[str]:
        yield from (self.heading, self.source, self.alt)

    def drawn(self, occasion: Occasion) -> dict[str, object]:
        given = occasion.fill(self.source)
        return {
            "kind": self.kind,
            "heading": occasion.fill(self.heading),
            "source": safe_source(given),
            "given": given,
            "alt": occasion.fill(self.alt),
            "is_covered": occasion.covers_pictures and self.kind != "audio",
        }

    def seen(self, occasion: Occasion) -> Sequence[Told]:
        given, heading, alt = (occasion.fill(text) for text in (self.source, self.heading, self.alt))
        if not safe_source(given):
            return [Told(heading=heading, text=given)]
        if occasion.covers_pictures and self.kind != "audio":
            covered = _("Members have flagged this picture. Open it if you want to see it.")
            return [Told(kind="link", heading=heading, text=str(covered), url=safe_source(given))]
        return [Told(kind=self.kind, heading=heading, text=alt, url=safe_source(given))]


@dataclass(frozen=True, kw_only=True)
class Image(Shown):
    """An image. `alt` says what it shows, without what is asked about it."""

    type = "image"
    kind = "image"
    called = _("An image")
    editing = (
        EditedField(name="source", kind="column", label=_("Address of the image (https)"), needed=True),
        ALTERNATIVE,
        HEADING,
    )
    begins = {"source": "{{image}}", "alt": _("The image to judge")}
    loads = {"img-src": ("https:",)}


@dataclass(frozen=True, kw_only=True)
class Audio(Shown):
    """A recording to listen to; it starts when the worker starts it."""

    type = "audio"
    kind = "audio"
    called = _("A sound")
    editing = (
        EditedField(name="source", kind="column", label=_("Address of the sound (https)"), needed=True),
        ALTERNATIVE,
        HEADING,
    )
    begins = {"source": "{{audio}}", "alt": _("The recording to judge")}
    loads = {"media-src": ("https:",)}


@dataclass(frozen=True, kw_only=True)
class Video(Shown):
    """A video; it starts when the worker starts it."""

    type = "video"
    kind = "video"
    called = _("A video")
    editing = (
        EditedField(name="source", kind="column", label=_("Address of the video (https)"), needed=True),
        ALTERNATIVE,
        HEADING,
    )
    begins = {"source": "{{video}}", "alt": _("The video to judge")}
    loads = {"media-src": ("https:",)}


@dataclass(frozen=True, kw_only=True)
class PageBreak(Item):
    """Where a new page begins. If it is not shown, nothing on its page is."""

    type = "page"
    template = "work/items/page.html"
    called = _("A new page")
    family = Family.LAYOUT
    editing = (EditedField(name="title", kind="line", label=_("Title of the page")),)
    title: str = ""

    @classmethod
    def read(cls, raw: Fields) -> Self:
        return cls(title=raw.text("title", at_most=200, needed=False, one_line=True))

    def templates(self) -> Iterator[str]:
        yield self.title

    def drawn(self, occasion: Occasion) -> dict[str, object]:
        return {"title": occasion.fill(self.title)}

    def seen(self, occasion: Occasion) -> Sequence[Told]:
        return [Told(heading=occasion.fill(self.title))] if self.title else []


@dataclass(frozen=True, kw_only=True)
class Takers(Item):
    """Who may take a task, by the work it is about: `column` holds the numbers of assignments.

    With the rule "not_in" nobody may who was given one of them, so that nobody reviews their own work;
    with "in" only they may. Only assignments of projects of the same owner count. Workers see nothing
    of it: they are given another task. The claim asks `work_task_is_for`.
    """

    type = "takers"
    template = "work/items/takers.html"
    called = _("Who may take a task")
    family = Family.LAYOUT
    editing = (
        EditedField(
            name="column",
            kind="line",
            label=_("Column with the numbers of assignments"),
            help=_("The name of the column alone. It may hold several numbers, and workers do not see it."),
            needed=True,
        ),
        EditedField(
            name="rule",
            kind="choice",
            label=_("A task may be taken"),
            choices=(
                ("not_in", _("by everybody but those who did one of them")),
                ("in", _("only by those who did one of them")),
            ),
            default="not_in",
        ),
    )
    begins = {"column": "assignments"}

    column: str
    rule: str = "not_in"

    @classmethod
    def read(cls, raw: Fields) -> Self:
        column = column_name(raw.text("column", at_most=200, one_line=True))
        return cls(column=column, rule=raw.one_of("rule", ("not_in", "in"), default="not_in"))

    def templates(self) -> Iterator[str]:
        yield from ()

    def admits(self, *, did_one: bool) -> bool:
        """Tell whether a worker may take a task, who was given one of the assignments named or was not."""
        return did_one == (self.rule == "in")
