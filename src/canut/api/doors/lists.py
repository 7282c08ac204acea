"""Whom a requester blocks, and whom they know and want."""

from typing import Annotated, Literal

from django.utils.translation import gettext as _
from ninja import Query

from canut.api.keys import Asked
from canut.api.operations import Doors, Id
from canut.api.pages import Cursor, Limit, after, cut
from canut.api.shapes.account import Listing, ListingIn
from canut.api.shapes.common import Page
from canut.kernel.refusals import BadInput
from canut.people.access import NotListed, PersonNotFound, RequesterRoleMissing
from canut.people.models import Scope
from canut.people.queries import Listed, listings_of, person_named
from canut.people.usecases.allow_person import allow_person
from canut.people.usecases.block_person import block_person
from canut.people.usecases.put_on_list import NotOneself
from canut.people.usecases.unlist_person import unlist_person

doors = Doors("lists")

Kind = Annotated[Literal["block", "allow"], Query(description="Which of the two lists.")]


@doors.get("/listings", scope=Scope.PROJECTS, answers=Page[Listing])
def list_listings(request: Asked, kind: Kind, cursor: Cursor = None, limit: Limit = 50) -> Page[Listing]:
    """Whom the caller has on one of their lists, by the person's number."""
    past = after(cursor, f"listings-{kind}")
    people = sorted(listings_of(request.auth.by.pk, kind), key=lambda listed: listed.person_id)
    rows = [listed for listed in people if past is None or listed.person_id > past]
    shown, following = cut(
        rows, limit=limit, listing=f"listings-{kind}", row_id=lambda listed: listed.person_id
    )
    return Page[Listing](items=[Listing.model_validate(listed) for listed in shown], next_cursor=following)


@doors.post(
    "/listings",
    scope=Scope.PROJECTS,
    answers=Listing,
    status=201,
    refuses=(RequesterRoleMissing, PersonNotFound, NotOneself),
)
def put_on_a_list(request: Asked, body: ListingIn) -> Listing:
    """Block somebody, or put them on the list of people the caller knows.

    Whoever is on one list is moved to the other. A blocked person sees none of the caller's projects
    from now on; work in hand may still be handed in.
    """
    if (body.person_id is None) == (body.screen_name is None):
        sentence = _("Say whom: either person_id or screen_name.")
        raise BadInput(sentence, errors={"person_id": sentence})
    person_id = body.person_id
    if body.screen_name is not None:
        found = person_named(body.screen_name)
        person_id = found.id if found else 0
    put = block_person if body.kind == "block" else allow_person
    put(person_id=person_id or 0, by=request.auth.by, at=request.auth.at, reason=body.reason)
    return Listing.model_validate(_listed(request, body.kind, person_id or 0))


@doors.delete("/listings/{person_id}", scope=Scope.PROJECTS, answers=None, status=204, refuses=(NotListed,))
def take_off_a_list(request: Asked, person_id: Id) -> None:
    """Take somebody off whichever of the caller's lists they are on."""
    unlist_person(person_id=person_id, by=request.auth.by, at=request.auth.at)


def _listed(request: Asked, kind: str, person_id: int) -> Listed:
    return next(listed for listed in listings_of(request.auth.by.pk, kind) if listed.person_id == person_id)
