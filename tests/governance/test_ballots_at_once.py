"""Ballots and the end of a vote on several connections: each counts once, and none after the count."""

from typing import Any

import pytest
from django.db import transaction
from tests.builders import NOON
from tests.governance.ballot_box import a_vote, all_cast, an_electorate
from tests.people.at_once import at_once

from canut.governance.ballots.models import Ballot, CountedBallot, Elector, Vote
from canut.governance.ballots.refusals import VoteEnded
from canut.governance.ballots.usecases.cast_ballot import cast_ballot
from canut.governance.ballots.usecases.close_vote import close_vote
from canut.governance.ballots.usecases.open_vote import open_vote


@pytest.fixture
def here(committed: None) -> Any:
    with transaction.atomic():
        people = an_electorate(workers=6)
    with transaction.atomic():
        return a_vote(), people["workers"]


def test_one_elector_in_two_windows_has_one_ballot_and_one_receipt(here):
    vote, workers = here
    receipts = at_once(
        lambda choice: cast_ballot(vote_id=vote.pk, by=workers[0], choice=choice, at=NOON),
        *("yes", "no", "yes", "abstain"),
    )
    assert len(set(receipts)) == 1
    assert Ballot.objects.count() == 1


def test_a_ballot_at_the_moment_of_the_count_is_counted_or_refused(here):
    vote, workers = here
    all_cast(vote, workers[:3], "yes", "yes", "yes")

    def act(who: Any) -> Any:
        if who is None:
            return close_vote(vote_id=vote.pk, at=vote.closes_at)
        try:
            return cast_ballot(vote_id=vote.pk, by=who, choice="no", at=NOON)
        except VoteEnded:
            return None

    done = at_once(act, workers[3], None, workers[4], None, workers[0])
    taken = {receipt for receipt in done if isinstance(receipt, str)}
    listed = set(CountedBallot.objects.values_list("receipt", flat=True))
    # Then who was told a receipt is in the list, and the two that counted counted the same
    assert taken <= listed
    assert len(listed) == Elector.objects.filter(voted_at__isnull=False).count()
    assert done[1] == done[3]
    assert not Ballot.objects.exists()


def test_a_question_put_twice_at_once_is_put_once(here):
    given = {
        "subject_kind": "question",
        "subject_id": 10_000,
        "title_en": "Shall we?",
        "title_fr": "Le voulons-nous ?",
        "address": "/charter/",
        "class_": "pay",
        "at": NOON,
    }
    opened = at_once(lambda _n: open_vote(**given).pk, 1, 2, 3)
    assert len(set(opened)) == 1
    assert Vote.objects.filter(subject_id=10_000).count() == 1
