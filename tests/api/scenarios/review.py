"""Situations of review, bonuses and results."""

from tests.api.calls import Call
from tests.api.scenarios.cast import Cast
from tests.api.scenarios.registry import says, several
from tests.builders import a_requester

from canut.kernel.idempotency import KEPT_FOR, forget_old_keys
from canut.work.models import Assignment, Computation
from canut.work.usecases.approve_submission import approve_submission
from canut.work.usecases.compute_results import compute_results
from canut.work.usecases.export_results import export_results, write_export

REJECTION = {"ground": "wrong_answer", "evidence": "It barks.", "reason": "It is a dog."}
ABOUT_ONE = {
    "get_submission": lambda cast, pk: cast.get(cast.requester, f"/submissions/{pk}"),
    "approve_one": lambda cast, pk: cast.post(cast.requester, f"/submissions/{pk}/approve"),
    "return_one": lambda cast, pk: cast.post(
        cast.requester, f"/submissions/{pk}/return", {"reason": "Look again."}
    ),
    "reject_one": lambda cast, pk: cast.post(cast.requester, f"/submissions/{pk}/reject", REJECTION),
}


def _of_another(cast: Cast) -> int:
    submission = cast.handed_in()
    cast.requester = a_requester("another")
    return submission.pk


several(ABOUT_ONE, "submission_not_found", _of_another)
several(
    {name: ABOUT_ONE[name] for name in ("get_submission", "approve_one", "return_one")},
    "200",
    lambda cast: cast.handed_in().pk,
)
says("reject_one", "200")(lambda cast: ABOUT_ONE["reject_one"](cast, cast.reworked().pk))
says("reject_one", "return_first")(lambda cast: ABOUT_ONE["reject_one"](cast, cast.handed_in().pk))
says("return_one", "returned_already")(lambda cast: ABOUT_ONE["return_one"](cast, cast.reworked().pk))
says("approve_one", "already_returned")(lambda cast: ABOUT_ONE["approve_one"](cast, cast.returned().pk))


@says("list_submissions", "200")
def _(cast: Cast) -> Call:
    project = cast.live()
    cast.handed_in(project)
    cast.handed_in(project, worker=cast.peer)
    return cast.get(
        cast.requester, f"/projects/{project.pk}/submissions?state=submitted&worker_id={cast.worker.pk}"
    )


@says("return_one", "decided_already")
def _(cast: Cast) -> Call:
    submission = cast.handed_in()
    approve_submission(submission_id=submission.pk, by=cast.requester, at=cast.at)
    return ABOUT_ONE["return_one"](cast, submission.pk)


@says("reject_one", "decided_already")
def _(cast: Cast) -> Call:
    submission = cast.reworked()
    approve_submission(submission_id=submission.pk, by=cast.requester, at=cast.at)
    return ABOUT_ONE["reject_one"](cast, submission.pk)


@says("return_one", "insufficient_funds")
def _(cast: Cast) -> Call:
    submission = cast.handed_in(cast.live(rows=1))
    cast.drained(cast.requester)
    return ABOUT_ONE["return_one"](cast, submission.pk)


@says("approve_one", "insufficient_funds")
def _(cast: Cast) -> Call:
    """A change of mind about work whose place serves another by now."""
    submission = cast.rejected()
    Assignment.objects.filter(pk=submission.assignment_id).update(place_released=True)
    cast.drained(cast.requester)
    return ABOUT_ONE["approve_one"](cast, submission.pk)


@says("approve_several", "200")
def _(cast: Cast) -> Call:
    submission = cast.handed_in()
    body = {"worker_id": cast.worker.pk, "up_to_id": submission.pk}
    return cast.post(cast.requester, f"/projects/{submission.project_id}/approvals", body)


# --- Bonuses ---


def bonus(cast: Cast, assignment_id: int, amount: object = "1.00") -> Call:
    body = {"amount": amount, "reason": "Thank you."}
    return cast.post(cast.requester, f"/assignments/{assignment_id}/bonus", body)


says("pay_a_bonus", "201")(lambda cast: bonus(cast, cast.handed_in().assignment_id))
says("pay_a_bonus", "no_bonus_for_that")(lambda cast: bonus(cast, cast.held().pk))
says("pay_a_bonus", "amount_refused")(lambda cast: bonus(cast, cast.handed_in().assignment_id, 1))
says("pay_a_bonus", "assignment_not_found")(lambda cast: bonus(cast, 987654321))


@says("pay_a_bonus", "insufficient_funds")
def _(cast: Cast) -> Call:
    submission = cast.handed_in()
    cast.drained(cast.requester)
    return bonus(cast, submission.assignment_id)


@says("pay_a_bonus", "entry_key_reused")
def _(cast: Cast) -> Call:
    """The key is older than a week, so its answer is forgotten; the books still know it."""
    call = bonus(cast, cast.handed_in().assignment_id).but(headers={"Idempotency-Key": "thanks"})
    call.answered()
    forget_old_keys(at=cast.at + 2 * KEPT_FOR)
    return call.but(body={"amount": "2.00", "reason": "Thank you."})


# --- Results and money ---


@says("list_results", "200")
def _(cast: Cast) -> Call:
    submission = cast.handed_in()
    approve_submission(submission_id=submission.pk, by=cast.requester, at=cast.at)
    return cast.get(cast.requester, f"/projects/{submission.project_id}/results")


@says("get_money", "200")
def _(cast: Cast) -> Call:
    cast.live()
    return cast.get(cast.requester, "/money")


@says("list_money", "200")
def _(cast: Cast) -> Call:
    cast.live()
    return cast.get(cast.requester, "/money/history?currency=EUR")


several(
    {
        "get_money": lambda cast, _pk: cast.get(cast.worker, "/money"),
        "list_money": lambda cast, _pk: cast.get(cast.worker, "/money/history"),
        "deposit_money": lambda cast, _pk: cast.post(cast.worker, "/money/deposits", {"amount": "10"}),
    },
    "requester_role_missing",
    lambda cast: 0,
)


def deposit(cast: Cast, amount: object) -> Call:
    return cast.post(cast.requester, "/money/deposits", {"amount": amount})


says("deposit_money", "201")(lambda cast: deposit(cast, "12.50"))
says("deposit_money", "amount_refused")(lambda cast: deposit(cast, 12.5))
says("deposit_money", "deposit_too_small")(lambda cast: deposit(cast, "0"))
says("deposit_money", "deposit_too_large")(lambda cast: deposit(cast, "999999999"))


@says("deposit_money", "entry_key_reused")
def _(cast: Cast) -> Call:
    call = deposit(cast, "10").but(headers={"Idempotency-Key": "pay day"})
    call.answered()
    forget_old_keys(at=cast.at + 2 * KEPT_FOR)
    return call.but(body={"amount": "20"})


def _earned(cast: Cast) -> None:
    submission = cast.handed_in()
    approve_submission(submission_id=submission.pk, by=cast.requester, at=cast.at)


@says("get_earnings", "200")
def _(cast: Cast) -> Call:
    _earned(cast)
    return cast.get(cast.worker, "/earnings")


@says("list_earnings", "200")
def _(cast: Cast) -> Call:
    _earned(cast)
    return cast.get(cast.worker, "/earnings/history")


# --- Figures and files ---


def _answered(cast: Cast) -> int:
    return cast.handed_in().project_id


def _statistics(cast: Cast) -> Computation:
    return compute_results(project_id=_answered(cast), by=cast.requester, at=cast.at)


def _export(cast: Cast) -> Computation:
    export = export_results(project_id=_answered(cast), by=cast.requester, at=cast.at)
    write_export(computation_id=export.pk, at=cast.at)
    return export


OF_A_PROJECT = {
    "work_out_statistics": lambda cast, pk: cast.post(
        cast.requester, f"/projects/{pk}/statistics", {"question": "label"}
    ),
    "ask_for_export": lambda cast, pk: cast.post(
        cast.requester, f"/projects/{pk}/exports", {"format": "jsonl"}
    ),
    "list_exports": lambda cast, pk: cast.get(cast.requester, f"/projects/{pk}/exports"),
}
OF_STATISTICS = {
    "get_statistics": lambda cast, pk: cast.get(cast.requester, f"/statistics/{pk}"),
    "list_aggregated": lambda cast, pk: cast.get(cast.requester, f"/statistics/{pk}/tasks?limit=2"),
}
OF_AN_EXPORT = {
    "get_export": lambda cast, pk: cast.get(cast.requester, f"/exports/{pk}"),
    "download_export": lambda cast, pk: cast.get(cast.requester, f"/exports/{pk}/file"),
}
several({**OF_A_PROJECT, **OF_STATISTICS, **OF_AN_EXPORT}, "project_not_found", lambda cast: 987654321)
several({name: OF_A_PROJECT[name] for name in ("work_out_statistics", "ask_for_export")}, "201", _answered)
several({"list_exports": OF_A_PROJECT["list_exports"]}, "200", lambda cast: _export(cast).project_id)
several(OF_STATISTICS, "200", lambda cast: _statistics(cast).pk)
several(OF_AN_EXPORT, "200", lambda cast: _export(cast).pk)
