"""Reading a mail that came back: a delivery status notification (RFC 3464) about one of our letters."""

import email
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import Message

from django.utils.translation import gettext_lazy as _

from canut.kernel.refusals import BadInput, NotFound
from canut.people.notices.rules_faults import enhanced_code, fault_of
from canut.people.notices.states import Fault
from canut.people.notices.tags import letter_in

MOST_BYTES = 2_000_000
MOST_PARTS = 50
_RETURNED_TO = (
    "To",
    "Delivered-To",
    "X-Original-To",
    "Envelope-To",
    "X-Envelope-To",
    "In-Reply-To",
    "References",
)
_SENT_AS = ("Message-ID", "Return-Path", "X-Original-Message-ID", "Original-Message-ID")


class NotABounce(BadInput):
    """A mail that says nothing of a failed delivery: an answer, an out-of-office reply, a delay, garbage."""

    code = "not_a_bounce"


class BounceNotOurs(NotFound):
    """A report that does not carry the sign of one of this site's mails."""

    code = "bounce_not_ours"


@dataclass(frozen=True, slots=True)
class Report:
    """That a letter did not arrive, whose fault it is, and the code that says so."""

    letter_id: int
    fault: Fault
    code: str


def read_report(raw: bytes) -> Report:
    """Return what a delivery status notification says of one of our letters.

    Whose letter it is tells its sign alone, in the address it came back to or in the letter's message id:
    the addresses that a report names are anybody's to write.

    Raises:
        NotABounce: it is no report of a failure. BounceNotOurs: it carries no sign that this site made.
    """
    if len(raw) > MOST_BYTES:
        raise NotABounce(_("This mail is too large to be a report that a mail did not arrive."))
    try:
        message = email.message_from_bytes(raw)
        parts = list(_parts(message))
        failure = _failure(parts)
    except (RecursionError, ValueError, LookupError, AttributeError, TypeError) as error:
        raise NotABounce(_("This is no mail that can be read.")) from error
    if failure is None:
        raise NotABounce(_("This mail does not report that a mail did not arrive. Nothing was noted."))
    fault, code = failure
    letter_id = letter_in("\n".join(_signs(message, parts)))
    if letter_id is None:
        raise BounceNotOurs(_("This report is not about a mail that this site sent. Nothing was noted."))
    return Report(letter_id=letter_id, fault=fault, code=code)


def _parts(message: Message) -> Iterator[Message]:
    for number, part in enumerate(message.walk()):
        if number >= MOST_PARTS:
            return
        yield part


def _failure(parts: list[Message]) -> tuple[Fault, str] | None:
    """Return whose fault it is that the mail failed, for the recipient worst off; None if it says of none."""
    if parts[0].get_content_type() != "multipart/report":
        return None
    found: list[tuple[Fault, str]] = []
    for part in parts:
        if part.get_content_type() != "message/delivery-status":
            continue
        for block in part.get_payload() if part.is_multipart() else []:
            if isinstance(block, Message) and _said(block, "Action").lower() == "failed":
                found.append(_fault_in(block))
    order = (Fault.HARD, Fault.SOFT, Fault.OURS)
    return min(found, key=lambda each: order.index(each[0]), default=None)


def _fault_in(block: Message) -> tuple[Fault, str]:
    """Return whose fault one recipient's block names.

    Some servers give a status of 5.0.0 and the true one in what the other server said, so the more exact
    one goes first.
    """
    status = enhanced_code(_said(block, "Status"))
    diagnostic = _said(block, "Diagnostic-Code")
    quoted = enhanced_code(diagnostic)
    code = quoted if quoted and status.endswith(".0.0") else status or quoted
    digits = [word[:3] for word in diagnostic.replace(";", " ").split() if word[:3].isdecimal()]
    return fault_of(reply=int(digits[0]) if digits else 0, code=code), code or (digits[0] if digits else "")


def _signs(message: Message, parts: list[Message]) -> Iterator[str]:
    """Give what may hold the sign of a letter: where the report came, and how the letter was sent."""
    for name in _RETURNED_TO:
        yield from (str(value) for value in message.get_all(name, []))
    for part in parts[1:]:
        for name in _SENT_AS:
            yield from (str(value) for value in part.get_all(name, []))
        if part.get_content_type() == "text/rfc822-headers":
            headers = email.message_from_bytes(_content(part))
            for name in _SENT_AS:
                yield from (str(value) for value in headers.get_all(name, []))


def _content(part: Message) -> bytes:
    content = part.get_payload(decode=True)
    return content if isinstance(content, bytes) else b""


def _said(block: Message, name: str) -> str:
    return str(block.get(name, "")).strip()
