"""Somebody says whether they want to be asked after a batch, and what name a portfolio is to bear."""

from django.db import transaction
from django.utils.translation import gettext as _

from canut.guilds.journal.access import journal_for_change
from canut.guilds.journal.limits import LONGEST_NAME
from canut.guilds.journal.models import Journal
from canut.guilds.journal.wording import as_one_line
from canut.kernel.refusals import BadInput
from canut.people.models import Person


@transaction.atomic
def choose_invitations(*, by: Person, invites: bool) -> Journal:
    """Be asked after a batch what one learnt, or not any more. It concerns nobody else: no event."""
    journal = journal_for_change(by)
    journal.invites = invites
    journal.save(update_fields=["invites"])
    return journal


@transaction.atomic
def keep_portfolio_name(*, by: Person, name: str) -> Journal:
    """Keep the name that `by` wants on a portfolio; an empty one, for their screen name, forgets it.

    Raises:
        BadInput: it is longer than there is room for, or cannot be stored.
    """
    kept = checked_name(name)
    journal = journal_for_change(by)
    journal.portfolio_name = kept
    journal.save(update_fields=["portfolio_name"])
    return journal


def checked_name(name: str) -> str:
    """Return a name as it stands on a portfolio; empty for the screen name.

    Raises:
        BadInput: it is longer than there is room for, or cannot be stored.
    """
    kept = as_one_line(name)
    if kept is None or len(kept) > LONGEST_NAME:
        sentence = _("Write a name of at most %(count)s characters.") % {"count": LONGEST_NAME}
        raise BadInput(sentence, errors={"name": sentence})
    return kept
