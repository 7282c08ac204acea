"""A notice on whose arrival something depends leaves at once, in the transaction of what it tells of."""

from datetime import datetime

from canut.people.notices.faults import deliver
from canut.people.notices.mails import mail_of
from canut.people.notices.models import Letter, Notice
from canut.people.notices.states import LetterState, MailState


class NotTaken(Exception):
    """The mail server did not take a mail for its recipient. What depends on it does not happen yet."""


def send_at_once(notice: Notice, *, at: datetime) -> None:
    """Send the mail of a notice about safety that was told just now, before its transaction commits.

    If the transaction does not commit after all, the mail leaves once more when it is tried again.

    Raises:
        Unsent: the mail server could not be reached, or took nothing. NotTaken: not for this recipient.
    """
    letter = Letter(
        person=notice.person, address=(notice.person.email or "").lower(), is_security=True, made_at=at
    )
    letter.state, letter.sent_at, letter.attempts = LetterState.SENT, at, 1
    letter.save(force_insert=True)
    refused = deliver(mail_of(letter, [notice], at=at))
    if refused is not None:
        raise NotTaken(f"a mail was refused: {refused.code}")
    notice.mail, notice.mail_due_at, notice.letter = MailState.SENT, None, letter
    notice.save(update_fields=["mail", "mail_due_at", "letter"])
