"""Situations of qualifications: scales of a requester's own, and what workers hold on them."""

from typing import Any

from tests.api.calls import Call
from tests.api.scenarios.cast import Cast
from tests.api.scenarios.registry import says, several

from canut.reputation.models import Qualification
from canut.reputation.usecases.create_qualification import create_qualification
from canut.reputation.usecases.end_qualification import end_qualification
from canut.reputation.usecases.give_up_qualification import give_up_qualification
from canut.reputation.usecases.revoke_qualification import revoke_qualification
from canut.work.models import Requirement
from canut.work.usecases.grant_qualification import Row, grant_qualification


def made(cast: Cast, name: str = "French") -> Qualification:
    return create_qualification(by=cast.requester, name=name, description="How well.", at=cast.at)


def retired(cast: Cast) -> Qualification:
    return end_qualification(qualification_id=made(cast).pk, by=cast.requester, at=cast.at)


def held(cast: Cast) -> Qualification:
    qualification = made(cast)
    rows = [Row(cast.worker.screen_name, 7)]
    grant_qualification(
        qualification_id=qualification.pk, by=cast.requester, rows=rows, reason="You did well.", at=cast.at
    )
    return qualification


def given_up(cast: Cast) -> Qualification:
    qualification = held(cast)
    give_up_qualification(qualification_id=qualification.pk, by=cast.worker, at=cast.at)
    return qualification


def revoked(cast: Cast) -> Qualification:
    qualification = held(cast)
    revoke_qualification(
        qualification_id=qualification.pk, by=cast.requester, worker_id=cast.worker.pk, at=cast.at
    )
    return qualification


def path(pk: int, more: str = "") -> str:
    return f"/qualifications/{pk}{more}"


def granting(cast: Cast, pk: int, **changes: Any) -> Call:
    row = {"screen_name": cast.worker.screen_name, "value": 7.5, **changes}
    row = {name: value for name, value in row.items() if value is not None}
    return cast.post(cast.requester, path(pk, "/grants"), {"rows": [row], "reason": "You did well."})


def taking_back(cast: Cast, pk: int) -> Call:
    return cast.post(cast.worker, f"/held-qualifications/{pk}/take-back")


def giving_up(cast: Cast, pk: int) -> Call:
    return Call(cast.worker, "DELETE", f"/held-qualifications/{pk}")


ABOUT_ONE = {
    "get_qualification": lambda cast, pk: cast.get(cast.requester, path(pk)),
    "change_a_qualification": lambda cast, pk: Call(cast.requester, "PATCH", path(pk), {"name": "Other"}),
    "retire_a_qualification": lambda cast, pk: cast.post(cast.requester, path(pk, "/retire")),
    "list_holders": lambda cast, pk: cast.get(cast.requester, path(pk, "/holders")),
    "grant_a_qualification": granting,
    "revoke_a_qualification": lambda cast, pk: Call(
        cast.requester, "DELETE", path(pk, f"/holders/{cast.worker.pk}?reason=Sorry")
    ),
    "give_up_a_qualification": giving_up,
    "take_back_a_qualification": taking_back,
}
IN_USE = {name: ABOUT_ONE[name] for name in ("change_a_qualification", "grant_a_qualification")}
for _operation, _call in ABOUT_ONE.items():
    _status = "204" if _operation == "revoke_a_qualification" else "200"
    says(_operation, _status)(lambda cast, call=_call: call(cast, held(cast).pk))  # type: ignore[misc]
several(ABOUT_ONE, "qualification_not_found", lambda cast: made(cast).pk + 1)
several(IN_USE, "qualification_is_retired", lambda cast: retired(cast).pk)


@says("take_back_a_qualification", "qualification_is_retired")
def _ended(cast: Cast) -> Call:
    qualification = given_up(cast)
    end_qualification(qualification_id=qualification.pk, by=cast.requester, at=cast.at)
    return taking_back(cast, qualification.pk)


@says("revoke_a_qualification", "qualification_not_held")
def _never_granted(cast: Cast) -> Call:
    return ABOUT_ONE["revoke_a_qualification"](cast, made(cast).pk)


says("give_up_a_qualification", "qualification_not_held")(lambda cast: giving_up(cast, revoked(cast).pk))
says("take_back_a_qualification", "qualification_not_held")(lambda cast: taking_back(cast, revoked(cast).pk))
says("grant_a_qualification", "qualification_rows_refused")(
    lambda cast: granting(cast, made(cast).pk, value=7.005)
)
says("grant_a_qualification", "bad_input")(
    lambda cast: granting(cast, made(cast).pk, worker_id=cast.worker.pk)
)


@says("list_qualifications", "200")
def _own(cast: Cast) -> Call:
    held(cast)
    return cast.get(cast.requester, "/qualifications?retired=false")


@says("list_held_qualifications", "200")
def _held(cast: Cast) -> Call:
    held(cast)
    return cast.get(cast.worker, "/held-qualifications")


BODY = {"name": "French", "description": "How well."}
says("create_a_qualification", "201")(lambda cast: cast.post(cast.requester, "/qualifications", BODY))
says("create_a_qualification", "requester_role_missing")(
    lambda cast: cast.post(cast.worker, "/qualifications", BODY)
)


@says("create_a_qualification", "qualification_name_taken")
def _taken(cast: Cast) -> Call:
    made(cast)
    return cast.post(cast.requester, "/qualifications", BODY)


@says("change_a_qualification", "qualification_name_taken")
def _taken_by_another(cast: Cast) -> Call:
    made(cast, "Other")
    return ABOUT_ONE["change_a_qualification"](cast, made(cast).pk)


@says("retire_a_qualification", "qualification_asked_for")
def _asked_for(cast: Cast) -> Call:
    qualification = made(cast)
    Requirement.objects.create(
        project=cast.live(),
        scale="qualification",
        scale_id=qualification.pk,
        comparator="at_least",
        value=5,
    )
    return ABOUT_ONE["retire_a_qualification"](cast, qualification.pk)


@says("revoke_a_qualification", "bad_input")
def _too_much_said(cast: Cast) -> Call:
    address = path(held(cast).pk, f"/holders/{cast.worker.pk}?reason={'x' * 501}")
    return Call(cast.requester, "DELETE", address)
