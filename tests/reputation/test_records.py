"""A requester's public record is the sum of what they decided, each decision counted once."""

from datetime import timedelta
from decimal import Decimal

import pytest
from tests.builders import NOON, a_project, a_requester, a_submission, a_worker
from tests.promises import broken

from canut.people.models import Person
from canut.reputation.models import RequesterRecord
from canut.reputation.queries import requester_records, score_of
from canut.reputation.rules import NO_RECORD, record_of
from canut.reputation.usecases import update_records as records
from canut.reputation.usecases.keep_regard import recount_regard
from canut.work.usecases.approve_submission import approve_submission
from canut.work.usecases.rate_requester import rate_requester
from canut.work.usecases.return_submission import return_submission


def test_a_record_says_what_its_sums_say() -> None:
    record = record_of(
        approved=7,
        returned=2,
        rejected=3,
        overturned=1,
        timed_pay_minor=500,
        timed_seconds=1800,
        waited_seconds=12_000,
    )
    assert record.decided == 12
    assert (record.approved_share, record.rejected_share) == (Decimal("0.800"), Decimal("0.200"))
    assert record.returned_share == Decimal("0.167")
    assert record.hourly_minor == 1000
    assert record.timed_hours == Decimal("0.5")
    assert record.time_to_decide == timedelta(seconds=1000)


def test_who_has_decided_nothing_has_no_record() -> None:
    nothing = dict.fromkeys(
        (
            "approved",
            "returned",
            "rejected",
            "overturned",
            "timed_pay_minor",
            "timed_seconds",
            "waited_seconds",
        ),
        0,
    )
    assert record_of(**nothing) == NO_RECORD


@pytest.mark.usefixtures("committed")
def test_decisions_are_counted_once_however_often_the_job_runs() -> None:
    requester, worker = a_requester(), a_worker()
    project = a_project(owner=requester, rows=3)
    first, second = (a_submission(worker=worker, project=project) for _ in range(2))
    approve_submission(submission_id=first.pk, by=requester, at=NOON + timedelta(hours=1))
    return_submission(
        submission_id=second.pk, by=requester, reason="Look again.", at=NOON + timedelta(hours=2)
    )
    counted = 0
    for _run in range(3):
        counted += records.update_records(at=NOON)
    if counted == 0:
        pytest.skip("another test run on this server has a transaction open, which readers wait for")
    assert counted == 2
    record = requester_records([requester.pk, worker.pk])
    assert record[worker.pk] == NO_RECORD
    assert (record[requester.pk].decided, record[requester.pk].hourly_minor) == (2, 3600)


@pytest.mark.django_db
def test_a_record_cannot_claim_more_than_was_decided(requester: Person) -> None:
    with broken("record_overturned_were_rejected"):
        RequesterRecord.objects.create(owner_id=requester.pk, overturned=1)
    with broken("record_automatic_were_approved"):
        RequesterRecord.objects.create(owner_id=requester.pk, automatic=1)


@pytest.mark.usefixtures("committed")
def test_what_a_worker_thinks_counts_for_others_once_their_work_is_decided() -> None:
    requester, worker, peer = a_requester(), a_worker(), a_worker()
    done = a_submission(worker=worker, project=a_project(owner=requester, rows=1))
    rate_requester(assignment_id=done.assignment_id, by=worker, value=Decimal(3), at=NOON)
    assert score_of(requester.pk, worker_id=peer.pk, at=NOON) == Decimal("1.99")
    approve_submission(submission_id=done.pk, by=requester, at=NOON)
    if records.update_records(at=NOON) == 0:
        pytest.skip("another test run on this server has a transaction open, which readers wait for")
    assert score_of(requester.pk, worker_id=peer.pk, at=NOON) == Decimal(3)
    assert recount_regard() == []
