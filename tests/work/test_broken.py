"""Broken tasks: the report and its pay, the row out of the feed, and what its requester makes of it."""

from datetime import timedelta

import pytest
from django.urls import reverse
from tests.builders import NOON, a_project, a_requester, a_submission, a_worker, taken
from tests.justice.cases import heard, lapsed
from tests.work.by_the_hour import an_hourly_project, opened
from tests.work.decided import a_returned_submission
from tests.work.duties import a_duty, a_duty_task, fill_fund
from tests.work.rounds import a_crowd, fill_round, round_of

from canut.charter.queries import in_force
from canut.justice.models import Case
from canut.justice.states import CaseKind
from canut.justice.subjects import SUBJECTS
from canut.justice.usecases.contest_report import contest_report
from canut.justice.usecases.follow_settled import follow_settled
from canut.justice.usecases.take_back_case import take_back_case
from canut.kernel.doing import doing
from canut.kernel.refusals import Refusal
from canut.ledger.models import Kind, LedgerEntry, Reason
from canut.ledger.queries import party_total_minor, project_total_minor, verify
from canut.ledger.usecases.deposit_play_money import deposit_play_money
from canut.people.notices.models import Notice
from canut.reputation.models import Standing
from canut.work.models import Assignment, BrokenReport, BrokenRow, Draft, Place, Task
from canut.work.queries.answered import submissions_of
from canut.work.queries.earnings import earnings_page
from canut.work.queries.feed import feed_page
from canut.work.queries.price import price_of
from canut.work.queries.progress import progress
from canut.work.queries.whole_time import whole_time_of
from canut.work.usecases.add_tasks import add_tasks
from canut.work.usecases.begin_revision import begin_revision
from canut.work.usecases.close_project import close_project
from canut.work.usecases.end_broken_rows import mend_row, put_back_rows, withdraw_rows
from canut.work.usecases.expire_leases import expire_leases
from canut.work.usecases.keep_draft import keep_draft
from canut.work.usecases.leave_task import give_back_task, skip_task
from canut.work.usecases.pause_project import resume_project
from canut.work.usecases.pay_top_ups import pay_top_ups
from canut.work.usecases.publish_project import publish_project
from canut.work.usecases.report_broken import report_broken, report_to_next
from canut.work.usecases.submit_answer import submit_answer
from canut.work.usecases.sweep_deadlines import refund_closed_projects
from canut.work.usecases.take_task import take_task
from canut.work.usecases.tell_of_broken import tell_of_broken_contest, tell_owner_of_broken

pytestmark = pytest.mark.django_db

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
SOON = NOON + 2 * MINUTE
SAID = {"kind": "missing", "words": "There is no picture."}


def reported(*, worker, project, at=NOON, after=2 * MINUTE, **said):
    last = BrokenReport.objects.filter(worker=worker).order_by("reported_at").last()
    at = max(at, last.reported_at) if last else at  # one task after the other
    held = taken(worker=worker, project=project, at=at)
    return report_broken(assignment_id=held.pk, by=worker, at=at + after, **{**SAID, **said})


def earned(worker):
    return party_total_minor(worker.pk, Kind.EARNINGS, "EUR")


def in_reserve(project):
    return project_total_minor(project.pk, Kind.RESERVE)


def refused(code, do, **asked):
    with pytest.raises(Refusal) as caught:
        do(**asked)
    assert caught.value.code == code
    return caught.value


# --- The report -------------------------------------------------------------------------------------


def test_minutes_with_tasks_of_two_projects_in_hand_are_paid_once(requester, worker):
    held = [taken(worker=worker, project=a_project(owner=requester, rows=2, title=name)) for name in "ab"]
    first, second = (
        report_broken(assignment_id=one.pk, by=worker, at=NOON + after, **SAID)
        for one, after in zip(held, (2 * MINUTE, 2 * MINUTE + timedelta(seconds=70)), strict=True)
    )
    assert (first.paid_seconds, second.paid_seconds) == (120, 70)
    assert second.elapsed_seconds == 190


def test_time_on_a_broken_task_is_paid_once_and_nobody_else_meets_it(requester, worker, stranger):
    project = a_project(owner=requester, rows=2, answers=2)
    held = taken(worker=worker, project=project)
    keep_draft(assignment_id=held.pk, by=worker, answer={"label": "cat"}, at=NOON)
    # When they report it, twice
    for _click in range(2):
        report = report_broken(assignment_id=held.pk, by=worker, at=NOON + timedelta(seconds=90), **SAID)
    # Then it is announced, the row is out of the feed, and its places keep their money
    assert (report.paid_seconds, report.amount_minor, report.pay) == (90, 38, "announced")
    assert not Draft.objects.exists()
    seen = progress(project)
    assert (seen.open, seen.paused, seen.broken_rows, seen.still_opening) == (2, 2, 1, 0)
    assert (seen.answers_wanted, seen.tasks, seen.is_complete) == (4, 2, False)
    assert project_total_minor(project.pk, Kind.ESCROW) == 4 * 60
    # And whoever comes gets the other row, and then none
    peer = a_worker()
    assert a_submission(worker=peer, project=project).assignment.task_id != held.task_id
    refused("none_left", take_task, by=peer, project_id=project.pk, at=SOON)
    refused("already_done", take_task, by=worker, project_id=project.pk, task_id=held.task_id, at=SOON)
    # And it is paid from the reserve when its requester had time to contest it
    before = in_reserve(project)
    assert pay_top_ups(at=NOON + HOUR) == 0
    assert [pay_top_ups(at=NOON + DAY) for _twice in range(2)] == [1, 0]
    assert (earned(worker), before - in_reserve(project)) == (38, 38)
    # And it counts as pay for time that was worked, and as no standing at all
    assert whole_time_of(worker.pk, currency="EUR", at=NOON + DAY).worked_seconds == 90
    assert whole_time_of(worker.pk, currency="EUR", at=NOON + DAY).paid_minor == 38
    (line,) = earnings_page(by=worker, at=NOON + DAY).lines
    assert (line.reason, line.amount_minor, line.assignment_id) == ("broken", 38, held.pk)
    assert not Standing.objects.filter(party_id=worker.pk).exists()
    assert submissions_of(held.pk) == []
    assert verify() == []


def test_what_cannot_be_reported_is_refused_and_says_why(requester, worker, stranger):
    project = a_project(owner=requester, rows=9)
    held = taken(worker=worker, project=project)
    ask = {"assignment_id": held.pk, "by": worker, "at": SOON, **SAID}
    refused("assignment_not_found", report_broken, **{**ask, "by": stranger})
    refused("assignment_not_found", report_broken, **{**ask, "by": requester})
    refused("assignment_not_found", report_broken, **{**ask, "assignment_id": 2**62})
    for wrong in ({"kind": "ugly"}, {"words": " \0 "}, {"words": "ab"}, {"words": "x" * 2001}):
        assert refused("bad_input", report_broken, **{**ask, **wrong}).facts["errors"]
    refused("lease_ran_out", report_broken, **{**ask, "at": NOON + HOUR})
    expire_leases(at=NOON + HOUR)
    refused("lease_ran_out", report_broken, **{**ask, "at": NOON + HOUR})
    again = taken(worker=worker, project=project, at=NOON + HOUR)
    skip_task(assignment_id=again.pk, by=worker, at=NOON + HOUR)
    refused("not_in_hand", report_broken, **{**ask, "assignment_id": again.pk})
    back = a_returned_submission(worker=worker, project=project).assignment_id
    refused("not_in_hand", report_broken, **{**ask, "assignment_id": back})
    # A duty has no requester who could mend it
    fill_fund(1_000)
    duty = a_duty()
    a_duty_task(duty, offered_to=[worker.pk])
    review = taken(worker=worker, project=duty)
    refused("not_reportable", report_broken, **{**ask, "assignment_id": review.pk})
    assert not BrokenRow.objects.exists()


def test_what_is_not_paid_is_reported_all_the_same(requester, worker):
    found = {}
    free = a_project(owner=requester, rows=1, kind="volunteer")
    found["volunteer"] = reported(worker=worker, project=free)
    hourly = an_hourly_project(owner=requester, rows=1)
    opened(worker=worker, project=hourly)
    found["session"] = reported(worker=worker, project=hourly)
    project = a_project(owner=requester, rows=20)
    found["too_soon"] = reported(worker=worker, project=project, after=59 * timedelta(seconds=1))
    for _each in range(in_force("broken.free_reports", at=NOON)):
        assert reported(worker=worker, project=project).pay == "announced"
    found["most_share"] = reported(worker=worker, project=project)
    assert {why: (one.unpaid_why, one.amount_minor) for why, one in found.items()} == {
        why: (why, 0) for why in found
    }
    assert BrokenRow.objects.filter(state="paused").count() == 9
    pay_top_ups(at=NOON + DAY)
    assert earned(worker) == 5 * 50
    assert verify() == []


def test_reporting_brings_the_next_task_or_says_why_there_is_none(requester, worker):
    project = a_project(owner=requester, rows=2)
    first = taken(worker=worker, project=project)
    ask = {"by": worker, "at": SOON, **SAID}
    onward = report_to_next(assignment_id=first.pk, **ask)
    assert onward.next.task_id != first.task_id
    last = report_to_next(assignment_id=onward.next.pk, **ask)
    assert (last.next, last.why_none.code) == (None, "none_left")
    assert feed_page(by=worker, at=SOON).cards == []


def test_what_others_have_in_hand_goes_on_and_comes_back_to_a_paused_row(requester, worker):
    project = a_project(owner=requester, rows=1, answers=4)
    held = {
        name: taken(worker=a_worker(), project=project) for name in ("hands in", "gives back", "leaves it")
    }
    reported(worker=worker, project=project)
    submit_answer(
        assignment_id=held["hands in"].pk,
        by=held["hands in"].worker,
        answer={"label": "cat"},
        active_seconds=5,
        at=SOON,
    )
    give_back_task(assignment_id=held["gives back"].pk, by=held["gives back"].worker, at=SOON)
    expire_leases(at=NOON + HOUR)
    assert sorted(Place.objects.values_list("state", flat=True)) == ["paused"] * 3 + ["taken"]
    # A second report joins the first, and the row is decided on once
    put_back_rows(project_id=project.pk, row_ids=[BrokenRow.objects.get().pk], by=requester, at=SOON)
    assert Place.objects.filter(state="open", rank__gte=0).count() == 3
    reported(worker=a_worker(), project=project, at=NOON + HOUR)
    assert list(BrokenRow.objects.order_by("pk").values_list("state", flat=True)) == ["whole", "paused"]


# --- Money that lacks -------------------------------------------------------------------------------


def test_what_the_reserve_lacks_comes_from_the_balance_and_the_project_pauses(worker):
    poor = a_requester("poor", money_minor=500)
    project = a_project(owner=poor, rows=6, reward_minor=60, expected_seconds=144)
    reserve, left = in_reserve(project), party_total_minor(poor.pk, Kind.BALANCE, "EUR")
    assert (reserve, left) == (90, 10)
    # When five reports of sixty cents are due, of which the reserve covers one and the balance none whole
    for _each in range(5):
        reported(worker=worker, project=project, after=3 * MINUTE)
    assert [pay_top_ups(at=NOON + DAY) for _twice in range(2)] == [1, 0]
    # Then the others are owed, and the project cannot go on before they are paid
    project.refresh_from_db()
    assert (project.state, earned(worker)) == ("paused", 60)
    told = refused("top_ups_owed", resume_project, project_id=project.pk, by=poor, at=NOON + DAY)
    assert told.facts["owed_minor"] == 240
    deposit_play_money(by=poor, amount_minor=1_000, currency="EUR", key="more", at=NOON + DAY)
    assert resume_project(project_id=project.pk, by=poor, at=NOON + DAY).state == "live"
    assert (earned(worker), in_reserve(project)) == (300, 0)
    parts = LedgerEntry.objects.filter(reason=Reason.BROKEN).values_list("debit__kind", "amount_minor")
    assert sum(amount for kind, amount in parts if kind == "balance") == 300 - reserve
    assert verify() == []


def test_a_closed_project_keeps_what_its_reports_are_to_be_paid(requester, worker):
    project = a_project(owner=requester, rows=2)
    reported(worker=worker, project=project)
    close_project(project_id=project.pk, by=requester, at=SOON)
    assert in_reserve(project) == 30  # a quarter of the pay, less than the report is to be paid
    row = BrokenRow.objects.get()
    refused("project_closed", withdraw_rows, project_id=project.pk, row_ids=[row.pk], by=requester, at=SOON)
    pay_top_ups(at=NOON + DAY)
    refund_closed_projects(at=NOON + DAY)
    assert earned(worker) == 50
    assert sum(project_total_minor(project.pk, kind) for kind in (Kind.ESCROW, Kind.RESERVE, Kind.DUES)) == 0
    assert verify() == []


# --- What becomes of the row ------------------------------------------------------------------------


def test_a_withdrawn_row_gives_its_money_back_and_is_never_asked_again(requester, worker):
    project = a_project(owner=requester, rows=2, answers=2)
    rich = party_total_minor(requester.pk, Kind.BALANCE, "EUR")
    other = a_worker()
    in_hand = taken(worker=other, project=project)
    row = reported(worker=worker, project=project).row
    ask = {"project_id": project.pk, "row_ids": [row.pk], "by": requester, "at": SOON}
    refused("project_not_found", withdraw_rows, **{**ask, "by": worker})
    refused("broken_row_not_found", withdraw_rows, **{**ask, "row_ids": [row.pk, 2**62]})
    refused("bad_input", withdraw_rows, **{**ask, "words": "x" * 2001})
    refused("bad_input", withdraw_rows, **{**ask, "row_ids": list(range(1001))})
    assert [withdraw_rows(**ask) for _twice in range(2)] == [1, 0]
    assert [put_back_rows(**ask)] == [0]
    free = Place.objects.filter(task_id=row.task_id, state="closed").count()
    assert project_total_minor(project.pk, Kind.ESCROW) == (4 - free) * 60
    assert party_total_minor(requester.pk, Kind.BALANCE, "EUR") > rich
    # Nothing of it waits to be paid for, now or under a revision
    seen = progress(project)
    assert (seen.answers_wanted, seen.rows_waiting, seen.still_opening) == (4 - free, 0, 0)
    refused("nothing_to_add", add_tasks, project_id=project.pk, by=requester, at=SOON)
    if in_hand.task_id == row.task_id:  # what was in hand closes with its row
        give_back_task(assignment_id=in_hand.pk, by=other, at=SOON)
        assert not Place.objects.filter(task_id=row.task_id).exclude(state="closed").exists()
    begin_revision(project_id=project.pk, by=requester, at=SOON)
    publish_project(project_id=project.pk, by=requester, at=SOON)
    assert not Place.objects.filter(task_id=row.task_id, state="open").exists()
    assert verify() == []


@pytest.mark.parametrize("keeps", [True, False])
def test_a_paused_row_stays_out_through_a_revision_and_is_paid_for_when_it_is_back(requester, worker, keeps):
    project = a_project(owner=requester, rows=2, answers=2)
    done = a_submission(worker=worker, project=project).assignment
    reporter = a_worker()
    held = take_task(by=reporter, project_id=project.pk, task_id=done.task_id, at=NOON)
    row = report_broken(assignment_id=held.pk, by=reporter, at=SOON, **SAID).row
    begin_revision(project_id=project.pk, by=requester, keeps_answers=keeps, at=SOON)
    publish_project(project_id=project.pk, by=requester, at=SOON)
    # Then it is neither asked nor paid for, though its answer stays
    assert Place.objects.filter(state="open").count() == 2
    assert Task.objects.filter(pk=row.task_id, revision__number=2).exists()
    seen = progress(project)
    assert (seen.answers_wanted, seen.open, seen.rows_waiting, seen.still_opening) == (3, 2, 0, 0)
    assert project_total_minor(project.pk, Kind.ESCROW) == 3 * 60
    # When it is whole, what it lacks waits to be paid for like a new row
    put_back_rows(project_id=project.pk, row_ids=[row.pk], by=requester, at=SOON)
    seen = progress(project)
    assert (seen.answers_wanted, seen.rows_waiting, seen.answers_waiting) == (3, 1, 1)
    add_tasks(project_id=project.pk, by=requester, at=SOON)
    seen = progress(project)
    assert (seen.answers_wanted, seen.open, seen.rows_waiting, seen.still_opening) == (4, 3, 0, 0)
    assert project_total_minor(project.pk, Kind.ESCROW) == 4 * 60
    assert verify() == []


def test_a_row_is_mended_while_nobody_has_answered_it(requester, worker):
    project = a_project(owner=requester, rows=[{"text": "Picture", "n": 3}], answers=2)
    row = reported(worker=worker, project=project).row
    ask = {"project_id": project.pk, "row_id": row.pk, "by": requester, "at": SOON}
    wrong = [{"text": "only"}, {"text": "a", "n": 1, "more": 2}, {"text": "\0", "n": 3}]
    for values in (*wrong, {"text": "a", "n": float("nan")}, {"text": "\ud800", "n": 1}):
        refused("bad_input", mend_row, row=values, **ask)
    refused("project_not_found", mend_row, row={}, **{**ask, "by": worker})
    refused("broken_row_not_found", mend_row, row={}, **{**ask, "row_id": 2**62})
    for _twice in range(2):
        mended = mend_row(row={"text": "Picture of a cat", "n": 3}, words="Thank you.", **ask)
    assert (mended.state, mended.row_before) == ("mended", {"text": "Picture", "n": 3})
    assert Task.objects.get().shown == {"text": "Picture of a cat"}
    refused("row_decided_already", mend_row, row={"text": "b", "n": 1}, **ask)
    # Others do it now; whoever reported it is not asked again, and is paid all the same
    assert a_submission(worker=a_worker(), project=project)
    refused("none_left", take_task, by=worker, project_id=project.pk, at=SOON)
    row = reported(worker=a_worker(), project=project).row
    refused("row_has_answers", mend_row, row={"text": "c", "n": 1}, **{**ask, "row_id": row.pk})
    assert pay_top_ups(at=NOON + DAY) == 2


def test_a_prototype_round_waits_for_a_reported_row_and_not_for_a_withdrawn_one(requester):
    project = a_project(owner=requester, rows=16, untried=True)
    crowd = a_crowd(5)
    report = reported(worker=crowd[0], project=project)
    round_ = round_of(project)
    # Whoever reported may still take their share of it
    fill_round(project, crowd)
    assert round_of(project).state == "running"
    assert Assignment.objects.filter(round=round_, state="submitted").count() == round_.places - 1
    withdraw_rows(project_id=project.pk, row_ids=[report.row_id], by=requester, at=SOON)
    assert round_of(project).state == "passed"
    assert price_of(project, project.revisions.get(), at=SOON).gate.waiting_places == 12
    assert verify() == []


def test_fewer_people_than_a_round_begins_with_never_pass_it_whatever_is_withdrawn(requester):
    # Given a round of three places, of which one's row is withdrawn once the two others were praised
    project = a_project(owner=requester, rows=10, untried=True)
    crowd = a_crowd(4)
    report = reported(worker=crowd[0], project=project)
    assert fill_round(project, crowd) == 2
    withdraw_rows(project_id=project.pk, row_ids=[report.row_id], by=requester, at=SOON)
    # Then two votes decide nothing: what is left of its money came back, and a new round is needed
    assert round_of(project).state == "refunded"
    gate = price_of(project, project.revisions.get(), at=SOON).gate
    assert (gate.needs_round, gate.may_launch) == (True, False)
    assert verify() == []


def test_a_round_goes_on_with_a_row_that_is_put_back_in_it(requester):
    project = a_project(owner=requester, rows=10, untried=True)
    crowd = a_crowd(4)
    report = reported(worker=crowd[0], project=project)
    put_back_rows(project_id=project.pk, row_ids=[report.row_id], by=requester, at=SOON)
    place = Place.objects.get(task_id=report.task_id)
    assert (place.state, place.round_id) == ("open", round_of(project).pk)
    fill_round(project, crowd)
    assert round_of(project).state == "passed"


# --- Contests ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("end", ["falls", "stands", "taken back", "no peers", "time"])
def test_a_contested_report_waits_for_its_peers_and_nothing_else_does(requester, worker, stranger, end):
    project = a_project(owner=requester, rows=3)
    report, other = (reported(worker=worker, project=project) for _each in range(2))
    ask = {"assignment_id": report.pk, "by": requester, "reason": "It loads well.", "at": SOON}
    refused("broken_report_not_found", contest_report, **{**ask, "by": stranger})
    refused("broken_report_not_found", contest_report, **{**ask, "assignment_id": 2**62})
    cases = [contest_report(**ask) for _twice in range(2)]
    assert len({one.pk for one in cases}) == 1
    subject = SUBJECTS[CaseKind.BROKEN_TASK]
    shown = subject.shown(report.pk)
    told = "\n".join(f"{one.heading}\n{one.text}" for one in shown.passages)
    for words in ("There is no picture.", "Picture", "It loads well.", "2\xa0min", "€0.50"):
        assert words in told
    assert worker.screen_name not in told
    assert {worker.pk, requester.pk} <= set(subject.excluded(report.pk, at=SOON))
    assert (subject.other_side(report.pk), subject.has_ended(report.pk)) == ([worker.pk], False)
    assert subject.address(report.pk) == f"/studio/{project.pk}/broken/{report.row_id}/"
    assert pay_top_ups(at=NOON + DAY) == 1
    assert earned(worker) == 50
    refused("contest_too_late", contest_report, **{**ask, "assignment_id": other.pk, "at": NOON + DAY})
    tell_of_broken_contest(assignment_id=report.pk, what="opened", at=SOON)
    later = NOON + 2 * DAY
    match end:
        case "falls" | "stands":
            for _twice in range(2):
                heard(cases[0], overturn=end == "falls", at=later)
        case "taken back":
            take_back_case(case_id=cases[0].pk, by=requester, at=later)
        case "no peers":
            lapsed(cases[0], at=later)
        case "time":
            later = NOON + 30 * DAY
            assert pay_top_ups(at=later) == 1
            follow_settled(at=later)
    report.refresh_from_db()
    assert (report.pay, earned(worker)) == (("refused", 50) if end == "falls" else ("paid", 100))
    assert Case.objects.get().state != "open"
    said = {"falls": "upheld", "stands": "refused", "time": "lapsed"}.get(end, "taken_back")
    tell_of_broken_contest(assignment_id=report.pk, what=said, at=later)
    told = Notice.objects.filter(person=worker, kind="pay")
    assert [one.path for one in told] == [reverse("task", args=[report.pk])] * 2
    assert Notice.objects.filter(person=requester, kind="project").count() == 1
    close_project(project_id=project.pk, by=requester, at=later)
    assert in_reserve(project) == 0
    assert verify() == []


def test_a_requester_is_told_at_once_and_then_once_an_hour(requester, worker):
    project = a_project(owner=requester, rows=5)
    reported(worker=worker, project=project)
    assert [tell_owner_of_broken(project_id=project.pk, at=SOON) for _twice in range(2)] == [1, 0]
    (first,) = Notice.objects.filter(person=requester)
    assert "There is no picture." in first.text
    assert first.path == f"/studio/{project.pk}/broken/"
    for _each in range(2):
        reported(worker=worker, project=project)
    assert tell_owner_of_broken(project_id=project.pk, at=SOON + MINUTE) == 0
    assert tell_owner_of_broken(project_id=project.pk, at=SOON + HOUR) == 2
    assert not BrokenReport.objects.filter(told_at__isnull=True).exists()
    assert Notice.objects.filter(person=requester).count() == 2


def test_a_requester_is_told_of_what_came_before_a_job_was_done_once_more(requester, worker):
    project = a_project(owner=requester, rows=5)
    for told in (1, 2):
        reported(worker=worker, project=project)
        with doing(7):  # the same job: its runner died after the commit, and came back an hour later
            assert tell_owner_of_broken(project_id=project.pk, at=SOON + (told - 1) * HOUR) == 1
        assert Notice.objects.filter(person=requester).count() == told
