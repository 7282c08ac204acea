"""A worker's own work as its queries tell it: one task, what is in hand, and the rest."""

from datetime import timedelta

import pytest
from tests.builders import NOON, a_project, a_submission, taken
from tests.work.decided import (
    WHY_REJECTED,
    WHY_RETURNED,
    a_rejected_submission,
    a_returned_submission,
    a_reworked_submission,
)

from canut.justice.usecases.appeal_rejection import appeal_rejection
from canut.work.models import Assignment
from canut.work.queries.assignments import in_hand, returned_count, takes_next, task_page, work_page
from canut.work.refusals import AssignmentNotFound
from canut.work.usecases.approve_submission import approve_submission
from canut.work.usecases.choose_next import choose_next
from canut.work.usecases.expire_leases import expire_leases
from canut.work.usecases.keep_draft import keep_draft
from canut.work.usecases.leave_task import give_back_task, skip_task
from canut.work.usecases.skip_to_next import skip_to_next
from canut.work.usecases.sweep_deadlines import approve_what_nobody_decided, release_rejected_places

pytestmark = pytest.mark.django_db

LATER = NOON + timedelta(hours=5)


# --- One task -------------------------------------------------------------------------------------


def test_the_page_of_a_held_task_counts_down_the_real_lease(requester, worker):
    assignment = taken(worker=worker, project=a_project(owner=requester, lease_seconds=600))
    page = task_page(assignment.pk, by=worker, at=NOON)
    assert page.is_open
    assert page.lease_until == assignment.lease_until == NOON + timedelta(seconds=600)
    assert not task_page(assignment.pk, by=worker, at=page.lease_until).is_open
    assert task_page(assignment.pk, by=worker, at=page.lease_until).has_run_out


def test_a_worker_is_shown_only_the_columns_that_the_design_shows(requester, worker):
    project = a_project(owner=requester, rows=[{"text": "A photo", "gold": "cat"}])
    page = task_page(taken(worker=worker, project=project).pk, by=worker, at=NOON)
    assert page.shown == {"text": "A photo"}


def test_nobody_sees_somebody_elses_assignment(requester, worker, stranger, peer):
    assignment = taken(worker=worker, project=a_project(owner=requester))
    for other in (requester, stranger, peer):
        with pytest.raises(AssignmentNotFound):
            task_page(assignment.pk, by=other, at=NOON)


def test_returned_work_shows_the_reason_the_old_answer_and_the_deadline(requester, worker):
    submission = a_returned_submission(worker=worker, project=a_project(owner=requester))
    page = task_page(submission.assignment_id, by=worker, at=LATER)
    assert page.is_open
    assert page.is_returned
    assert page.draft == {"label": "cat"}
    assert page.returned.returned.reason == WHY_RETURNED
    assert page.returned.returned.rework_minor == 50
    assert page.lease_until == Assignment.objects.get(pk=submission.assignment_id).lease_until


def test_a_draft_stands_before_the_answer_that_came_back(requester, worker):
    submission = a_returned_submission(worker=worker, project=a_project(owner=requester))
    keep_draft(assignment_id=submission.assignment_id, by=worker, answer={"label": "dog"}, at=LATER)
    assert task_page(submission.assignment_id, by=worker, at=LATER).draft == {"label": "dog"}


def test_a_draft_is_kept_when_the_time_ran_out_and_there_when_the_task_is_taken_again(requester, worker):
    project = a_project(owner=requester, rows=1)
    assignment = taken(worker=worker, project=project)
    over = NOON + timedelta(hours=1)
    expire_leases(at=over)
    keep_draft(assignment_id=assignment.pk, by=worker, answer={"label": "dog"}, at=over)
    page = task_page(assignment.pk, by=worker, at=over)
    assert (page.is_open, page.has_run_out, page.can_be_taken_again) == (False, True, True)
    again = taken(worker=worker, project=project, at=over)
    assert task_page(again.pk, by=worker, at=over).draft == {"label": "dog"}


def test_a_task_somebody_else_has_taken_meanwhile_is_not_offered_again(requester, worker, peer):
    project = a_project(owner=requester, rows=1)
    assignment = taken(worker=worker, project=project)
    give_back_task(assignment_id=assignment.pk, by=worker, at=NOON)
    assert task_page(assignment.pk, by=worker, at=NOON).can_be_taken_again
    taken(worker=peer, project=project)
    assert not task_page(assignment.pk, by=worker, at=NOON).can_be_taken_again


def test_what_waits_says_when_silence_approves_it(requester, worker):
    submission = a_submission(worker=worker, project=a_project(owner=requester))
    page = task_page(submission.assignment_id, by=worker, at=NOON)
    assert page.approves_itself_at == submission.submitted_at + timedelta(hours=72)
    assert page.payable_at is None
    approve_what_nobody_decided(at=page.approves_itself_at)
    decided = task_page(submission.assignment_id, by=worker, at=page.approves_itself_at)
    assert (decided.state, decided.approves_itself_at) == ("approved", None)
    assert decided.submissions[0].rulings[0].automatic


def test_pay_falls_due_seven_days_after_the_first_submission_plus_ones_own_rework(requester, worker):
    submission = a_reworked_submission(worker=worker, project=a_project(owner=requester))
    approve_submission(submission_id=submission.pk, by=requester, at=LATER)
    page = task_page(submission.assignment_id, by=worker, at=LATER)
    first = page.submissions[0].submitted_at
    assert page.payable_at == first + timedelta(days=7) + timedelta(hours=2)


def test_a_rejection_shows_its_grounds_and_can_be_appealed_while_its_money_waits(requester, worker):
    submission = a_rejected_submission(worker=worker, project=a_project(owner=requester))
    page = task_page(submission.assignment_id, by=worker, at=LATER)
    assert page.submissions[1].rejected.reason == WHY_REJECTED
    assert page.submissions[1].rejected.ground == "The answer is demonstrably wrong."
    assert page.appeal_until == NOON + timedelta(hours=4, days=7)
    assert page.pays_minor == 60 + 50
    over = page.appeal_until
    release_rejected_places(at=over)
    assert task_page(submission.assignment_id, by=worker, at=over).appeal_until is None


def test_an_appeal_is_shown_with_its_state_and_cannot_be_made_twice(requester, worker):
    submission = a_rejected_submission(worker=worker, project=a_project(owner=requester))
    appeal_rejection(assignment_id=submission.assignment_id, by=worker, words="It barks.", at=LATER)
    page = task_page(submission.assignment_id, by=worker, at=LATER)
    assert (page.appeal.state, page.appeal.words, page.appeal_until) == ("open", "It barks.", None)


def test_the_wish_for_the_next_task_is_kept(worker):
    assert takes_next(worker.pk)
    choose_next(by=worker, takes_next=False)
    assert not takes_next(worker.pk)


# --- Lists ----------------------------------------------------------------------------------------


def test_returned_work_comes_first_in_hand_and_is_counted_for_the_badge(requester, worker):
    returned = a_returned_submission(worker=worker, project=a_project(owner=requester))
    held = taken(worker=worker, project=a_project(owner=requester), at=LATER)
    lines = in_hand(by=worker, at=LATER)
    assert [line.assignment_id for line in lines] == [returned.assignment_id, held.pk]
    assert lines[0].return_reason == WHY_RETURNED
    assert returned_count(worker.pk) == 1


def test_the_history_can_be_narrowed_and_counts_each_kind(requester, worker):
    waiting = a_submission(worker=worker, project=a_project(owner=requester))
    approved = a_submission(worker=worker, project=a_project(owner=requester))
    approve_submission(submission_id=approved.pk, by=requester, at=LATER)
    rejected = a_rejected_submission(worker=worker, project=a_project(owner=requester))
    left = taken(worker=worker, project=a_project(owner=requester))
    skip_task(assignment_id=left.pk, by=worker, at=NOON)

    def shown(name):
        return {line.assignment_id for line in work_page(by=worker, at=LATER, shows=name).lines}

    assert shown("handed_in") == {waiting.assignment_id}
    assert shown("approved") == {approved.assignment_id}
    assert shown("rejected") == {rejected.assignment_id}
    assert shown("put_back") == {left.pk}
    assert (
        shown("all")
        == shown("nonsense")
        == {waiting.assignment_id, approved.assignment_id, rejected.assignment_id, left.pk}
    )
    counts = work_page(by=worker, at=LATER).counts
    assert counts == {"all": 4, "handed_in": 1, "approved": 1, "rejected": 1, "put_back": 1, "broken": 0}


def test_the_history_comes_page_by_page_newest_first_each_line_once(requester, worker):
    project = a_project(owner=requester, rows=7)
    made = [a_submission(worker=worker, project=project).assignment_id for _each in range(7)]
    found, before = [], None
    while True:
        page = work_page(by=worker, at=NOON, before_id=before, most=3)
        found += [line.assignment_id for line in page.lines]
        before = page.next_cursor
        if before is None:
            break
    assert found == sorted(made, reverse=True)


def test_a_page_of_history_costs_the_same_queries_however_long(
    requester, worker, django_assert_max_num_queries
):
    for _each in range(6):
        a_rejected_submission(worker=worker, project=a_project(owner=requester))
    with django_assert_max_num_queries(8):
        assert len(work_page(by=worker, at=LATER).lines) == 6


# --- Skipping -------------------------------------------------------------------------------------


def test_skipping_gives_the_next_task_at_once_and_the_same_only_when_nothing_else_is_left(requester, worker):
    project = a_project(owner=requester, rows=2)
    first = taken(worker=worker, project=project)
    skipped = skip_to_next(assignment_id=first.pk, by=worker, at=NOON)
    assert skipped.next.task_id != first.task_id
    again = skip_to_next(assignment_id=skipped.next.pk, by=worker, at=NOON)
    assert again.next is not None  # both are skipped by now, so one of them comes again
    assert again.why_none is None


def test_a_skip_stands_where_no_task_follows(requester, worker):
    project = a_project(owner=requester, rows=1)
    first = taken(worker=worker, project=project)
    type(project).objects.filter(pk=project.pk).update(state="paused")
    skipped = skip_to_next(assignment_id=first.pk, by=worker, at=NOON)
    assert skipped.next is None
    assert skipped.why_none.code == "project_paused"
    assert Assignment.objects.get(pk=first.pk).state == "skipped"
