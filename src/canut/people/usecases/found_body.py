"""A body comes into being: a guild, a panel, a collective, the site itself."""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from canut.kernel.events import record
from canut.people import rules
from canut.people.models import Body, Kind, Party, Person
from canut.people.promises import broken_promise
from canut.people.usecases.register_person import ScreenNameTaken


@transaction.atomic
def found_body(*, name: str, screen_name: str, by: Party | Person | None, at: datetime) -> Body:
    """Make a party without a sign-in, whose accounts the ledger opens like anybody's.

    Who may found what is the calling room's question: guilds, juries and the site have their own
    rules. `by` is None for the software.

    Raises:
        ScreenNameTaken: somebody has it, whatever the capitals.
    """
    try:
        with transaction.atomic():
            party = Party.objects.create(
                kind=Kind.BODY, screen_name=rules.tidy_screen_name(screen_name), created_at=at
            )
            body = Body.objects.create(party=party, name=name)
    except IntegrityError as error:
        if broken_promise(error) != "party_screen_name_unique":
            raise
        raise ScreenNameTaken(_("Somebody has this screen name. Choose another.")) from error
    record(by, "body.founded", party, at=at)
    return body
