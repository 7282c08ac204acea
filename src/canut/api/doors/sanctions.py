"""Sanctions: the published list, and one's own to read, to answer and to have looked at again."""

from django.http import HttpRequest
from ninja import Status

from canut.api.keys import Asked
from canut.api.operations import Doors, Id, Replays
from canut.api.pages import Cursor, Limit, after, cut
from canut.api.shapes import sanctions as shapes
from canut.api.shapes.common import Page
from canut.justice.sanctions.access import own_sanction
from canut.justice.sanctions.queries import published_grounds, sanctions_of, seen_by_its_person
from canut.justice.sanctions.refusals import (
    SanctionEnded,
    SanctionIncomplete,
    SanctionNotDelivered,
    SanctionNotFound,
    SanctionNotReviewed,
    TooManySanctionAnswers,
)
from canut.justice.sanctions.usecases.answer_sanction import answer_sanction, ask_review
from canut.justice.sanctions.usecases.deliver_sanction import note_read
from canut.justice.usecases.appeal_sanction import appeal_sanction
from canut.people.models import Scope

doors = Doors("sanctions")


@doors.get("/sanction-grounds", scope=None, answers=shapes.SanctionGrounds)
def list_sanction_grounds(request: HttpRequest) -> shapes.SanctionGrounds:
    """On which grounds there can be a sanction, and which. Needs no key."""
    return shapes.SanctionGrounds(grounds=[shapes.ground_said(one) for one in published_grounds()])


@doors.get("/sanctions", scope=Scope.ACCOUNT, answers=Page[shapes.SanctionInList])
def list_sanctions(request: Asked, cursor: Cursor = None, limit: Limit = 50) -> Page[shapes.SanctionInList]:
    """The sanctions that touch the caller, newest first, those that have ended too."""
    before = after(cursor, "sanctions")
    cards = sanctions_of(request.auth.by, at=request.auth.at)
    rows = [card for card in cards if before is None or card.id < before]
    shown, following = cut(rows, limit=limit, listing="sanctions", row_id=lambda card: card.id)
    items = [shapes.card_said(card) for card in shown]
    return Page[shapes.SanctionInList](items=items, next_cursor=following)


@doors.get(
    "/sanctions/{sanction_id}", scope=Scope.ACCOUNT, answers=shapes.Sanction, refuses=(SanctionNotFound,)
)
def get_sanction(request: Asked, sanction_id: Id) -> shapes.Sanction:
    """A sanction that touches the caller: ground, evidence, reason, and what can be done about it.

    Reading it delivers it, if the mail has not yet.
    """
    note_read(
        sanction_id=own_sanction(sanction_id, by=request.auth.by).pk, by=request.auth.by, at=request.auth.at
    )
    return _seen(request, sanction_id)


@doors.post(
    "/sanctions/{sanction_id}/answers",
    scope=Scope.TALK,
    answers=shapes.Sanction,
    status=201,
    refuses=(SanctionNotFound, SanctionEnded, SanctionIncomplete, TooManySanctionAnswers),
)
def answer_a_sanction(request: Asked, sanction_id: Id, body: shapes.SanctionAnswerIn) -> shapes.Sanction:
    """Say something to it. Those who run the site read it; files can be added on the page."""
    answer_sanction(sanction_id=sanction_id, words=body.words, by=request.auth.by, at=request.auth.at)
    return _seen(request, sanction_id)


@doors.post(
    "/sanctions/{sanction_id}/review",
    scope=Scope.TALK,
    answers=shapes.Sanction,
    refuses=(SanctionNotFound, SanctionEnded, SanctionNotDelivered),
    replays=Replays.NATURAL,
)
def ask_for_a_review(request: Asked, sanction_id: Id, body: shapes.SanctionReviewIn) -> shapes.Sanction:
    """Ask that another person look at it again. Unless somebody does in time, it lapses by itself."""
    ask_review(sanction_id=sanction_id, words=body.words, by=request.auth.by, at=request.auth.at)
    return _seen(request, sanction_id)


@doors.post(
    "/sanctions/{sanction_id}/appeal",
    scope=Scope.TALK,
    answers=shapes.SanctionAppeal,
    status=201,
    refuses=(SanctionNotFound, SanctionEnded, SanctionNotReviewed),
    replays=Replays.NATURAL,
)
def appeal_a_sanction(
    request: Asked, sanction_id: Id, body: shapes.SanctionAppealIn
) -> Status[shapes.SanctionAppeal]:
    """Have peers hear a sanction that another person let stand. The case is among the caller's `cases`."""
    case = appeal_sanction(sanction_id=sanction_id, words=body.words, by=request.auth.by, at=request.auth.at)
    return Status(201, shapes.SanctionAppeal(case_id=case.pk, sanction_id=sanction_id))


def _seen(request: Asked, sanction_id: int) -> shapes.Sanction:
    found = own_sanction(sanction_id, by=request.auth.by)
    return shapes.sanction_said(seen_by_its_person(found, at=request.auth.at))
