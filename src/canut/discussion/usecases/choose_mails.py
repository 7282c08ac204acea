"""A person chooses which mails about talk they want."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from canut.discussion.mail_token import said_by
from canut.discussion.models import Mails
from canut.discussion.states import MailKind
from canut.kernel.events import record
from canut.kernel.refusals import NotFound
from canut.people.models import Person


class TalkMailLinkNotUsable(NotFound):
    code = "talk_mail_link_not_usable"


@transaction.atomic
def choose_mails(*, by: Person, wanted: Collection[str], at: datetime) -> Mails:
    """Send `by` these kinds of mails about talk from now on, and no others. Repeating it is safe."""
    Mails.objects.get_or_create(person=by)
    mails = Mails.objects.select_for_update(no_key=True).get(person=by)
    chosen = {kind.value: kind.value in wanted for kind in MailKind}
    if {kind: getattr(mails, kind) for kind in chosen} == chosen:
        return mails
    for kind, is_wanted in chosen.items():
        setattr(mails, kind, is_wanted)
    mails.save(update_fields=list(chosen))
    record(by, "talk.mails_chosen", mails, at=at, **chosen)
    return mails


@transaction.atomic
def stop_mails(*, token: str, at: datetime) -> MailKind:
    """Send no more mails of the kind that a token names to its person, who need not be signed in.

    Raises:
        TalkMailLinkNotUsable: this site did not make the token.
    """
    person, kind = mails_to_stop(token)
    wanted = mails_wanted(person.pk)
    choose_mails(by=person, wanted={one.value for one in wanted if one != kind}, at=at)
    return kind


def mails_to_stop(token: str) -> tuple[Person, MailKind]:
    """Return whose mails of which kind a token ends.

    Raises:
        TalkMailLinkNotUsable: this site did not make the token.
    """
    said = said_by(token)
    person = None if said is None else Person.objects.filter(pk=said[0]).first()
    if said is None or person is None:
        raise TalkMailLinkNotUsable(
            _("This link is not whole. Copy all of it from the mail, or choose your mails under Talk.")
        )
    return person, said[1]


def mails_wanted(person_id: int) -> frozenset[MailKind]:
    """Return which mails about talk somebody wants: all, until they choose."""
    mails = Mails.objects.filter(person_id=person_id).first()
    return frozenset(kind for kind in MailKind if mails is None or getattr(mails, kind.value))
