"""Files as those see them who judge work: all that is seen and heard, and nothing of who made it."""

import io
import struct
import wave
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from canut.work.uploads.bare import write_bare
from canut.work.uploads.kinds import KINDS, media_type_of

WHO = b"Aurelia Quagga"
TURNED = 6
XML = b'<?xml version="1.0" encoding="UTF-8"?>\n'
DOCX, ODT = KINDS["office"][0], KINDS["office"][3]


def bare(content: bytes) -> bytes:
    source, made = io.BytesIO(content), io.BytesIO()
    write_bare(source, media_type_of(source), made)
    return made.getvalue()


def picture() -> Image.Image:
    drawn = Image.effect_noise((60, 40), 90).convert("RGB")
    drawn.putpixel((3, 4), (255, 0, 0))
    return drawn


def exif(turned: int = TURNED) -> Image.Exif:
    made = Image.Exif()
    made[0x0112], made[0x013B], made[0x0132] = turned, WHO.decode(), "2026:11:22 14:05:09"
    made.get_ifd(0x8825)[2] = (45.0, 46.0, 12.34)
    return made


def saved(kind: str, **how: object) -> bytes:
    file = io.BytesIO()
    picture().save(file, kind, **how)  # type: ignore[arg-type]
    return file.getvalue()


def jpeg(**how: object) -> bytes:
    return saved("JPEG", exif=exif(), comment=WHO, xmp=b"<x>" + WHO + b"</x>", **how)


def png() -> bytes:
    said = PngInfo()
    said.add_text("Author", WHO.decode())
    said.add_itxt("Where", "Lyon " + WHO.decode(), zip=False)
    return saved("PNG", pnginfo=said, exif=exif(), dpi=(300, 300))


def gif() -> bytes:
    file = io.BytesIO()
    other = picture().rotate(90)
    picture().save(file, "GIF", save_all=True, append_images=[other], comment=WHO, loop=0, duration=70)
    return file.getvalue()


def webp() -> bytes:
    return saved("WEBP", lossless=True, exif=exif(), xmp=b"<x>" + WHO + b"</x>")


def wav() -> bytes:
    file = io.BytesIO()
    with wave.open(file, "wb") as sound:
        sound.setparams((1, 2, 8000, 0, "NONE", "NONE"))
        sound.writeframes(bytes(range(200)))
    whole = file.getvalue() + b"LIST" + struct.pack("<I", 12 + len(WHO)) + b"INFOIART"
    whole += struct.pack("<I", len(WHO)) + WHO
    return whole[:4] + struct.pack("<I", len(whole) - 8) + whole[8:]


def flac() -> bytes:
    tags = b"\x04" + (len(WHO)).to_bytes(3) + WHO
    room = b"\x81" + (9).to_bytes(3) + bytes(9)
    return b"fLaC" + b"\x00" + (34).to_bytes(3) + b"\x11" * 34 + tags + room + b"\xff\xf8frames"


def mp3() -> bytes:
    tag = b"ID3\x04\0\0" + bytes([0, 0, 1, 2]) + WHO.ljust(130, b"\0")
    ape = b"APETAGEX" + struct.pack("<IIII", 2000, 32 + len(WHO), 1, 0) + bytes(8)
    return tag + b"\xff\xfb\x90\x64" + b"s" * 300 + WHO + ape + b"TAG" + WHO.ljust(125, b"\0")


def box(kind: bytes, content: bytes) -> bytes:
    return (8 + len(content)).to_bytes(4) + kind + content


def mp4() -> bytes:
    timed = bytes(4) + b"\xe1\xe2\xe3\xe4\xe5\xe6\xe7\xe8" + b"\x07" * 88
    track = box(b"trak", box(b"tkhd", timed) + box(b"mdia", box(b"mdhd", timed)) + box(b"udta", WHO))
    moov = box(b"moov", box(b"mvhd", timed) + track + box(b"udta", b"\xa9xyz+45.76/" + WHO))
    return box(b"ftyp", b"isomiso2") + moov + box(b"uuid", WHO) + box(b"mdat", b"film" * 20)


def office(**members: bytes) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            stored = zipfile.ZIP_STORED if name == "mimetype" else None
            archive.writestr(name, content, compress_type=stored)
    return file.getvalue()


def docx() -> bytes:
    core = (
        XML
        + b'<cp:coreProperties xmlns:cp="http://x/"><dc:creator>'
        + WHO
        + b"</dc:creator></cp:coreProperties>"
    )
    word = XML + b'<w:document><w:ins w:id="1" w:author="' + WHO + b'">Words</w:ins></w:document>'
    types = {"[Content_Types].xml": XML + b"<Types/>", "docProps/core.xml": core, "word/document.xml": word}
    return office(**types)


def odt() -> bytes:
    meta = XML + b"<office:document-meta><dc:creator>" + WHO + b"</dc:creator></office:document-meta>"
    return office(**{"mimetype": ODT.encode(), "content.xml": b"<a>Words</a>", "meta.xml": meta})


MADE = (jpeg, png, gif, webp, wav, flac, mp3, mp4, docx, odt)


@pytest.mark.parametrize("made", MADE, ids=lambda made: made.__name__)
def test_it_names_nobody_is_what_it_was_and_stays_so(made) -> None:
    content = made()
    inside = content if made not in (docx, odt) else unpacked(content)
    assert WHO in inside
    left = bare(content)
    assert WHO not in (left if made not in (docx, odt) else unpacked(left))
    assert media_type_of(io.BytesIO(left)) == media_type_of(io.BytesIO(content))
    assert bare(left) == left


@pytest.mark.parametrize(
    "content",
    [jpeg(), jpeg(progressive=True), jpeg(icc_profile=b"p" * 70_000), png(), gif(), webp()],
    ids=["jpeg", "progressive", "coloured", "png", "gif", "webp"],
)
def test_pictures_look_as_before(content) -> None:
    before, after = (Image.open(io.BytesIO(one)) for one in (content, bare(content)))
    for frame in range(getattr(before, "n_frames", 1)):
        before.seek(frame)
        after.seek(frame)
        assert before.convert("RGB").tobytes() == after.convert("RGB").tobytes()
    kept = ("icc_profile", "dpi", "loop", "duration")
    assert {name: after.info.get(name) for name in kept} == {name: before.info.get(name) for name in kept}


def test_a_photograph_stays_the_right_way_up_and_loses_what_is_behind_it() -> None:
    left = bare(jpeg() + b"film of the moment" + WHO)
    assert dict(Image.open(io.BytesIO(left)).getexif()) == {0x0112: TURNED}
    assert left.endswith(b"\xff\xd9")
    upright = saved("JPEG", exif=exif(turned=1))
    assert not Image.open(io.BytesIO(bare(upright))).getexif()


def test_sounds_and_films_play_as_before() -> None:
    with wave.open(io.BytesIO(bare(wav()))) as sound:
        assert sound.readframes(1_000) == bytes(range(200))
    assert struct.unpack("<I", bare(wav())[4:8])[0] == len(bare(wav())) - 8
    assert bare(flac()) == b"fLaC" + b"\x80" + (34).to_bytes(3) + b"\x11" * 34 + b"\xff\xf8frames"
    assert bare(mp3()) == b"\xff\xfb\x90\x64" + b"s" * 300
    before, after = mp4(), bare(mp4())
    assert len(after) == len(before)  # where in the film what stands is told by places in the file
    assert after.index(b"film" * 20) == before.index(b"film" * 20)
    assert b"\xe1\xe2\xe3\xe4" not in after  # when it was made


def test_a_document_keeps_its_words_and_can_be_opened() -> None:
    for made, name in ((docx(), "word/document.xml"), (odt(), "content.xml")):
        with zipfile.ZipFile(io.BytesIO(bare(made))) as archive:
            assert b"Words" in archive.read(name)
            assert {one.date_time[0] for one in archive.infolist()} == {1980}
    with zipfile.ZipFile(io.BytesIO(bare(odt()))) as archive:
        assert archive.infolist()[0].filename == "mimetype"
        assert archive.infolist()[0].compress_type == zipfile.ZIP_STORED
    with zipfile.ZipFile(io.BytesIO(bare(docx()))) as archive:
        assert archive.read("docProps/core.xml") == XML + b'<cp:coreProperties xmlns:cp="http://x/"/>'


@given(
    made=st.sampled_from(MADE),
    cut=st.floats(0, 1),
    put=st.binary(max_size=12),
    at=st.floats(0, 1),
)
def test_what_is_broken_or_made_with_malice_is_no_error(made, cut, put, at) -> None:
    whole = made()
    place = int(at * len(whole))
    broken = (whole[:place] + put + whole[place + len(put) :])[: int(cut * len(whole))]
    left = bare(broken)
    assert len(left) <= len(broken) + 100 or made in (docx, odt)


def test_other_files_stay_as_they_are() -> None:
    for content in (
        b"%PDF-1.7 " + WHO,
        b"Only words.",
        b"OggS" + bytes(40),
        b"\x89PNG\r\n\x1a\n" + bytes(40),
        b"",
    ):
        assert bare(content) == content


def unpacked(content: bytes) -> bytes:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return b"".join(archive.read(name) for name in archive.namelist())


def test_a_document_that_unpacks_to_too_much_is_not_unpacked(monkeypatch) -> None:
    monkeypatch.setattr("canut.work.uploads.bare.MOST_UNPACKED_BYTES", 10)
    assert bare(docx()) == docx()


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
def test_other_pictures_stay_the_right_way_up_too(kind) -> None:
    how = {"exif": exif(), "lossless": True} if kind == "WEBP" else {"exif": exif()}
    left = bare(saved(kind, **how))
    assert dict(Image.open(io.BytesIO(left)).getexif()) == {0x0112: TURNED}
    assert WHO not in left
    assert bare(left) == left
    upright = bare(saved(kind, **how | {"exif": exif(turned=1)}))
    assert not Image.open(io.BytesIO(upright)).getexif()


def test_a_document_whose_parts_cannot_be_unpacked_stays_as_it_is() -> None:
    whole = docx()
    packed = whole.index(b"word/document.xml") + len(b"word/document.xml")
    torn = whole[: packed + 2] + b"\xff" * 6 + whole[packed + 8 :]
    assert bare(torn) == torn


def test_a_document_is_unpacked_only_as_documents_are_packed(monkeypatch) -> None:
    # Others unpack a few bytes into gigabytes at one go, whatever length the archive says
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_BZIP2) as archive:
        archive.writestr("[Content_Types].xml", XML + b"<Types/>")
        archive.writestr("word/document.xml", XML + b"<w:document/>")
    assert bare(file.getvalue()) == file.getvalue()
    monkeypatch.setattr("canut.work.uploads.bare.MOST_REWRITTEN_BYTES", 10)
    assert bare(docx()) == docx()


def test_remarks_in_tables_slides_and_open_documents_are_by_nobody() -> None:
    remark = (
        b'<w:comment w:author="' + WHO + b'"/><author>' + WHO + b"</author><x:author>" + WHO + b"</x:author>"
    )
    said = (
        b'<p:cmAuthor id="0" name="'
        + WHO
        + b"\" initials='"
        + WHO
        + b"'/><dc:creator>"
        + WHO
        + b"</dc:creator>"
    )
    types = {"[Content_Types].xml": XML + b"<Types/>"}
    for parts in (
        {**types, "xl/workbook.xml": b"<w/>", "xl/comments1.xml": remark.partition(b"/>")[2] + b"Words"},
        {**types, "ppt/a.xml": b"<a/>", "ppt/commentAuthors.xml": said.partition(b"<dc:")[0] + b"Words"},
        {"mimetype": ODT.encode(), "content.xml": b"<dc:creator>" + WHO + b"</dc:creator>Words"},
    ):
        content = unpacked(bare(office(**parts)))
        assert WHO not in content
        assert b"Words" in content


def test_a_sound_of_which_no_length_is_told_is_heard_to_its_end() -> None:
    known = wav()
    at = known.index(b"data")
    streamed = known[: at + 4] + bytes(4) + known[at + 8 :]
    assert bare(streamed)[at + 8 :] == streamed[at + 8 :]


def test_tags_longer_than_the_file_are_none() -> None:
    sound = b"\xff\xfb\x90\x64" + b"s" * 300
    for tagged in (
        b"ID3\x04\0\0\x7f\x7f\x7f\x7f" + sound,
        sound + b"APETAGEX" + struct.pack("<IIII", 2000, 2**31, 1, 0) + bytes(8),
    ):
        assert bare(tagged) == tagged


def test_a_wav_file_without_its_sound_stays_as_it_is() -> None:
    nothing = b"RIFF\x10\0\0\0WAVELIST\x04\0\0\0" + WHO[:4]
    assert bare(nothing) == nothing
