"""Collective refusal: workers who looked at a project withdraw it together; its requester may appeal."""

from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from tests.builders import ANSWER, NOON, a_draft, a_project, a_requester, a_worker
from tests.membership.members import stands_as_member
from tests.promises import broken, run
from tests.told import told_by_jobs
from tests.work.test_crowding import at_once

from canut.kernel.refusals import Refusal
from canut.ledger.models import Kind
from canut.ledger.queries import party_total_minor, project_total_minor, verify
from canut.people.models import Listing, Person
from canut.work.models import Project, ProjectOpening, ProjectRefusal, Withdrawal
from canut.work.queries.refusals import withdrawal_of
from canut.work.queries.revisions import revision_chain
from canut.work.rules_refusal import refusals_needed
from canut.work.states import AppealState, HeardBy
from canut.work.usecases.accept_risks import accept_risks
from canut.work.usecases.appeal_withdrawal import appeal_withdrawal, decide_withdrawal
from canut.work.usecases.approve_submission import approve_submission
from canut.work.usecases.begin_revision import begin_revision, discard_revision
from canut.work.usecases.close_project import close_project
from canut.work.usecases.note_opening import note_opening
from canut.work.usecases.pause_project import resume_project
from canut.work.usecases.publish_project import publish_project
from canut.work.usecases.refuse_project import refuse_project
from canut.work.usecases.reinstate_project import reinstate_project
from canut.work.usecases.submit_answer import submit_answer
from canut.work.usecases.take_task import take_task


def refused(project: Project, worker: Person, ground: str = "underpaid", words: str = "") -> bool:
    """Have the worker look at the project and refuse it; tell whether it is withdrawn by now."""
    note_opening(project_id=project.pk, by=stands_as_member(worker), at=NOON)
    done = refuse_project(project_id=project.pk, by=worker, ground=ground, words=words, at=NOON)
    return done.is_withdrawn


def withdrawn(owner: Person, *, published_at: datetime = NOON) -> Project:
    project = a_project(owner=owner, at=published_at)
    for words in ("", "", "It says nothing of what is paid."):
        refused(project, a_worker(password=None), words=words)
    project.refresh_from_db()
    return project


def code_of(call) -> str:  # type: ignore[no-untyped-def]
    with pytest.raises(Refusal) as refusal:
        call()
    return refusal.value.code


@pytest.mark.parametrize(
    ("opened", "needed"), [(0, 3), (3, 3), (30, 3), (31, 4), (69, 7), (70, 7), (71, 8), (200, 20)]
)
def test_it_takes_a_tenth_of_those_who_looked_but_three_at_least(opened: int, needed: int) -> None:
    by_charter = {"least_workers": 3, "opened_share": Decimal("0.1"), "most_workers": 7, "few_opened": 70}
    assert refusals_needed(opened, **by_charter) == needed


def won(project: Project) -> None:
    """Let peers overturn the withdrawal of a project."""
    appeal_withdrawal(project_id=project.pk, words="It was paid well.", at=NOON)
    decide_withdrawal(
        project_id=project.pk, state=AppealState.OVERTURNED, by=HeardBy.JURY, reason="It was.", at=NOON
    )


def test_of_a_large_share_seven_are_enough_while_few_have_looked() -> None:
    half = {"least_workers": 3, "opened_share": Decimal("0.5"), "most_workers": 7, "few_opened": 70}
    assert [refusals_needed(opened, **half) for opened in (10, 40, 69, 70)] == [5, 7, 7, 35]


def test_whom_the_cascade_keeps_out_may_refuse_in_a_round_and_not_before_it_is_open_to_them(
    requester: Person, worker: Person
) -> None:
    project = a_project(owner=requester, rows=12, untried=True, cascade_policy="ladder")
    assert project.round_id is not None
    running = {
        "cascade_beat": 1,
        "cascade_started_at": NOON,
        "cascade_beat_at": NOON,
        "cascade_next_at": NOON + timedelta(minutes=5),
    }
    Project.objects.filter(pk=project.pk).update(threshold=3, **running)
    assert not refused(project, worker)
    Project.objects.filter(pk=project.pk).update(round=None, round_most=None)
    assert code_of(lambda: refused(project, a_worker())) == "not_open_to_you_yet"


def test_at_the_threshold_a_project_closes_its_rest_comes_back_and_work_in_hand_is_paid(
    requester: Person, worker: Person
) -> None:
    project = a_project(owner=requester, rows=3)
    held = take_task(by=worker, project_id=project.pk, at=NOON)
    assert [refused(project, a_worker(password=None)) for _ in range(3)] == [False, False, True]
    project.refresh_from_db()
    assert project.state == "closed"
    withdrawal = Withdrawal.objects.get()
    assert (withdrawal.opened_by_workers, withdrawal.refused_by_workers) == (4, 3)
    handed = submit_answer(assignment_id=held.pk, by=worker, answer=ANSWER, active_seconds=60, at=NOON)
    approve_submission(submission_id=handed.submission.pk, by=requester, at=NOON)
    assert party_total_minor(worker.pk, Kind.EARNINGS, "EUR") == 60
    spent = 60 + 4 + 1 + 1 + 1  # the reward, the fee of 6.5 %, and levies of 2, 1, 1 and 0.5 %
    assert party_total_minor(requester.pk, Kind.BALANCE, "EUR") >= 1_000_000 - spent - 100
    assert verify() == []


def test_a_worker_refuses_once_and_cannot_take_it_back(requester: Person, worker: Person) -> None:
    project = a_project(owner=requester)
    refused(project, worker, "unclear", "Which picture?")
    refused(project, worker, "unsafe")
    only = ProjectRefusal.objects.get()
    assert (only.ground, only.words) == ("unclear", "Which picture?")


def test_who_may_refuse(requester: Person, worker: Person, peer: Person) -> None:
    project = a_project(owner=requester)
    refuse = {"project_id": project.pk, "ground": "underpaid", "at": NOON}
    assert code_of(lambda: refuse_project(by=worker, **refuse)) == "project_not_opened"
    assert code_of(lambda: refuse_project(by=requester, **refuse)) == "worker_role_missing"
    Listing.objects.create(
        owner_id=requester.pk, person_id=peer.pk, kind="block", reason="x", created_at=NOON
    )
    note_opening(project_id=project.pk, by=peer, at=NOON)
    assert code_of(lambda: refuse_project(by=peer, **refuse)) == "worker_blocked"
    both = a_requester("both")
    Person.objects.filter(pk=both.pk).update(is_worker=True)
    both.refresh_from_db()
    own = a_project(owner=both)
    assert not note_opening(project_id=own.pk, by=both, at=NOON)
    assert code_of(lambda: refuse_project(by=both, **{**refuse, "project_id": own.pk})) == "own_project"
    draft = a_draft(owner=requester)
    assert (
        code_of(lambda: refuse_project(by=worker, **{**refuse, "project_id": draft.pk}))
        == "project_not_found"
    )
    sensitive = a_project(owner=requester, risks=["hate"], reward_minor=120)
    note_opening(project_id=sensitive.pk, by=worker, at=NOON)
    at_sensitive = {**refuse, "project_id": sensitive.pk}
    assert code_of(lambda: refuse_project(by=worker, **at_sensitive)) == "risk_not_accepted"
    accept_risks(by=worker, risks=["hate"], at=NOON)
    assert code_of(lambda: refuse_project(by=worker, **at_sensitive)) == "members_refuse"
    stands_as_member(worker)
    assert refuse_project(by=worker, **at_sensitive).refusal.ground == "underpaid"


@pytest.mark.parametrize(("ground", "words"), [("dull", ""), ("other", "  "), ("unsafe", "x" * 2001)])
def test_a_refusal_has_a_ground_from_the_list_and_words_where_it_must(
    requester: Person, worker: Person, ground: str, words: str
) -> None:
    project = a_project(owner=requester)
    assert code_of(lambda: refused(project, worker, ground, words)) == "bad_input"
    assert not ProjectRefusal.objects.exists()


def test_looking_counts_once_for_each_worker(requester: Person, worker: Person, peer: Person) -> None:
    project = a_project(owner=requester)
    assert [note_opening(project_id=project.pk, by=worker, at=NOON) for _ in range(2)] == [True, False]
    take_task(by=peer, project_id=project.pk, at=NOON)
    assert ProjectOpening.objects.filter(project=project).count() == 2
    assert not note_opening(project_id=a_draft(owner=requester).pk, by=worker, at=NOON)


def test_the_requester_reads_the_grounds_and_words_and_no_names(requester: Person) -> None:
    project = withdrawn(requester)
    seen = withdrawal_of(project.pk, by=requester, at=NOON)
    assert seen is not None
    assert seen.grounds == {"underpaid": 3}
    assert [told.words for told in seen.reasons] == ["It says nothing of what is paid."]
    assert seen.may_appeal
    assert not any("worker" in name for name in seen.__slots__)


def test_an_appeal_is_made_once_and_ends_once(requester: Person) -> None:
    project = withdrawn(requester)
    appeal = {"project_id": project.pk, "at": NOON + timedelta(days=1)}
    appeal_withdrawal(words="The floor was kept.", **appeal)
    assert appeal_withdrawal(words="Again.", **appeal).words == "The floor was kept."
    decide = {"project_id": project.pk, "by": HeardBy.JURY, "at": NOON + timedelta(days=2)}
    for _click in range(2):
        decide_withdrawal(state=AppealState.OVERTURNED, reason="It was kept indeed.", **decide)
    other = lambda: decide_withdrawal(state=AppealState.UPHELD, reason="No.", **decide)  # noqa: E731
    assert code_of(other) == "appeal_decided"
    assert code_of(lambda: appeal_withdrawal(words="Once more.", **appeal)) == "appeal_decided"
    unheard = lambda: decide_withdrawal(state=AppealState.UPHELD, **{**decide, "project_id": 987654321})  # noqa: E731
    assert code_of(unheard) == "nothing_to_appeal"


def test_an_appeal_in_its_time_and_only_of_what_was_withdrawn(requester: Person) -> None:
    project, running = withdrawn(requester), a_project(owner=requester)
    late = NOON + timedelta(days=14)
    too_late = lambda: appeal_withdrawal(project_id=project.pk, words="x", at=late)  # noqa: E731
    assert code_of(too_late) == "appeal_too_late"
    nothing = lambda: appeal_withdrawal(project_id=running.pk, words="x", at=NOON)  # noqa: E731
    assert code_of(nothing) == "nothing_to_appeal"


@pytest.mark.usefixtures("committed")
def test_of_many_who_refuse_at_once_the_threshold_is_reached_once() -> None:
    requester = a_requester()
    project = a_project(owner=requester)
    workers = [stands_as_member(a_worker(password=None)) for _ in range(6)]
    for worker in workers:
        note_opening(project_id=project.pk, by=worker, at=NOON)
    got = at_once(
        [
            lambda w=w: refuse_project(project_id=project.pk, by=w, ground="unsafe", at=NOON).is_withdrawn
            for w in workers * 2
        ]
    )
    assert Withdrawal.objects.get().refused_by_workers == 3
    assert ProjectRefusal.objects.count() == 3
    assert got.count("project_closed") == 6
    assert party_total_minor(requester.pk, Kind.BALANCE, "EUR") == 1_000_000
    assert verify() == []


def test_what_was_overturned_is_taken_up_again_by_a_revision_that_pays_anew(
    requester: Person, worker: Person
) -> None:
    project = withdrawn(requester)
    reinstate = {"project_id": project.pk, "by": requester, "at": NOON}
    assert code_of(lambda: reinstate_project(**reinstate)) == "withdrawal_stands"
    won(project)
    withdrawal, heard = told_by_jobs(person=requester)
    assert "It says nothing of what is paid." in withdrawal.text
    assert (heard.kind, heard.path) == ("appeal", f"/studio/{project.pk}/withdrawal/")
    assert {reinstate_project(**reinstate).state for _click in range(2)} == {"paused"}
    assert party_total_minor(requester.pk, Kind.BALANCE, "EUR") == 1_000_000
    publish_project(project_id=project.pk, by=requester, at=NOON)
    assert project_total_minor(project.pk, Kind.ESCROW) == 3 * 60
    assert take_task(by=worker, project_id=project.pk, at=NOON).reward_minor == 60
    assert not refused(project, a_worker(password=None))  # and it is not withdrawn again
    close_project(project_id=project.pk, by=requester, at=NOON + timedelta(hours=1))
    assert code_of(lambda: reinstate_project(**reinstate)) == "withdrawal_stands"
    assert verify() == []


def test_what_is_taken_up_again_and_not_published_is_closed_again_and_never_live_without_money(
    requester: Person, worker: Person
) -> None:
    project = withdrawn(requester, published_at=NOON - timedelta(hours=1))
    mine = {"project_id": project.pk, "by": requester, "at": NOON}
    won(project)
    for _again in range(2):
        reinstate_project(**mine)
        assert revision_chain(project.pk, by=requester).closes_if_discarded
        assert {discard_revision(**mine).state for _click in range(2)} == {"closed"}
        assert code_of(lambda: resume_project(**mine)) == "project_not_running"
    reinstate_project(**mine)
    publish_project(**mine)
    begin_revision(**mine)
    assert not revision_chain(project.pk, by=requester).closes_if_discarded
    assert discard_revision(**mine).state == "paused"
    resume_project(**mine)
    assert take_task(by=worker, project_id=project.pk, at=NOON).reward_minor == 60
    assert verify() == []


def test_the_database_reopens_nothing_but_what_was_overturned(requester: Person) -> None:
    project = withdrawn(requester)
    with broken("project_transition_known"):
        run("UPDATE work_project SET state = 'paused', closed_at = NULL WHERE id = %s", project.pk)
