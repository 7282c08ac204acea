"""Items that show something and ask nothing: text. Images, audio, video and web pages belong here too."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Self

from django.utils.translation import gettext_lazy as _

from canut.work.designs.editing import FEED, EditedField, Family
from canut.work.designs.fields import Fields
from canut.work.designs.items import Item, Occasion, Told


@dataclass(frozen=True, kw_only=True)
class Text(Item):
    """A text to read, such as `{{sentence}}`; `lang` tells screen readers which language it is in."""

    type = "text"
    template = "work/items/text.html"
    called = _("A text to read")
    family = Family.SHOWN
    editing = (
        EditedField(name="heading", kind="line", label=_("Heading")),
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
