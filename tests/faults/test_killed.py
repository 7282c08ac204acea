"""Programs are killed (-9) in the middle of everything: nothing is lost or doubled, and work goes on."""

import json
import random
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from threading import Event
from uuid import uuid4

import pytest
from tests.faults.crowd import Crowd
from tests.faults.site import VICTIMS, Site, eventually

MANY_TASKS = 30_000
FILE_ROWS = 12_000
"""With texts that make the file one of over 5 MB, which is read and added by jobs."""


@contextmanager
def side_by_side(threads: int) -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(threads) as pool:
        yield pool


def kill_meanwhile(
    site: Site, dice: random.Random, victims: list[str], within_seconds: float, doing: "list[Future[None]]"
) -> None:
    """Kill each of the victims at a moment of its own, let the site come back, and wait for what was done."""
    for victim in victims:
        time.sleep(dice.uniform(0.0, within_seconds))
        assert site.kill(victim) > 0, f"no {victim} was there to be killed"
        if victim != victims[-1]:
            site.wait_until_whole()
    site.wait_until_whole()
    for one in doing:
        one.result()


def publishing(site: Site, dice: random.Random, victims: list[str]) -> None:
    crowd = Crowd.gathered(site, tasks=MANY_TASKS)
    with side_by_side(1) as pool:
        kill_meanwhile(site, dice, victims, 2.5, [pool.submit(crowd.publish)])
    eventually(crowd.all_places_are_there, "every place is opened")
    assert crowd.faults() == []
    crowd.goes_on()
    assert crowd.faults() == []


def adding_rows(site: Site, dice: random.Random, victims: list[str]) -> None:
    crowd = Crowd.gathered(site, tasks=1)
    lines = [json.dumps({"id": f"row {n}", "text": f"{n} " + "x" * 450}) for n in range(FILE_ROWS)]
    file = {"file": ("rows.jsonl", "\n".join(lines).encode())}

    def add() -> None:
        key = {"Idempotency-Key": str(uuid4())}
        upload = crowd.asks.post(f"{crowd.path}/uploads", files=file, headers=key)["id"]

        def has_become(state: str) -> bool:
            found = crowd.asks.get(f"/uploads/{upload}")
            assert found["state"] != "refused", found
            return bool(found["state"] == state)

        eventually(lambda: has_become("read"), "the file is read")
        columns = crowd.asks.ask("PUT", f"/uploads/{upload}/columns", json={"key": "id"})
        assert columns.status_code in (200, 409), columns.text  # a repeat comes while it is read again
        eventually(lambda: has_become("read"), "the file is read again")
        crowd.asks.post(f"/uploads/{upload}/add")
        eventually(lambda: has_become("added"), "its rows are added")

    def is_under_way() -> bool:
        had = site.rows("SELECT state, rows_added FROM work_upload WHERE project_id = %s", crowd.project.pk)
        return bool(had) and (had[0][0] == "added" or (had[0][0] == stage and had[0][1] >= some))

    stage, some = dice.choice([("received", 0), ("reading", 0), ("adding", 1)])
    if victims == ["job runner"]:
        stage, some = "adding", 1
    with side_by_side(1) as pool:
        doing = [pool.submit(add)]
        eventually(is_under_way, f"the file is {stage}")
        kill_meanwhile(site, dice, victims, 0.3, doing)
    found = site.rows(
        "SELECT count(*), count(DISTINCT key), min(position), max(position), count(DISTINCT position)"
        " FROM work_task WHERE project_id = %s AND key LIKE 'row %%'",
        crowd.project.pk,
    )
    assert found[0][:2] == (FILE_ROWS, FILE_ROWS)
    assert found[0][3] - found[0][2] + 1 == found[0][4] == FILE_ROWS
    assert site.rows("SELECT count(*) FROM work_upload WHERE project_id = %s", crowd.project.pk) == [(1,)]
    crowd.publish()
    crowd.places = site.rows(
        "SELECT sum(answers_wanted) FROM work_task WHERE project_id = %s", crowd.project.pk
    )[0][0]
    eventually(crowd.all_places_are_there, "every place is opened")
    crowd.goes_on()
    assert crowd.faults() == []


def handing_in(site: Site, dice: random.Random, victims: list[str]) -> None:
    crowd = Crowd.gathered(site, tasks=15_000, answers=2, workers=6)
    crowd.publish()
    stop = Event()
    with side_by_side(6) as pool:
        doing = crowd.working(pool, stop)
        try:
            kill_meanwhile(site, dice, victims, 1.5, [])
            before = len(crowd.answered)
            eventually(lambda: len(crowd.answered) > before + 20 or all_ended(doing), "work goes on")
        finally:
            stop.set()
        for one in doing:
            one.result()
    assert len(crowd.answered) > 20
    assert crowd.faults() == []
    crowd.goes_on()


def approving(site: Site, dice: random.Random, victims: list[str]) -> None:
    crowd = Crowd.gathered(site, tasks=100, answers=5, workers=4)
    crowd.publish()
    hand_in(crowd)
    numbers = sorted(crowd.answered)

    def one_by_one() -> None:
        for number in numbers[::3]:
            crowd.asks.post(f"/submissions/{number}/approve")

    def many_at_once() -> None:
        for start in range(0, len(numbers), 100):
            crowd.asks.post(f"{crowd.path}/approvals", json={"submission_ids": numbers[start : start + 100]})

    def all_of_a_worker() -> None:
        for person, _client in crowd.workers:
            shown = {"worker_id": person.pk, "up_to_id": numbers[-1]}
            while crowd.asks.post(f"{crowd.path}/approvals", json=shown)["approved"]:
                pass

    with side_by_side(3) as pool:
        doing = [pool.submit(verb) for verb in (one_by_one, many_at_once, all_of_a_worker)]
        kill_meanwhile(site, dice, victims, 1.0, doing)
    assert crowd.faults() == []
    states = dict(
        site.rows(
            "SELECT state, count(*) FROM work_assignment WHERE project_id = %s GROUP BY 1", crowd.project.pk
        )
    )
    assert states["approved"] == len(numbers)
    crowd.goes_on()
    assert crowd.faults() == []


def closing(site: Site, dice: random.Random, victims: list[str]) -> None:
    crowd = Crowd.gathered(site, tasks=3_000, answers=2, workers=4)
    crowd.publish()
    stop = Event()
    with side_by_side(5) as pool:
        doing = crowd.working(pool, stop)
        eventually(lambda: len(crowd.answered) > 20, "some work is done")

        def close() -> None:
            assert crowd.asks.post(f"{crowd.path}/close")["project"]["state"] == "closed"

        try:
            kill_meanwhile(site, dice, victims, 0.6, [pool.submit(close)])
        finally:
            stop.set()
        for one in doing:
            one.result()
    assert crowd.state() == "closed"
    open_or_taken = dict(
        site.rows("SELECT state, count(*) FROM work_place WHERE project_id = %s GROUP BY 1", crowd.project.pk)
    )
    assert "open" not in open_or_taken
    assert sum(open_or_taken.values()) == crowd.places
    assert crowd.faults() == []


def hand_in(crowd: Crowd) -> None:
    """Let everybody do every task."""
    with side_by_side(len(crowd.workers)) as pool:
        for one in crowd.working(pool, Event()):
            one.result()
    assert len(crowd.answered) == len(crowd.workers) * 100


def all_ended(doing: "list[Future[None]]") -> bool:
    return all(one.done() for one in doing)


Kind = Callable[[Site, random.Random, list[str]], None]
KINDS: list[Kind] = [publishing, adding_rows, handing_in, approving, closing]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("kind", "victims"),
    [
        pytest.param(publishing, ["PostgreSQL"], marks=pytest.mark.long),
        (adding_rows, ["job runner"]),
        (handing_in, ["web server", "PostgreSQL"]),
        pytest.param(approving, ["PostgreSQL"], marks=pytest.mark.long),
        (closing, ["everything"]),
    ],
    ids=lambda value: getattr(value, "__name__", None) or "+".join(value),
)
def test_what_is_killed_once_comes_back_whole(site: Site, kind: Kind, victims: list[str]) -> None:
    kind(site, random.Random(1), victims)


@pytest.mark.slow
def test_afterwards_the_site_calls_itself_sound(site: Site) -> None:
    site.wait_until_whole()
    eventually(lambda: site.canut("check").returncode == 0, site.canut("check").stdout)
    assert site.canut("ledger", "verify").returncode == 0


@pytest.mark.long
@pytest.mark.parametrize("seed", range(12))
@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_what_is_killed_again_and_again_comes_back_whole(site: Site, kind: Kind, seed: int) -> None:
    dice = random.Random(f"{kind.__name__} {seed}")
    kind(site, dice, [dice.choice(VICTIMS) for _kill in range(dice.randint(1, 3))])
    assert site.canut("ledger", "verify").returncode == 0
