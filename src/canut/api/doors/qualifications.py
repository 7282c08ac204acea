"""Scales of a requester's own that projects may ask for, and what workers hold on others' scales."""

from typing import Annotated

from django.utils.translation import gettext as _
from ninja import Query

from canut.api.keys import Asked
from canut.api.operations import Doors, Id, Replays
from canut.api.pages import Cursor, Limit, after, cursor_to, cut
from canut.api.shapes.common import Page, Words
from canut.api.shapes.qualifications import (
    HeldQualification,
    Qualification,
    QualificationChange,
    QualificationHolder,
    QualificationIn,
    QualificationRow,
    QualificationRows,
    QualificationsGranted,
    held_said,
    holder_said,
    qualification_said,
)
from canut.kernel.refusals import BadInput
from canut.people.access import RequesterRoleMissing
from canut.people.models import Scope
from canut.reputation.access import QualificationIsRetired, QualificationNotFound
from canut.reputation.queries_qualifications import (
    held_by,
    held_seen,
    holders_of,
    own_qualification_seen,
    own_qualifications,
)
from canut.reputation.rules_qualifications import LONGEST_REASON
from canut.reputation.usecases.change_qualification import change_qualification
from canut.reputation.usecases.create_qualification import QualificationNameTaken, create_qualification
from canut.reputation.usecases.give_up_qualification import give_up_qualification, take_back_qualification
from canut.reputation.usecases.revoke_qualification import QualificationNotHeld, revoke_qualification
from canut.work.usecases.grant_qualification import Row, RowsRefused, grant_qualification
from canut.work.usecases.retire_qualification import QualificationAskedFor, retire_qualification

doors = Doors("qualifications")

Retired = Annotated[bool | None, Query(description="Only retired ones, or only those in use.")]
Reason = Annotated[Words | None, Query(max_length=LONGEST_REASON, description="The worker reads it.")]


@doors.get("/qualifications", scope=Scope.PROJECTS, answers=Page[Qualification])
def list_qualifications(
    request: Asked, retired: Retired = None, cursor: Cursor = None, limit: Limit = 50
) -> Page[Qualification]:
    """The qualifications that the caller made, the newest first."""
    rows = own_qualifications(
        request.auth.by, retired=retired, before_id=after(cursor, "qualifications"), most=limit + 1
    )
    shown, following = cut(rows, limit=limit, listing="qualifications", row_id=lambda row: row.id)
    return Page[Qualification](items=[qualification_said(row) for row in shown], next_cursor=following)


@doors.get(
    "/qualifications/{qualification_id}",
    scope=Scope.PROJECTS,
    answers=Qualification,
    refuses=(QualificationNotFound,),
)
def get_qualification(request: Asked, qualification_id: Id) -> Qualification:
    """One qualification that the caller made."""
    return _own(request, qualification_id)


@doors.post(
    "/qualifications",
    scope=Scope.PROJECTS,
    answers=Qualification,
    status=201,
    refuses=(RequesterRoleMissing, QualificationNameTaken),
)
def create_a_qualification(request: Asked, body: QualificationIn) -> Qualification:
    """Make a scale of one's own, to give workers values on, which projects may then ask for."""
    made = create_qualification(
        by=request.auth.by, name=body.name, description=body.description, at=request.auth.at
    )
    return _own(request, made.pk)


@doors.patch(
    "/qualifications/{qualification_id}",
    scope=Scope.PROJECTS,
    answers=Qualification,
    refuses=(QualificationNotFound, QualificationIsRetired, QualificationNameTaken),
)
def change_a_qualification(request: Asked, qualification_id: Id, body: QualificationChange) -> Qualification:
    """Change what is sent of a qualification, and leave the rest. Values stay."""
    change_qualification(
        qualification_id=qualification_id,
        by=request.auth.by,
        at=request.auth.at,
        name=body.name,
        description=body.description,
    )
    return _own(request, qualification_id)


@doors.post(
    "/qualifications/{qualification_id}/retire",
    scope=Scope.PROJECTS,
    answers=Qualification,
    refuses=(QualificationNotFound, QualificationAskedFor),
    replays=Replays.NATURAL,
)
def retire_a_qualification(request: Asked, qualification_id: Id) -> Qualification:
    """End a qualification for good: nobody holds it any more, and its name is free. Safe to repeat."""
    retire_qualification(qualification_id=qualification_id, by=request.auth.by, at=request.auth.at)
    return _own(request, qualification_id)


@doors.get(
    "/qualifications/{qualification_id}/holders",
    scope=Scope.PROJECTS,
    answers=Page[QualificationHolder],
    refuses=(QualificationNotFound,),
)
def list_holders(
    request: Asked, qualification_id: Id, cursor: Cursor = None, limit: Limit = 50
) -> Page[QualificationHolder]:
    """Who has a value of the caller's qualification, the last granted first."""
    listing = f"holders-{qualification_id}"
    page = holders_of(qualification_id, by=request.auth.by, before_id=after(cursor, listing), most=limit)
    return Page[QualificationHolder](
        items=[holder_said(holder) for holder in page.holders],
        next_cursor=cursor_to(listing, page.next_cursor) if page.next_cursor else None,
    )


@doors.post(
    "/qualifications/{qualification_id}/grants",
    scope=Scope.PROJECTS,
    answers=QualificationsGranted,
    refuses=(QualificationNotFound, QualificationIsRetired, RowsRefused),
)
def grant_a_qualification(
    request: Asked, qualification_id: Id, body: QualificationRows
) -> QualificationsGranted:
    """Give workers values, one or many at once, in the place of those they had. They count at once.

    All or nothing: the fact `rows` of a refusal names each bad row by its number, counted from 1.
    """
    granted = grant_qualification(
        qualification_id=qualification_id,
        by=request.auth.by,
        rows=[_row(row, number) for number, row in enumerate(body.rows)],
        reason=body.reason,
        at=request.auth.at,
    )
    return QualificationsGranted(granted=len(granted.grants), new=granted.new)


@doors.delete(
    "/qualifications/{qualification_id}/holders/{worker_id}",
    scope=Scope.PROJECTS,
    answers=None,
    status=204,
    refuses=(QualificationNotFound, QualificationNotHeld),
)
def revoke_a_qualification(
    request: Asked, qualification_id: Id, worker_id: Id, reason: Reason = None
) -> None:
    """Take a worker's value back, from now on; they are told. What they hold they may hand in."""
    revoke_qualification(
        qualification_id=qualification_id,
        by=request.auth.by,
        worker_id=worker_id,
        reason=reason or "",
        at=request.auth.at,
    )


@doors.get("/held-qualifications", scope=Scope.WORK, answers=Page[HeldQualification])
def list_held_qualifications(
    request: Asked, cursor: Cursor = None, limit: Limit = 50
) -> Page[HeldQualification]:
    """What requesters gave the caller, one line for each qualification, what counts no more too."""
    rows = held_by(request.auth.by, before_id=after(cursor, "held-qualifications"), most=limit + 1)
    shown, following = cut(rows, limit=limit, listing="held-qualifications", row_id=lambda row: row.grant_id)
    return Page[HeldQualification](items=[held_said(row) for row in shown], next_cursor=following)


@doors.delete(
    "/held-qualifications/{qualification_id}",
    scope=Scope.WORK,
    answers=HeldQualification,
    refuses=(QualificationNotFound, QualificationNotHeld),
)
def give_up_a_qualification(request: Asked, qualification_id: Id) -> HeldQualification:
    """Do without a value that a requester gave. Nobody can give it again until the caller takes it back."""
    by = request.auth.by
    give_up_qualification(qualification_id=qualification_id, by=by, at=request.auth.at)
    return held_said(held_seen(qualification_id, by=by))


@doors.post(
    "/held-qualifications/{qualification_id}/take-back",
    scope=Scope.WORK,
    answers=HeldQualification,
    refuses=(QualificationNotFound, QualificationNotHeld, QualificationIsRetired),
    replays=Replays.NATURAL,
)
def take_back_a_qualification(request: Asked, qualification_id: Id) -> HeldQualification:
    """Have a value again that the caller gave up, as it was. Safe to repeat."""
    by = request.auth.by
    take_back_qualification(qualification_id=qualification_id, by=by, at=request.auth.at)
    return held_said(held_seen(qualification_id, by=by))


def _own(request: Asked, qualification_id: int) -> Qualification:
    return qualification_said(own_qualification_seen(qualification_id, by=request.auth.by))


def _row(row: QualificationRow, index: int) -> Row:
    """Return a row as the use case takes it.

    Raises:
        BadInput: it names nobody, or somebody twice over.
    """
    if row.worker_id is not None and row.screen_name is None:
        return Row(row.worker_id, row.value)
    if row.worker_id is None and row.screen_name is not None:
        return Row(row.screen_name, row.value)
    sentence = _("Say whom: either worker_id or screen_name.")
    raise BadInput(sentence, errors={f"rows.{index}.worker_id": sentence})
