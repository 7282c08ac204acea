"""Taking what a stranger drops on us, a file of any kind, apart into a credential: safely, or not at all."""

import re
import struct
import zlib
from dataclasses import dataclass
from typing import Any, Literal
from xml.etree.ElementTree import ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring
from django.utils.translation import gettext_lazy as _
from openbadgeslib import baking
from png import Error as PngError
from png import Reader

from canut.guilds.credentials import parsing
from canut.guilds.credentials.refused import CredentialMalformed, CredentialTooLarge, NotABadge

MOST_BYTES = 64 * 1024
"""Of a credential by itself. A level in a guild takes three thousand, a full status list thirty thousand.
What a hostile one can make us compute grows with the square of its size: here it is a second or two."""
MOST_IMAGE_BYTES = 4 * 1024 * 1024
PNG_BEGINS = b"\x89PNG\r\n\x1a\n"
CREDENTIAL_ELEMENT = f"{{{baking.SVG_NS_OB3}}}credential"
SVG_ELEMENT = "{http://www.w3.org/2000/svg}svg"

Carrier = Literal["json", "jwt", "svg", "png"]

_JWT = re.compile(r"[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*\.[A-Za-z0-9_-]*")


@dataclass(frozen=True, slots=True)
class Token:
    """A JWT taken apart and not yet believed: RFC 7519 in its compact form, each part in base64url."""

    compact: str
    header: dict[str, Any]
    payload: dict[str, Any]
    signature: bytes


@dataclass(frozen=True, slots=True)
class Presented:
    """What somebody shows: a JSON document with a proof in it, or a token, and what it came in."""

    carrier: Carrier
    content: dict[str, Any] | Token


def read(content: bytes) -> Presented:
    """Return the credential in a file, going by its content and not by its name.

    Nothing is believed yet. Whatever is malformed is found here, so that what follows need not
    look out for it.

    Raises:
        CredentialTooLarge: more bytes than any badge has, or nested too deep; also once inflated.
        CredentialMalformed: it looks like one of the four kinds and cannot be read.
        NotABadge: it is none of the four kinds, or an image with no credential in it.
    """
    _at_most(content, MOST_IMAGE_BYTES)
    if content.startswith(PNG_BEGINS):
        return Presented("png", _credential(_in_png(content)))
    start = content.removeprefix(b"\xef\xbb\xbf").lstrip()
    if start.startswith(b"<"):
        return Presented("svg", _credential(_in_svg(content)))
    found = _credential(_text(content))
    return Presented("jwt" if isinstance(found, Token) else "json", found)


def _credential(text: str) -> dict[str, Any] | Token:
    text = text.removeprefix("\ufeff").strip()
    _at_most(text.encode(errors="replace"), MOST_BYTES)
    if text.startswith("{"):
        return _object(text)
    if _JWT.fullmatch(text):
        return _token(text)
    raise NotABadge(
        _("This file is no badge. A badge is a JSON or JWT file, or an SVG or PNG image with one in it.")
    )


def _token(compact: str) -> Token:
    try:
        header, payload, signature = (parsing.read_base64url(part) for part in compact.split("."))
    except parsing.NotReadable as error:
        raise CredentialMalformed(_("This token is damaged: a part of it is no base64url.")) from error
    return Token(compact, _object(header), _object(payload), signature)


def _object(text: bytes | str) -> dict[str, Any]:
    try:
        value = parsing.read_json(text)
    except parsing.TooDeep as error:
        raise CredentialTooLarge(_("This file is nested deeper than any badge is.")) from error
    except parsing.NotReadable as error:
        raise CredentialMalformed(
            _("This file is damaged: its JSON cannot be read in one way only.")
        ) from error
    if not isinstance(value, dict):
        raise CredentialMalformed(_("This file is damaged: its JSON is no object."))
    return value


def _in_svg(content: bytes) -> str:
    """Return the credential of an SVG image: Open Badges 3.0, section 5.3.2, either way of baking."""
    try:
        root = fromstring(content)  # refuses entities, so no few lines become gigabytes
    except DefusedXmlException as error:
        raise CredentialMalformed(
            _("This image defines entities of its own, which no badge needs.")
        ) from error
    except (ParseError, ValueError, LookupError) as error:
        raise CredentialMalformed(_("This image is damaged: it cannot be read as SVG.")) from error
    if root.tag != SVG_ELEMENT:
        raise NotABadge(_("This file is XML, but no SVG image."))
    found = list(root.iter(CREDENTIAL_ELEMENT))
    if not found:
        raise NotABadge(_("This image has no credential in it."))
    if len(found) > 1:
        raise CredentialMalformed(_("This image has more than one credential in it."))
    token, text = found[0].get("verify"), (found[0].text or "").strip()
    if len(found[0]) or bool(token) == bool(text):
        raise CredentialMalformed(_("The credential in this image is not baked as the standard says."))
    return token or text


def _in_png(content: bytes) -> str:
    """Return the credential of a PNG image: Open Badges 3.0, section 5.3.1. Pixels are never unpacked."""
    keyword = baking.ITXT_KEYWORD_OB3 + b"\0"
    try:
        chunks = Reader(bytes=content).chunks()
        found = sum(tag == b"iTXt" and data.startswith(keyword) for tag, data in chunks)
        text = (
            baking.extract_png(content, MOST_BYTES, keyword=baking.ITXT_KEYWORD_OB3) if found == 1 else None
        )
    except baking.DecompressionLimitExceeded as error:
        raise CredentialTooLarge(_("The credential in this image is larger than any badge is.")) from error
    except (PngError, struct.error, zlib.error, ValueError, IndexError, EOFError) as error:
        raise CredentialMalformed(_("This image is damaged: it cannot be read as PNG.")) from error
    if not found:
        raise NotABadge(_("This image has no credential in it."))
    if text is None:
        raise CredentialMalformed(_("This image has more than one credential in it, or a damaged one."))
    return text


def _text(content: bytes) -> str:
    try:
        return content.decode()
    except UnicodeDecodeError as error:
        raise NotABadge(
            _("This file is no badge. A badge is a JSON or JWT file, or an SVG or PNG image with one in it.")
        ) from error


def _at_most(content: bytes, most: int) -> None:
    if len(content) > most:
        raise CredentialTooLarge(
            _("This file has %(bytes)s bytes. No badge has more than %(most)s.")
            % {"bytes": len(content), "most": most},
            most=most,
        )
