"""For programs of those who run the site: reading sanctions, deciding on flags, appointing mediators.

Sanctions are decided, looked at again and taken back on their pages alone, by a person who is there: a
program may only propose (MECHANISMS 5.5).
"""

from typing import Annotated, Literal

from ninja import Query

from canut.api.keys import Asked
from canut.api.operations import Doors, Id, Replays
from canut.api.pages import Cursor, Limit, after, cursor_to
from canut.api.shapes import operators as shapes
from canut.api.shapes.common import Page
from canut.justice.flags.queries import matter_for_operator, queue_page
from canut.justice.flags.refusals import (
    DecidesOwnMatter,
    MatterDecided,
    MatterNotFound,
    NoObjectionOpen,
    SameModerator,
)
from canut.justice.flags.usecases.decide_matter import decide_matter
from canut.justice.flags.usecases.object_to_hiding import answer_objection
from canut.justice.mediation.queries.mediators import all_mediators
from canut.justice.mediation.refusals import AppointedByThemselves, MediatorNotFound
from canut.justice.mediation.usecases.appoint_mediator import appoint_mediator, dismiss_mediator
from canut.justice.sanctions.queries import proposals_page, sanctions_page, seen_by_operator
from canut.justice.sanctions.refusals import SanctionNotFound
from canut.people.access import NotActivated, OperatorRoleMissing, PersonNotFound
from canut.people.models import Scope

doors = Doors("operators")

Which = Annotated[
    Literal["all", "review", "holding"],
    Query(description="All, those that wait for another person than who decided, or those that hold."),
]
Queue = Annotated[
    Literal["waiting", "objections", "decided"],
    Query(description="What waits for a decision or for an answer, or what was decided."),
]


@doors.get(
    "/operator/sanctions",
    scope=Scope.JUSTICE,
    answers=Page[shapes.SanctionSeenByOperator],
    refuses=(OperatorRoleMissing,),
)
def list_all_sanctions(
    request: Asked, which: Which = "all", cursor: Cursor = None
) -> Page[shapes.SanctionSeenByOperator]:
    """All sanctions, newest first. They are decided and looked at again on their pages, by a person."""
    listing = f"all-sanctions-{which}"
    cards, following = sanctions_page(
        by=request.auth.by,
        which="" if which == "all" else which,
        before_id=after(cursor, listing),
        at=request.auth.at,
    )
    return Page[shapes.SanctionSeenByOperator](
        items=[shapes.sanction_in_list(card) for card in cards],
        next_cursor=cursor_to(listing, following) if following else None,
    )


@doors.get(
    "/operator/sanctions/{sanction_id}",
    scope=Scope.JUSTICE,
    answers=shapes.SanctionForOperator,
    refuses=(OperatorRoleMissing, SanctionNotFound),
)
def get_any_sanction(request: Asked, sanction_id: Id) -> shapes.SanctionForOperator:
    """A sanction whole, as the one whom it touches reads it too."""
    return shapes.sanction_for_operator(seen_by_operator(sanction_id, by=request.auth.by, at=request.auth.at))


@doors.get(
    "/operator/sanction-proposals",
    scope=Scope.JUSTICE,
    answers=Page[shapes.SanctionProposal],
    refuses=(OperatorRoleMissing,),
)
def list_sanction_proposals(request: Asked, cursor: Cursor = None) -> Page[shapes.SanctionProposal]:
    """What rules of the site found and propose, newest first. A person decides, or it lapses."""
    found, following = proposals_page(by=request.auth.by, before_id=after(cursor, "sanction-proposals"))
    return Page[shapes.SanctionProposal](
        items=[shapes.proposal_said(one) for one in found],
        next_cursor=cursor_to("sanction-proposals", following) if following else None,
    )


@doors.get(
    "/operator/flags",
    scope=Scope.JUSTICE,
    answers=Page[shapes.MatterInQueue],
    refuses=(OperatorRoleMissing,),
)
def list_flag_queue(
    request: Asked, queue: Queue = "waiting", cursor: Cursor = None, limit: Limit = 50
) -> Page[shapes.MatterInQueue]:
    """What members flagged, the latest first."""
    listing = f"flag-queue-{queue}"
    page = queue_page(
        by=request.auth.by,
        queue=queue,
        before=after(cursor, listing),
        at=request.auth.at,
        most=limit,
    )
    return Page[shapes.MatterInQueue](
        items=[shapes.matter_in_queue(card) for card in page.cards],
        next_cursor=cursor_to(listing, page.next_before) if page.next_before else None,
    )


@doors.get(
    "/operator/flags/{matter_id}",
    scope=Scope.JUSTICE,
    answers=shapes.MatterForOperators,
    refuses=(OperatorRoleMissing, MatterNotFound),
)
def get_flag_matter(request: Asked, matter_id: Id) -> shapes.MatterForOperators:
    """A flagged thing with all that whoever decides may weigh."""
    return _matter(request, matter_id)


@doors.post(
    "/operator/flags/{matter_id}/decision",
    scope=Scope.JUSTICE,
    answers=shapes.MatterForOperators,
    replays=Replays.NATURAL,
    refuses=(OperatorRoleMissing, MatterNotFound, DecidesOwnMatter, MatterDecided),
)
def decide_on_flags(
    request: Asked, matter_id: Id, body: shapes.MatterDecisionIn
) -> shapes.MatterForOperators:
    """Keep a flagged thing hidden on a published ground, or show it, in the name of the key's owner."""
    decide_matter(
        matter_id=matter_id,
        by=request.auth.by,
        hide=body.hide,
        ground=body.ground,
        reason=body.reason,
        at=request.auth.at,
    )
    return _matter(request, matter_id)


@doors.post(
    "/operator/flags/{matter_id}/answer",
    scope=Scope.JUSTICE,
    answers=shapes.MatterForOperators,
    replays=Replays.NATURAL,
    refuses=(OperatorRoleMissing, MatterNotFound, DecidesOwnMatter, NoObjectionOpen, SameModerator),
)
def answer_an_objection(
    request: Asked, matter_id: Id, body: shapes.ObjectionAnswerIn
) -> shapes.MatterForOperators:
    """Answer what an author objected to a decision of somebody else's."""
    answer_objection(
        matter_id=matter_id,
        by=request.auth.by,
        grant=body.grant,
        answer=body.answer,
        at=request.auth.at,
    )
    return _matter(request, matter_id)


@doors.get(
    "/operator/mediators",
    scope=Scope.JUSTICE,
    answers=Page[shapes.MediatorAppointed],
    refuses=(OperatorRoleMissing,),
)
def list_appointed_mediators(
    request: Asked, cursor: Cursor = None, limit: Limit = 50
) -> Page[shapes.MediatorAppointed]:
    """All who were ever appointed to mediate, the newest first, with what each has in hand."""
    found, following = all_mediators(by=request.auth.by, before=after(cursor, "appointed"), most=limit)
    return Page[shapes.MediatorAppointed](
        items=[shapes.mediator_said(one) for one in found],
        next_cursor=cursor_to("appointed", following) if following else None,
    )


@doors.post(
    "/operator/mediators",
    scope=Scope.JUSTICE,
    answers=shapes.MediatorAppointed,
    replays=Replays.NATURAL,
    refuses=(OperatorRoleMissing, PersonNotFound, AppointedByThemselves, NotActivated),
)
def appoint_a_mediator(request: Asked, body: shapes.MediatorIn) -> shapes.MediatorAppointed:
    """Appoint somebody to mediate disputes. Who is appointed already stays so."""
    by = request.auth.by
    mediator = appoint_mediator(by=by, screen_name=body.screen_name, at=request.auth.at)
    (seen,), _following = all_mediators(by=by, before=mediator.pk + 1, most=1)
    return shapes.mediator_said(seen)


@doors.delete(
    "/operator/mediators/{mediator_id}",
    scope=Scope.JUSTICE,
    answers=None,
    status=204,
    refuses=(OperatorRoleMissing, MediatorNotFound),
)
def dismiss_a_mediator(request: Asked, mediator_id: Id) -> None:
    """End an appointment; other mediators are named for the disputes that were in hand."""
    dismiss_mediator(by=request.auth.by, mediator_id=mediator_id, at=request.auth.at)


def _matter(request: Asked, matter_id: int) -> shapes.MatterForOperators:
    return shapes.matter_for_operators(matter_for_operator(matter_id, by=request.auth.by, at=request.auth.at))
