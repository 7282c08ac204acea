"""A standing or a score explained for any moment is the one that was gone by then."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase
from tests.builders import NOON, a_person
from tests.charter.log_lines import a_line
from tests.promises import run
from tests.stories import examples

from canut.charter import log
from canut.charter.queries import history, in_force
from canut.charter.rules import to_json
from canut.people.models import Person
from canut.reputation.explained import score_at, standing_at
from canut.reputation.models import Side, Standing
from canut.reputation.queries import score_of
from canut.reputation.usecases.keep_regard import keep_regard
from canut.reputation.usecases.recompute_standings import forget_ratings
from canut.reputation.usecases.record_rating import record_rating
from canut.reputation.usecases.refresh_standings import refresh_standings

D = Decimal
GROUPS = (1, 2)


@pytest.fixture(autouse=True)
def _room_alone(db: None) -> None:
    """Let numbers stand for assignments, which live in a room above."""
    run("ALTER TABLE reputation_rating DROP CONSTRAINT rating_of_assignment, DROP CONSTRAINT rating_in_group")


VALUES = st.sampled_from([D(1), D(2), D(3), D("1.5"), D("2.37")])
EVENTS = st.lists(
    st.one_of(
        st.tuples(st.just("rates"), st.integers(0, 5), st.sampled_from(GROUPS), st.integers(1, 3), VALUES),
        st.tuples(st.just("judges"), st.integers(0, 5), st.integers(1, 2), VALUES),
        st.tuples(st.just("decides"), st.integers(0, 5)),
        st.tuples(st.just("forgets"), st.integers(0, 5)),
        st.tuples(st.just("follows")),
        st.tuples(
            st.just("votes"),
            st.sampled_from(
                [
                    ("standing.project_group_factor", "0.5"),
                    ("standing.requester_factor", "0.2"),
                    ("standing.platform_factor", "0.9"),
                    ("standing.platform_least_requesters", 3),
                    ("standing.unrated", "2.2"),
                    ("standing.decimals", 1),
                    ("feed.others_factor", "0.3"),
                ]
            ),
        ),
    ),
    max_size=14,
)


@dataclass(frozen=True)
class Seen:
    """What was stored just after something happened."""

    at: datetime
    standings: dict[tuple[int, int], Decimal]
    ratings: dict[tuple[int, int], int]
    scores: dict[int, Decimal]


class TestHistories(TestCase):
    @settings(max_examples=examples(5, 15), deadline=None)
    @given(EVENTS)
    def test_any_moment_of_any_history_is_explained_as_it_was(self, events: Any) -> None:
        log.lock()  # what is voted below is seen by this story alone
        self.worker = a_person("judged", worker=True)
        self.others = [a_person(f"other{n}", worker=True, requester=True) for n in range(6)]
        seen = []
        for hour, event in enumerate(events, start=1):
            at = NOON + timedelta(hours=hour)
            getattr(self, event[0])(*event[1:], at=at)
            seen.append(self._seen(at))
        for one in seen:
            for (who, group), value in one.standings.items():
                # a moment later, nothing else has happened
                for at in (one.at, one.at + timedelta(minutes=59)):
                    found = standing_at(self.worker.pk, requester_id=who, group_id=group, at=at)
                    assert (found.value, found.ratings) == (value, one.ratings[who, group])
                if found.steps:
                    assert abs(found.exact - found.value) <= D("0.05")
                    assert found.above == sum(step.rating.value * step.weight for step in found.steps)
            for who, score in one.scores.items():
                assert score_at(self.worker.pk, requester_id=who, at=one.at).value == score

    def rates(self, who: int, group: int, assignment: int, value: Decimal, *, at: datetime) -> None:
        self._say(Side.WORKER, self.others[who], self.worker, who * 100 + group * 10 + assignment, value, at)

    def judges(self, who: int, assignment: int, value: Decimal, *, at: datetime) -> None:
        rater = self.worker if who == 0 else self.others[who]
        rated = self.others[1] if who == 0 else self.others[0]
        self._say(Side.REQUESTER, rater, rated, 1000 + who * 10 + assignment, value, at)

    def decides(self, who: int, *, at: datetime) -> None:
        for worker, requester in ((self.worker, self.others[1]), (self.others[who or 1], self.others[0])):
            keep_regard(worker_id=worker.pk, requester_id=requester.pk, decided_at=at)

    def forgets(self, who: int, *, at: datetime) -> None:
        forget_ratings(rater_id=self.others[who].pk, party_ids=[self.worker.pk], at=at)

    def follows(self, *, at: datetime) -> None:
        while refresh_standings(at=at):
            continue

    def votes(self, changed: tuple[str, object], *, at: datetime) -> None:
        name, value = changed
        old = to_json(history(name)[-1].value)
        a_line(parameter=name, old_value=old, new_value=value, effective_at=at, recorded_at=at)

    def _say(
        self, side: Side, rater: Person, rated: Person, assignment: int, value: Decimal, at: datetime
    ) -> None:
        record_rating(
            side=side,
            rater_id=rater.pk,
            rated_id=rated.pk,
            assignment_id=assignment,
            group_id=assignment // 10,
            value=value,
            at=at,
        )

    def _seen(self, at: datetime) -> Seen:
        """Read what the claim and the feed would go by now."""
        pairs = [(one.pk, who * 10 + group) for who, one in enumerate(self.others) for group in GROUPS]
        return Seen(
            at,
            {pair: self._stored(*pair, at=at) for pair in pairs},
            {pair: self._count(*pair) for pair in pairs},
            {one.pk: score_of(one.pk, worker_id=self.worker.pk, at=at) for one in self.others[:2]},
        )

    def _stored(self, requester_id: int, group: int, *, at: datetime) -> Decimal:
        unrated = in_force("standing.unrated", at=at)
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT reputation_toward(%s, %s, %s, %s)", [self.worker.pk, requester_id, group, unrated]
            )
            return D(cursor.fetchone()[0])

    def _count(self, requester_id: int, group: int) -> int:
        rows = {
            (row.scale, row.scale_id): row.ratings for row in Standing.objects.filter(party=self.worker.pk)
        }
        scopes = (("project_group", group), ("requester", requester_id), ("platform", 0))
        return next((rows[scope] for scope in scopes if scope in rows), 0)


def test_a_standing_is_explained_step_by_step(worker: Person, requester: Person) -> None:
    for hour, (assignment, value) in enumerate([(5, "1"), (6, "2"), (5, "3")]):
        record_rating(
            side=Side.WORKER,
            rater_id=requester.pk,
            rated_id=worker.pk,
            assignment_id=assignment,
            group_id=1,
            value=D(value),
            at=NOON + timedelta(hours=hour),
        )
    toward = {"requester_id": requester.pk, "group_id": 1}
    at_first = standing_at(worker.pk, **toward, at=NOON + timedelta(hours=1))
    assert [(step.rating.value, step.weight, step.product) for step in at_first.steps] == [
        (D(2), D(1), D(2)),
        (D(1), D("0.3"), D("0.3")),
    ]
    assert (at_first.above, at_first.below, at_first.value) == (D("2.3"), D("1.3"), D("1.77"))
    # the change of mind took the place of the first
    later = standing_at(worker.pk, **toward, at=NOON + timedelta(hours=2))
    assert [step.rating.value for step in later.steps] == [D(3), D(2)]
    assert later.value == D("2.77")  # (3 + 0.3 × 2) / 1.3
    assert (later.band, later.raters, later.raters_in_scope, later.is_newcomer) == ("early", 1, 1, False)


def test_the_scopes_that_were_passed_over_are_named(worker: Person, requester: Person, peer: Person) -> None:
    record_rating(
        side=Side.WORKER,
        rater_id=peer.pk,
        rated_id=worker.pk,
        assignment_id=5,
        group_id=7,
        value=D(3),
        at=NOON,
    )
    found = standing_at(worker.pk, requester_id=requester.pk, group_id=1, at=NOON)
    assert (found.value, found.scope, found.is_newcomer) == (D("1.99"), "unrated", False)
    assert [(scale.scope, scale.raters, scale.least_raters) for scale in found.tried] == [
        ("project_group", 0, 1),
        ("requester", 0, 1),
        ("platform", 1, 2),
    ]
