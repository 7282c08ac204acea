"""Spans of a text: labelled ones, and annotated reading with tags and notes, as W3C Web Annotations."""

from base64 import urlsafe_b64encode
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Self

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from canut.work.designs.annotations import LABELS, LEAST, MOST, NOTES, Marking, Place
from canut.work.designs.editing import FEED, EditedField
from canut.work.designs.fields import Fields
from canut.work.designs.items import Occasion, Told
from canut.work.designs.problems import Wrong

LONGEST_QUOTE = 5000

TEXT = EditedField(name="text", kind="column", label=gettext_lazy("Text to mark in"), help=FEED, needed=True)
LANGUAGE = EditedField(name="lang", kind="line", label=gettext_lazy("Language of the text, such as en"))


@dataclass(frozen=True, kw_only=True)
class Spans(Marking):
    """Pieces of a text, each with one label.

    A span is a position and the words found there, both: `[{"type": "TextQuoteSelector", "exact"},
    {"type": "TextPositionSelector", "start", "end"}]`, counted in code points of the text as it is
    shown, whose lines end in one character each. The server holds the words against the row.
    """

    type = "spans"
    template = "work/items/spans.html"
    called = gettext_lazy("Spans of a text")
    editing = (TEXT, LANGUAGE, LABELS, LEAST, MOST, NOTES)
    begins = {
        "label": gettext_lazy("Mark every name."),
        "text": "{{text}}",
        "labels": [{"value": "name", "label": gettext_lazy("Name")}],
    }

    text: str
    lang: str = ""

    @classmethod
    def read(cls, raw: Fields) -> Self:
        return cls(text=raw.text("text", at_most=20_000), lang=raw.language("lang"), **cls.read_marking(raw))

    def templates(self) -> Iterator[str]:
        yield self.text
        yield from super().templates()

    def shown(self, occasion: Occasion) -> str:
        """Return the text as a browser has it: with one character for each line end."""
        return occasion.fill(self.text).replace("\r\n", "\n").replace("\r", "\n")

    def source(self, occasion: Occasion) -> str:
        """Return the text's name by its SHA-256 (RFC 6920), by which anybody can tell that it is this one."""
        digest = sha256(self.shown(occasion).encode(errors="replace")).digest()
        return "ni:///sha-256;" + urlsafe_b64encode(digest).decode().rstrip("=")

    def selector(self, raw: object, at: Place) -> list[dict[str, object]]:
        if not isinstance(raw, list) or len(raw) != 2:
            raise at.wrong("target.selector")
        quoting, placing = sorted(raw, key=lambda one: isinstance(one, dict) and "start" in one)
        quote = at.fields(quoting, "target.selector", needs=("type", "exact"))
        place = at.fields(placing, "target.selector", needs=("type", "start", "end"))
        if quote["type"] != "TextQuoteSelector" or place["type"] != "TextPositionSelector":
            raise at.wrong("target.selector.type")
        exact, start, end = quote["exact"], place["start"], place["end"]
        if not isinstance(exact, str) or not 0 < len(exact) <= LONGEST_QUOTE:
            raise at.wrong("target.selector.exact")
        if type(start) is not int or type(end) is not int or not 0 <= start < end <= 10_000_000:
            raise at.wrong("target.selector.start")
        return [
            {"type": "TextQuoteSelector", "exact": exact},
            {"type": "TextPositionSelector", "start": start, "end": end},
        ]

    def fits(self, selector: Any, at: Place, occasion: Occasion) -> None:
        quote, place = selector
        if self.shown(occasion)[place["start"] : place["end"]] != quote["exact"]:
            raise Wrong("words_differ", number=at.number)

    def where(self, selector: Any) -> str:
        return _("“%(words)s”") % {"words": selector[0]["exact"]}

    def drawn(self, occasion: Occasion) -> dict[str, object]:
        return {**super().drawn(occasion), "text": self.shown(occasion), "lang": self.lang}

    def told(self, answer: object, occasion: Occasion) -> Sequence[Told]:
        if not isinstance(answer, list):
            return ()
        text = self.shown(occasion)
        if not answer:
            return (Told(text=text, lang=self.lang), Told(text=_("Nothing to mark.")))
        return (
            Told(
                kind="spans",
                text=text,
                lang=self.lang,
                marks=self.marks(answer, occasion),
                annotations=str(self.typed(answer)),
            ),
        )


@dataclass(frozen=True, kw_only=True)
class Reading(Spans):
    """Annotated reading: highlights with any number of tags, and notes, on a text."""

    type = "reading"
    called = gettext_lazy("Annotated reading")
    takes_several_tags = True
    takes_notes = True
    editing = (
        TEXT,
        LANGUAGE,
        LABELS,
        LEAST,
        MOST,
        EditedField(name="notes", kind="tick", label=NOTES.label, default=True),
    )
    begins = {
        "label": gettext_lazy("Mark what is claimed, and say what you think of it."),
        "text": "{{text}}",
        "labels": [{"value": "claim", "label": gettext_lazy("Claim")}],
    }

    notes: bool = True
