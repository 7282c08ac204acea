"""Situations of those who run the site: sanctions, what was flagged, and who mediates."""

from collections.abc import Callable

from tests.api.calls import Call
from tests.api.scenarios.cast import Cast
from tests.api.scenarios.flags import given, matter
from tests.api.scenarios.registry import SCENARIOS, says, several
from tests.api.scenarios.sanctions import told
from tests.justice.sanctioned import an_operator
from tests.membership.members import admitted

from canut.discussion.hiding.states import HiddenKind
from canut.justice.flags.models import Matter
from canut.justice.flags.usecases.object_to_hiding import object_to_hiding
from canut.justice.mediation.usecases.appoint_mediator import appoint_mediator
from canut.justice.sanctions.states import Ground, Kind, Pattern
from canut.justice.sanctions.usecases.propose_sanction import propose_sanction
from canut.people.documents import IN_FORCE
from canut.people.usecases.register_person import register_person

NOWHERE = 987654321
About = Callable[[Cast, int], Call]


def _decide(cast: Cast, number: int) -> Call:
    body = {"hide": True, "ground": "spam", "reason": "It sells shoes."}
    return cast.post(cast.operator, f"/operator/flags/{number}/decision", body)


def _answer(cast: Cast, number: int) -> Call:
    body = {"grant": True, "answer": "You are right."}
    return cast.post(cast.operator, f"/operator/flags/{number}/answer", body)


ABOUT_FLAGS: dict[str, About] = {
    "get_flag_matter": lambda cast, pk: cast.get(cast.operator, f"/operator/flags/{pk}"),
    "decide_on_flags": _decide,
    "answer_an_objection": _answer,
}


def _waiting(cast: Cast) -> int:
    project = cast.live()
    admitted(cast.peer, at=cast.at)
    given(cast, project, cast.peer)
    return Matter.objects.get(subject_id=project.pk, subject_kind=HiddenKind.PROJECT).pk


def _objected(cast: Cast) -> int:
    found = matter(cast)
    object_to_hiding(matter_id=found.pk, words="They are not.", by=cast.requester, at=cast.at)
    return found.pk


def _by_another(call: Call) -> Call:
    return call.but(by=an_operator("another"))


several(ABOUT_FLAGS, "flag_matter_not_found", lambda cast: NOWHERE)
several({name: ABOUT_FLAGS[name] for name in ("get_flag_matter", "decide_on_flags")}, "200", _waiting)
says("answer_an_objection", "200")(lambda cast: _by_another(_answer(cast, _objected(cast))))
says("answer_an_objection", "same_moderator")(lambda cast: _answer(cast, _objected(cast)))
says("answer_an_objection", "no_objection_open")(lambda cast: _answer(cast, matter(cast).pk))
says("decide_on_flags", "flag_matter_decided")(lambda cast: _decide(cast, matter(cast, hide=False).pk))
for _operation in ("decide_on_flags", "answer_an_objection"):

    @says(_operation, "decides_own_matter")
    def _(cast: Cast, act: About = ABOUT_FLAGS[_operation]) -> Call:
        vars(cast)["peer"] = an_operator("flagger")
        number = _waiting(cast)
        return act(cast, number).but(by=cast.peer)


@says("list_flag_queue", "200")
def _(cast: Cast) -> Call:
    _objected(cast)
    return cast.get(cast.operator, "/operator/flags?queue=objections&limit=1")


@says("list_all_sanctions", "200")
def _(cast: Cast) -> Call:
    told(cast)
    return cast.get(cast.operator, "/operator/sanctions?which=holding")


says("get_any_sanction", "200")(lambda cast: cast.get(cast.operator, f"/operator/sanctions/{told(cast).pk}"))
says("get_any_sanction", "sanction_not_found")(
    lambda cast: cast.get(cast.operator, f"/operator/sanctions/{NOWHERE}")
)


@says("list_sanction_proposals", "200")
def _(cast: Cast) -> Call:
    propose_sanction(
        person_id=cast.requester.pk,
        pattern=Pattern.OVERTURNED_REJECTIONS,
        kind=Kind.WARN,
        ground=Ground.REJECTIONS,
        facts={"heard": 6, "fell": 5, "days": 90},
        at=cast.at,
    )
    return cast.get(cast.operator, "/operator/sanction-proposals")


def _appoint(cast: Cast, name: str) -> Call:
    return cast.post(cast.operator, "/operator/mediators", {"screen_name": name})


def _dismiss(cast: Cast, number: int) -> Call:
    return Call(cast.operator, "DELETE", f"/operator/mediators/{number}")


def _appointed(cast: Cast) -> int:
    return appoint_mediator(by=cast.operator, screen_name=cast.peer.screen_name, at=cast.at).pk


@says("list_appointed_mediators", "200")
def _(cast: Cast) -> Call:
    _appointed(cast)
    return cast.get(cast.operator, "/operator/mediators")


says("appoint_a_mediator", "200")(lambda cast: _appoint(cast, cast.peer.screen_name))
says("appoint_a_mediator", "person_not_found")(lambda cast: _appoint(cast, "nobody at all"))
says("appoint_a_mediator", "mediator_by_themselves")(lambda cast: _appoint(cast, cast.operator.screen_name))


@says("appoint_a_mediator", "not_activated")
def _(cast: Cast) -> Call:
    came = register_person(
        username="came",
        screen_name="came",
        email="came@example.org",
        password="correct horse",
        country="FR",
        working_status="self_employed",
        languages=["en"],
        age_stated=18,
        consents=IN_FORCE,
        at=cast.at,
    )
    return _appoint(cast, came.screen_name)


says("dismiss_a_mediator", "204")(lambda cast: _dismiss(cast, _appointed(cast)))
says("dismiss_a_mediator", "mediator_not_found")(lambda cast: _dismiss(cast, NOWHERE))
for _operation, _success in (
    ("list_all_sanctions", "200"),
    ("get_any_sanction", "200"),
    ("list_sanction_proposals", "200"),
    ("list_flag_queue", "200"),
    ("get_flag_matter", "200"),
    ("decide_on_flags", "200"),
    ("answer_an_objection", "200"),
    ("list_appointed_mediators", "200"),
    ("appoint_a_mediator", "200"),
    ("dismiss_a_mediator", "204"),
):
    says(_operation, "operator_role_missing")(
        lambda cast, key=(_operation, _success): SCENARIOS[key](cast).but(by=cast.stranger)  # type: ignore[misc]
    )
