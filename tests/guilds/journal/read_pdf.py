"""Reading a PDF of ours back: its text in order, its tags, its attachments. It knows what fpdf2 writes."""

import re
import zlib
from collections.abc import Iterator

_OBJECT = re.compile(rb"(\d+) 0 obj\n(.*?)\nendobj", re.DOTALL)
_STREAM = re.compile(rb"stream\n(.*?)\nendstream", re.DOTALL)
_TOKEN = re.compile(
    rb"/(F\d+) [\d.]+ Tf|/(\w+) (?:<</MCID \d+>> BDC|BMC)|^(EMC)$|(\((?:\\.|[^\\)])*\)) Tj",
    re.DOTALL | re.MULTILINE,
)
_PAIR = re.compile(rb"<([0-9A-Fa-f]+)> <([0-9A-Fa-f]+)>")


class Pdf:
    """A file that fpdf2 wrote, taken apart by what stands in it."""

    def __init__(self, content: bytes) -> None:
        assert content.startswith(b"%PDF-")
        assert content.rstrip().endswith(b"%%EOF")
        self.objects = {int(number): body for number, body in _OBJECT.findall(content)}
        self.content = content

    def stream(self, number: int) -> bytes:
        body = self.objects[number]
        found = _STREAM.search(body)
        assert found is not None
        return zlib.decompress(found[1]) if b"/FlateDecode" in body.partition(b"stream")[0] else found[1]

    @property
    def catalog(self) -> bytes:
        (found,) = [body for body in self.objects.values() if b"/Type /Catalog" in body]
        return found

    @property
    def pages(self) -> list[bytes]:
        """What is drawn on each page, in order."""
        (tree,) = [body for body in self.objects.values() if b"/Type /Pages" in body]
        kids = re.search(rb"/Kids \[(.*?)\]", tree, re.DOTALL)
        assert kids is not None
        numbers = [int(number) for number in re.findall(rb"(\d+) 0 R", kids[1])]
        return [self.stream(_referred(self.objects[number], b"/Contents")) for number in numbers]

    @property
    def text(self) -> str:
        """Every line of text, in the order in which it is drawn."""
        return "\n".join(line for page in self.pages for _tag, _element, line in self._lines(page))

    def tagged(self, tag: str) -> list[str]:
        """The text of each element of a kind, such as "H1"; of one that runs over pages, page by page."""
        elements: dict[tuple[int, int], list[str]] = {}
        for number, page in enumerate(self.pages):
            for said, element, line in self._lines(page):
                if said == tag:
                    elements.setdefault((number, element), []).append(line)
        return ["\n".join(lines) for lines in elements.values()]

    @property
    def untagged(self) -> str:
        """What text is neither tagged nor said to be none of the document's."""
        return "".join(line for page in self.pages for tag, _element, line in self._lines(page) if not tag)

    @property
    def attached(self) -> dict[str, bytes]:
        files = {}
        for body in self.objects.values():
            if b"/Type /Filespec" in body:
                name = re.search(rb"/F \((.*?)\)", body)
                assert name is not None
                files[name[1].decode()] = self.stream(_referred(body, b"/EF <</F"))
        return files

    def _lines(self, drawn: bytes) -> Iterator[tuple[str, int, str]]:
        """Give each line of a page with the tag and the number of the element that it stands in."""
        font, tag, element = b"", "", 0
        for name, begun, _closing, shown in _TOKEN.findall(drawn):
            if name:
                font = name
            elif begun:
                tag, element = begun.decode(), element + 1
            elif shown:
                yield tag, element, self._read(_unescaped(shown[1:-1]), self._letters(font))
            else:
                tag = ""

    def _read(self, codes: bytes, letters: dict[int, str]) -> str:
        pairs = zip(codes[::2], codes[1::2], strict=True)
        return "".join(letters[high * 256 + low] for high, low in pairs)

    def _letters(self, font: bytes) -> dict[int, str]:
        """What each code of a font stands for, as the file itself says to whoever copies text from it."""
        (number,) = {
            int(found[1])
            for body in self.objects.values()
            if (found := re.search(rb"/" + font + rb" (\d+) 0 R", body))
        }
        mapping = self.stream(_referred(self.objects[number], b"/ToUnicode"))
        return {
            int(code, 16): bytes.fromhex(letter.decode()).decode("utf-16-be")
            for code, letter in _PAIR.findall(mapping.partition(b"endcodespacerange")[2])
        }


def _referred(body: bytes, name: bytes) -> int:
    found = re.search(re.escape(name) + rb" (\d+) 0 R", body)
    assert found is not None, (name, body[:500])
    return int(found[1])


def _unescaped(text: bytes) -> bytes:
    named = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}
    return re.sub(rb"\\(.)", lambda found: named.get(found[1], found[1]), text, flags=re.DOTALL)
