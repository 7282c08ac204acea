"""Segments of a sound: labelled stretches of time, as W3C Web Annotations."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Self

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from canut.work.designs.annotations import (
    LABELS,
    LEAST,
    MEDIA_FRAGMENTS,
    MOST,
    NOTES,
    NUMBER,
    Marking,
    Place,
    plain,
)
from canut.work.designs.editing import EditedField
from canut.work.designs.fields import Fields
from canut.work.designs.items import Occasion, Told
from canut.work.designs.sources import read_source, safe_source

LONGEST_SECONDS = 24 * 3600

_STRETCH = re.compile(f"t=(?:npt:)?{NUMBER},{NUMBER}")


@dataclass(frozen=True, kw_only=True)
class AudioSegments(Marking):
    """Stretches of a recording, from and to a second, each with a label. They may overlap."""

    type = "audio_segments"
    template = "work/items/audio_segments.html"
    called = gettext_lazy("Segments of a sound")
    editing = (
        EditedField(
            name="audio", kind="column", label=gettext_lazy("Address of the sound (https)"), needed=True
        ),
        LABELS,
        LEAST,
        MOST,
        NOTES,
    )
    begins = {
        "label": gettext_lazy("Mark where somebody speaks."),
        "audio": "{{audio}}",
        "labels": [{"value": "speech", "label": gettext_lazy("Speech")}],
    }
    loads = {
        "media-src": ("https:",),
        "connect-src": ("https:",),  # to look into the sound for its waveform
        "style-src": (
            "'sha256-gXnHDepVZ6KF6fKGOD+GVc9BynM50JQqht95p3HpemI='",
        ),  # wavesurfer's own, 128 px high
    }

    audio: str

    @classmethod
    def read(cls, raw: Fields) -> Self:
        return cls(audio=read_source(raw, "audio"), **cls.read_marking(raw))

    def templates(self) -> Iterator[str]:
        yield self.audio
        yield from super().templates()

    def source(self, occasion: Occasion) -> str:
        return occasion.fill(self.audio).strip()

    def selector(self, raw: object, at: Place) -> dict[str, str]:
        fields = at.fields(raw, "target.selector", needs=("type", "value"), may=("conformsTo",))
        if fields["type"] != "FragmentSelector":
            raise at.wrong("target.selector.type")
        if fields.get("conformsTo", MEDIA_FRAGMENTS) != MEDIA_FRAGMENTS:
            raise at.wrong("target.selector.conformsTo")
        start, end = map(plain, at.figures(fields["value"], _STRETCH, "target.selector.value"))
        if not float(start) < float(end) <= LONGEST_SECONDS:
            raise at.wrong("target.selector.value")
        return {"type": "FragmentSelector", "conformsTo": MEDIA_FRAGMENTS, "value": f"t={start},{end}"}

    def where(self, selector: Any) -> str:
        start, end = str(selector["value"]).removeprefix("t=").split(",")
        return _("from %(start)s s to %(end)s s") % {"start": start, "end": end}

    def drawn(self, occasion: Occasion) -> dict[str, object]:
        return {**super().drawn(occasion), "audio": safe_source(self.source(occasion))}

    def told(self, answer: object, occasion: Occasion) -> Sequence[Told]:
        if not isinstance(answer, list):
            return ()
        if not answer:
            return (Told(text=_("Nothing to mark.")),)
        return (
            Told(
                kind="audio",
                text=occasion.fill(self.label),
                url=safe_source(self.source(occasion)),
                marks=self.marks(answer, occasion),
                annotations=str(self.typed(answer)),
            ),
        )
