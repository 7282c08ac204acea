"""Contested times, withdrawn projects, levels and refused admissions: from the click to what is restored."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from tests.builders import NOON, a_requester, a_worker
from tests.guilds.crafts import a_guild, a_member, an_operator, by_rules, guild_work
from tests.guilds.reviewed import review_of
from tests.justice.cases import heard, lapsed
from tests.membership.members import a_member_of
from tests.people.at_once import at_once
from tests.told import told
from tests.work.duties import fill_fund
from tests.work.test_refusals import withdrawn
from tests.work.test_top_ups import DAY, LATER, a_slow_project, crowd, done, earned, settled  # noqa: F401

from canut.guilds.models import LevelDecision, Member, Review
from canut.justice.models import Case
from canut.justice.queries import hearing_of
from canut.justice.states import PoolKind
from canut.justice.subjects import SUBJECTS
from canut.justice.usecases.appeal_withdrawal import appeal_withdrawal
from canut.justice.usecases.contest_level import contest_level
from canut.justice.usecases.contest_refusal import contest_refusal
from canut.justice.usecases.contest_times import contest_times
from canut.justice.usecases.follow_settled import follow_settled
from canut.justice.usecases.take_back_case import take_back_case
from canut.justice.usecases.tell_of_case import tell_of_case
from canut.kernel import clock
from canut.kernel.refusals import Refusal
from canut.ledger.queries import verify
from canut.membership.models import AdmissionRefusal, AdmissionRequest, Membership
from canut.membership.usecases.ask_admission import ask_admission
from canut.membership.usecases.refuse_admission import refuse_admission
from canut.people.models import Person
from canut.reputation.models import Standing
from canut.work.models import ProjectRefusal, TopUp, Withdrawal
from canut.work.usecases.pay_top_ups import pay_top_ups
from canut.work.usecases.reinstate_project import reinstate_project
from canut.work.usecases.settle_design import settle_what_is_due


def code_of(act: Callable[[], object]) -> str:
    with pytest.raises(Refusal) as refused:
        act()
    return refused.value.code


def page_of(case: Case, by: Person) -> str:
    browser = Client()
    browser.force_login(by)
    return browser.get(reverse("case", args=[case.pk])).content.decode()


def said_of(case: Case) -> str:
    """Return all that jurors read of a case."""
    shown = SUBJECTS[case.kind].shown(case.subject_id)
    return "\n".join(
        [shown.title, shown.question, shown.stands, shown.falls]
        + [f"{one.heading}: {one.text}" for one in shown.passages]
    )


# --- Times ----------------------------------------------------------------------------------------


def test_contested_times_are_believed_or_not_and_nothing_else_waits(
    requester: Person,
    crowd: list[Person],  # noqa: F811
    stranger: Person,
) -> None:
    settlement = settled(requester, crowd)
    mine, other, third = TopUp.objects.filter(settlement=settlement).order_by("worker")
    contest = {"top_up_id": mine.pk, "reason": "Others take half as long.", "at": LATER}
    assert code_of(lambda: contest_times(by=stranger, **contest)) == "top_up_not_found"
    assert code_of(lambda: contest_times(by=crowd[0], **contest)) == "top_up_not_found"
    assert code_of(lambda: contest_times(by=requester, **{**contest, "reason": " "})) == "bad_input"
    assert not Case.objects.exists()
    case = contest_times(by=requester, **contest)
    assert contest_times(by=requester, **contest) == case

    subject = SUBJECTS[case.kind]
    assert {requester.pk, *(one.pk for one in crowd)} <= set(subject.excluded(mine.pk, at=LATER))
    assert stranger.pk not in subject.excluded(mine.pk, at=LATER)
    assert subject.pools(mine.pk, at=LATER)[0].kind == PoolKind.WORKERS
    assert subject.other_side(mine.pk) == [mine.worker_id]
    read = said_of(case)
    assert "Others take half as long." in read
    assert "stated 4\u00a0min" in read
    assert not any(person.screen_name in read for person in (requester, *crowd))

    heard(case, overturn=True, reason="Nobody needs that long.", at=LATER)
    assert (earned(crowd[0]), subject.has_ended(mine.pk)) == (240, True)
    second = contest_times(top_up_id=other.pk, by=requester, reason="Too long.", at=LATER)
    heard(second, overturn=False, reason="It can be.", at=LATER)
    assert earned(crowd[1]) == 400
    back = contest_times(top_up_id=third.pk, by=requester, reason="Too long.", at=LATER)
    take_back_case(case_id=back.pk, by=requester, at=LATER)
    assert "taken back, so what was contested is paid" in page_of(back, crowd[2])
    assert earned(crowd[2]) == 400
    assert code_of(lambda: contest_times(**{**contest, "top_up_id": 987654321}, by=requester)) == (
        "top_up_not_found"
    )
    assert verify() == []


def test_a_contest_that_nobody_decides_in_time_is_paid_and_its_case_ends(
    requester: Person,
    crowd: list[Person],  # noqa: F811
) -> None:
    settlement = settled(requester, crowd)
    mine = TopUp.objects.get(settlement=settlement, worker=crowd[0])
    case = contest_times(top_up_id=mine.pk, by=requester, reason="Too long.", at=LATER)
    hearing = hearing_of(case)
    assert (hearing.pays_at, hearing.lapses_at) == (LATER + 7 * DAY, None)
    for side in (requester, crowd[0]):
        page = page_of(case, side)
        assert "Unless peers have decided by" in page
        assert "does not stand" not in page
    pay_top_ups(at=LATER + 7 * DAY)
    assert (earned(crowd[0]), follow_settled(at=LATER + 7 * DAY)) == (400, 1)
    case.refresh_from_db()
    for side in (requester, crowd[0]):  # neither of them gave in
        assert "Nobody decided in time, so what was contested is paid." in page_of(case, side)
    assert (case.state, case.decided_by) == ("dropped", "overtaken")
    heard(case, overturn=True, at=LATER + 7 * DAY)  # too late: nothing changes any more
    assert earned(crowd[0]) == 400


@pytest.mark.parametrize("end", ["heard", "unheard", "taken back"])
def test_a_contest_whose_time_ran_out_just_now_ends_its_case_and_stops_no_other(
    requester: Person,
    crowd: list[Person],  # noqa: F811
    end: str,
) -> None:
    settlement = settled(requester, crowd)
    mine = TopUp.objects.get(settlement=settlement, worker=crowd[0])
    case = contest_times(top_up_id=mine.pk, by=requester, reason="Too long.", at=LATER)
    # Given that the payment of what is due has not run since its time was over
    over = LATER + 7 * DAY
    # When its peers decide, or nobody does, or it is taken back
    if end == "heard":
        heard(case, overturn=True, at=over)
    elif end == "unheard":
        lapsed(case, at=over)
    else:
        take_back_case(case_id=case.pk, by=requester, at=over)
    # Then it is too late for all of these, and the worker is paid with what is due
    case.refresh_from_db()
    assert (case.state, case.decided_by) == ("dropped", "overtaken")
    pay_top_ups(at=over)
    assert earned(crowd[0]) == 400
    assert verify() == []


@pytest.mark.usefixtures("committed")
def test_two_clicks_at_once_open_one_case() -> None:
    owner, workers = a_requester(), [a_worker() for _each in range(3)]
    project = a_slow_project(owner)
    for worker in workers:
        for _task in range(4):
            done(project, worker, owner, seconds=240)
    settle_what_is_due(at=LATER)
    mine = TopUp.objects.order_by("pk")[0]
    reasons = ("Long.", "Too long.", "Much too long.")
    opened = at_once(
        lambda reason: contest_times(top_up_id=mine.pk, by=owner, reason=reason, at=LATER).pk, *reasons
    )
    assert set(opened) == {Case.objects.get().pk}


# --- Withdrawn projects ---------------------------------------------------------------------------


def test_a_withdrawn_project_is_heard_by_members_and_taken_up_again(
    requester: Person, stranger: Person
) -> None:
    project = withdrawn(requester)
    appeal = {"project_id": project.pk, "words": "The floor was kept.", "at": NOON}
    assert code_of(lambda: appeal_withdrawal(by=stranger, **appeal)) == "project_not_found"
    assert code_of(lambda: appeal_withdrawal(by=requester, **{**appeal, "words": ""})) == "bad_input"
    case = appeal_withdrawal(by=requester, **appeal)
    assert appeal_withdrawal(by=requester, **appeal) == case

    subject, refusers = SUBJECTS[case.kind], ProjectRefusal.objects.filter(project=project)
    excluded = set(subject.excluded(project.pk, at=NOON))
    assert {requester.pk, *refusers.values_list("worker", flat=True)} <= excluded
    assert [pool.kind for pool in subject.pools(project.pk, at=NOON)] == [PoolKind.MEMBERS]
    assert subject.other_side(project.pk) == []
    read = said_of(case)
    assert "It says nothing of what is paid." in read
    assert not any(one.worker.screen_name in read for one in refusers)

    reinstate = {"project_id": project.pk, "by": requester, "at": NOON}
    assert code_of(lambda: reinstate_project(**reinstate)) == "withdrawal_stands"
    heard(case, overturn=True, reason="It was kept indeed.", at=NOON)
    assert reinstate_project(**reinstate).state == "paused"
    assert appeal_withdrawal(by=requester, **appeal) == case  # once, whatever has become of it


@pytest.mark.parametrize(
    ("end", "appeal", "ended_by"),
    [
        (lambda case, by: heard(case, overturn=False, at=NOON), "upheld", "jury"),
        (lambda case, by: lapsed(case, at=NOON), "overturned", "no_peers"),
        (lambda case, by: take_back_case(case_id=case.pk, by=by, at=NOON), "dropped", "taken_back"),
    ],
)
def test_how_the_appeal_of_a_withdrawal_ends(
    requester: Person, end: Callable[[Case, Person], object], appeal: str, ended_by: str
) -> None:
    project = withdrawn(requester)
    end(appeal_withdrawal(project_id=project.pk, by=requester, words="No.", at=NOON), requester)
    withdrawal = Withdrawal.objects.get()
    assert (withdrawal.appeal, withdrawal.ended_by) == (appeal, ended_by)


# --- Levels ---------------------------------------------------------------------------------------


@pytest.fixture
def fallen(db: None) -> tuple[Member, Member, LevelDecision]:
    """A member who fell from level 2 to 1 by two reviews, their reviewer, and the decision."""
    fill_fund(100_000)
    by_rules(draw_items=1, window_reviews=2, scarce_members=100)
    guild = a_guild()
    project = guild_work(guild)
    author, judge = a_member(guild, level=2), a_member(guild, level=3)
    for verdict in (1, 1):
        review_of(author, judge.person, verdict, project=project, advice="Nothing is right here.")
    author.refresh_from_db()
    return author, judge, LevelDecision.objects.get(member=author)


def test_a_level_that_fell_is_contested_by_naming_reviews_and_decided_anew_without_them(
    fallen: tuple[Member, Member, LevelDecision],
) -> None:
    author, judge, decision = fallen
    assert (decision.before, author.level) == (2, 1)
    contest: dict[str, Any] = {"guild_id": author.guild_id, "number": 1, "items": [2], "at": NOON}
    mine = {**contest, "by": author.person}
    assert code_of(lambda: contest_level(**{**contest, "by": a_worker()})) == "not_a_guild_member"
    assert code_of(lambda: contest_level(**{**contest, "by": judge.person})) == "level_decision_not_found"
    assert code_of(lambda: contest_level(**{**mine, "number": 2**40})) == "level_decision_not_found"
    for items in ([], [7], [2, 7]):
        assert code_of(lambda items=items: contest_level(**{**mine, "items": items})) == "bad_input"
    assert code_of(lambda: contest_level(**{**mine, "words": "x" * 2001})) == "bad_input"
    late = decision.decided_at + timedelta(days=14)
    assert code_of(lambda: contest_level(**{**mine, "at": late})) == "level_contest_too_late"

    case = contest_level(**mine, words="It was as asked.\0")
    assert contest_level(**mine) == case
    subject = SUBJECTS[case.kind]
    assert {author.person_id, judge.person_id} <= set(subject.excluded(case.subject_id, at=NOON))
    first = subject.pools(case.subject_id, at=NOON)[0]
    assert (first.kind, first.guild_id, first.least) == (PoolKind.GUILD_LEVEL, author.guild_id, 2)
    assert len(subject.shown(case.subject_id).works) == 1
    read = said_of(case)
    assert "Nothing is right here." in read
    assert "It was as asked." in read
    assert not any(one.person.screen_name in read for one in (author, judge))

    heard(case, overturn=True, reason="It is right.", at=NOON)
    assert tell_of_case(case_id=case.pk, at=NOON)
    (notice,) = told(author.person, kind="appeal")
    assert notice.path == f"/justice/cases/{case.pk}/"
    assert notice.text.startswith("The decision does not stand: the reviews that you named count no more")
    assert "It is right." in notice.text
    author.refresh_from_db()
    taken_out = Review.objects.get(voided_at__isnull=False)
    assert (author.level, taken_out.item.number, taken_out.voided_by) == (2, 2, None)
    assert Standing.objects.get(party_id=author.person_id, scale="guild").value == Decimal(2)
    assert not LevelDecision.objects.filter(member=author, superseded_at=None).exists()


def test_a_level_stands_where_peers_find_the_reviews_fair_and_a_rise_is_not_contested(
    fallen: tuple[Member, Member, LevelDecision],
) -> None:
    author, judge, _decision = fallen
    mine: dict[str, Any] = {"guild_id": author.guild_id, "by": author.person, "at": NOON}
    case = contest_level(**mine, number=1, items=[1, 2])
    heard(case, overturn=False, at=NOON)
    assert [tell_of_case(case_id=case.pk, at=NOON) for _twice in range(2)] == [True, True]
    assert len(told(author.person, kind="appeal")) == 1
    author.refresh_from_db()
    assert (author.level, Review.objects.filter(author=author, voided_at=None).count()) == (1, 2)
    by_rules(reviewer_levels_above=2)
    for verdict in (4, 4):
        project = guild_work(author.guild, owner=a_requester())
        review_of(author, judge.person, verdict, project=project)
    assert code_of(lambda: contest_level(**mine, number=2, items=[3])) == "level_rose"


def test_a_member_contests_on_a_page_that_keeps_what_was_typed(
    client: Client, fallen: tuple[Member, Member, LevelDecision]
) -> None:
    author, judge, decision = fallen
    address = reverse("contest_level", args=[author.guild_id, 1])
    client.force_login(author.person)
    clock_at = decision.decided_at + timedelta(hours=1)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(clock, "now", lambda: clock_at)
        assert address in client.get(reverse("guild_mine", args=[author.guild_id])).content.decode()
        kept = client.post(address, {"words": "It was as asked."})
        assert (kept.status_code, "It was as asked." in kept.content.decode()) == (422, True)
        for _click in range(2):
            sent = client.post(address, {"items": ["1", "2"], "words": "It was as asked."})
            assert sent.headers["Location"] == reverse("case", args=[Case.objects.get().pk])
        assert "Your contest is open" in client.get(address).content.decode()
        client.force_login(judge.person)
        assert client.get(address).status_code == 404
        assert client.get(reverse("case", args=[Case.objects.get().pk])).status_code == 404


# --- Admission ------------------------------------------------------------------------------------


def refused_by(operator: Person, person: Person) -> AdmissionRefusal:
    request = ask_admission(by=person, words="Me.", at=NOON)
    return refuse_admission(
        request_id=request.pk, by=operator, ground="identity", reason="Nobody knows them.", at=NOON
    )


def test_a_refusal_is_one_operators_with_a_reason_and_members_hear_it(
    worker: Person, stranger: Person
) -> None:
    operator, other = a_member_of("team"), a_member_of("team")
    request = ask_admission(by=worker, at=NOON)
    refuse: dict[str, Any] = {"request_id": request.pk, "ground": "identity", "reason": "Why.", "at": NOON}
    assert code_of(lambda: refuse_admission(by=stranger, **refuse)) == "operator_role_missing"
    assert code_of(lambda: refuse_admission(by=operator, **{**refuse, "reason": " "})) == "bad_input"
    assert code_of(lambda: refuse_admission(by=operator, **{**refuse, "ground": "dull"})) == "bad_input"
    own = ask_admission(by=(third := an_operator()), at=NOON).pk
    assert code_of(lambda: refuse_admission(by=third, **{**refuse, "request_id": own})) == "own_identity"
    refusal = refuse_admission(by=operator, **refuse)
    assert refuse_admission(by=operator, **refuse) == refusal
    assert code_of(lambda: refuse_admission(by=other, **refuse)) == "admission_request_not_found"

    contest = {"refusal_id": refusal.pk, "words": "I was seen.", "at": NOON}
    assert code_of(lambda: contest_refusal(by=stranger, **contest)) == "admission_refusal_not_found"
    late = {**contest, "at": NOON + timedelta(days=30)}
    assert code_of(lambda: contest_refusal(by=worker, **late)) == "refusal_contest_too_late"
    case = contest_refusal(by=worker, **contest)
    assert contest_refusal(by=worker, **contest) == case
    subject = SUBJECTS[case.kind]
    assert {worker.pk, operator.pk, other.pk} <= set(subject.excluded(refusal.pk, at=NOON))
    read = said_of(case)
    assert "I was seen." in read
    assert not any(one.screen_name in read for one in (worker, operator))

    heard(case, overturn=True, reason="They were seen.", at=NOON)
    assert Membership.objects.get(person=worker).way == "jury"
    assert Standing.objects.filter(party_id=worker.pk, scale="membership").exists()


def test_nobody_is_admitted_by_silence_but_another_operator_decides(worker: Person) -> None:
    operator, other = a_member_of("team"), a_member_of("team")
    refusal = refused_by(operator, worker)
    lapsed(contest_refusal(refusal_id=refusal.pk, by=worker, at=NOON), at=NOON)
    request = AdmissionRequest.objects.get(person=worker)
    assert (request.state, Membership.objects.filter(person=worker).exists()) == ("open", False)
    again: dict[str, Any] = {"request_id": request.pk, "ground": "other", "reason": "No.", "at": NOON}
    assert code_of(lambda: refuse_admission(by=operator, **again)) == "conflict_of_interest"
    second = refuse_admission(by=other, **again)
    case = contest_refusal(refusal_id=second.pk, by=worker, at=NOON)
    heard(case, overturn=False, reason="Rightly so.", at=NOON)
    second.refresh_from_db()
    assert (second.state, Membership.objects.filter(person=worker).exists()) == ("stands", False)
    for each in Case.objects.order_by("pk"):
        assert tell_of_case(case_id=each.pk, at=NOON)
    nobody_heard, stands = told(worker, kind="appeal")
    assert "No peers were found in time" in nobody_heard.text
    assert "say that the decision stands." in stands.text
    assert "Rightly so." in stands.text


def test_a_contest_of_who_became_a_member_otherwise_ends(worker: Person) -> None:
    refusal = refused_by(a_member_of("team"), worker)
    case = contest_refusal(refusal_id=refusal.pk, by=worker, at=NOON)
    Membership.objects.create(person=worker, way="vouchers", admitted_at=NOON)
    assert follow_settled(at=NOON) == 1
    case.refresh_from_db()
    assert case.state == "dropped"
    assert code_of(lambda: ask_admission(by=worker, at=NOON)) == "already_admitted"


def test_the_pages_of_a_refusal(client: Client, worker: Person, stranger: Person) -> None:
    operator, at = a_member_of("team"), clock.now()
    request = ask_admission(by=worker, words="Me.", at=at)
    address = reverse("refuse_admission", args=[request.pk])
    client.force_login(stranger)
    assert client.get(address).status_code == 403
    assert client.get(reverse("admission_refusals")).status_code == 403
    client.force_login(operator)
    assert address in client.get(reverse("admission_requests")).content.decode()
    kept = client.post(address, {"ground": "", "reason": "Kept as typed."})
    assert (kept.status_code, "Kept as typed." in kept.content.decode()) == (422, True)
    told = {"ground": "identity", "reason": "Nobody knows them."}
    assert client.post(address, told).status_code == 302
    assert "Nobody knows them." in client.get(reverse("admission_refusals")).content.decode()

    refusal = AdmissionRefusal.objects.get()
    own = reverse("admission_refusal", args=[refusal.pk])
    client.force_login(stranger)
    assert (client.get(own).status_code, client.post(own, {}).status_code) == (404, 404)
    client.force_login(worker)
    assert own in client.get(reverse("membership")).content.decode()
    page = client.get(own).content.decode()
    assert "Nobody knows them." in page
    assert operator.screen_name not in page
    for _click in range(2):
        sent = client.post(own, {"words": "I was seen."})
        assert sent.headers["Location"] == reverse("case", args=[Case.objects.get().pk])
    assert reverse("case", args=[Case.objects.get().pk]) in client.get(own).content.decode()
    case = client.get(reverse("case", args=[Case.objects.get().pk])).content.decode()
    assert "I was seen." in case
    assert operator.screen_name not in case
