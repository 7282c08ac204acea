"""A file without what it tells of whoever made it, for those who judge work and must not know whose it is.

A photograph says where, when and with which camera it was taken, a recording or a document may name its
author. What is seen or heard stays byte for byte as it was: only the parts that describe it are left out. It
is done for images, for sound in WAV, FLAC and MP3, for MP4, and for office documents; any other file, and
whatever cannot be read as what it should be, stays as it is.

Source: the parts are those of ITU-T T.81 and Exif 2.32 (JPEG), W3C PNG (Third Edition), the WebP container
specification, GIF89a, RFC 9639 (FLAC), ID3v2.4.0, ISO/IEC 14496-12 (MP4) and ISO/IEC 29500-2 (office).
"""

import mmap
import re
import zipfile
import zlib
from collections.abc import Callable, Collection, Iterator, Mapping
from tempfile import TemporaryFile
from typing import IO

from canut.work.uploads.kinds import KINDS, PIECE_BYTES

MOST_PARTS = 100_000
"""A file of more parts than any honest one has is left as it is from there on."""

MOST_UNPACKED_BYTES = 200_000_000
"""An office document that unpacks to more than this is left as it is."""

MOST_REWRITTEN_BYTES = 20_000_000
"""So is one with a larger part that names people: such a part is held in memory whole."""

MOST_EXIF_BYTES = 100_000
"""So much of what a picture says of itself is looked at for how it is turned."""

Span = tuple[int, int]
Piece = Span | bytes
"""What a file becomes: bytes of its own from one place to another, or others in their place."""

_PNG_KEPT = frozenset(
    b"IHDR PLTE IDAT IEND tRNS gAMA cHRM sRGB iCCP sBIT cICP mDCV cLLI "
    b"bKGD hIST pHYs sPLT acTL fcTL fdAT".split()
)
_WEBP_KEPT = frozenset((b"VP8 ", b"VP8L", b"VP8X", b"ALPH", b"ANIM", b"ANMF", b"ICCP"))
_WAV_KEPT = frozenset((b"fmt ", b"fact", b"data", b"wavl", b"slnt"))
_SEEN_OR_HEARD = frozenset((b"VP8 ", b"VP8L", b"ANMF", b"data", b"wavl"))
_GIF_KEPT = (b"NETSCAPE2.0", b"ANIMEXTS1.0")
_MP4_HOLDS = frozenset((b"moov", b"trak", b"mdia"))
_MP4_TELLS = frozenset((b"udta", b"meta", b"uuid"))
_MP4_TIMED = frozenset((b"mvhd", b"tkhd", b"mdhd"))
_MP4_DEEPEST = 4
_OFFICE_PACKED = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_OFFICE_TELLS = re.compile(r"(docProps/.*|meta\.xml|word/people\.xml|xl/persons/.*)")
_OFFICE_NAMES = tuple(
    (re.compile(file), re.compile(name), put)
    for file, name, put in (
        (r"word/.*\.xml", rb'(\bw:(?:author|initials)=)("[^"]*"|\'[^\']*\')', rb'\1""'),
        (r"ppt/(?:comment)?[aA]uthors\.xml", rb'(\b(?:name|initials|userId)=)("[^"]*"|\'[^\']*\')', rb'\1""'),
        (r"xl/comments.*\.xml", rb"(<(?:\w+:)?author>)[^<]*", rb"\1"),
        (r"(?:content|styles)\.xml", rb"(<(?:dc:creator|\w+:(?:creator|sender)-initials)>)[^<]*", rb"\1"),
    )
)
"""In which parts those who made changes and remarks are named, and how."""


def write_bare(source: IO[bytes], media_type: str, target: IO[bytes]) -> None:
    """Write a file of this type, as `kinds.media_type_of` tells it, without what it says of its maker.

    Both must be open, `source` at its beginning; `target` is left at its end. Nothing is refused: what
    cannot be read is written as it is.
    """
    with TemporaryFile() as copy:
        while piece := source.read(PIECE_BYTES):
            copy.write(piece)
        copy.flush()
        if media_type in KINDS["office"]:
            _write_office(copy, target)
        elif not copy.tell():
            return
        else:
            with mmap.mmap(copy.fileno(), 0, access=mmap.ACCESS_READ) as data:
                for one in _READERS.get(media_type, _as_it_is)(data):
                    _write(data, one, target)


def _write(data: mmap.mmap, piece: Piece, target: IO[bytes]) -> None:
    if isinstance(piece, bytes):
        target.write(piece)
        return
    start, end = piece
    for at in range(start, end, PIECE_BYTES):
        target.write(data[at : min(end, at + PIECE_BYTES)])


def _as_it_is(data: mmap.mmap) -> Iterator[Piece]:
    yield 0, len(data)


# --- Images -----------------------------------------------------------------------------------------


def _jpeg(data: mmap.mmap) -> Iterator[Piece]:
    """Leave out the application segments and comments, but for colours and which way is up."""
    at, end = 2, len(data)
    yield 0, 2
    for _part in range(MOST_PARTS):
        mark = data[at + 1] if at + 1 < end and data[at] == 0xFF else None
        if mark == 0xFF:  # filling
            at += 1
            continue
        if mark == 0xD9:  # the end: cameras put whole films behind it
            yield at, at + 2
            return
        length = int.from_bytes(data[at + 2 : at + 4])
        if mark is None or mark == 0 or length < 2:
            break
        after = min(end, at + 2 + length)
        if mark == 0xDA:
            after = _end_of_scan(data, after)
        head = data[at + 4 : min(after, at + 18)]
        if _is_kept_in_jpeg(mark, head):
            yield at, after
        elif mark == 0xE1 and head[:6] == b"Exif\0\0" and (turned := _upright(data[at + 10 : after])):
            yield b"\xff\xe1" + (len(turned) + 8).to_bytes(2) + head[:6] + turned
        at = after
    yield at, end


def _is_kept_in_jpeg(mark: int, head: bytes) -> bool:
    if not (0xE0 <= mark <= 0xEF or mark == 0xFE):
        return True
    kept = {0xE0: b"JFIF\0", 0xE2: b"ICC_PROFILE\0", 0xEE: b"Adobe"}
    return mark in kept and head.startswith(kept[mark])


def _end_of_scan(data: mmap.mmap, at: int) -> int:
    """Return where the next segment begins: in a scan 0xFF stands only before 0 or a restart mark."""
    while (at := data.find(b"\xff", at)) != -1 and at + 1 < len(data):
        if data[at + 1] and not 0xD0 <= data[at + 1] <= 0xD7:
            return at
        at += 2
    return len(data)


def _upright(tiff: bytes) -> bytes:
    """Return Exif that says how a picture is turned and nothing else; nothing if it is not turned."""
    order = {b"II": "little", b"MM": "big"}.get(tiff[:2])
    if order is None:
        return b""

    def number(at: int, size: int) -> int:
        return int.from_bytes(tiff[at : at + size], "little" if order == "little" else "big")

    first = number(4, 4)
    for entry in range(first + 2, first + 2 + 12 * min(number(first, 2), 1_000), 12):
        if number(entry, 2) == 0x0112 and 2 <= number(entry + 8, 2) <= 8:
            turned = number(entry + 8, 2).to_bytes(2)
            return b"MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01" + turned + b"\0" * 6
    return b""


def _png(data: mmap.mmap) -> Iterator[Piece]:
    """Leave out what is not drawn: texts, times, chunks of programs, and Exif but for which way is up."""
    at, end = 8, len(data)
    yield 0, 8
    for _part in range(MOST_PARTS):
        kind, after = data[at + 4 : at + 8], at + 12 + int.from_bytes(data[at : at + 4])
        if after > end or not kind.isalpha():
            break
        if kind in _PNG_KEPT:
            yield at, after
        elif kind == b"eXIf" and (turned := _upright(data[at + 8 : min(after - 4, at + MOST_EXIF_BYTES)])):
            chunk = b"eXIf" + turned
            yield len(turned).to_bytes(4) + chunk + zlib.crc32(chunk).to_bytes(4)
        if kind == b"IEND":
            return
        at = after
    yield at, end


def _gif(data: mmap.mmap) -> Iterator[Piece]:
    """Leave out comments, and what programs have added but for how often it is repeated."""
    at, end = 13, len(data)
    at += 3 << ((data[10] & 7) + 1) if end > 10 and data[10] & 0x80 else 0
    yield 0, min(at, end)
    for _part in range(MOST_PARTS):
        begins = data[at : at + 2]
        if begins[:1] == b";":
            yield at, at + 1
            return
        if begins[:1] == b"!":
            after, is_kept = _end_of_blocks(data, at + 2), begins[1:] == b"\xf9"
            if begins[1:] == b"\xff":
                is_kept = data[at + 3 : at + 14] in _GIF_KEPT
        elif begins[:1] == b"," and at + 10 < end:
            table = 3 << ((data[at + 9] & 7) + 1) if data[at + 9] & 0x80 else 0
            after, is_kept = _end_of_blocks(data, at + 11 + table), True
        else:
            break
        if is_kept:
            yield at, after
        at = after
    yield min(at, end), end


def _end_of_blocks(data: mmap.mmap, at: int) -> int:
    while at < len(data) and data[at]:
        at += 1 + data[at]
    return min(len(data), at + 1)


def _webp(data: mmap.mmap) -> Iterator[Piece]:
    yield from _riff(data, _WEBP_KEPT)


# --- Sound and films --------------------------------------------------------------------------------


def _wav(data: mmap.mmap) -> Iterator[Piece]:
    yield from _riff(data, _WAV_KEPT)


def _riff(data: mmap.mmap, kept: Collection[bytes]) -> Iterator[Piece]:
    at, end = 12, len(data)
    pieces: list[Piece] = []
    kinds: set[bytes] = set()
    flags, said = 0, None
    for _part in range(MOST_PARTS):
        if at + 8 > end:
            break
        size = int.from_bytes(data[at + 4 : at + 8], "little")
        after = min(end, at + 8 + size + size % 2)
        kind = data[at : at + 4]
        kinds.add(kind)
        if kind == b"data" and not size:  # who wrote this did not know yet how much would follow
            break
        if kind == b"VP8X" and after - at >= 18:  # it says that there is no Exif and no XMP any more
            flags, said = data[at + 8] & ~0x0C, len(pieces) + 1
            pieces += [(at, at + 8), bytes([flags]), (at + 9, after)]
        elif kind in kept:
            pieces.append((at, after))
        elif kind == b"EXIF" and said is not None:
            tiff = data[at + 8 : min(after, at + MOST_EXIF_BYTES)].removeprefix(b"Exif\0\0")
            if turned := _upright(tiff):
                pieces[said] = bytes([flags | 0x08])
                pieces.append(kind + len(turned).to_bytes(4, "little") + turned)
                said = None
        at = after
    if not kinds & _SEEN_OR_HEARD:
        yield 0, end
        return
    pieces.append((at, end))
    length = sum(len(one) if isinstance(one, bytes) else one[1] - one[0] for one in pieces)
    yield (0, 4)
    yield (length + 4).to_bytes(4, "little")
    yield (8, 12)
    yield from pieces


def _flac(data: mmap.mmap) -> Iterator[Piece]:
    """Leave out tags, pictures and what programs have added: all but how to play it."""
    at, end, is_last = 4, len(data), False
    kept: list[Span] = []
    while not is_last:
        after = at + 4 + int.from_bytes(data[at + 1 : at + 4])
        if after > end or len(kept) > 1_000:
            yield 0, end
            return
        is_last = bool(data[at] & 0x80)
        if data[at] & 0x7F in (0, 3):
            kept.append((at, after))
        at = after
    yield 0, 4
    for start, after in kept:
        yield bytes([data[start] & 0x7F | (0x80 if (start, after) == kept[-1] else 0)])
        yield start + 1, after
    yield at, end


def _mp3(data: mmap.mmap) -> Iterator[Piece]:
    """Leave out the tags before and behind the sound."""
    start, end = 0, len(data)
    while data[start : start + 3] == b"ID3" and start + 10 <= end:
        size = 0
        for byte in data[start + 6 : start + 10]:
            size = size << 7 | byte & 0x7F
        after = start + 10 + size + (10 if data[start + 5] & 0x10 else 0)
        if after > end:
            break
        start = after
    if end - start >= 128 and data[end - 128 : end - 125] == b"TAG":
        end -= 128
    if end - start >= 32 and data[end - 32 : end - 24] == b"APETAGEX":
        has_head = data[end - 9] & 0x80
        size = int.from_bytes(data[end - 20 : end - 16], "little") + (32 if has_head else 0)
        end -= size if 32 <= size <= end - start else 0
    yield start, end


def _mp4(data: mmap.mmap) -> Iterator[Piece]:
    """Empty the boxes that describe it, in their place, so that nothing else moves; and its times."""
    at = 0
    for start, put in sorted(_mp4_changes(data, 0, len(data), deep=0, left=[MOST_PARTS])):
        yield at, start
        yield put
        at = start + len(put)
    yield at, len(data)


def _mp4_changes(
    data: mmap.mmap, at: int, end: int, *, deep: int, left: list[int]
) -> Iterator[tuple[int, bytes]]:
    while at + 8 <= end and left[0]:
        left[0] -= 1
        size, kind, head = int.from_bytes(data[at : at + 4]), data[at + 4 : at + 8], 8
        if size == 1:
            size, head = int.from_bytes(data[at + 8 : at + 16]), 16
        after = at + size if size else end
        if after > end or after < at + head:
            return
        if kind in _MP4_TELLS:
            yield at + 4, b"free"
            yield at + head, bytes(after - at - head)
        elif kind in _MP4_TIMED and after - at >= head + 20:
            yield at + head + 4, bytes(16 if data[at + head] == 1 else 8)
        elif kind in _MP4_HOLDS and deep < _MP4_DEEPEST:
            yield from _mp4_changes(data, at + head, after, deep=deep + 1, left=left)
        at = after


# --- Office documents -------------------------------------------------------------------------------


def _write_office(copy: IO[bytes], target: IO[bytes]) -> None:
    """Write a document with its properties empty, and its changes and remarks by nobody."""
    copy.seek(0)
    try:
        with zipfile.ZipFile(copy) as archive:
            members = archive.infolist()
            if len(members) > MOST_PARTS or sum(one.file_size for one in members) > MOST_UNPACKED_BYTES:
                raise ValueError("too large to be written anew")
            if any(one.compress_type not in _OFFICE_PACKED for one in members):
                raise ValueError("packed as no office document is")
            with TemporaryFile() as made:
                with zipfile.ZipFile(made, "w") as written:
                    for one in members:
                        _write_member(archive, one, written)
                made.seek(0)
                while piece := made.read(PIECE_BYTES):
                    target.write(piece)
    except (zipfile.BadZipFile, zlib.error, ValueError, LookupError, RuntimeError, OSError, EOFError):
        copy.seek(0)
        while piece := copy.read(PIECE_BYTES):
            target.write(piece)


def _write_member(archive: zipfile.ZipFile, one: zipfile.ZipInfo, written: zipfile.ZipFile) -> None:
    said = zipfile.ZipInfo(one.filename)  # without the time at which it was put in
    said.compress_type = zipfile.ZIP_DEFLATED if one.compress_type else zipfile.ZIP_STORED
    if _OFFICE_TELLS.fullmatch(one.filename) and not one.is_dir():
        written.writestr(
            said, _emptied(_whole(archive, one)) if one.filename.endswith((".xml", ".rels")) else b""
        )
    elif names := [found[1:] for found in _OFFICE_NAMES if found[0].fullmatch(one.filename)]:
        content = _whole(archive, one)
        for name, put in names:
            content = name.sub(put, content)
        written.writestr(said, content)
    else:
        with archive.open(one) as unpacked, written.open(said, "w") as into:
            while piece := unpacked.read(PIECE_BYTES):
                into.write(piece)


def _whole(archive: zipfile.ZipFile, one: zipfile.ZipInfo) -> bytes:
    if one.file_size > MOST_REWRITTEN_BYTES:
        raise ValueError("too large to be held whole")
    return archive.read(one)


def _emptied(xml: bytes) -> bytes:
    """Return an XML document's first element alone, with nothing in it: it can be opened as before."""
    begins = re.search(rb"<[A-Za-z][^<>]*?(/?)>", xml)
    if begins is None:
        return b""
    if begins[1]:
        return xml[: begins.end()]
    return xml[: begins.end() - 1] + b"/>"


_READERS: Mapping[str, Callable[[mmap.mmap], Iterator[Piece]]] = {
    "image/jpeg": _jpeg,
    "image/png": _png,
    "image/gif": _gif,
    "image/webp": _webp,
    "audio/wav": _wav,
    "audio/flac": _flac,
    "audio/mpeg": _mp3,
    "audio/mp4": _mp4,
    "video/mp4": _mp4,
}
