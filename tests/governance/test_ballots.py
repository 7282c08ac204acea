"""Opening a vote, casting and changing ballots, and closing it: who may, when, and what is left of it."""

from datetime import timedelta

import pytest
from django.utils import translation
from django.utils.timezone import localtime
from tests.builders import NOON
from tests.governance.ballot_box import a_vote, all_cast, an_electorate, as_if_committed, by_rule, ended
from tests.membership.members import a_member_of, members_of

from canut.governance.ballots.models import Ballot, CollegeTally, CountedBallot, Elector, Vote
from canut.governance.ballots.queries import (
    result_of,
    title_of,
    vote_on,
    votes_to_close,
    who_would_be_asked,
)
from canut.governance.ballots.refusals import (
    ChoiceUnknown,
    NotAnElector,
    VoteEnded,
    VoteNotFound,
    VoteStillOpen,
)
from canut.governance.ballots.rules import list_hash
from canut.governance.ballots.usecases.cast_ballot import cast_ballot
from canut.governance.ballots.usecases.close_vote import close_vote
from canut.kernel.models import Event
from canut.membership.models import Membership
from canut.membership.states import College

pytestmark = pytest.mark.django_db


def test_a_vote_is_decided_by_both_sides_and_the_team_is_counted_and_shown():
    people = an_electorate(workers=6, requesters=5, team=3)
    vote = a_vote()
    assert vote.closes_at == NOON + timedelta(days=14)
    all_cast(vote, people["workers"], "yes", "yes", "yes", "no", "abstain", "no")
    all_cast(vote, people["requesters"], "yes", "yes", "no", "yes", "no")
    all_cast(vote, people["team"], "no", "no", "no")
    result = ended(vote)
    assert result.is_adopted
    assert result.colleges_as_log() == [
        {
            "college": "workers",
            "electors": 6,
            "ballots": 6,
            "decides": True,
            "outcome": "carried",
            "yes": 3,
            "no": 2,
            "abstain": 1,
        },
        {
            "college": "requesters",
            "electors": 5,
            "ballots": 5,
            "decides": True,
            "outcome": "carried",
            "yes": 3,
            "no": 2,
            "abstain": 0,
        },
        # Of a college with few ballots only the outcome is told
        {"college": "team", "electors": 3, "ballots": 3, "decides": False, "outcome": "against"},
    ]
    lines = list(CountedBallot.objects.values_list("college", "receipt", "choice"))
    assert list_hash(lines) == result.ballots_hash
    assert {choice for college, _receipt, choice in lines if college == "team"} == {""}
    # Then closing again is the same again, and the vote is found by what it is about
    assert close_vote(vote_id=vote.pk, at=vote.closes_at + timedelta(days=1)) == result
    assert result_of(vote_on("question", vote.subject_id)) == result


def test_a_ballot_is_changed_until_the_end_under_the_receipt_it_had():
    people = an_electorate()
    vote = a_vote()
    worker = people["workers"][0]
    (receipt,) = all_cast(vote, [worker], "yes")
    last = vote.closes_at - timedelta(microseconds=1)
    assert cast_ballot(vote_id=vote.pk, by=worker, choice="no", at=last) == receipt
    assert cast_ballot(vote_id=vote.pk, by=worker, choice="no", at=last) == receipt
    assert Ballot.objects.get().choice == "no"
    assert Elector.objects.get(person=worker).voted_at == last
    with pytest.raises(VoteEnded) as late:
        cast_ballot(vote_id=vote.pk, by=worker, choice="yes", at=vote.closes_at)
    assert late.value.facts == {"closes_at": vote.closes_at.isoformat()}
    assert f"{localtime(vote.closes_at):%H:%M}" in str(late.value)  # by the site's clock, as on its page
    ended(vote)
    with pytest.raises(VoteEnded):
        cast_ballot(vote_id=vote.pk, by=worker, choice="yes", at=NOON)
    assert list(CountedBallot.objects.values_list("receipt", flat=True)) == [receipt]


def test_nothing_is_kept_by_which_a_ballot_and_its_elector_could_be_brought_together():
    people = an_electorate(workers=6)
    vote = a_vote()
    receipts = all_cast(vote, people["workers"], "yes", "no", "yes", "no", "yes", "abstain")
    for event in Event.objects.filter(name__startswith="ballot."):
        assert event.data == {}
        assert (event.subject_kind, event.subject_id) == ("vote", vote.pk)
    ended(vote)
    assert not Ballot.objects.exists()
    # Then the rows of the list were written anew, in the order of their receipts
    kept = list(CountedBallot.objects.order_by("pk").values_list("receipt", flat=True))
    assert kept == sorted(receipts)
    fields = {field.name for field in CountedBallot._meta.get_fields()}
    assert fields == {"id", "vote", "college", "receipt", "choice"}
    assert all(place.voted_at for place in Elector.objects.filter(college="workers"))


def test_who_may_vote_is_fixed_when_the_vote_opens():
    people = an_electorate()
    asleep = a_member_of(College.WORKERS, active=False)
    vote = a_vote()
    late = a_member_of(College.WORKERS)
    for nobody in (asleep, late):
        with pytest.raises(NotAnElector):
            cast_ballot(vote_id=vote.pk, by=nobody, choice="yes", at=NOON)
    # Who leaves meanwhile keeps the ballot, and may still change it
    leaver = people["workers"][0]
    all_cast(vote, [leaver], "yes")
    Membership.objects.filter(person=leaver).update(ended_at=NOON, ended_as="left")
    all_cast(vote, [leaver], "no")
    assert CollegeTally.objects.get(vote=vote, college="workers").members == 3
    assert ended(vote).colleges[0].ballots == 1


def test_a_college_with_too_few_active_members_is_not_asked_and_with_none_left_all_fails():
    people = an_electorate(workers=3, requesters=2)
    assert who_would_be_asked("ordinary", at=NOON) == {"workers": True, "requesters": False}
    vote = a_vote()
    with pytest.raises(NotAnElector):
        all_cast(vote, people["requesters"], "no")
    all_cast(vote, people["workers"], "yes")
    result = ended(vote)
    assert result.is_adopted
    assert [(one.college, one.outcome, one.is_asked) for one in result.colleges] == [
        ("workers", "carried", True),
        ("requesters", "not_asked", False),
        ("team", "not_asked", False),
    ]
    nobody = a_vote(only_college="requesters")
    assert not Elector.objects.filter(vote=nobody).exists()
    assert not ended(nobody).is_adopted


def test_one_college_alone_is_asked_and_decides():
    people = an_electorate(workers=3, requesters=4, team=3)
    vote = a_vote(only_college="requesters", days=3)
    assert vote.closes_at == NOON + timedelta(days=3)
    assert set(Elector.objects.values_list("college", flat=True)) == {"requesters"}
    with pytest.raises(NotAnElector):
        all_cast(vote, people["team"], "yes")
    all_cast(vote, people["requesters"], "yes", "yes", "no")
    result = ended(vote)
    assert result.is_adopted
    assert [one.college for one in result.colleges] == ["requesters"]


@pytest.mark.parametrize(
    ("class_", "workers", "is_adopted"),
    [
        ("ordinary", ["yes"], True),
        ("pay", ["yes"], False),
        ("pay", ["yes", "abstain"], True),
        ("constitutional", ["yes", "yes", "abstain"], True),
        ("constitutional", ["yes", "yes"], False),
        ("constitutional", ["yes", "yes", "no", "no", "yes"], False),
        ("constitutional", ["yes", "yes", "yes", "yes", "no", "no"], True),
    ],
)
def test_each_class_has_its_quorum_and_majority(class_, workers, is_adopted):
    people = an_electorate(workers=12)
    vote = a_vote(class_=class_)
    all_cast(vote, people["workers"], *workers)
    all_cast(vote, people["requesters"], "yes", "yes", "yes")
    assert ended(vote).is_adopted is is_adopted


def test_a_vote_goes_by_the_rule_it_was_opened_under():
    people = an_electorate()
    vote = a_vote(class_="pay")
    by_rule("governance.quorum_pay_share", "0.5")
    all_cast(vote, people["workers"], "yes")
    all_cast(vote, people["requesters"], "yes")
    result = ended(vote)
    assert result.is_adopted
    assert result.rule_as_log()["quorum_share"] == "0.1"


def test_no_vote_ends_early_unless_the_charter_says_so():
    people = an_electorate()
    vote = a_vote()
    all_cast(vote, people["workers"], "no", "no", "no")
    all_cast(vote, people["requesters"], "no", "no", "no")
    assert votes_to_close("question", at=NOON) == []
    with pytest.raises(VoteStillOpen):
        close_vote(vote_id=vote.pk, at=vote.closes_at - timedelta(seconds=1))
    with pytest.raises(VoteStillOpen):
        result_of(vote)
    assert votes_to_close("question", at=vote.closes_at) == [vote]
    assert votes_to_close("other", at=vote.closes_at) == []

    by_rule("governance.early_end", True)
    hasty = a_vote()
    all_cast(hasty, people["workers"], "yes", "yes")
    assert votes_to_close("question", at=NOON) == []
    all_cast(hasty, people["requesters"], "no", "no")
    assert votes_to_close("question", at=NOON) == [hasty]
    assert not close_vote(vote_id=hasty.pk, at=NOON).is_adopted
    as_if_committed()
    with pytest.raises(VoteEnded):
        all_cast(hasty, people["workers"], "no")


def test_a_question_is_put_once_at_a_time_and_may_be_put_again():
    an_electorate()
    vote = a_vote()
    again = a_vote(subject_id=vote.subject_id, title_en="Other words")
    assert again == vote
    assert Elector.objects.count() == 6
    ended(vote)
    second = a_vote(subject_id=vote.subject_id, at=vote.closes_at)
    assert second.pk != vote.pk
    assert vote_on("question", vote.subject_id) == second
    assert vote_on("question", 10**15) is None
    with translation.override("fr"):
        assert title_of(vote) == "Le voulons-nous ?"
    assert title_of(vote) == "Shall we?"


def test_what_is_asked_wrongly_is_refused_with_a_reason():
    people = an_electorate()
    vote = a_vote()
    worker = people["workers"][0]
    for number in (0, -1, vote.pk + 1, 2**63, 10**40):
        with pytest.raises(VoteNotFound):
            cast_ballot(vote_id=number, by=worker, choice="yes", at=NOON)
    for choice in ("", "maybe", "YES", "yes\0", "x" * 10_000):
        with pytest.raises(ChoiceUnknown):
            cast_ballot(vote_id=vote.pk, by=worker, choice=choice, at=NOON)
    assert not Ballot.objects.exists()
    for wrong, said in (
        ({"class_": "grave"}, "grave"),
        ({"only_college": "poets"}, "poets"),
        ({"title_en": " "}, "title"),
        ({"title_fr": "x" * 201}, "title"),
    ):
        with pytest.raises(ValueError, match=said):
            a_vote(**wrong)
    assert Vote.objects.count() == 1


def test_many_members_are_electors_at_the_cost_of_a_few_statements(django_assert_max_num_queries):
    members_of(College.WORKERS, 30)
    with django_assert_max_num_queries(16):
        a_vote()
    assert Elector.objects.count() == 30
