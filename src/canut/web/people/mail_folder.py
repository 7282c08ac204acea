"""Reading the mails that a demo wrote to files instead of sending them."""

import email
import re
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.policy import default
from email.utils import parsedate_to_datetime
from pathlib import Path

NEWEST = 100
# Django's file backend ends each message of a file with a line of dashes.
_END = re.compile(rb"\n-{79}\n")
_NAME = re.compile(r"[0-9A-Za-z-]+\.log")


@dataclass(frozen=True, slots=True)
class Mail:
    name: str
    to: str
    subject: str
    text: str
    sent_at: datetime


def read_mails(folder: Path) -> list[Mail]:
    """Return the newest mails in `folder`, newest first."""
    files = sorted(folder.glob("*.log"), key=lambda file: file.stat().st_mtime_ns, reverse=True)
    found = (read_mail(folder, file.name) for file in files[:NEWEST])
    return [mail for mail in found if mail is not None]


def read_mail(folder: Path, name: str) -> Mail | None:
    """Return the mail in the file `name` of `folder`, or None if there is no such file or no mail in it."""
    if not _NAME.fullmatch(name):
        return None
    try:
        first = _END.split((folder / name).read_bytes())[0]
    except FileNotFoundError:
        return None
    message = email.message_from_bytes(first, policy=default)
    assert isinstance(message, EmailMessage)
    body = message.get_body(("plain",))
    if body is None or not message["Date"]:
        return None
    return Mail(
        name=name,
        to=str(message["To"]),
        subject=str(message["Subject"]),
        text=str(body.get_content()).strip(),
        sent_at=parsedate_to_datetime(str(message["Date"])),
    )
