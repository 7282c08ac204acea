"""Notices as their page shows each: a lead, all of it if that is more, and what became of its mail."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from canut.people.notices.kinds import Group
from canut.people.notices.queries import Told
from canut.people.notices.states import MailState

LONGEST_LEAD = 300


@dataclass(frozen=True, slots=True)
class Shown:
    """One notice. `lead` is all of it where `rest` is empty; else `rest` is, all of it."""

    id: int
    subject: str
    group: Group
    made_at: datetime
    is_read: bool
    lead: str
    rest: str
    mail_said: str


def shown(notices: Sequence[Told]) -> Sequence[Shown]:
    """Return notices as their page shows them."""
    return [_shown(one) for one in notices]


def _shown(one: Told) -> Shown:
    is_short = len(one.text) <= LONGEST_LEAD
    return Shown(
        id=one.id,
        subject=one.subject,
        group=one.group,
        made_at=one.made_at,
        is_read=one.read_at is not None,
        lead=one.text if is_short else _beginning(one.text),
        rest="" if is_short else one.text,
        mail_said=_mail_said(one.mail),
    )


def _beginning(text: str) -> str:
    """Return as many whole words of a long text as a lead holds; of one endless word, its beginning."""
    head, _space, _cut = text[:LONGEST_LEAD].rpartition(" ")
    return f"{head or text[:LONGEST_LEAD]}…"


def _mail_said(mail: MailState) -> str:
    if mail == MailState.HELD:
        return _("its mail waits")
    if mail == MailState.FAILED:
        return _("its mail did not arrive")
    return ""
