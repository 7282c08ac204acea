"""Questions answered by a file: one of the worker's own, or what they record on the page.

The file is kept before the answer is handed in (`keep_answer_file`). The answer names it:
`{"file": "<uuid>", "name", "size", "type"}`; of what is sent only `file` counts, the rest is told anew.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar, Literal, Self
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy

from canut.work.designs.annotations import read_posted
from canut.work.designs.editing import EditedField, Family
from canut.work.designs.fields import Fields
from canut.work.designs.items import Check, InPlace, Occasion, Question, Told
from canut.work.designs.problems import Wrong
from canut.work.designs.values import storable
from canut.work.uploads.kinds import ENDINGS, KINDS, types_of

MEGABYTE = 1_000_000
MOST_MEGABYTES = 100
ADDRESS = "/files/{id}/"
"""Where a kept file is served from; `web.files` answers there."""

ShownAs = Literal["image", "audio", "video", "file"]


@dataclass(frozen=True, kw_only=True)
class FileAnswer(Question):
    """A question whose answer names a kept file."""

    family = Family.MARKED
    needs_twin = True
    takes_file = True
    most_megabytes_begins: ClassVar[int]

    most_megabytes: int

    @property
    def kinds(self) -> tuple[str, ...]:
        """The kinds of file that are taken (see `uploads.kinds`)."""
        return ("audio",)

    @property
    def limit_bytes(self) -> int:
        return self.most_megabytes * MEGABYTE

    @classmethod
    def read_limit(cls, raw: Fields) -> int:
        return raw.whole_number(
            "most_megabytes", default=cls.most_megabytes_begins, low=1, high=MOST_MEGABYTES
        )

    def check(self) -> Check:
        return check_file

    def placed(self, answer: object, place: InPlace) -> object:
        assert isinstance(answer, Mapping)
        kept = place.files.get(answer["file"])
        if kept is None or kept.item != self.name:
            raise Wrong("no_such_file")
        return {"file": kept.id, "name": kept.name, "size": kept.size, "type": kept.type}

    def most_bytes(self) -> int:
        return 2000

    def widget(self, occasion: Occasion) -> forms.Widget:
        return forms.HiddenInput()

    def posted(self, values: Sequence[str]) -> object:
        return read_posted(values)

    def typed(self, answer: object) -> object:
        return json.dumps(answer, ensure_ascii=False) if isinstance(answer, Mapping) else None

    def drawn(self, occasion: Occasion) -> dict[str, object]:
        types = sorted(types_of(self.kinds))
        endings = [ending for media_type in types for ending in ENDINGS[media_type]]
        return {
            "name": self.name,
            "kinds": self.kinds,
            "accept": ",".join(dict.fromkeys([*types, *endings])),
            "endings": ", ".join(dict.fromkeys(ending.removeprefix(".") for ending in endings)),
            "most_megabytes": self.most_megabytes,
            "limit_bytes": self.limit_bytes,
        }

    def told(self, answer: object, occasion: Occasion) -> Sequence[Told]:
        if not isinstance(answer, Mapping):
            return ()
        address = ADDRESS if occasion.file_address is None else occasion.file_address
        url = address.format(id=answer["file"])
        name = str(answer.get("name", ""))
        if not url:
            return (Told(text=name),)
        shown_as = kind_of(str(answer.get("type", "")))
        if shown_as == "file":
            return (Told(kind="file", text=name, url=url),)
        return (Told(kind=shown_as, text=name, url=url), Told(kind="file", text=name, url=url))


@dataclass(frozen=True, kw_only=True)
class FileUpload(FileAnswer):
    """One file of the kinds in `accepts`, up to a size."""

    type = "file"
    template = "work/items/file.html"
    called = gettext_lazy("A file of the worker's")
    most_megabytes_begins = 10
    editing = (
        EditedField(
            name="accepts",
            kind="choices",
            label=gettext_lazy("What may be uploaded"),
            choices=(
                ("image", gettext_lazy("images (PNG, JPEG, GIF, WebP)")),
                ("audio", gettext_lazy("sounds")),
                ("video", gettext_lazy("videos")),
                ("pdf", gettext_lazy("PDF documents")),
                ("office", gettext_lazy("office documents")),
                ("text", gettext_lazy("plain text, CSV or JSON")),
                ("zip", gettext_lazy("ZIP archives")),
            ),
            needed=True,
        ),
        EditedField(
            name="most_megabytes", kind="whole", label=gettext_lazy("Largest size, in MB"), default=10
        ),
    )
    begins = {"label": gettext_lazy("Upload a file"), "accepts": ["image", "pdf"]}

    accepts: tuple[str, ...]
    most_megabytes: int = 10

    @classmethod
    def read(cls, raw: Fields) -> Self:
        given = raw.texts("accepts", at_least=1, at_most=len(KINDS), longest=20)
        if set(given) - set(KINDS):
            raw.problem("not_one_of", "accepts", known=", ".join(KINDS))
        raw.unrepeated(given, "accepts")
        accepts = tuple(kind for kind in KINDS if kind in given)
        return cls(accepts=accepts, most_megabytes=cls.read_limit(raw), **cls.read_common(raw))

    @property
    def kinds(self) -> tuple[str, ...]:
        return self.accepts


@dataclass(frozen=True, kw_only=True)
class Recording(FileAnswer):
    """The worker's voice, recorded on the page, or a sound file where that cannot be done."""

    type = "recording"
    template = "work/items/file.html"
    called = gettext_lazy("A recording of the worker's voice")
    most_megabytes_begins = 25
    editing = (
        EditedField(
            name="most_seconds",
            kind="whole",
            label=gettext_lazy("Longest recording, in seconds"),
            default=300,
        ),
        EditedField(
            name="most_megabytes", kind="whole", label=gettext_lazy("Largest size, in MB"), default=25
        ),
    )
    begins = {"label": gettext_lazy("Read the text aloud")}

    most_seconds: int = 300
    most_megabytes: int = 25

    @classmethod
    def read(cls, raw: Fields) -> Self:
        seconds = raw.whole_number("most_seconds", default=300, low=1, high=3600)
        return cls(most_seconds=seconds, most_megabytes=cls.read_limit(raw), **cls.read_common(raw))

    def drawn(self, occasion: Occasion) -> dict[str, object]:
        return {**super().drawn(occasion), "most_seconds": self.most_seconds}


def check_file(answer: object) -> dict[str, object]:
    """Return what an answer says of its file. Whether there is such a file, `placed` tells."""
    if not isinstance(answer, Mapping) or not {"file"} <= answer.keys() <= {"file", "name", "size", "type"}:
        raise Wrong("not_a_file")
    named, name, size, media_type = (answer.get(part) for part in ("file", "name", "size", "type"))
    try:
        file_id = str(UUID(named)) if isinstance(named, str) and len(named) == 36 else ""
    except ValueError:
        file_id = ""
    words = [part for part in (name, media_type) if part is not None]
    if not file_id or not all(
        isinstance(part, str) and len(part) <= 200 and storable(part) for part in words
    ):
        raise Wrong("not_a_file")
    if size is not None and (type(size) is not int or not 0 < size < 10**12):
        raise Wrong("not_a_file")
    rest = {"name": name, "size": size, "type": media_type}
    return {"file": file_id} | {part: value for part, value in rest.items() if value is not None}


def kind_of(media_type: str) -> ShownAs:
    """Return how a page shows a file of this type."""
    if media_type in KINDS["image"]:
        return "image"
    if media_type in KINDS["audio"]:
        return "audio"
    return "video" if media_type in KINDS["video"] else "file"
