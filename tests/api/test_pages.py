"""Lists in pages: nothing is left out and nothing comes twice, whatever comes in meanwhile."""

from typing import Any

import pytest
from tests.api.calls import Call, key_of
from tests.api.scenarios.cast import Cast
from tests.builders import a_worker

from canut.work.states import FeedOrder
from canut.work.usecases.approve_submission import approve_submission

pytestmark = pytest.mark.django_db


def page(cast: Cast, path: str, cursor: str | None, token: str, limit: int = 2) -> Any:
    sign = "&" if "?" in path else "?"
    asked = f"{path}{sign}limit={limit}" + (f"&cursor={cursor}" if cursor else "")
    return Call(None, "GET", asked, token=token).answered().json


def test_projects_made_while_somebody_pages_shift_nothing(cast: Cast) -> None:
    token = key_of(cast.requester, ["projects"])
    made = [cast.draft().pk for _project in range(5)]
    seen: list[int] = []
    cursor = None
    while True:
        found = page(cast, "/projects", cursor, token)
        seen += [project["id"] for project in found["items"]]
        cursor = found["next_cursor"]
        if cursor is None:
            break
        cast.draft()
    assert seen == sorted(made, reverse=True)


def test_submissions_that_come_in_are_on_the_last_page_once(cast: Cast) -> None:
    token = key_of(cast.requester, ["review"])
    project = cast.live(rows=1, answers=8)
    workers = iter([a_worker(f"worker{number}") for number in range(8)])
    expected = [cast.handed_in(project, worker=next(workers)).pk for _one in range(4)]
    seen: list[int] = []
    cursor = None
    while True:
        found = page(cast, f"/projects/{project.pk}/submissions?state=submitted", cursor, token)
        seen += [work["submission_id"] for work in found["items"]]
        cursor = found["next_cursor"]
        if cursor is None:
            break
        if len(expected) < 6:
            expected.append(cast.handed_in(project, worker=next(workers)).pk)
    assert seen == expected


def test_submissions_are_found_by_worker_and_by_state(cast: Cast) -> None:
    token = key_of(cast.requester, ["review"])
    project = cast.live(rows=2, answers=2)
    mine = cast.handed_in(project)
    theirs = cast.handed_in(project, worker=cast.peer)
    approve_submission(submission_id=theirs.pk, by=cast.requester, at=cast.at)

    def found(query: str) -> list[int]:
        items = page(cast, f"/projects/{project.pk}/submissions?{query}", None, token)["items"]
        return [work["submission_id"] for work in items]

    assert found(f"worker_id={cast.worker.pk}") == [mine.pk]
    assert found("state=approved") == [theirs.pk]
    assert found("state=submitted") == [mine.pk]
    assert found(f"state=submitted&worker_id={cast.peer.pk}") == []


def test_the_feed_goes_on_in_the_order_it_began_in(cast: Cast) -> None:
    token = key_of(cast.worker, ["work"])
    rewards = (70, 60, 90, 80)
    for reward in rewards:
        cast.live(reward_minor=reward)
    first = page(cast, "/feed?order=pay", None, token)
    second = page(cast, "/feed", first["next_cursor"], token)
    paid = [card["reward"]["amount_minor"] for card in first["items"] + second["items"]]
    assert paid == sorted(rewards, reverse=True)
    assert (second["order"], second["next_cursor"]) == ("pay", None)
    other = Call(None, "GET", f"/feed?order=newest&cursor={first['next_cursor']}", token=token).answered()
    assert other.code == "cursor_not_usable"


def test_the_feed_is_narrowed_by_what_a_program_asks(cast: Cast) -> None:
    token = key_of(cast.worker, ["work"])
    kept = cast.live(reward_minor=90, expected_seconds=120, language="fr", device="phone")
    cast.live(reward_minor=60, expected_seconds=120, language="fr", device="phone")
    cast.live(reward_minor=9_000, expected_seconds=1_200, language="fr", device="phone")
    cast.live(reward_minor=90, expected_seconds=120, language="de", device="phone")
    cast.live(reward_minor=90, expected_seconds=120, language="fr", device="computer")
    cast.live(kind="volunteer", expected_seconds=120, language="fr", device="phone")
    cast.live(reward_minor=90, expected_seconds=120, risks=["hate"], language="fr", device="phone")
    asked = "least_hourly=20.00&most_seconds=600&languages=fr,en&device=phone&risks=none&kind=paid"
    found = page(cast, f"/feed?{asked}", None, token)
    assert [card["project_id"] for card in found["items"]] == [kept.pk]
    nothing = page(cast, "/feed?least_hourly=9000", None, token)
    assert (nothing["items"], nothing["hidden"], nothing["hidden_or_more"]) == ([], 2, True)


def test_a_cursor_of_the_feed_goes_on_with_the_same_filters_only(cast: Cast) -> None:
    token = key_of(cast.worker, ["work"])
    projects = [cast.live(language="fr") for _each in range(3)]
    first = page(cast, "/feed?order=newest&languages=fr", None, token)
    second = page(cast, "/feed?languages=fr", first["next_cursor"], token)
    ids = [card["project_id"] for card in first["items"] + second["items"]]
    assert ids == [project.pk for project in reversed(projects)]
    for other in ("/feed?", "/feed?languages=en&"):
        call = Call(None, "GET", f"{other}cursor={first['next_cursor']}", token=token)
        assert call.answered().code == "cursor_not_usable"


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ("least_hourly=much", "least_hourly"),
        ("most_seconds=-1", "most_seconds"),
        ("most_seconds=many", "most_seconds"),
        ("languages=klingonisch", "languages"),
        ("device=fridge", "device"),
        ("risks=some", "risks"),
        ("kind=odd", "kind"),
    ],
)
def test_what_the_feed_cannot_be_narrowed_by_is_named(cast: Cast, asked: str, field: str) -> None:
    answer = Call(None, "GET", f"/feed?{asked}", token=key_of(cast.worker, ["work"])).answered()
    assert (answer.status, answer.code) == (422, "bad_input")
    assert [name.split(".")[-1] for name in answer.json["facts"]["errors"]] == [field]


@pytest.mark.parametrize("order", ["", *FeedOrder.values])
def test_the_feed_is_given_in_every_order_that_a_worker_can_choose(cast: Cast, order: str) -> None:
    token = key_of(cast.worker, ["work"])
    project = cast.live()
    feed = Call(None, "GET", f"/feed?order={order}" if order else "/feed", token=token).answered()
    assert (feed.status, feed.json["order"]) == (200, order or FeedOrder.REQUESTER)
    assert [card["project_id"] for card in feed.json["items"]] == [project.pk]


def test_a_cursor_of_one_list_is_none_of_another(cast: Cast) -> None:
    token = key_of(cast.requester, ["projects", "results"])
    project = cast.live()
    cast.draft()
    cursor = page(cast, "/projects", None, token, limit=1)["next_cursor"]
    for path in (f"/projects/{project.pk}/tasks", f"/projects/{project.pk}/results", "/listings?kind=block"):
        sign = "&" if "?" in path else "?"
        assert (
            Call(None, "GET", f"{path}{sign}cursor={cursor}", token=token).answered().code
            == "cursor_not_usable"
        )


def test_every_task_of_a_project_is_listed_once_and_found_by_its_key(cast: Cast) -> None:
    token = key_of(cast.requester, ["projects"])
    project = cast.live(rows=5)
    seen, cursor = [], None
    while True:
        found = page(cast, f"/projects/{project.pk}/tasks", cursor, token)
        seen += [task["key"] for task in found["items"]]
        cursor = found["next_cursor"]
        if cursor is None:
            break
    assert seen == ["1", "2", "3", "4", "5"]
    (task,) = page(cast, f"/projects/{project.pk}/tasks?key=4", None, token)["items"]
    assert (task["row"]["text"], task["shown"], task["paid_for"]) == (
        "Picture 3",
        {"text": "Picture 3"},
        True,
    )
