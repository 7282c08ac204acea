"""What a file is, told by its bytes: its name and what a browser says of it count for nothing.

Only kinds that no browser runs are known here: no HTML, no SVG, no scripts. What is known by nothing
else and is text in UTF-8 is plain text, unless it begins like a page that a browser might show.
"""

import io
import re
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import IO

HEAD_BYTES = 64 * 1024
MOST_NAMES_READ = 10_000
PIECE_BYTES = 1_000_000

KINDS: Mapping[str, tuple[str, ...]] = {
    "image": ("image/png", "image/jpeg", "image/gif", "image/webp"),
    "audio": ("audio/wav", "audio/mpeg", "audio/ogg", "audio/flac", "audio/webm", "audio/mp4"),
    "video": ("video/mp4", "video/webm", "video/ogg"),
    "pdf": ("application/pdf",),
    "text": ("text/plain",),
    "office": (
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "application/vnd.openxmlformats-officedocument.presentationml.presentation",
        "application/vnd.oasis.opendocument.text",
        "application/vnd.oasis.opendocument.spreadsheet",
        "application/vnd.oasis.opendocument.presentation",
    ),
    "zip": ("application/zip",),
}
"""The kinds that an item may accept, each with the types it stands for."""

SHOWN_IN_PAGES = frozenset((*KINDS["image"], *KINDS["audio"], *KINDS["video"]))
"""The types that a page may show by itself; everything else is only ever saved."""

ENDINGS: Mapping[str, tuple[str, ...]] = {
    "image/png": (".png",),
    "image/jpeg": (".jpg", ".jpeg"),
    "image/gif": (".gif",),
    "image/webp": (".webp",),
    "audio/wav": (".wav",),
    "audio/mpeg": (".mp3",),
    "audio/ogg": (".ogg", ".oga", ".opus"),
    "audio/flac": (".flac",),
    "audio/webm": (".webm", ".weba"),
    "audio/mp4": (".m4a", ".mp4", ".aac"),
    "video/mp4": (".mp4", ".m4v", ".mov"),
    "video/webm": (".webm",),
    "video/ogg": (".ogv", ".ogg"),
    "application/pdf": (".pdf",),
    "text/plain": (".txt", ".csv", ".tsv", ".json", ".jsonl", ".md", ".log", ".srt", ".vtt"),
    "application/zip": (".zip",),
    KINDS["office"][0]: (".docx",),
    KINDS["office"][1]: (".xlsx",),
    KINDS["office"][2]: (".pptx",),
    KINDS["office"][3]: (".odt",),
    KINDS["office"][4]: (".ods",),
    KINDS["office"][5]: (".odp",),
}
"""How the names of files of each type may end; a name that ends otherwise is given the first."""


@dataclass(frozen=True, slots=True)
class Begins:
    """A type that is told by bytes at a place near the beginning."""

    at: int
    marks: bytes
    media_type: str


_BEGINNINGS = (
    Begins(0, b"\x89PNG\r\n\x1a\n", "image/png"),
    Begins(0, b"\xff\xd8\xff", "image/jpeg"),
    Begins(0, b"GIF87a", "image/gif"),
    Begins(0, b"GIF89a", "image/gif"),
    Begins(8, b"WEBPVP8", "image/webp"),
    Begins(8, b"WAVE", "audio/wav"),
    Begins(0, b"ID3", "audio/mpeg"),
    Begins(0, b"fLaC", "audio/flac"),
    Begins(0, b"%PDF-", "application/pdf"),
)
_OFFICE_FOLDERS = {"word/": 0, "xl/": 1, "ppt/": 2}
_PAGE = re.compile(rb"<(!doctype|html|head|body|script|svg|iframe|\?xml|style|title|meta)\b", re.IGNORECASE)
_CONTROLS = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")


def media_type_of(file: IO[bytes]) -> str:
    """Return the type of a file, or "" if it is none of those known. The file is left at its beginning."""
    file.seek(0)
    head = file.read(HEAD_BYTES)
    try:
        return _told(head, file)
    finally:
        file.seek(0)


def types_of(kinds: tuple[str, ...]) -> frozenset[str]:
    """Return the types that these kinds stand for."""
    return frozenset(media_type for kind in kinds for media_type in KINDS[kind])


def _told(head: bytes, file: IO[bytes]) -> str:
    for begins in _BEGINNINGS:
        if head[begins.at : begins.at + len(begins.marks)] == begins.marks:
            if begins.at == 8 and head[:4] != b"RIFF":
                continue
            return begins.media_type
    if head[:2] in (b"\xff\xfb", b"\xff\xf3", b"\xff\xf2", b"\xff\xfa"):
        return "audio/mpeg"
    if head[:4] == b"OggS":
        return "video/ogg" if b"theora" in head[:4096] else "audio/ogg"
    if head[:4] == b"\x1aE\xdf\xa3" and b"webm" in head[:64]:
        return "video/webm" if b"V_VP" in head or b"V_AV1" in head else "audio/webm"
    if head[4:8] == b"ftyp":
        is_audio = head[8:12] in (b"M4A ", b"M4B ") or (b"soun" in head and b"vide" not in head)
        return "audio/mp4" if is_audio else "video/mp4"
    if head[:4] == b"PK\x03\x04":
        return _zip_type(file)
    return _text_type(head)


def _zip_type(file: IO[bytes]) -> str:
    """Tell office documents from other archives by the names in them; nothing is unpacked."""
    try:
        with zipfile.ZipFile(file) as archive:
            names = archive.namelist()[:MOST_NAMES_READ]
            first = archive.infolist()[0] if names else None
            if first and first.filename == "mimetype" and first.file_size <= 100 and not first.compress_type:
                declared = archive.read(first).decode("ascii", "replace").strip()
                if declared in KINDS["office"]:
                    return declared
    except (zipfile.BadZipFile, ValueError, NotImplementedError, RuntimeError, OSError, EOFError):
        return ""
    if "[Content_Types].xml" in names:
        for folder, number in _OFFICE_FOLDERS.items():
            if any(name.startswith(folder) for name in names):
                return KINDS["office"][number]
    return "application/zip"


def _text_type(head: bytes) -> str:
    if not head or _CONTROLS.search(head):
        return ""
    try:
        io.TextIOWrapper(io.BytesIO(head), encoding="utf-8").read(len(head))
    except UnicodeDecodeError as error:
        if len(head) < HEAD_BYTES or error.start < len(head) - 4:
            return ""
    return "" if _PAGE.search(head[:4096]) else "text/plain"


def digest_of(file: IO[bytes]) -> str:
    """Return the SHA-256 of a file, by which the same bytes are known again; it stands at its beginning."""
    file.seek(0)
    digest = sha256()
    while piece := file.read(PIECE_BYTES):
        digest.update(piece)
    file.seek(0)
    return digest.hexdigest()
