"""Standings follow the charter: all of them, once, and to what the rule makes of the ratings that count."""

from datetime import timedelta
from decimal import Decimal

import pytest
from tests.builders import NOON, a_person
from tests.charter.log_lines import a_line
from tests.reputation.test_ratings import _room_alone, rate  # noqa: F401

from canut.charter import log
from canut.charter.queries import history
from canut.charter.rules import to_json
from canut.people.models import Person
from canut.reputation.models import Standing, StandingsRefresh
from canut.reputation.queries import standing_of
from canut.reputation.usecases import refresh_standings as room

D = Decimal
LATER = NOON + timedelta(days=3)


def voted(name: str, value: object) -> None:
    old = to_json(history(name)[-1].value)
    a_line(parameter=name, old_value=old, new_value=value, effective_at=LATER, recorded_at=LATER)


@pytest.fixture
def crowd(db: None) -> tuple[list[Person], list[Person]]:
    """Five workers, each rated twice by each of two requesters."""
    log.lock()
    workers = [a_person(f"worker{n}", worker=True) for n in range(5)]
    requesters = [a_person(f"requester{n}", requester=True) for n in range(2)]
    about = 0
    for nth, worker in enumerate(workers):
        for requester in requesters:
            for value in ("3", "1"):
                about += 1
                rate(worker, requester, value, assignment=about, group=1 + nth % 2, hours=about)
    return workers, requesters


def test_every_standing_follows_and_then_there_is_nothing_to_do(crowd, monkeypatch):
    workers, requesters = crowd
    monkeypatch.setattr(room, "AT_ONCE", 2)
    assert room.refresh_standings(at=NOON + timedelta(days=2)) == 0
    before = dict(Standing.objects.values_list("pk", "value"))
    voted("standing.requester_factor", "0.9")
    done = []
    while more := room.refresh_standings(at=LATER):
        done.append(more)
    assert done == [2, 2, 1]
    assert StandingsRefresh.objects.count() == 5
    for worker in workers:
        exact = standing_of(worker.pk, requester_id=requesters[0].pk, group_id=99, at=LATER)
        assert exact.scope == "requester"
        assert exact.value == D("1.95")  # (1 + 3 × 0.9) / 1.9, where it was (1 + 3 × 0.4) / 1.4 = 1.57
        kept = Standing.objects.get(party_id=worker.pk, scale="requester", scale_id=requesters[0].pk)
        assert (kept.value, kept.ratings, kept.computed_at) == (exact.value, 2, LATER)
    of_groups = Standing.objects.filter(scale="project_group")
    assert {one.value for one in of_groups} == {before[one.pk] for one in of_groups}


def test_a_standing_that_the_charter_no_longer_gives_goes(crowd):
    assert Standing.objects.filter(scale="platform").count() == 5
    voted("standing.platform_least_requesters", 3)
    assert room.refresh_standings(at=LATER) == 5
    assert not Standing.objects.filter(scale="platform").exists()
    assert Standing.objects.filter(scale="requester").count() == 10
