"""Somebody chooses which mails tell them of proposals."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from canut.governance.mail_token import person_and_kind_of
from canut.governance.models import MailsOff
from canut.governance.states import MailKind
from canut.kernel.events import record
from canut.kernel.refusals import NotFound
from canut.people.access import ensure_member
from canut.people.models import Person


class ProposalMailLinkNotUsable(NotFound):
    code = "proposal_mail_link_not_usable"


@transaction.atomic
def choose_proposal_mails(*, by: Person, wanted: Collection[str], at: datetime) -> frozenset[MailKind]:
    """Send `by` mails of these kinds from now on, and none of the others; return the kinds they get."""
    ensure_member(by)
    chosen = frozenset(kind for kind in MailKind if kind in wanted)
    for kind in MailKind:
        _choose(by, kind, wanted=kind in chosen, at=at)
    return chosen


@transaction.atomic
def stop_proposal_mails(*, token: str, at: datetime) -> MailKind:
    """Send no more mails of the token's kind to the person it names, who need not be signed in.

    Raises:
        ProposalMailLinkNotUsable: this site did not make the token.
    """
    person, kind = mails_to_stop(token)
    _choose(person, kind, wanted=False, at=at)
    return kind


def mails_to_stop(token: str) -> tuple[Person, MailKind]:
    """Return whose mails of which kind a token ends.

    Raises:
        ProposalMailLinkNotUsable: this site did not make the token.
    """
    found = person_and_kind_of(token)
    person = Person.objects.filter(pk=found[0]).first() if found is not None else None
    if found is None or person is None:
        raise ProposalMailLinkNotUsable(
            _("This link is not whole. Copy all of it from the mail, or choose on the page of these mails.")
        )
    return person, found[1]


def mails_wanted(person_id: int) -> frozenset[MailKind]:
    """Return the kinds of mails that somebody gets: all that they have not turned off."""
    off = set(MailsOff.objects.filter(person_id=person_id).values_list("kind", flat=True))
    return frozenset(kind for kind in MailKind if kind not in off)


def _choose(person: Person, kind: MailKind, *, wanted: bool, at: datetime) -> None:
    if wanted:
        changed = MailsOff.objects.filter(person=person, kind=kind).delete()[0]
    else:
        _row, changed = MailsOff.objects.get_or_create(person=person, kind=kind, defaults={"since": at})
    if changed:
        record(person, "proposal.mails_chosen", person, at=at, kind=str(kind), wanted=wanted)
