"""Situations of somebody who looks back on what they did, or on what was done for them."""

from tests.api.calls import Call
from tests.api.scenarios.cast import Cast
from tests.api.scenarios.registry import says

from canut.people.models import Person
from canut.work.usecases.approve_submission import approve_submission

WORKED = ("list_worked", "sum_up_worked", "download_worked")
PATHS = {
    "list_worked": "/history/worked?limit=2&outcome=approved&paid=yes&pay=reward&order=oldest",
    "sum_up_worked": "/history/worked/totals?since=2000-01-01&until=2999-12-31",
    "list_requested": "/history/requested?limit=2",
    "sum_up_requested": "/history/requested/totals",
    "download_worked": "/history/worked/file?form=jsonl&order=oldest",
    "download_requested": "/history/requested/file",
}


def _who(cast: Cast, operation: str) -> Person:
    return cast.worker if operation in WORKED else cast.requester


def _done(cast: Cast, operation: str) -> Call:
    approve_submission(submission_id=cast.handed_in().pk, by=cast.requester, at=cast.at)
    cast.rejected()
    return cast.get(_who(cast, operation), PATHS[operation])


for _operation, _path in PATHS.items():
    says(_operation, "200")(lambda cast, name=_operation: _done(cast, name))  # type: ignore[misc]
    says(_operation, "bad_input")(
        lambda cast, name=_operation: cast.get(  # type: ignore[misc]
            _who(cast, name), PATHS[name].partition("?")[0] + "?since=2026-12-01&until=2026-11-30"
        )
    )
