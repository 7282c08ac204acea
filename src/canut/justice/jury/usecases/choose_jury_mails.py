"""A juror chooses whether mails remind them of seats of theirs."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from canut.justice.jury.mail_token import person_of
from canut.justice.jury.models import JuryMails
from canut.kernel.events import record
from canut.kernel.refusals import NotFound
from canut.people.models import Person


class JuryMailLinkNotUsable(NotFound):
    code = "jury_mail_link_not_usable"


@transaction.atomic
def choose_jury_mails(*, by: Person, wanted: bool, at: datetime) -> None:
    """Remind `by` by mail from now on, or not; that they were drawn they are told in any case.

    Doing it twice is safe.
    """
    JuryMails.objects.bulk_create([JuryMails(person=by)], ignore_conflicts=True)
    chosen = JuryMails.objects.select_for_update(no_key=True).get(person=by)
    if chosen.wanted == wanted:
        return
    chosen.wanted = wanted
    chosen.save(update_fields=["wanted"])
    record(by, "jury.mails_chosen", by.party, at=at, wanted=wanted)


def stop_jury_mails(*, token: str, at: datetime) -> None:
    """Remind no more whom a token names; they need not be signed in.

    Raises:
        JuryMailLinkNotUsable: this site did not make the token.
    """
    choose_jury_mails(by=person_to_stop(token), wanted=False, at=at)


def person_to_stop(token: str) -> Person:
    """Return whose mails a token ends.

    Raises:
        JuryMailLinkNotUsable: this site did not make the token.
    """
    person_id = person_of(token)
    rows = Person.objects.select_related("party")
    found = None if person_id is None else rows.filter(pk=person_id).first()
    if found is None:
        raise JuryMailLinkNotUsable(
            _("This link is not whole. Copy all of it from the mail, or stop the mails on the page of seats.")
        )
    return found
