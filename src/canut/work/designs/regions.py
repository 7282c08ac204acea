"""Regions of an image: rectangles and polygons with labels, as W3C Web Annotations."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Self

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from canut.work.designs.annotations import (
    LABELS,
    LEAST,
    MEDIA_FRAGMENTS,
    MOST,
    NOTES,
    NUMBER,
    Annotation,
    Marking,
    Place,
    plain,
)
from canut.work.designs.displays import ALTERNATIVE
from canut.work.designs.editing import EditedField
from canut.work.designs.fields import Fields
from canut.work.designs.items import Occasion, Told
from canut.work.designs.sources import read_source, safe_source

SHAPES = ("both", "rectangle", "polygon")
MOST_POINTS = 200
LARGEST = 100_000

_RECTANGLE = re.compile(f"xywh=(?:pixel:)?{NUMBER},{NUMBER},{NUMBER},{NUMBER}")
_POINT = NUMBER.replace("(", "(?:", 1) + "," + NUMBER.replace("(", "(?:", 1)
_POLYGON = re.compile(
    '<svg(?: xmlns="http://www.w3.org/2000/svg")?>'
    f'<polygon points="({_POINT}(?: {_POINT}){{2,{MOST_POINTS - 1}}})" ?(?:/>|></polygon>)</svg>'
)


@dataclass(frozen=True, kw_only=True)
class Regions(Marking):
    """Parts of an image, in pixels of the image itself; `shapes` says which may be drawn."""

    type = "regions"
    template = "work/items/regions.html"
    called = gettext_lazy("Regions of an image")
    editing = (
        EditedField(
            name="image", kind="column", label=gettext_lazy("Address of the image (https)"), needed=True
        ),
        ALTERNATIVE,
        LABELS,
        EditedField(
            name="shapes",
            kind="choice",
            label=gettext_lazy("What may be drawn"),
            choices=(
                ("both", gettext_lazy("rectangles and polygons")),
                ("rectangle", gettext_lazy("rectangles")),
                ("polygon", gettext_lazy("polygons")),
            ),
            default="both",
        ),
        LEAST,
        MOST,
        NOTES,
    )
    begins = {
        "label": gettext_lazy("Mark every person."),
        "image": "{{image}}",
        "alt": gettext_lazy("The image to mark in"),
        "labels": [{"value": "person", "label": gettext_lazy("Person")}],
    }
    loads = {"img-src": ("https:",)}

    image: str
    alt: str
    shapes: str = "both"

    @classmethod
    def read(cls, raw: Fields) -> Self:
        shapes = raw.text("shapes", at_most=20, needed=False) or "both"
        if shapes not in SHAPES:
            raw.problem("not_one_of", "shapes", known=", ".join(SHAPES))
            shapes = "both"
        return cls(
            image=read_source(raw, "image"),
            alt=raw.text("alt", at_most=500, one_line=True),
            shapes=shapes,
            **cls.read_marking(raw),
        )

    def templates(self) -> Iterator[str]:
        yield from (self.image, self.alt)
        yield from super().templates()

    def source(self, occasion: Occasion) -> str:
        return occasion.fill(self.image).strip()

    def selector(self, raw: object, at: Place) -> dict[str, str]:
        fields = at.fields(raw, "target.selector", needs=("type", "value"), may=("conformsTo",))
        kind, value = fields["type"], fields["value"]
        if kind == "FragmentSelector" and self.shapes != "polygon":
            x, y, width, height = map(plain, at.figures(value, _RECTANGLE, "target.selector.value"))
            if fields.get("conformsTo", MEDIA_FRAGMENTS) != MEDIA_FRAGMENTS:
                raise at.wrong("target.selector.conformsTo")
            if width == "0" or height == "0" or max(map(float, (x, y, width, height))) > LARGEST:
                raise at.wrong("target.selector.value")
            return {
                "type": kind,
                "conformsTo": MEDIA_FRAGMENTS,
                "value": f"xywh=pixel:{x},{y},{width},{height}",
            }
        if kind == "SvgSelector" and self.shapes != "rectangle" and "conformsTo" not in fields:
            (points,) = at.figures(value, _POLYGON, "target.selector.value")
            written = [",".join(map(plain, point.split(","))) for point in points.split(" ")]
            if len(set(written)) < 3 or max(map(float, points.replace(",", " ").split(" "))) > LARGEST:
                raise at.wrong("target.selector.value")
            drawn = f'<polygon points="{" ".join(written)}"/>'
            return {"type": kind, "value": f'<svg xmlns="http://www.w3.org/2000/svg">{drawn}</svg>'}
        raise at.wrong("target.selector.type")

    def where(self, selector: Any) -> str:
        if selector["type"] == "SvgSelector":
            count = len(outline(selector).split(" "))
            return ngettext("polygon with %(count)s corner", "polygon with %(count)s corners", count) % {
                "count": count
            }
        x, y, width, height = rectangle(selector)
        return _("%(width)s × %(height)s pixels from %(x)s, %(y)s") % {
            "width": width,
            "height": height,
            "x": x,
            "y": y,
        }

    def drawn(self, occasion: Occasion) -> dict[str, object]:
        return {
            **super().drawn(occasion),
            "image": safe_source(self.source(occasion)),
            "alt": occasion.fill(self.alt),
            "shapes": self.shapes,
        }

    def told(self, answer: object, occasion: Occasion) -> Sequence[Told]:
        if not isinstance(answer, list):
            return ()
        if not answer:
            return (Told(text=_("Nothing to mark.")),)
        return (
            Told(
                kind="regions",
                text=occasion.fill(self.alt),
                url=safe_source(self.source(occasion)),
                marks=self.marks(answer, occasion),
                annotations=str(self.typed(answer)),
            ),
        )


def rectangle(selector: Annotation) -> list[str]:
    """Return x, y, width and height as they are written."""
    return str(selector["value"]).removeprefix("xywh=pixel:").split(",")


def outline(selector: Annotation) -> str:
    """Return a polygon's points as an SVG element has them."""
    found = _POLYGON.fullmatch(str(selector["value"]))
    return found[1] if found else ""
