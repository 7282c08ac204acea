"""Ratings in the database: one counts for each assignment, and what they come to equals the rules."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase
from tests.builders import NOON, a_person
from tests.promises import broken, run

from canut.kernel.refusals import BadInput
from canut.people.models import Person
from canut.reputation.models import Rating, RequesterRegard, Side, Standing
from canut.reputation.queries import score_of, standing_of
from canut.reputation.usecases.keep_regard import keep_regard, recount_regard
from canut.reputation.usecases.recompute_standings import forget_ratings
from canut.reputation.usecases.record_rating import record_rating

D = Decimal


@pytest.fixture(autouse=True)
def _room_alone(db: None) -> None:
    """Let numbers stand for assignments, which live in a room above."""
    run("ALTER TABLE reputation_rating DROP CONSTRAINT rating_of_assignment, DROP CONSTRAINT rating_in_group")


def rate(
    worker: Person, by: Person, value: str, *, assignment: int, group: int = 1, hours: int = 0
) -> Rating:
    return record_rating(
        side=Side.WORKER,
        rater_id=by.pk,
        rated_id=worker.pk,
        assignment_id=assignment,
        group_id=group,
        value=D(value),
        at=NOON + timedelta(hours=hours),
    )


def judge(requester: Person, by: Person, value: str, *, assignment: int, hours: int = 0) -> Rating:
    return record_rating(
        side=Side.REQUESTER,
        rater_id=by.pk,
        rated_id=requester.pk,
        assignment_id=assignment,
        group_id=1,
        value=D(value),
        at=NOON + timedelta(hours=hours),
    )


def in_sql(worker: Person, requester: Person, group: int) -> Decimal:
    with connection.cursor() as cursor:
        cursor.execute("SELECT reputation_toward(%s, %s, %s, 1.99)", [worker.pk, requester.pk, group])
        (value,) = cursor.fetchone()
    return D(value)


def test_a_change_of_mind_takes_the_place_of_the_first_and_both_are_kept(worker, requester):
    rate(worker, requester, "1", assignment=5)
    rate(worker, requester, "3", assignment=5, hours=1)
    assert standing_of(worker.pk, requester_id=requester.pk, group_id=1, at=NOON).value == D(3)
    first, second = Rating.objects.order_by("pk")
    assert (first.counts_until, second.counts_until) == (NOON + timedelta(hours=1), None)


def test_the_same_judgement_twice_is_one(worker, requester):
    assert rate(worker, requester, "2", assignment=5).pk == rate(worker, requester, "2", assignment=5).pk
    assert Rating.objects.count() == 1


@pytest.mark.parametrize("value", ["0.99", "3.01", "-1"])
def test_what_is_off_the_scale_is_refused(worker, requester, value):
    with pytest.raises(BadInput):
        rate(worker, requester, value, assignment=5)
    assert not Rating.objects.exists()


def test_ratings_that_are_to_be_ignored_count_no_more(worker, peer, requester, stranger):
    rate(worker, requester, "1", assignment=5)
    rate(worker, stranger, "2", assignment=6, group=2)
    rate(peer, requester, "1", assignment=7)
    assert forget_ratings(rater_id=requester.pk, party_ids=[worker.pk], at=NOON) == 1
    assert standing_of(worker.pk, requester_id=requester.pk, group_id=1, at=NOON).scope == "unrated"
    assert standing_of(peer.pk, requester_id=requester.pk, group_id=1, at=NOON).value == D(1)
    assert not Standing.objects.filter(party=worker.pk, scale="requester", scale_id=requester.pk).exists()


def test_only_workers_with_decided_work_count_for_others(worker, peer, requester, stranger):
    judge(requester, worker, "3", assignment=5)
    judge(requester, peer, "1", assignment=6)
    score = {"at": NOON, "worker_id": stranger.pk}
    assert score_of(requester.pk, **score) == D("1.99")
    keep_regard(worker_id=worker.pk, requester_id=requester.pk, decided_at=NOON)
    assert score_of(requester.pk, **score) == D(3)
    keep_regard(worker_id=peer.pk, requester_id=requester.pk, decided_at=NOON)
    assert score_of(requester.pk, **score) == D(2)
    assert score_of(requester.pk, worker_id=worker.pk, at=NOON) == D("2.9")  # 3 + 0.1 × (1 − 2)
    judge(requester, peer, "2", assignment=8, hours=1)
    assert score_of(requester.pk, worker_id=worker.pk, at=NOON) == D(3)
    assert recount_regard() == []


def test_sums_that_went_wrong_are_found_and_put_right(worker, requester):
    judge(requester, worker, "3", assignment=5)
    keep_regard(worker_id=worker.pk, requester_id=requester.pk, decided_at=NOON)
    RequesterRegard.objects.update(total=D(1))
    assert recount_regard() == [requester.pk]
    assert RequesterRegard.objects.get().total == D(3)


JUDGEMENTS = st.lists(
    st.tuples(
        st.integers(0, 2),  # by whom
        st.integers(1, 2),  # in which of their groups
        st.integers(1, 6),  # about which assignment
        st.decimals("1", "3", places=2),
    ),
    max_size=12,
)


class TestStandings(TestCase):
    @settings(max_examples=25, deadline=None)
    @given(JUDGEMENTS)
    def test_what_sql_compares_is_what_the_rule_computes(self, judgements) -> None:
        worker = a_person("judged", worker=True)
        raters = [a_person(f"rater{number}", requester=True) for number in range(3)]
        for hour, (who, group, assignment, value) in enumerate(judgements):
            about = who * 100 + group * 10 + assignment  # an assignment has one requester and one group
            rate(worker, raters[who], str(value), assignment=about, group=who * 10 + group, hours=hour)
        for who, rater in enumerate(raters):
            for group in (1, 2, 3):
                toward = {"requester_id": rater.pk, "group_id": who * 10 + group}
                expected = standing_of(worker.pk, **toward, at=NOON).value
                assert in_sql(worker, rater, who * 10 + group) == expected


def test_what_breaks_a_promise_is_refused_by_its_name(worker, peer, requester):
    rate(worker, requester, "2", assignment=5)
    judge(requester, worker, "2", assignment=5)
    run("SET CONSTRAINTS ALL IMMEDIATE")  # a table with checks still to come cannot be emptied by anybody
    for name, change in (
        ("reputation_rating_written_once", "UPDATE reputation_rating SET value = 3"),
        ("reputation_rating_written_once", "DELETE FROM reputation_rating"),
        ("reputation_rating_written_once", "TRUNCATE reputation_rating"),
        ("standing_scale_known", "UPDATE reputation_standing SET scale = 'beauty', scale_id = id"),
        ("standing_has_ratings", "UPDATE reputation_standing SET ratings = 0"),
        ("regard_within_scale", "UPDATE reputation_regard SET latest = 4"),
        ("regard_of_another", "UPDATE reputation_regard SET requester_id = worker_id"),
        ("requester_regard_within_scale", "UPDATE reputation_requesterregard SET total = 5, workers = 1"),
    ):
        with broken(name):
            run(change)
    columns = "side, rater_id, rated_id, assignment_id, group_id, value, given_at"
    for name, values in (
        ("rating_side_known", "'both', rater_id, rated_id, 9, 1, 2, given_at"),
        ("rating_within_scale", "side, rater_id, rated_id, 9, 1, 0.5, given_at"),
        ("rating_of_another", "side, rated_id, rated_id, 9, 1, 2, given_at"),
        ("rating_one_counts_per_assignment", "side, rater_id, rated_id, assignment_id, 1, 2, given_at"),
    ):
        with broken(name):
            run(f"INSERT INTO reputation_rating ({columns}) SELECT {values} FROM reputation_rating LIMIT 1")
    with broken("standing_once"):
        run(
            "INSERT INTO reputation_standing (party_id, scale, scale_id, value, ratings, computed_at)"
            " SELECT party_id, scale, scale_id, value, ratings, computed_at FROM reputation_standing"
        )
    with broken("regard_once"):
        run(
            "INSERT INTO reputation_regard (worker_id, requester_id)"
            " SELECT worker_id, requester_id FROM reputation_regard"
        )
