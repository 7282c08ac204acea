"""A text with its marked words, for reading: cut where marks begin and end, so that they may overlap."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from django import template

from canut.work.designs.items import Told

register = template.Library()


@dataclass(frozen=True)
class Piece:
    """A piece of the text; `marks` names the marks it belongs to by their numbers in the list below."""

    text: str
    marks: str


@register.filter
def marked(told: Told) -> Iterator[Piece]:
    """Give the pieces of a text in which spans were marked, in order."""
    spans = []
    for annotation in json.loads(told.annotations or "[]"):
        _quote, place = annotation["target"]["selector"]
        spans.append((place["start"], place["end"]))
    ends = sorted({0, len(told.text), *(end for span in spans for end in span)})
    for start, end in pairwise(ends):
        inside = [number for number, (first, last) in enumerate(spans, 1) if first < end and start < last]
        yield Piece(told.text[start:end], ", ".join(map(str, inside)))
