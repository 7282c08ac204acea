"""Truth tables of votes: who is asked, what a college says, what is adopted; counts against brute force."""

import re
from decimal import Decimal
from itertools import product
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from canut.governance.ballots.rules import (
    Count,
    VoteRule,
    asked_colleges,
    college_outcome,
    counted,
    is_adopted,
    is_certain,
    list_hash,
    list_text,
    published_list,
)
from canut.governance.ballots.rules_receipts import RECEIPT_PATTERN, new_receipt, read_receipt
from canut.governance.ballots.states import BallotChoice, CollegeOutcome

CARRIED, AGAINST, TIED = CollegeOutcome.CARRIED, CollegeOutcome.AGAINST, CollegeOutcome.TIED
SHARE, QUORUM, NOT_ASKED = CollegeOutcome.UNDER_SHARE, CollegeOutcome.UNDER_QUORUM, CollegeOutcome.NOT_ASKED


def a_rule(quorum: str = "0", yes_per_no: str = "1", **other: object) -> VoteRule:
    given = {
        "class_": "ordinary",
        "deciding": ("workers", "requesters"),
        "quorum_share": Decimal(quorum),
        "yes_per_no": Decimal(yes_per_no),
        "least_members": 3,
        "detail_least_votes": 5,
        "early_end": False,
    }
    return VoteRule(**(given | other))  # type: ignore[arg-type]


ORDINARY, PAY, CONSTITUTIONAL = a_rule(), a_rule("0.1"), a_rule("0.25", "2")


@pytest.mark.parametrize(
    ("rule", "electors", "yes", "no", "abstain", "outcome"),
    [
        # An ordinary question: more for it than against it, whoever came
        (ORDINARY, 1_000, 1, 0, 0, CARRIED),
        (ORDINARY, 1_000, 0, 0, 0, TIED),
        (ORDINARY, 1_000, 0, 0, 900, TIED),
        (ORDINARY, 1_000, 1, 0, 900, CARRIED),
        (ORDINARY, 10, 5, 5, 0, TIED),
        (ORDINARY, 10, 5, 4, 1, CARRIED),
        (ORDINARY, 10, 4, 5, 1, AGAINST),
        # A question about pay: one in ten must have come, and who abstains has come
        (PAY, 10, 1, 0, 0, CARRIED),
        (PAY, 11, 1, 0, 0, QUORUM),
        (PAY, 11, 1, 0, 1, CARRIED),
        (PAY, 11, 0, 0, 2, TIED),
        (PAY, 100, 5, 4, 0, QUORUM),
        (PAY, 100, 6, 4, 0, CARRIED),
        (PAY, 100, 0, 9, 0, QUORUM),
        # A constitutional question: one in four, and two for it for each one against it
        (CONSTITUTIONAL, 12, 2, 1, 0, CARRIED),
        (CONSTITUTIONAL, 13, 2, 1, 0, QUORUM),
        (CONSTITUTIONAL, 12, 3, 2, 0, SHARE),
        (CONSTITUTIONAL, 12, 4, 2, 6, CARRIED),
        (CONSTITUTIONAL, 12, 6, 6, 0, TIED),
        (CONSTITUTIONAL, 12, 3, 0, 0, CARRIED),
        (CONSTITUTIONAL, 12, 2, 4, 0, AGAINST),
        (CONSTITUTIONAL, 0, 0, 0, 0, TIED),
        # One for each against it is no lower bar than more for it than against it
        (a_rule("0", "1"), 9, 4, 4, 1, TIED),
    ],
)
def test_what_a_college_says(rule, electors, yes, no, abstain, outcome):
    assert college_outcome(Count("workers", electors, yes, no, abstain), rule) == outcome


def test_a_question_is_adopted_when_every_college_that_decides_and_was_asked_is_for_it():
    # The whole table: six things that each of the two colleges can say
    for workers, requesters in product(CollegeOutcome, CollegeOutcome):
        said = {"workers": workers, "requesters": requesters, "team": AGAINST}
        pair = {workers, requesters}
        expected = pair <= {CARRIED, NOT_ASKED} and CARRIED in pair
        assert is_adopted(said, ORDINARY) is expected, (workers, requesters)
    # The team decides nothing, alone neither
    assert not is_adopted({"team": CARRIED}, ORDINARY)
    assert not is_adopted({"team": CARRIED, "workers": NOT_ASKED, "requesters": NOT_ASKED}, ORDINARY)
    assert is_adopted({"workers": CARRIED}, ORDINARY)
    only = a_rule(deciding=("requesters",))
    assert is_adopted({"requesters": CARRIED}, only)
    assert not is_adopted({"requesters": TIED}, only)


def test_a_college_with_too_few_active_members_is_not_asked():
    assert asked_colleges({"workers": 3, "requesters": 2, "team": 0}, ORDINARY) == ("workers",)
    assert asked_colleges({"workers": 2, "requesters": 2}, ORDINARY) == ()


def test_a_rule_reads_back_as_it_was_written():
    for rule in (ORDINARY, PAY, CONSTITUTIONAL, a_rule("0.3333333333333333", deciding=("team",))):
        assert VoteRule.from_json(rule.as_json()) == rule


FEW = st.integers(0, 4)
RULES = st.builds(
    a_rule, st.sampled_from(["0", "0.1", "0.25", "0.5", "0.75"]), st.sampled_from(["1", "1.5", "2", "9"])
)


@given(rule=RULES, counts=st.lists(st.tuples(FEW, FEW, FEW, FEW), min_size=1, max_size=2))
def test_an_outcome_is_certain_when_no_further_ballots_could_change_it(rule, counts):
    named = [
        Count(college, yes + no + abstain + left, yes, no, abstain)
        for college, (yes, no, abstain, left) in zip(("workers", "requesters"), counts, strict=False)
    ]
    ends = {
        is_adopted({count.college: college_outcome(count, rule) for count in after}, rule)
        for after in product(*(list(_everything_after(count)) for count in named))
    }
    assert is_certain(named, rule) is (len(ends) == 1)
    team = Count("team", 9, 0, 0, 0)
    assert is_certain([*named, team], rule) is (len(ends) == 1)
    assert is_certain([team], rule)


def _everything_after(count):
    left = count.electors - count.ballots
    for yes, no, abstain in product(range(left + 1), repeat=3):
        if yes + no + abstain <= left:
            yield Count(
                count.college, count.electors, count.yes + yes, count.no + no, count.abstain + abstain
            )


BALLOTS = st.lists(
    st.tuples(st.sampled_from(["workers", "requesters", "team"]), st.sampled_from(BallotChoice.values)),
    max_size=60,
)


@given(ballots=BALLOTS, seed=st.integers(0, 2**32))
def test_counts_and_the_list_agree_with_counting_one_by_one(ballots, seed):
    cast = [(college, new_receipt(), choice) for college, choice in ballots]
    lines = published_list(cast, ORDINARY)
    mixed = list(cast)
    Random(seed).shuffle(mixed)
    # Then the list says nothing of the order in which they came, and its hash is the list's alone
    assert lines == published_list(mixed, ORDINARY) == sorted(lines)
    assert list_hash(lines) == list_hash(reversed(lines))
    assert list_text(lines).count("\n") == len(cast)
    assert {(college, receipt) for college, receipt, _choice in lines} == {(c, r) for c, r, _ in cast}
    for college in ("workers", "requesters", "team"):
        choices = [choice for name, choice in ballots if name == college]
        count = counted(college, 60, choices)
        said = dict.fromkeys(BallotChoice.values, 0)
        for choice in choices:
            said[choice] += 1
        assert (count.yes, count.no, count.abstain) == (said["yes"], said["no"], said["abstain"])
        told = [choice for name, _receipt, choice in lines if name == college]
        # Then what few people said is not told, though that they voted is
        assert sorted(told) == (sorted(choices) if len(choices) >= 5 else [""] * len(choices))


def test_the_hash_of_a_list_is_that_of_its_text():
    lines = [("workers", "0000-0000-0000-0001", "no"), ("requesters", "ZZZZ-ZZZZ-ZZZZ-ZZZZ", "")]
    assert list_text(lines) == "requesters,ZZZZ-ZZZZ-ZZZZ-ZZZZ,\nworkers,0000-0000-0000-0001,no\n"
    # From `printf 'requesters,ZZZZ-ZZZZ-ZZZZ-ZZZZ,\nworkers,0000-0000-0000-0001,no\n' | sha256sum`
    assert list_hash(lines) == "30dba1d4a5a12de1e1bfbfc5b76391df1b51cde0f10f1ff78e37ca2b8a559876"
    assert list_hash([]) == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


def test_a_receipt_is_read_as_it_was_meant_however_it_was_written_down():
    receipts = {new_receipt() for _each in range(100)}
    assert len(receipts) == 100
    for receipt in receipts:
        assert re.fullmatch(RECEIPT_PATTERN, receipt)
        assert read_receipt(f" {receipt.lower().replace('-', ' ')} ") == receipt
    assert read_receipt("k7o1-il") == "K701-11"
    for nothing in ("", "-", "u", "K7!", "K" * 17, "K7\0", "\N{ARABIC-INDIC DIGIT ONE}"):
        assert read_receipt(nothing) is None
