"""A requester's review as its queries tell it."""

from datetime import timedelta

import pytest
from tests.builders import NOON, a_project, a_submission
from tests.work.decided import (
    WHY_RETURNED,
    a_rejected_submission,
    a_returned_submission,
    a_reworked_submission,
)
from tests.work.rounds import fill_round

from canut.kernel.working_days import add_working_days
from canut.ledger.models import LedgerEntry
from canut.ledger.usecases.deposit_play_money import deposit_play_money
from canut.people.usecases.block_person import block_person
from canut.work.models import Assignment
from canut.work.queries.review import Asked, approved_at, review_page, waiting_count, work_under_review
from canut.work.refusals import ProjectNotFound
from canut.work.usecases.approve_submission import approve_all_of_worker, approve_submissions

pytestmark = pytest.mark.django_db

LATER = NOON + timedelta(hours=5)


def page_of(project, requester, **asked):
    cursor, most = asked.pop("cursor", ""), asked.pop("most", 20)
    return review_page(project.pk, by=requester, at=LATER, asked=Asked(**asked), cursor=cursor, most=most)


def test_what_waits_longest_comes_first_with_what_silence_will_do(requester, worker, peer):
    project = a_project(owner=requester, answers=2)
    late = a_submission(worker=worker, project=project, at=NOON + timedelta(hours=1))
    early = a_submission(worker=peer, project=project)
    works = page_of(project, requester).works
    assert [work.submission_id for work in works] == [early.pk, late.pk]
    assert works[0].approves_itself_at == early.submitted_at + timedelta(hours=72)


def test_a_first_attempt_may_be_returned_and_a_second_rejected(requester, worker, peer):
    project = a_project(owner=requester, answers=2)
    a_submission(worker=worker, project=project)
    a_reworked_submission(worker=peer, project=project)
    first, second = page_of(project, requester).works
    assert (first.may_be_returned, first.may_be_rejected, first.pays_minor) == (True, False, 60)
    assert (second.may_be_returned, second.may_be_rejected, second.pays_minor) == (False, True, 110)
    assert second.handed_in[0].returned.reason == WHY_RETURNED


def test_work_of_a_prototype_round_can_only_be_approved(requester, worker):
    project = a_project(owner=requester, rows=16, untried=True)
    fill_round(project, [worker], most=1)
    (work,) = page_of(project, requester).works
    assert work.is_of_a_round
    assert (work.may_be_approved, work.may_be_returned, work.may_be_rejected) == (True, False, False)


def test_the_consequence_of_a_return_is_told_before_it_is_made(requester, worker):
    project = a_project(owner=requester)
    terms = page_of(project, requester).terms
    returned = a_returned_submission(worker=worker, project=project, at=LATER - timedelta(hours=1))
    work = work_under_review(returned.assignment_id, project_id=project.pk, by=requester, at=LATER)
    assert terms.rework_minor == work.rework_minor == 50
    assert terms.rework_until == add_working_days(LATER, 2)
    assert (terms.silence_seconds, terms.hold_days) == (72 * 3600, 7)


def test_of_one_worker_or_task_all_is_shown_whatever_was_decided_and_of_a_project_never(
    requester, worker, peer
):
    project = a_project(owner=requester, rows=4, answers=2)
    waiting = a_submission(worker=worker, project=project)
    rejected = a_rejected_submission(worker=worker, project=project)
    other = a_submission(worker=peer, project=project)
    theirs = page_of(project, requester, state="every", worker=worker.screen_name).works
    assert {work.assignment_id for work in theirs} == {waiting.assignment_id, rejected.assignment_id}
    key = Assignment.objects.get(pk=rejected.assignment_id).task.key
    of_task = {one.assignment_id for one in (waiting, rejected, other) if one.assignment.task.key == key}
    page = page_of(project, requester, state="every", task=key)
    assert page.shows_every_state
    assert {work.assignment_id for work in page.works} == of_task
    whole = page_of(project, requester, state="every")
    assert whole.asked.state == "submitted"
    assert rejected.assignment_id not in {work.assignment_id for work in whole.works}
    first = page_of(project, requester, state="every", worker=worker.screen_name, most=1)
    rest = page_of(
        project, requester, state="every", worker=worker.screen_name, cursor=first.next_cursor, most=1
    )
    assert {one.works[0].assignment_id for one in (first, rest)} == {
        waiting.assignment_id,
        rejected.assignment_id,
    }


def test_each_state_can_be_shown_alone(requester, worker):
    project = a_project(owner=requester, rows=4)
    waiting = a_submission(worker=worker, project=project)
    rejected = a_rejected_submission(worker=worker, project=project)
    returned = a_returned_submission(worker=worker, project=project)
    assert [w.assignment_id for w in page_of(project, requester).works] == [waiting.assignment_id]
    assert [w.assignment_id for w in page_of(project, requester, state="returned").works] == [
        returned.assignment_id
    ]
    (work,) = page_of(project, requester, state="rejected").works
    assert work.assignment_id == rejected.assignment_id
    assert work.may_be_approved_after_all
    assert page_of(project, requester, state="nonsense").asked.state == "submitted"
    counts = page_of(project, requester).counts
    assert counts == {"submitted": 1, "returned": 1, "approved": 0, "rejected": 1, "closed": 0}


def test_the_page_can_be_narrowed_to_one_worker_or_one_task(requester, worker, peer):
    project = a_project(owner=requester, rows=3, answers=2)
    for person in (worker, worker, peer):
        a_submission(worker=person, project=project)
    assert len(page_of(project, requester, worker="wOrKeR").works) == 2
    assert len(page_of(project, requester, worker="Peer").works) == 1
    nobody = page_of(project, requester, worker="Nobody at all")
    assert (nobody.works, nobody.worker_unknown) == ([], True)
    key = page_of(project, requester, worker="Peer").works[0].task_key
    assert all(work.task_key == key for work in page_of(project, requester, task=key).works)


@pytest.mark.parametrize("state", ["submitted", "approved"])
def test_page_by_page_all_work_comes_once(requester, worker, state):
    project = a_project(owner=requester, rows=7)
    made = [
        a_submission(worker=worker, project=project, at=NOON + timedelta(minutes=n // 2)).pk for n in range(7)
    ]
    if state == "approved":
        approve_submissions(project_id=project.pk, submission_ids=made, by=requester, at=LATER)
    found, cursor = [], ""
    while True:
        page = page_of(project, requester, state=state, cursor=cursor, most=3)
        found += [work.submission_id for work in page.works]
        cursor = page.next_cursor
        if not cursor:
            break
    assert found == sorted(made, reverse=state == "approved")


@pytest.mark.parametrize(
    "cursor", ["x", "2026-11-20_5", "_", "2026-11-20T12:00:00+00:00_99999999999999999999"]
)
def test_a_spoilt_cursor_begins_anew(requester, worker, cursor):
    project = a_project(owner=requester)
    a_submission(worker=worker, project=project)
    assert len(page_of(project, requester, cursor=cursor).works) == 1


def test_only_the_screen_name_of_a_worker_is_shown(requester, worker):
    project = a_project(owner=requester)
    a_submission(worker=worker, project=project)
    (work,) = page_of(project, requester).works
    assert work.worker.who.screen_name == "Worker"
    assert "worker@example.org" not in repr(work)


def test_the_sides_are_shown_as_the_worker_saw_them_and_the_stored_value_beside(requester, worker):
    design = {
        "version": 1,
        "instructions": "",
        "items": [{"type": "pairwise", "name": "better", "label": "Which?", "a": "{{a}}", "b": "{{b}}"}],
    }
    project = a_project(owner=requester, rows=[{"a": "one", "b": "two"}], design=design)
    submission = a_submission(worker=worker, project=project, answer={"better": "b"})
    (work,) = page_of(project, requester).works
    (item,) = work.latest.items
    swapped = submission.assignment.seed % 2 == 1
    assert [side.text for side in item.texts["sides"]] == (["two", "one"] if swapped else ["one", "two"])
    assert item.answers == (["A is better"] if swapped else ["B is better"])
    assert item.stored == "b"


def test_all_of_one_worker_means_what_the_page_counted(requester, worker):
    project = a_project(owner=requester, rows=4)
    for _each in range(2):
        a_submission(worker=worker, project=project)
    seen = page_of(project, requester).works[0].worker
    assert (seen.waiting, seen.waiting_minor) == (2, 120)
    a_submission(worker=worker, project=project)
    approve_all_of_worker(
        project_id=project.pk, worker_id=worker.pk, up_to_id=seen.up_to_id, by=requester, at=LATER
    )
    done = approved_at(project.pk, by=requester, at=LATER, worker_id=worker.pk)
    assert (done.count, done.pays_minor) == (2, 120)
    assert waiting_count(project.pk, by=requester) == 1


def test_what_a_bulk_approval_says_is_what_the_ledger_booked(requester, worker, peer):
    project = a_project(owner=requester, rows=3, answers=2)
    ids = [a_submission(worker=worker, project=project).pk for _each in range(2)]
    ids.append(a_reworked_submission(worker=peer, project=project).pk)
    approve_submissions(project_id=project.pk, submission_ids=ids, by=requester, at=LATER)
    done = approved_at(project.pk, by=requester, at=LATER, submission_ids=ids)
    booked = LedgerEntry.objects.filter(recorded_at=LATER, subject_kind="assignment")
    assert (done.count, done.pays_minor) == (3, sum(entry.amount_minor for entry in booked))
    assert done.pays_minor == 60 * 3 + 50


def test_a_blocked_worker_is_marked_with_what_they_are_told(requester, worker):
    project = a_project(owner=requester)
    a_submission(worker=worker, project=project)
    block_person(person_id=worker.pk, by=requester, reason="private", told="Too fast.", at=LATER)
    (work,) = page_of(project, requester).works
    assert (work.worker.is_blocked, work.worker.told) == (True, "Too fast.")


def test_nobody_but_the_owner_reviews(requester, worker, stranger, operator):
    project = a_project(owner=requester)
    submission = a_submission(worker=worker, project=project)
    for other in (worker, stranger, operator):
        with pytest.raises(ProjectNotFound):
            page_of(project, other)
        with pytest.raises(ProjectNotFound):
            waiting_count(project.pk, by=other)
        with pytest.raises(ProjectNotFound):
            work_under_review(submission.assignment_id, project_id=project.pk, by=other, at=LATER)


def test_work_of_another_project_is_not_found_through_ones_own(requester, worker, stranger):
    foreign = a_submission(worker=worker, project=a_project(owner=requester))
    deposit_play_money(by=stranger, amount_minor=100_000, currency="EUR", key="k", at=NOON)
    own = a_project(owner=stranger)
    assert work_under_review(foreign.assignment_id, project_id=own.pk, by=stranger, at=LATER) is None


def test_a_page_of_review_costs_the_same_queries_however_much_is_on_it(
    requester, worker, peer, django_assert_max_num_queries
):
    project = a_project(owner=requester, rows=6, answers=2)
    for person in (worker, peer):
        for _each in range(4):
            a_reworked_submission(worker=person, project=project)
    with django_assert_max_num_queries(16):
        assert len(page_of(project, requester).works) == 8


# --- Appeals --------------------------------------------------------------------------------------
