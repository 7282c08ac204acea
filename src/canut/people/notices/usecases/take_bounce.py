"""A mail came back, and somebody brings the report of it: the site's mail server or a provider's bridge."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from canut.people.access import as_operator
from canut.people.models import Person
from canut.people.notices.bounces import BounceNotOurs, Report, read_report
from canut.people.notices.rules_faults import enhanced_code, fault_of
from canut.people.notices.tags import letter_in
from canut.people.notices.usecases.note_fault import note_fault


def take_bounce(*, message: bytes, by: Person | None, at: datetime) -> tuple[Report, bool]:
    """Note what a whole report (RFC 3464) says; return it, and whether it was news.

    `by` is an operator, or None for whoever holds the machine. A report that comes twice counts once.

    Raises:
        NotABounce, BounceNotOurs: nothing is noted. OperatorRoleMissing.
    """
    if by is not None:
        as_operator(by)
    report = read_report(message)
    return report, note_fault(letter_id=report.letter_id, fault=report.fault, code=report.code, at=at)


def take_fault(*, reference: str, code: str, by: Person, at: datetime) -> tuple[Report, bool]:
    """Note what a mail provider says in its own form; return it, and whether it was news.

    `reference` holds the mail's message id or return address, `code` what the mail server said: an enhanced
    status code, or a reply code.

    Raises:
        BounceNotOurs: the reference carries no sign that this site made. OperatorRoleMissing.
    """
    as_operator(by)
    letter_id = letter_in(reference)
    if letter_id is None:
        raise BounceNotOurs(_("This report is not about a mail that this site sent. Nothing was noted."))
    exact = enhanced_code(code)
    reply = int(code[:3]) if code[:3].isdecimal() and code[:3].isascii() else 0
    said = exact or (code[:3] if reply else "")
    report = Report(letter_id=letter_id, fault=fault_of(reply=reply, code=exact), code=said)
    return report, note_fault(letter_id=letter_id, fault=report.fault, code=report.code, at=at)
