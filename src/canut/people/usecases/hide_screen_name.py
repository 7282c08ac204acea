"""A screen name is hidden behind another one, which says so, and comes back."""

from datetime import datetime

from django.db import IntegrityError, transaction

from canut.kernel.events import record
from canut.people import rules
from canut.people.models import Kind, Party
from canut.people.promises import broken_promise


@transaction.atomic
def hide_screen_name(*, party_id: int, at: datetime) -> Party:
    """Let a name that says it is hidden stand for a person's own, on every page and in every list.

    Nobody else can take the own one meanwhile. Who may hide it, the caller has asked. Twice is safe, and a
    closed account has no name left to hide.
    """
    party = Party.objects.select_for_update(no_key=True).get(pk=party_id)
    if party.hidden_name or party.closed_at is not None or party.kind != Kind.PERSON:
        return party
    party.hidden_name, party.screen_name = party.screen_name, rules.hidden_name(party.pk)
    party.save(update_fields=["screen_name", "hidden_name"])
    record(None, "person.name_hidden", party, at=at)
    return party


@transaction.atomic
def give_screen_name_back(*, party_id: int, at: datetime) -> Party:
    """Give a person the name back that was hidden. Nothing happens to who has chosen another one since.

    Should somebody have it after all, the one that stands in for it stays until the person chooses another.
    """
    party = Party.objects.select_for_update(no_key=True).get(pk=party_id)
    if not party.hidden_name:
        return party
    stands_in = party.screen_name
    party.screen_name, party.hidden_name = party.hidden_name, ""
    try:
        with transaction.atomic():
            party.save(update_fields=["screen_name", "hidden_name"])
    except IntegrityError as error:
        if broken_promise(error) != "party_screen_name_unique":
            raise
        party.screen_name = stands_in
        party.save(update_fields=["hidden_name"])
    record(None, "person.name_given_back", party, at=at)
    return party
