"""Somebody chooses whether mails tell them of votes in which they may vote."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from canut.governance.ballots.mail_token import person_of
from canut.governance.ballots.models import VoteMails
from canut.kernel.events import record
from canut.kernel.refusals import NotFound
from canut.people.models import Person


class VoteMailLinkNotUsable(NotFound):
    code = "vote_mail_link_not_usable"


@transaction.atomic
def choose_vote_mails(*, by: Person, wanted: bool, at: datetime) -> None:
    """Send `by` mails about votes from now on, or none. Repeating it is safe."""
    VoteMails.objects.bulk_create([VoteMails(person=by, wanted=True)], ignore_conflicts=True)
    chosen = VoteMails.objects.select_for_update().get(person=by)
    if chosen.wanted == wanted:
        return
    chosen.wanted = wanted
    chosen.save(update_fields=["wanted"])
    record(by, "vote.mails_chosen", by.party, at=at, wanted=wanted)


def stop_vote_mails(*, token: str, at: datetime) -> None:
    """Send no more mails about votes to the person whom a token names, who need not be signed in.

    Raises:
        VoteMailLinkNotUsable: this site did not make the token.
    """
    choose_vote_mails(by=person_to_stop(token), wanted=False, at=at)


def person_to_stop(token: str) -> Person:
    """Return whose mails a token ends.

    Raises:
        VoteMailLinkNotUsable: this site did not make the token.
    """
    person_id = person_of(token)
    found = None if person_id is None else Person.objects.filter(pk=person_id).first()
    if found is None:
        raise VoteMailLinkNotUsable(
            _("This link is not whole. Copy all of it from the mail, or stop the mails on the page of votes.")
        )
    return found
