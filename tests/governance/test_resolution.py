"""Resolution juries: who sits, that nobody goes on before all were understood, and what comes of it."""

from dataclasses import replace
from datetime import timedelta
from random import Random

import pytest
from tests.builders import NOON
from tests.governance.juries import (
    SOON,
    Conflict,
    all_accept,
    all_are_understood,
    drawn,
    fresh,
    jurors,
    of_college,
    said_back,
)
from tests.governance.proposing import LEASE, content

from canut.charter import log
from canut.governance.models import ProposalVersion
from canut.governance.refusals import DraftHeld, NotADraft, SettingRefused
from canut.governance.resolution.models import Jury, Restatement, Seat, Statement
from canut.governance.resolution.queries import juries_page, jury_seen, may_call
from canut.governance.resolution.refusals import (
    AlreadyHeard,
    JuryNotFound,
    JuryNotThere,
    NobodyBlocks,
    NotAJuror,
    NotYoursToCall,
    RestatementAnswered,
    RestatementNotFound,
    SaidBack,
    StatementMade,
    StatementNotFound,
    TooFewToDraw,
    TooManyWordings,
    WordingNotFound,
)
from canut.governance.resolution.rules import decided, understood_all, vote_of_college
from canut.governance.resolution.usecases.call_jury import call_jury
from canut.governance.resolution.usecases.choose import choose_wording, put_wording
from canut.governance.resolution.usecases.follow_jury import follow_juries, lots_of
from canut.governance.resolution.usecases.listen import answer_restatement, make_statement, restate
from canut.governance.resolution.wordings import kept, read
from canut.governance.usecases.amend_draft import amend_draft
from canut.governance.usecases.check_sense import check_sense
from canut.governance.usecases.judge_feasibility import ask_feasibility
from canut.kernel.refusals import BadInput
from canut.membership.access import NotAMember
from canut.membership.models import Candidate
from canut.membership.usecases.answer_seat import answer_seat
from canut.membership.usecases.end_membership import leave_membership
from canut.people.models import Person

pytestmark = pytest.mark.django_db
CHEAPER = content(LEASE, title="A longer lease instead", note="What all could live with.")


@pytest.fixture
def conflict() -> Conflict:
    log.lock()
    return Conflict()


# --- The rules, by themselves -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("choices", "vote"),
    [
        ([], None),
        ([None], None),
        ([7], 7),
        ([7, None], None),
        ([7, 7], 7),
        ([7, 0], None),
        ([0, 0, 7], 0),
        ([7, 0, 3], None),
        ([7, 7, None, None], None),
    ],
)
def test_a_college_votes_for_what_more_than_half_of_its_jurors_chose(choices, vote):
    assert vote_of_college(choices) == vote


@pytest.mark.parametrize(
    ("votes", "needed", "decision"),
    [
        ((7, 7, 7), 2, 7),
        ((7, 7, None), 2, 7),
        ((0, 7, 0), 2, 0),
        ((0, 7, None), 2, None),
        ((None, None, None), 1, None),
        ((7, None, None), 1, 7),
        ((7, 0, None), 1, None),
        ((7, 7, 0), 3, None),
        ((7, 7, 7), 3, 7),
    ],
)
def test_so_many_colleges_as_the_charter_says_decide(votes, needed, decision):
    assert (
        decided(dict(zip(("workers", "requesters", "team"), votes, strict=True)), needed=needed) == decision
    )


def test_a_decision_needs_a_college():
    with pytest.raises(ValueError, match="needs a college"):
        decided({}, needed=0)


def test_all_are_understood_when_each_was_by_each_other():
    assert not understood_all([], {})
    assert understood_all([1], {1: []})
    assert not understood_all([1, 2], {1: [2]})
    assert not understood_all([1, 2, 3], {1: [2, 3], 2: [1, 3], 3: [1]})
    assert understood_all([1, 2], {1: [2, 9], 2: [1], 9: []})  # who has left is not waited for


def test_a_wording_is_read_as_it_was_kept():
    assert read(kept(CHEAPER)) == CHEAPER


# --- Calling one ---------------------------------------------------------------------------------


def test_a_jury_is_drawn_from_each_college_and_holds_the_draft(conflict):
    assert may_call(conflict.draft.pk, by=conflict.blocker, at=NOON)
    assert may_call(conflict.draft.pk, by=conflict.author, at=NOON)
    assert not may_call(conflict.draft.pk, by=conflict.members[2], at=NOON)
    # When who blocks the draft calls a jury, twice
    jury = conflict.called()
    assert conflict.called().pk == jury.pk
    # Then two of each college are asked, and neither the author nor who blocks
    assert sorted(lot.college for lot in lots_of(jury)) == ["requesters", "team", "workers"]
    assert [lot.seats for lot in lots_of(jury)] == [2, 2, 2]
    could = set(Candidate.objects.filter(lot__subject_id=jury.pk).values_list("person_id", flat=True))
    assert could.isdisjoint({conflict.author.pk, conflict.blocker.pk})
    # And the draft stays as it is meanwhile
    changed = content(LEASE)
    with pytest.raises(DraftHeld):
        amend_draft(proposal_id=conflict.draft.pk, by=conflict.author, content=changed, written_on=1, at=SOON)
    with pytest.raises(DraftHeld):
        ask_feasibility(proposal_id=conflict.draft.pk, by=conflict.author, at=SOON)
    assert not may_call(conflict.draft.pk, by=conflict.author, at=SOON)


def test_who_may_not_call_a_jury_is_told_why(conflict, worker):
    call = {"proposal_id": conflict.draft.pk, "reason": "Why?", "at": NOON}
    with pytest.raises(NotAMember):
        call_jury(by=worker, **call)
    with pytest.raises(NotYoursToCall):
        call_jury(by=conflict.members[3], **call)
    for reason in ("", "  ", "x" * 2_001, "a\0b"):
        with pytest.raises(BadInput):
            call_jury(by=conflict.author, **(call | {"reason": reason}))
    check_sense(proposal_id=conflict.draft.pk, by=conflict.blocker, stance="agree", reason="", at=NOON)
    with pytest.raises(NobodyBlocks):
        call_jury(by=conflict.author, **call)
    check_sense(proposal_id=conflict.draft.pk, by=conflict.blocker, stance="block", reason="No", at=NOON)
    conflict.draft.refresh_from_db()
    assert conflict.draft.held_at is None
    ask_feasibility(proposal_id=conflict.draft.pk, by=conflict.author, at=NOON)
    with pytest.raises(NotADraft):
        call_jury(by=conflict.author, **call)
    with pytest.raises(JuryNotFound):
        jury_seen(2**70, by=None)


def test_without_two_colleges_to_draw_from_there_is_no_jury():
    log.lock()
    conflict = Conflict(workers=6, requesters=0, team=0)
    with pytest.raises(TooFewToDraw) as refused:
        conflict.called()
    assert refused.value.facts == {"colleges": 1, "needed": 2}
    assert not Jury.objects.exists()


# --- Seats ---------------------------------------------------------------------------------------


def test_who_declines_is_replaced_and_the_round_waits_for_all(conflict):
    jury = conflict.called()
    (number, first), *_others = [one for one in drawn(jury) if one[1].is_worker]
    answer_seat(number=number, by=first, accept=False, at=SOON)
    assert follow_juries(at=SOON) == 0
    assert first.pk not in {person.pk for _number, person in drawn(jury)}
    assert len(drawn(jury)) == 6
    all_accept(jury)
    assert fresh(jury).state == "round"
    assert len(jurors(jury)) == 6
    assert follow_juries(at=SOON) == 0
    # Who was not drawn takes no part
    with pytest.raises(NotAJuror):
        make_statement(jury_id=jury.pk, by=first, text="I think", at=SOON)


def test_with_too_few_who_accept_it_ends_and_the_draft_goes_on(conflict):
    jury = conflict.called()
    for _time in range(20):
        for number, person in drawn(jury):
            accepts = person.is_worker
            answer_seat(number=number, by=person, accept=accepts, at=SOON)
    assert follow_juries(at=SOON) == 1
    assert fresh(jury).state == "lapsed"
    conflict.draft.refresh_from_db()
    assert conflict.draft.held_at is None
    assert {lot.state for lot in lots_of(jury)} == {"closed"}
    with pytest.raises(AlreadyHeard):
        conflict.called(at=SOON)


def test_who_comes_in_for_another_is_listened_to_as_everybody_was(conflict):
    jury = conflict.understood()
    assert jury.state == "choosing"
    leaver = of_college(jury, "workers")[0]
    number = next(lot.number for lot in lots_of(jury) if lot.college == "workers")
    answer_seat(number=number, by=leaver, accept=False, at=SOON)
    all_accept(jury)
    assert fresh(jury).state == "round"
    assert jury.understood_at is None
    come = jurors(jury)[-1]
    assert come.pk != leaver.pk
    make_statement(jury_id=jury.pk, by=come, text="I am new here.", at=SOON)
    for other in jurors(jury)[:-1]:
        said_back(jury, other, come)
        said_back(jury, come, other)
    assert fresh(jury).state == "choosing"


# --- The round -----------------------------------------------------------------------------------


def test_nobody_goes_on_before_each_was_understood_by_each_other(conflict):
    jury = conflict.seated()
    people = jurors(jury)
    one, other = people[0], people[1]
    statement = make_statement(jury_id=jury.pk, by=one, text="Small projects feed me.", at=SOON)
    assert make_statement(jury_id=jury.pk, by=one, text="Small projects feed me.", at=SOON) == statement
    with pytest.raises(StatementMade):
        make_statement(jury_id=jury.pk, by=one, text="Something else", at=SOON)
    # It is said back, not as it was meant, and again
    back = {"jury_id": jury.pk, "statement_id": statement.pk, "at": SOON}
    with pytest.raises(SaidBack):
        restate(by=one, text="What I said", **back)
    wrong = restate(by=other, text="You like small things.", **back)
    assert restate(by=other, text="You like small things.", **back) == wrong
    with pytest.raises(SaidBack):
        restate(by=other, text="You earn by them.", **back)
    answer = {"jury_id": jury.pk, "at": SOON}
    with pytest.raises(RestatementNotFound):
        answer_restatement(restatement_id=wrong.pk, by=other, understood=True, missed="", **answer)
    with pytest.raises(BadInput):
        answer_restatement(restatement_id=wrong.pk, by=one, understood=False, missed=" ", **answer)
    no = {"restatement_id": wrong.pk, "by": one, "understood": False, "missed": "I live by them."}
    assert answer_restatement(**no, **answer) == answer_restatement(**no, **answer)
    with pytest.raises(RestatementAnswered):
        answer_restatement(restatement_id=wrong.pk, by=one, understood=True, missed="", **answer)
    seen = jury_seen(jury.pk, by=other)
    assert [juror.statement for juror in seen.to_restate] == ["Small projects feed me."]
    right = restate(by=other, text="You live by them.", **back)
    assert [one.id for one in jury_seen(jury.pk, by=one).to_answer] == [right.pk]
    answer_restatement(restatement_id=right.pk, by=one, understood=True, missed="", **answer)
    with pytest.raises(SaidBack):
        restate(by=other, text="You live well by them.", **back)
    with pytest.raises(JuryNotThere):
        put_wording(jury_id=jury.pk, by=one, content=CHEAPER, at=SOON)
    with pytest.raises(JuryNotThere):
        choose_wording(jury_id=jury.pk, by=one, wording_id=None, at=SOON)
    # When all others have said what they think, and all but one pair have understood each other
    for person in people[1:]:
        make_statement(jury_id=jury.pk, by=person, text=f"I, {person.pk}, think so.", at=SOON)
    pairs = [(by, of) for by in people for of in people if by != of and (by, of) != (other, one)]
    Random(7).shuffle(pairs)
    for by, of in pairs[:-1]:
        said_back(jury, by, of)
        assert fresh(jury).state == "round"
    said_back(jury, *pairs[-1])
    # Then all go on
    assert fresh(jury).state == "choosing"
    assert Restatement.objects.filter(understood=True).count() == 30


def test_words_that_cannot_be_kept_are_refused_and_so_is_what_is_not_there(conflict):
    jury = conflict.seated()
    one, other = jurors(jury)[:2]
    for text in ("", " \n", "x" * 2_001, "a\0b"):
        with pytest.raises(BadInput):
            make_statement(jury_id=jury.pk, by=one, text=text, at=SOON)
    for number in (0, -1, 2**70, 987654321):
        with pytest.raises(StatementNotFound):
            restate(jury_id=jury.pk, statement_id=number, by=one, text="You think", at=SOON)
        with pytest.raises(RestatementNotFound):
            answer_restatement(
                jury_id=jury.pk, restatement_id=number, by=one, understood=True, missed="", at=SOON
            )
        with pytest.raises(JuryNotFound):
            make_statement(jury_id=number, by=one, text="I think", at=SOON)
        with pytest.raises(WordingNotFound):
            choose_wording(jury_id=jury.pk, by=one, wording_id=number, at=SOON)
    leave_membership(by=other, at=SOON)
    with pytest.raises(NotAMember):
        make_statement(jury_id=jury.pk, by=other, text="I think", at=SOON)


# --- The choice ----------------------------------------------------------------------------------


def test_what_two_colleges_choose_is_the_drafts_next_version(conflict):
    jury = conflict.understood()
    workers, requesters, team = (of_college(jury, name) for name in ("workers", "requesters", "team"))
    wording = put_wording(jury_id=jury.pk, by=workers[0], content=CHEAPER, at=SOON)
    assert put_wording(jury_id=jury.pk, by=team[0], content=CHEAPER, at=SOON) == wording
    with pytest.raises(SettingRefused):
        put_wording(
            jury_id=jury.pk, by=team[0], content=content(replace(LEASE, parameter="no.such")), at=SOON
        )
    for person in (*workers, requesters[0], *team[:1]):
        choose_wording(jury_id=jury.pk, by=person, wording_id=wording.pk, at=SOON)
        assert fresh(jury).state == "choosing"
    choose_wording(jury_id=jury.pk, by=requesters[1], wording_id=None, at=SOON)
    assert fresh(jury).state == "choosing"
    assert jury_seen(jury.pk, by=None).votes == ()
    choose_wording(jury_id=jury.pk, by=requesters[1], wording_id=wording.pk, at=SOON)
    # Then the draft reads so, belongs to its author again, and the seeds are shown
    assert (fresh(jury).state, jury.wording) == ("amended", wording)
    assert choose_wording(jury_id=jury.pk, by=requesters[1], wording_id=wording.pk, at=SOON)
    version = ProposalVersion.objects.get(proposal=conflict.draft, number=2)
    assert (version.by, version.title) == (None, "A longer lease instead")
    assert version.settings.get().parameter == "lease.factor"
    conflict.draft.refresh_from_db()
    assert (conflict.draft.state, conflict.draft.held_at) == ("draft", None)
    assert {lot.state for lot in lots_of(jury)} == {"closed"}
    votes = dict(jury_seen(jury.pk, by=None).votes)
    assert votes == {"workers": wording.pk, "requesters": wording.pk, "team": None}
    ask_feasibility(proposal_id=conflict.draft.pk, by=conflict.author, at=SOON)
    with pytest.raises(JuryNotThere):
        choose_wording(jury_id=jury.pk, by=team[0], wording_id=None, at=SOON)


def test_two_colleges_may_leave_the_draft_as_it_is(conflict):
    jury = conflict.understood()
    for person in (*of_college(jury, "team"), *of_college(jury, "requesters")):
        choose_wording(jury_id=jury.pk, by=person, wording_id=None, at=SOON)
    assert fresh(jury).state == "kept"
    conflict.draft.refresh_from_db()
    assert (conflict.draft.version_number, conflict.draft.held_at) == (1, None)
    page, next_before = juries_page()
    assert ([one.id for one in page], next_before) == ([jury.pk], None)


def test_without_a_decision_in_time_the_draft_goes_on_as_it_was(conflict):
    jury = conflict.seated()
    end = NOON + timedelta(days=21)
    assert follow_juries(at=end - timedelta(seconds=1)) == 0
    assert follow_juries(at=end) == 1
    assert (fresh(jury).state, jury.ended_at) == ("disagreed", end)
    conflict.draft.refresh_from_db()
    assert conflict.draft.held_at is None
    with pytest.raises(JuryNotThere):
        make_statement(jury_id=jury.pk, by=jurors(jury)[0], text="Too late", at=end)


def test_a_juror_puts_five_wordings_and_no_more(conflict):
    jury = conflict.understood()
    one = jurors(jury)[0]
    for number in range(5):
        put_wording(jury_id=jury.pk, by=one, content=replace(CHEAPER, title=f"Title {number}"), at=SOON)
    with pytest.raises(TooManyWordings):
        put_wording(jury_id=jury.pk, by=one, content=CHEAPER, at=SOON)


# --- What others see -----------------------------------------------------------------------------


def test_everybody_reads_what_a_jury_says_and_nobody_who_sits_in_it(conflict, stranger: Person):
    jury = conflict.seated()
    all_are_understood(jury, jurors(jury)[:2])
    names = {name for person in jurors(jury) for name in (person.username, person.screen_name)}
    for by in (None, stranger, conflict.author, jurors(jury)[3]):
        seen = jury_seen(jury.pk, by=by)
        assert not [name for name in names if name in repr(seen)]
        assert len(seen.jurors) == 6
        assert sum(bool(one.statement) for one in seen.jurors) == 2
        assert (seen.own is None) == (by is None or by.pk not in {one.pk for one in jurors(jury)})
    assert Statement.objects.count() == 2
    assert Seat.objects.count() == 6
