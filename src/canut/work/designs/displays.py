"""Items that show something and ask nothing: text. Images, audio, video and web pages belong here too."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Self

from canut.work.designs.fields import Fields
from canut.work.designs.items import Item, Occasion


@dataclass(frozen=True, kw_only=True)
class Text(Item):
    """A text to read, such as `{{sentence}}`; `lang` tells screen readers which language it is in."""

    type = "text"
    template = "work/items/text.html"

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
