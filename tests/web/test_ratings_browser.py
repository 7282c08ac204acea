"""Rating, looking back and a requester's record in a real browser: at a desk, on a phone, in the dark."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from tests.builders import a_project, a_submission, a_worker
from tests.web.looks import faults
from tests.web.test_tasks_browser import (  # noqa: F401 - fixtures
    cast,
    chromium,
    opened,
    site,
)
from tests.work.rounds import a_crowd, fill_round

from canut.reputation.models import Rating, RequesterRecord
from canut.work.usecases.approve_submission import approve_submission
from canut.work.usecases.rate_requester import rate_requester
from canut.work.usecases.rate_worker import rate_worker

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def some_work(cast):  # noqa: F811
    """Return a project in which several people have handed in, and a record of its requester."""
    at = cast.at - timedelta(hours=6)
    project = a_project(owner=cast.requester, title="Which of the two answers?", rows=6, answers=4, at=at)
    workers = [cast.worker, *(a_worker(name, at=at) for name in ("weaver", "spinner", "dyer"))]
    done = [a_submission(worker=worker, project=project, at=at) for worker in workers]
    a_submission(worker=cast.worker, project=project, at=at)
    rate_worker(submission_id=done[0].pk, by=cast.requester, value=Decimal(3), at=at)
    rate_worker(submission_id=done[1].pk, by=cast.requester, value=Decimal("1.4"), at=at)
    rate_worker(submission_id=done[1].pk, by=cast.requester, value=Decimal(2), at=cast.at)
    rate_requester(assignment_id=done[0].assignment_id, by=cast.worker, value=Decimal(3), at=at)
    approve_submission(submission_id=done[2].pk, by=cast.requester, at=cast.at)
    RequesterRecord.objects.update_or_create(
        owner_id=cast.requester.pk,
        defaults={
            "approved": 1198,
            "returned": 300,
            "rejected": 2,
            "first_decided": 1200,
            "timed": 1100,
            "timed_pay_minor": 170_000,
            "timed_seconds": 360_000,
            "waited_seconds": 1500 * 7200,
            "appeals_heard": 2,
            "appeals_lost": 1,
            "revisions": 3,
            "revisions_helped": 2,
        },
    )
    return project, done


def test_several_are_selected_and_rated_with_scripts_off(cast, opened):  # noqa: F811
    project, done = some_work(cast)
    page = opened(cast.requester, java_script_enabled=False)
    page.goto(reverse("review", args=[project.pk]))
    for submission in (done[1], done[3]):
        page.check(f"input[type=checkbox][name=submissions][value='{submission.pk}']")
    page.click("#rate-selected button[value=minus]")
    page.wait_for_selector("text=2 pieces of work rated.")
    rated = Rating.objects.filter(value=1, counts_until=None).values_list("assignment_id", flat=True)
    assert set(rated) == {done[1].assignment_id, done[3].assignment_id}


def test_one_piece_is_rated_in_place(cast, opened):  # noqa: F811
    project, done = some_work(cast)
    page = opened(cast.requester)
    page.goto(reverse("review", args=[project.pk]))
    work = page.locator(f"#work-{done[3].assignment_id}")
    work.locator("button[value=plus]").click()
    page.wait_for_selector(f"#work-{done[3].assignment_id} [aria-pressed=true][value=plus]")
    assert Rating.objects.get(assignment_id=done[3].assignment_id).value == 3
    page.wait_for_selector(f"#work-{done[3].assignment_id} input[form=rate-selected]")


def test_the_pages_fit_and_break_no_rule_of_accessibility(cast, opened):  # noqa: F811
    project, _done = some_work(cast)
    tried = a_project(owner=cast.requester, title="Tried", rows=16, untried=True, at=cast.at)
    fill_round(tried, a_crowd(4), at=cast.at)
    found = []
    requester, worker = opened(cast.requester), opened(cast.worker)
    for page, name, of, asked in (
        (requester, "review", [project.pk], ""),
        (requester, "review", [project.pk], "?state=approved&unrated=1"),
        (requester, "people", [], ""),
        (requester, "worker", [cast.worker.pk], ""),
        (requester, "ratings_of_workers", [], ""),
        (requester, "project_round", [tried.pk], ""),
        (worker, "my_work", [], ""),
        (worker, "ratings_of_requesters", [], ""),
        (worker, "requester", [cast.requester.pk], ""),
        (worker, "feed", [], ""),
    ):
        page.goto(reverse(name, args=of) + asked)
        for summary in page.locator("main td summary").all():
            summary.click()
        found += faults(page, name + ("-unrated" if asked else ""), named="ratings")
    assert found == []
