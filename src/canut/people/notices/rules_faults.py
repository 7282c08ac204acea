"""What it means that a mail server did not take a mail: whose trouble it is, by the codes that it gave."""

import re

from canut.people.notices.states import Fault

_ENHANCED = re.compile(r"(?<![\d.])([245])\.(\d{1,3})\.(\d{1,3})(?![\d.])")
_NO_MAILBOX = frozenset((550, 551, 553, 556))
_NO_MAILBOX_DETAILS = frozenset(((2, 0), (2, 1), (4, 1), (4, 4), (0, 0)))
_TOO_LARGE = frozenset(((2, 3), (3, 4)))
_BAD_SENDER = frozenset((7, 8))


def enhanced_code(said: str) -> str:
    """Return the enhanced status code (RFC 3463) in what a mail server said, such as 5.1.1, else ""."""
    found = _ENHANCED.search(said)
    return found[0] if found else ""


def fault_of(*, reply: int, code: str) -> Fault:
    """Return whose fault it is that a mail was refused, by SMTP's reply code and the enhanced status code.

    Either may be missing (0, ""); the enhanced one says more and goes first. Hard is: there is no such
    mailbox or domain, or it is shut. Soft is: the mailbox is full, its server in trouble, or the mail waited
    too long. What is refused for our address, our name or our words (5.7, 5.6, 5.5), or because they are too
    many (5.2.3, 5.3.4), is our own fault: it says nothing about whether somebody reads mail there. Anything
    temporary is soft.

    Source: RFC 3463, "Enhanced Mail System Status Codes", sections 3.1 to 3.8; RFC 5321, section 4.2.3. We
    differ for 5.4.1, by which Exchange Online says that there is no such mailbox.
    """
    parsed = _ENHANCED.fullmatch(code)
    if parsed is None:
        if reply in _NO_MAILBOX:
            return Fault.HARD
        return Fault.SOFT
    kind, subject, detail = (int(part) for part in parsed.groups())
    if kind == 4:
        return Fault.SOFT
    if subject == 1:
        return Fault.OURS if detail in _BAD_SENDER else Fault.HARD
    if (subject, detail) in _NO_MAILBOX_DETAILS:
        return Fault.HARD
    is_ours = subject in (5, 6, 7) or (subject, detail) in _TOO_LARGE
    return Fault.OURS if is_ours else Fault.SOFT
