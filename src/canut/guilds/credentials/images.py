"""A badge as a picture that carries its credential: Open Badges 3.0, section 5.3 (baking).

The picture is drawn here, so nothing of what a stranger drew is ever baked or handed on.
"""

from base64 import b64encode
from io import BytesIO
from textwrap import wrap
from xml.sax.saxutils import escape

from django.utils.translation import gettext as _
from openbadgeslib import baking

from canut.guilds.fonts import BOLD, REGULAR, font_file

THREAD = "#a43c2a"
PAPER = "#fbf6ec"
INK = "#2b2320"
_PALE_THREAD = "#eacfc5"  # a fifth of the one on the other
_THREADS_WIDE = 192  # each with its share of the gaps
_SIDE = 400
_LINE_CHARACTERS = 22


def picture_address(*, guild_name: str, level: int, highest: int, site_name: str) -> str:
    """Return the picture alone, without a credential, as an address that holds it (a data URL)."""
    drawn = _svg(guild_name=guild_name, level=level, highest=highest, site_name=site_name)
    return "data:image/svg+xml;base64," + b64encode(drawn.encode()).decode()


def svg_badge(*, guild_name: str, level: int, highest: int, site_name: str, credential: str) -> bytes:
    """Return an SVG image with `credential` in it: a JSON document as its text, or a token."""
    as_text = credential.startswith("{")
    baked: bytes = baking.bake_svg(
        _svg(guild_name=guild_name, level=level, highest=highest, site_name=site_name).encode(),
        credential,
        element=baking.SVG_ELEMENT_OB3,
        namespace=baking.SVG_NS_OB3,
        as_text=as_text,
    )
    return baked


def png_badge(*, guild_name: str, level: int, highest: int, site_name: str, credential: str) -> bytes:
    """Return a PNG image of 400 by 400 pixels with `credential` in it, JSON document or token."""
    image = _png(guild_name=guild_name, level=level, highest=highest, site_name=site_name)
    baked: bytes = baking.bake_png(image, credential, keyword=baking.ITXT_KEYWORD_OB3)
    return baked


def _lines(guild_name: str) -> list[str]:
    lines = wrap(guild_name, _LINE_CHARACTERS) or [""]
    return lines if len(lines) <= 3 else [*lines[:2], lines[2][: _LINE_CHARACTERS - 1] + "…"]


def _threads(highest: int) -> list[tuple[float, float]]:
    """Return where the thread of each level begins, and how wide it is; as many as the guild has levels."""
    share = _THREADS_WIDE / highest
    width = share * 3 / 4
    begin = 200 - (highest * share - share / 4) / 2
    return [(begin + n * share, width) for n in range(highest)]


def _svg(*, guild_name: str, level: int, highest: int, site_name: str) -> str:
    title = escape(_("%(guild)s, level %(level)s") % {"guild": guild_name, "level": level})
    lines = _lines(guild_name)
    words = "".join(
        f'<text x="200" y="{150 - 13 * (len(lines) - 1) + 28 * n}" font-size="26">{escape(line)}</text>'
        for n, line in enumerate(lines)
    )
    threads = "".join(
        f'<rect x="{left:g}" y="275" width="{width:g}" height="14" rx="{min(7, width / 2):g}"'
        f' fill="{THREAD if n < level else _PALE_THREAD}"/>'
        for n, (left, width) in enumerate(_threads(highest))
    )
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 400 400" width="400" height="400"'
        f' role="img" aria-labelledby="title"><title id="title">{title}</title>'
        f'<circle cx="200" cy="200" r="188" fill="{PAPER}" stroke="{THREAD}" stroke-width="12"/>'
        f'<g fill="{INK}" text-anchor="middle" font-family="system-ui, sans-serif">{words}'
        f'<text x="200" y="255" font-size="52" font-weight="700">{level}</text>'
        f'<text x="200" y="325" font-size="15">{escape(site_name)}</text></g>{threads}</svg>'
    )


def _png(*, guild_name: str, level: int, highest: int, site_name: str) -> bytes:
    """Draw the same badge in points, four times as large at first so that edges come out smooth."""
    from PIL import Image, ImageDraw, ImageFont  # for those who want this format, and nobody else

    fine = 4
    image = Image.new("RGBA", (_SIDE * fine, _SIDE * fine))
    pen = ImageDraw.Draw(image)
    pen.ellipse([6 * fine, 6 * fine, 394 * fine, 394 * fine], fill=PAPER, outline=THREAD, width=12 * fine)
    lines = _lines(guild_name)
    words = [(150 - 13 * (len(lines) - 1) + 28 * n, 26, REGULAR, line) for n, line in enumerate(lines)]
    words += [(255, 52, BOLD, str(level)), (325, 15, REGULAR, site_name)]
    for y, size, font, text in words:
        face = ImageFont.truetype(font_file(font), size * fine)
        pen.text((200 * fine, y * fine), text, font=face, fill=INK, anchor="ms")
    for n, (left, width) in enumerate(_threads(highest)):
        box = [left * fine, 275 * fine, (left + width) * fine, 289 * fine]
        pen.rounded_rectangle(box, min(7, width / 2) * fine, fill=THREAD if n < level else _PALE_THREAD)
    written = BytesIO()
    image.resize((_SIDE, _SIDE), Image.Resampling.LANCZOS).save(written, "PNG")
    return written.getvalue()
