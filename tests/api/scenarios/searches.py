"""Situations of saved searches."""

from tests.api.calls import Call
from tests.api.scenarios.cast import Cast
from tests.api.scenarios.registry import says, several

from canut.work.models import SavedSearch
from canut.work.queries.feed_filters import Filters
from canut.work.rules_searches import MOST_SEARCHES
from canut.work.usecases.save_search import save_search

BODY = {
    "name": "Quick",
    "filters": {"least_hourly": "12.50", "most_seconds": 300, "languages": ["fr"], "device": "phone"},
    "notice": "mail",
    "pace": "daily",
}


def search(cast: Cast, name: str = "Paid", notice: str = "mail") -> SavedSearch:
    filters = Filters(kind="paid")
    return save_search(by=cast.worker, name=name, filters=filters, notice=notice, pace="at_once", at=cast.at)


def saving(cast: Cast, **changes: object) -> Call:
    return cast.post(cast.worker, "/searches", {**BODY, **changes})


ABOUT_ONE = {
    "get_search": lambda cast, pk: cast.get(cast.worker, f"/searches/{pk}"),
    "change_a_search": lambda cast, pk: Call(cast.worker, "PATCH", f"/searches/{pk}", {"name": "Another"}),
    "delete_a_search": lambda cast, pk: Call(cast.worker, "DELETE", f"/searches/{pk}"),
}
for _operation, _status in (("get_search", "200"), ("change_a_search", "200"), ("delete_a_search", "204")):
    says(_operation, _status)(
        lambda cast, call=ABOUT_ONE[_operation]: call(cast, search(cast).pk)  # type: ignore[misc]
    )
    says(_operation, "worker_role_missing")(
        lambda cast, call=ABOUT_ONE[_operation]: call(cast, 1).but(by=cast.guest)  # type: ignore[misc]
    )
several(ABOUT_ONE, "search_not_found", lambda cast: search(cast).pk + 1)


@says("list_searches", "200")
def _(cast: Cast) -> Call:
    search(cast)
    return cast.get(cast.worker, "/searches")


says("list_searches", "worker_role_missing")(lambda cast: cast.get(cast.guest, "/searches"))
says("save_a_search", "201")(saving)
says("save_a_search", "worker_role_missing")(lambda cast: saving(cast).but(by=cast.guest))
says("save_a_search", "amount_refused")(lambda cast: saving(cast, filters={"least_hourly": "much"}))


@says("save_a_search", "search_name_taken")
def _(cast: Cast) -> Call:
    search(cast, "quick")
    return saving(cast)


@says("save_a_search", "too_many_searches")
def _(cast: Cast) -> Call:
    for number in range(MOST_SEARCHES):
        search(cast, f"Search {number}", notice="none")
    return saving(cast)


@says("change_a_search", "search_name_taken")
def _(cast: Cast) -> Call:
    search(cast, "Another")
    return ABOUT_ONE["change_a_search"](cast, search(cast).pk)


@says("change_a_search", "amount_refused")
def _(cast: Cast) -> Call:
    return Call(cast.worker, "PATCH", f"/searches/{search(cast).pk}", {"filters": {"least_hourly": "1.234"}})
