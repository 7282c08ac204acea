"""Situations of sanctions, for the one they touch."""

from tests.api.calls import Call
from tests.api.scenarios.cast import Cast
from tests.api.scenarios.registry import SCENARIOS, says, several
from tests.justice.sanctioned import a_sanction, an_operator, delivered, shut_out

from canut.justice.sanctions.models import Answer, Sanction
from canut.justice.sanctions.usecases.answer_sanction import MOST_ANSWERS, ask_review
from canut.justice.sanctions.usecases.end_sanction import withdraw_sanction
from canut.justice.sanctions.usecases.review_sanction import review_sanction

ABOUT_ONE = {
    "get_sanction": lambda cast, pk: cast.get(cast.worker, f"/sanctions/{pk}"),
    "answer_a_sanction": lambda cast, pk: cast.post(
        cast.worker, f"/sanctions/{pk}/answers", {"words": "It was not me."}
    ),
    "ask_for_a_review": lambda cast, pk: cast.post(cast.worker, f"/sanctions/{pk}/review", {"words": ""}),
}
ABOUT_ONE["appeal_a_sanction"] = lambda cast, pk: cast.post(
    cast.worker, f"/sanctions/{pk}/appeal", {"words": "Hear me."}
)
ACTS = {name: ABOUT_ONE[name] for name in ("answer_a_sanction", "ask_for_a_review", "appeal_a_sanction")}


def told(cast: Cast) -> Sanction:
    return delivered(cast.worker, by=cast.operator, at=cast.at)


def ended(cast: Cast) -> Sanction:
    return withdraw_sanction(sanction_id=told(cast).pk, reason="A mistake.", by=cast.operator, at=cast.at)


several(ABOUT_ONE, "sanction_not_found", lambda cast: 987654321)
several(ACTS, "sanction_ended", lambda cast: ended(cast).pk)
several({"answer_a_sanction": ABOUT_ONE["answer_a_sanction"]}, "201", lambda cast: told(cast).pk)
several(
    {name: ABOUT_ONE[name] for name in ("get_sanction", "ask_for_a_review")},
    "200",
    lambda cast: told(cast).pk,
)


PUBLISHING = (
    "publish_a_project",
    "publish_waiting_rows",
    "schedule_a_project",
    "launch_a_project",
    "add_upload_rows",
    "add_tasks_by_rows",
    "add_some_hours",
)


def by_somebody_who_may_not(cast: Cast, operation: str) -> Call:
    (success,) = (code for name, code in SCENARIOS if name == operation and code.startswith("2"))
    call = SCENARIOS[operation, success](cast)
    shut_out(cast.requester, "publish")
    return call


for _operation in PUBLISHING:
    says(_operation, "restricted")(lambda cast, name=_operation: by_somebody_who_may_not(cast, name))


says("appeal_a_sanction", "sanction_not_reviewed")(
    lambda cast: ABOUT_ONE["appeal_a_sanction"](cast, told(cast).pk)
)


@says("appeal_a_sanction", "201")
def _(cast: Cast) -> Call:
    found = told(cast)
    ask_review(sanction_id=found.pk, by=cast.worker, at=cast.at)
    why = "I looked at all of it, and it is as it was said."
    review_sanction(sanction_id=found.pk, outcome="stands", reason=why, by=an_operator(), at=cast.at)
    return ABOUT_ONE["appeal_a_sanction"](cast, found.pk)


@says("list_sanctions", "200")
def _(cast: Cast) -> Call:
    told(cast)
    return cast.get(cast.worker, "/sanctions")


@says("list_sanction_grounds", "200")
def _(cast: Cast) -> Call:
    return cast.get(None, "/sanction-grounds")


@says("ask_for_a_review", "sanction_not_delivered")
def _(cast: Cast) -> Call:
    return ABOUT_ONE["ask_for_a_review"](cast, a_sanction(cast.worker, by=cast.operator, at=cast.at).pk)


@says("answer_a_sanction", "sanction_incomplete")
def _(cast: Cast) -> Call:
    return ABOUT_ONE["answer_a_sanction"](cast, told(cast).pk).but(body={"words": " "})


@says("answer_a_sanction", "too_many_sanction_answers")
def _(cast: Cast) -> Call:
    found = told(cast)
    Answer.objects.bulk_create(
        Answer(sanction=found, words=f"Answer {number}", given_at=cast.at) for number in range(MOST_ANSWERS)
    )
    return ABOUT_ONE["answer_a_sanction"](cast, found.pk)
