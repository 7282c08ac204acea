"""What blocking and allowing have in common; the verbs are `block_person` and `allow_person`."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from canut.kernel.events import record
from canut.kernel.refusals import Refusal
from canut.people.access import as_requester, person_to_list
from canut.people.models import Listing, ListKind, Person


class NotOneself(Refusal):
    code = "not_oneself"


LONGEST_TEXT = 500
"""How many characters of a note and of what the person is told are kept."""


def put_on_list(
    person_id: int, *, kind: ListKind, by: Person, reason: str, at: datetime, told: str = ""
) -> Listing:
    as_requester(by)
    person = person_to_list(person_id, by=by)
    if person.pk == by.pk:
        raise NotOneself(_("You cannot put yourself on your own list."))
    wanted = {"kind": kind, "reason": reason[:LONGEST_TEXT], "told": told[:LONGEST_TEXT]}
    listing, is_new = Listing.objects.select_for_update().get_or_create(
        owner_id=by.pk, person=person, defaults={**wanted, "created_at": at}
    )
    if not is_new and (listing.kind, listing.reason, listing.told) == tuple(wanted.values()):
        return listing
    if not is_new:
        for field, value in wanted.items():
            setattr(listing, field, value)
        listing.save(update_fields=list(wanted))
    record(
        by,
        "person.blocked" if kind == ListKind.BLOCK else "person.allowed",
        listing,
        at=at,
        person_id=person.pk,
    )
    return listing
