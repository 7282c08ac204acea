"""Sheets of paper on which a portfolio is written."""

from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from typing import Any

from fpdf import FPDF

from canut.guilds.fonts import BOLD, REGULAR, font_file
from canut.guilds.journal.letters import drawable

_INK, _MUTED, _THREAD = (43, 35, 32), (93, 84, 75), (164, 60, 42)
_MARGIN, _BADGE = 22, 30


class Sheet(FPDF):
    """Pages on which everything is tagged: text as what it is, the foot of a page as no text at all.

    fpdf2 tags pictures alone, and with a name of its own. What is untagged in a tagged document is
    passed over by those who listen to it, so the two methods that tag are put right here.
    """

    def __init__(self) -> None:
        super().__init__(format="A4")
        self.marked: dict[int, int] = {}
        self.set_margins(_MARGIN, _MARGIN)
        self.set_auto_page_break(auto=True, margin=_MARGIN)
        self.add_font("DejaVu", "", font_file(REGULAR))
        self.add_font("DejaVu", "B", font_file(BOLD))
        self.add_page()

    @contextmanager
    def _marked_sequence(self, struct_type: str = "/Figure", **named: Any) -> Iterator[Any]:
        number = self.marked.get(self.page, 0)
        self.marked[self.page] = number + 1
        element = self._add_marked_content(struct_type=struct_type, mcid=number, **named)
        self._out(f"{struct_type} <</MCID {number}>> BDC")
        yield element
        self._out("EMC")

    def footer(self) -> None:
        self.set_y(-15)
        self._out("/Artifact BMC")
        self._write(8, _MUTED)
        self.cell(0, 6, str(self.page_no()), align="C")
        self._out("EMC")

    def _write(self, size: float, ink: tuple[int, int, int], style: str = "") -> None:
        self.set_font("DejaVu", style, size)
        self.set_text_color(*ink)

    def heading(self, text: str, level: int) -> None:
        size = (20, 14, 11.5)[level - 1]
        self.ln((0, 5, 4)[level - 1])
        self._room_for(size * 1.4)
        shown = drawable(text)
        self.start_section(shown, level=level - 1, strict=False)
        self._lines(shown, f"/H{level}", size, _THREAD if level == 2 else _INK, "B")
        self.ln(1)

    def muted(self, text: str) -> None:
        self._lines(drawable(text), "/P", 9, _MUTED)
        self.ln(1.5)

    def paragraph(self, text: str) -> None:
        self._lines(drawable(text), "/P", 10.5, _INK)
        self.ln(2)

    def badge(self, png: bytes, title: str, day: str) -> None:
        self._room_for(_BADGE)
        top = self.y
        self.image(BytesIO(png), x=self.l_margin, y=top, w=_BADGE, h=_BADGE, alt_text=drawable(title))
        self.set_xy(self.l_margin, top + _BADGE / 2 - 5)
        self.set_left_margin(_MARGIN + _BADGE + 5)
        self._lines(drawable(title), "/P", 10.5, _INK, "B")
        self._lines(day, "/P", 9, _MUTED)
        self.set_left_margin(_MARGIN)
        self.set_xy(self.l_margin, max(self.y, top + _BADGE) + 3)

    def _room_for(self, height: float) -> None:
        """Begin another page rather than part a heading from what follows, or cut a picture."""
        if self.y + height + 8 > self.page_break_trigger:
            self.add_page()

    def _lines(self, text: str, tag: str, size: float, ink: tuple[int, int, int], style: str = "") -> None:
        """Write a text in lines, as one element a page: marks may not run across two."""
        self._write(size, ink, style)
        height = size * 0.5
        lines: Any = self.multi_cell(self.epw, height, text, align="L", dry_run=True, output="LINES")
        while lines:
            room = int((self.page_break_trigger - self.y - 0.01) / height)
            if room < 1:
                self.add_page()
                self._write(size, ink, style)
                continue
            with self._marked_sequence(tag):
                for line in lines[:room]:
                    self.cell(self.epw, height, line, new_x="LMARGIN", new_y="NEXT")
            lines = lines[room:]
