"""Days of work and of requesting, from what happened."""

from datetime import date, timedelta

import pytest
from django.db import connection
from tests.builders import NOON, a_draft, a_project, a_submission, as_if_tried
from tests.membership.members import a_member_of, active_on, admitted
from tests.promises import run

from canut.kernel.refusals import BadInput
from canut.membership.access import NotAMember
from canut.membership.models import ActivityDay, AdmissionRequest, Membership
from canut.membership.queries import electorate, is_admitted, standing_of
from canut.membership.states import College
from canut.membership.usecases.ask_admission import ask_admission
from canut.membership.usecases.choose_college import CollegeChosenLately, NoCollegeToChoose, choose_college
from canut.membership.usecases.follow_activity import follow_activity
from canut.people.usecases.close_account import close_account
from canut.reputation.models import Standing
from canut.work.usecases.approve_submission import approve_submission
from canut.work.usecases.publish_project import publish_project
from canut.work.usecases.sweep_deadlines import approve_what_nobody_decided

pytestmark = pytest.mark.django_db
NIGHT = NOON.replace(hour=23, minute=30)
"""Half past midnight of the next day in Paris."""


def heard(*, at=NOON):
    """Read all that happened, in a test's own transaction too."""
    if connection.in_atomic_block:
        run("UPDATE kernel_generation SET number = number + 1")
    while follow_activity(at=at, most=3):
        pass


def days_of(person):
    rows = ActivityDay.objects.filter(person=person).order_by("day")
    return [(row.day.isoformat(), row.worked, row.requested) for row in rows]


def test_days_are_worked_by_who_hands_in_and_requesting_for_who_gets_it(worker, requester, stranger):
    # Given a project of the 20th, work handed in half past midnight of the 21st, decided on the 25th
    project = a_project(owner=requester, rows=5)
    submission = a_submission(worker=worker, project=project, at=NIGHT)
    a_submission(worker=worker, project=project, at=NIGHT)
    approve_submission(submission_id=submission.pk, by=requester, at=NOON + timedelta(days=2))
    # When membership hears of it, twice
    for _run in range(2):
        heard()
    # Then each day counts once, where the site is
    assert days_of(worker) == [("2026-11-21", True, False)]
    assert days_of(requester) == [
        ("2026-11-20", False, True),
        ("2026-11-21", False, True),
        ("2026-11-22", False, True),
    ]
    assert days_of(stranger) == []


def test_a_day_that_was_worked_and_requesting_is_both(stranger, worker, requester):
    heard()
    project = a_project(owner=requester)
    a_submission(worker=stranger, project=project)
    heard()
    assert days_of(stranger) == [("2026-11-20", True, False)]
    own = a_draft(owner=stranger, kind="volunteer")
    as_if_tried(own)
    publish_project(project_id=own.pk, by=stranger, at=NOON + timedelta(hours=1))
    heard()
    assert days_of(stranger) == [("2026-11-20", True, True)]


def test_what_the_software_decides_by_itself_counts_for_nobody(worker, requester):
    project = a_project(owner=requester, at=NOON - timedelta(days=9))
    a_submission(worker=worker, project=project, at=NOON - timedelta(days=9))
    assert approve_what_nobody_decided(at=NOON) == 1
    heard()
    assert [day for day, *_ in days_of(requester)] == ["2026-11-11"]


def test_who_closes_the_account_is_a_member_no_more(stranger):
    member = a_member_of("workers")
    ask_admission(by=stranger, words="I am Ada.", at=NOON)
    for person in (member, stranger):
        close_account(by=person, what_is_open=lambda _id: (), at=NOON + timedelta(hours=1))
    # At once nobody votes who is gone, and once it is heard of, nothing stands for them in lots
    assert electorate(NOON + timedelta(hours=2)) == {}
    heard(at=NOON + timedelta(hours=2))
    ended = Membership.objects.get(person=member)
    assert (ended.ended_as, ended.ticket) == ("account_closed", "")
    assert not Standing.objects.filter(scale="membership").exists()
    assert AdmissionRequest.objects.get().words == ""
    assert not is_admitted(member.pk, at=NOON + timedelta(hours=2))
    heard(at=NOON + timedelta(hours=3))


def test_one_chooses_between_two_colleges_once_in_a_window(worker):
    with pytest.raises(NotAMember):
        choose_college(by=worker, college="workers", at=NOON)
    admitted(worker)
    active_on(worker, 6)
    with pytest.raises(NoCollegeToChoose):
        choose_college(by=worker, college="requesters", at=NOON)
    ActivityDay.objects.filter(person=worker).update(requested=True)
    for wrong in ("team", "lords", "\0"):
        with pytest.raises(BadInput):
            choose_college(by=worker, college=wrong, at=NOON)
    for _click in range(2):
        assert choose_college(by=worker, college="requesters", at=NOON).college == College.REQUESTERS
    soon = NOON + timedelta(days=20)
    with pytest.raises(CollegeChosenLately, match="18 February 2027"):
        choose_college(by=worker, college="workers", at=soon)
    late = NOON + timedelta(days=90)
    active_on(worker, 6, at=late)
    ActivityDay.objects.filter(person=worker).update(requested=True)
    assert choose_college(by=worker, college="workers", at=late).college == College.WORKERS
    assert standing_of(worker, soon).college == College.REQUESTERS


def test_every_day_is_kept_by_its_date(worker, requester):
    project = a_project(owner=requester, rows=3, at=NOON - timedelta(days=3))
    for ago in range(3):
        a_submission(worker=worker, project=project, at=NOON - timedelta(days=ago))
    heard()
    assert [row.day for row in ActivityDay.objects.filter(person=worker).order_by("day")] == [
        date(2026, 11, 18),
        date(2026, 11, 19),
        date(2026, 11, 20),
    ]
