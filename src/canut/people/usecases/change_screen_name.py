"""Somebody wants to be called something else."""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from canut.kernel.events import record
from canut.kernel.refusals import Refusal
from canut.people import rules
from canut.people.access import person_for_change
from canut.people.models import Party, Person
from canut.people.promises import broken_promise
from canut.people.shapes import ensure_shape
from canut.people.usecases.register_person import ScreenNameTaken


class ScreenNameHidden(Refusal):
    """It is the one that is hidden: it comes back by itself, or by a person's decision."""

    code = "screen_name_hidden"


@transaction.atomic
def change_screen_name(*, by: Person, screen_name: str, at: datetime) -> Party:
    """Change the only name the other side sees. One that was hidden is given up with that.

    Raises:
        BadInput: the name has the wrong shape, or sounds like the site.
        ScreenNameTaken: somebody has it, whatever the capitals.
        ScreenNameHidden: it is `by`'s own, which is hidden.
    """
    screen_name = rules.tidy_screen_name(screen_name)
    party = person_for_change(by).party
    if party.screen_name == screen_name:
        return party
    ensure_shape(screen_name=screen_name)
    if party.hidden_name.lower() == screen_name.lower():
        raise ScreenNameHidden(_("This name is hidden at present. Choose another, or wait what comes of it."))
    party.screen_name, party.hidden_name = screen_name, ""
    try:
        with transaction.atomic():
            party.save(update_fields=["screen_name", "hidden_name"])
    except IntegrityError as error:
        if broken_promise(error) != "party_screen_name_unique":
            raise
        raise ScreenNameTaken(_("Somebody has this screen name. Choose another.")) from error
    record(by, "person.screen_name_changed", party, at=at)
    return party
