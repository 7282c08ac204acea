"""Pages on which people rate each other, look back on what they said, and read a requester's record."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse
from tests.api.calls import Call
from tests.builders import a_draft, a_project, a_requester, a_submission, a_worker
from tests.web.pages import browser_of, text_of
from tests.work.rounds import a_crowd, fill_round

from canut.kernel import clock
from canut.people.models import Listing
from canut.people.usecases.block_person import block_person
from canut.reputation.models import Rating, RequesterRecord
from canut.reputation.queries import own_regard
from canut.work.models import Assignment, Project, Submission
from canut.work.queries.worked_with import people_page, unrated_workers
from canut.work.usecases.launch_project import launch_project
from canut.work.usecases.rate_requester import rate_requester
from canut.work.usecases.rate_worker import rate_worker

pytestmark = pytest.mark.django_db


@pytest.fixture
def at():
    return clock.now()


@pytest.fixture
def project(requester, at):
    return a_project(owner=requester, rows=6, answers=3, at=at - timedelta(hours=6))


@pytest.fixture
def browser(requester):
    return browser_of(requester)


def review(project: Project, asked: str = "") -> str:
    return reverse("review", args=[project.pk]) + asked


# --- Several at once, and being reminded ---


def test_what_is_selected_is_rated_the_same_in_one_step(browser, project, worker, peer, at):
    done = [a_submission(worker=who, project=project, at=at) for who in (worker, peer, worker)]
    page = text_of(browser.get(review(project)))
    assert page.count('form="rate-selected"') == 3
    assert "3 workers" not in page
    assert "2 workers of this project are not rated yet; who took part" in page
    sent = {"rating": "plus", "submissions": [done[0].pk, done[1].pk]}
    answer = browser.post(reverse("rate_selected", args=[project.pk]), sent, follow=True)
    assert "2 pieces of work rated." in text_of(answer)
    assert set(Rating.objects.values_list("assignment_id", "value")) == {
        (one.assignment_id, 3) for one in done[:2]
    }
    assert "not rated yet" not in text_of(browser.get(review(project)))


def test_all_that_was_shown_is_rated_and_nothing_that_came_later(browser, project, worker, peer, at):
    shown = a_submission(worker=worker, project=project, at=at)
    a_submission(worker=peer, project=project, at=at)
    sent = {"rating": "minus", "all": "1", "shown": [shown.pk]}
    browser.post(reverse("rate_selected", args=[project.pk]), sent)
    assert Rating.objects.get().assignment_id == shown.assignment_id


@pytest.mark.parametrize("sent", [{"rating": "plus"}, {"rating": "plus", "submissions": ["x", "-1", "²"]}])
def test_who_selects_nothing_is_told_so(browser, project, sent):
    answer = browser.post(reverse("rate_selected", args=[project.pk]), sent, follow=True)
    assert "Select work below" in text_of(answer)
    assert not Rating.objects.exists()


def test_foreign_work_among_the_selected_refuses_them_all(browser, project, worker, peer, at):
    mine = a_submission(worker=worker, project=project, at=at)
    theirs = a_submission(worker=peer, project=a_project(owner=a_requester(), at=at), at=at)
    sent = {"rating": "plus", "submissions": [mine.pk, theirs.pk]}
    assert browser.post(reverse("rate_selected", args=[project.pk]), sent).status_code == 404
    assert not Rating.objects.exists()


def test_after_a_decision_one_is_reminded_and_nothing_waits_for_it(browser, project, worker, at):
    done = a_submission(worker=worker, project=project, at=at)
    reminder = "You have not rated this work yet; you need not."
    assert reminder not in text_of(browser.get(review(project)))
    headers = {"HX-Request": "true"}
    fragment = browser.post(reverse("approve", args=[project.pk]), {"submission": done.pk}, headers=headers)
    assert reminder in text_of(fragment)
    sent = {"submission": done.pk, "rating": "check"}
    fragment = browser.post(reverse("rate_worker", args=[project.pk]), sent, headers=headers)
    assert reminder not in text_of(fragment)


def test_the_review_can_be_narrowed_to_what_is_not_rated(browser, project, requester, worker, peer, at):
    rated, other = (a_submission(worker=who, project=project, at=at) for who in (worker, peer))
    rate_worker(submission_id=rated.pk, by=requester, value=Decimal(3), at=at)
    page = text_of(browser.get(review(project, "?unrated=1")))
    assert "Peer" in page
    assert "Worker</bdi>" not in page
    assert f'value="{other.pk}"' in page


# --- People I worked with ---


def test_people_one_worked_with_are_listed_with_what_one_thinks_of_them(
    browser, project, requester, worker, peer, at
):
    first, _second = (a_submission(worker=worker, project=project, at=at) for _ in range(2))
    a_submission(worker=peer, project=project, at=at)
    rate_worker(submission_id=first.pk, by=requester, value=Decimal(1), at=at)
    block_person(person_id=peer.pk, by=requester, at=at)
    page = text_of(browser.get(reverse("people")))
    for words in ("Worker", "last access to my next tasks", "(1 rating)", "(2 wait)", "Peer", "blocked"):
        assert words in page
    found = text_of(browser.get(reverse("people"), {"name": "PEE"}))
    assert "Peer" in found
    assert "Worker</bdi>" not in found
    assert "Nobody with such a name" in text_of(browser.get(reverse("people"), {"name": "%"}))
    assert "Nobody has handed in work to you yet" in text_of(browser_of(a_requester()).get(reverse("people")))


def test_the_list_goes_on_page_by_page_and_misses_nobody(requester, at):
    project = a_project(owner=requester, rows=5, at=at)
    crowd = [a_worker(at=at) for _ in range(5)]
    for who in crowd:
        a_submission(worker=who, project=project, at=at)
    seen, cursor = [], ""
    while True:
        page = people_page(by=requester, cursor=cursor, most=2)
        seen += [one.who.id for one in page.people]
        if not (cursor := page.next_cursor):
            break
    assert seen == [who.pk for who in reversed(crowd)]  # all at the same time: by number
    assert len(people_page(by=requester, cursor="spoilt_x").people) == 5


def test_a_worker_is_rated_from_their_page_piece_by_piece(browser, project, worker, stranger, at):
    done = a_submission(worker=worker, project=project, at=at)
    page = reverse("worker", args=[worker.pk])
    assert text_of(browser.get(page)).count("early access to my next tasks") == 1
    sent = {"submission": done.pk, "rating": "plus", "next": page}
    assert browser.post(reverse("rate_work"), sent).headers["Location"] == page
    assert Rating.objects.get().value == 3
    sent["next"] = "https://elsewhere.example/"
    assert browser.post(reverse("rate_work"), sent).headers["Location"] == reverse("people")
    for who in (stranger, worker):
        assert browser_of(who).post(reverse("rate_work"), sent).status_code == 404
        assert browser_of(who).get(page).status_code == 404
    for junk in ({"rating": "plus"}, {"rating": "best", "submission": done.pk}, {"submission": "²"}):
        assert browser.post(reverse("rate_work"), junk).status_code == 404


def test_the_lists_are_kept_from_a_workers_page(browser, project, requester, worker, peer, at):
    a_submission(worker=worker, project=project, at=at)
    address = reverse("list_worker", args=[worker.pk])
    for kind, kept in (("allow", "allow"), ("block", "block"), ("", None), ("", None)):
        browser.post(address, {"kind": kind, "told": "Too hasty."})
        listed = Listing.objects.filter(owner_id=requester.pk, person_id=worker.pk)
        assert listed.values_list("kind", flat=True).first() == kept
    assert browser.post(address, {"kind": "worst"}).status_code == 422
    assert browser.post(address, {"kind": "block", "told": "x" * 10_000}).status_code == 422
    assert browser.post(reverse("list_worker", args=[peer.pk]), {"kind": "block"}).status_code == 404


# --- Prototype rounds ---


@pytest.fixture
def tried(requester, at):
    """Return a project in its full run, and a worker of its round who has handed in nothing since."""
    project = a_project(owner=requester, rows=16, untried=True, at=at)
    fill_round(project, a_crowd(4), at=at)
    launch_project(project_id=project.pk, by=requester, at=at)
    of_round = Assignment.objects.filter(project=project, round__isnull=False).order_by("pk")[0]
    return project, of_round


def test_a_rounds_worker_is_rated_from_its_page_and_named_nowhere(browser, requester, tried, at):
    project, of_round = tried
    address = reverse("project_round", args=[project.pk])
    page = text_of(browser.get(address))
    assert "you are not told who they are" in page
    submission = Submission.objects.get(assignment=of_round)
    answer = browser.post(
        reverse("rate_work"), {"submission": submission.pk, "rating": "plus", "next": address}, follow=True
    )
    assert text_of(answer).count('aria-pressed="true"') == 1
    name = of_round.worker.party.screen_name
    for place in (address, review(project, "?state=submitted"), reverse("ratings_of_workers")):
        page = text_of(browser.get(place))
        assert name not in page
        assert f"/people/{of_round.worker_id}/" not in page
    assert "a worker of the prototype round" in text_of(browser.get(reverse("ratings_of_workers")))
    assert browser.get(reverse("worker", args=[of_round.worker_id])).status_code == 404


def test_rating_a_rounds_worker_moves_nothing_that_has_their_name(requester, tried, at):
    project, of_round = tried
    who = of_round.worker
    a_submission(worker=who, project=project, at=at)
    before = people_page(by=requester).people, unrated_workers(project.pk, owner_id=requester.pk)
    submission = Submission.objects.get(assignment=of_round)
    rate_worker(submission_id=submission.pk, by=requester, value=Decimal(3), at=at)
    after = people_page(by=requester).people, unrated_workers(project.pk, owner_id=requester.pk)
    assert before[0] == after[0]
    assert before[1] == after[1] + 1  # whoever it was, one of the round's is rated now


# --- What it brings about ---


def test_a_rating_takes_effect_in_the_next_feed_and_the_next_claim(browser, requester, worker, peer, at):
    first = a_project(owner=requester, rows=2, answers=2, at=at - timedelta(hours=6))
    of_worker, of_peer = (a_submission(worker=who, project=first, at=at) for who in (worker, peer))
    rate_worker(submission_id=of_peer.pk, by=requester, value=Decimal(3), at=at)
    guarded = a_project(owner=requester, title="Step by step", cascade_policy="ladder", at=at)
    assert guarded.threshold == 3
    workers_browser = browser_of(worker)
    take = Call(worker, "POST", f"/projects/{guarded.pk}/take")

    def sees() -> bool:
        return guarded.title in text_of(workers_browser.get(reverse("feed")))

    assert not sees()
    assert take.answered_unchecked().code == "not_open_to_you_yet"
    sent = {"submission": of_worker.pk, "rating": "plus"}
    browser.post(reverse("rate_worker", args=[first.pk]), sent)
    assert sees()
    rating = Call(requester, "PUT", f"/submissions/{of_worker.pk}/rating", {"value": 1})
    assert rating.answered().status == 200
    assert not sees()
    assert take.answered_unchecked().code == "not_open_to_you_yet"
    browser.post(reverse("rate_work"), sent)
    assert take.answered_unchecked().status == 200


# --- A worker's side ---


def test_a_worker_rates_from_their_history_and_the_next_feed_goes_by_it(worker, at):
    owners = [a_requester() for _ in range(2)]
    old, new = (a_project(owner=owner, rows=3, at=at) for owner in owners)
    done = a_submission(worker=worker, project=old, at=at)
    browser = browser_of(worker)

    def feed_order() -> list[bool]:
        page = text_of(browser.get(reverse("feed")))
        return page.index(old.title) < page.index(new.title)

    assert not feed_order()  # the newer first
    page = text_of(browser.get(reverse("my_work")))
    assert "top of my feed" in page
    sent = {"rating": "plus", "next": reverse("my_work") + "?show=all"}
    answer = browser.post(reverse("rate_requester", args=[done.assignment_id]), sent)
    assert answer.headers["Location"] == sent["next"]
    assert feed_order()
    browser.post(reverse("rate_requester_of_all", args=[owners[0].pk]), {"rating": "minus"})
    assert not feed_order()
    assert own_regard(worker.pk, owners[0].pk) == 1
    history = text_of(browser.get(reverse("ratings_of_requesters")))
    assert history.count("<td>until ") == 1
    assert "bottom of my feed" in history


def test_of_a_requester_only_the_latest_rating_is_said_to_count(project, requester, worker, at):
    for value in (1, 3):
        done = a_submission(worker=worker, project=project, at=at)
        rate_requester(assignment_id=done.assignment_id, by=worker, value=Decimal(value), at=at)
    other = a_submission(worker=worker, project=a_project(owner=a_requester(), at=at), at=at)
    rate_requester(assignment_id=other.assignment_id, by=worker, value=Decimal(2), at=at)
    page = text_of(browser_of(worker).get(reverse("ratings_of_requesters")))
    assert page.count("<td>yes</td>") == 2
    assert page.count("<td>no: of a requester, only your latest rating does</td>") == 1
    assert own_regard(worker.pk, requester.pk) == 3


def test_one_sees_the_ratings_one_gave_and_nobody_elses(browser, project, requester, worker, stranger, at):
    done = a_submission(worker=worker, project=project, at=at)
    for value in (3, 1):
        rate_worker(submission_id=done.pk, by=requester, value=Decimal(value), at=at)
    page = text_of(browser.get(reverse("ratings_of_workers")))
    assert "early access" in page
    assert "last access" in page
    for who in (worker, stranger):
        for name in ("ratings_of_workers", "ratings_of_requesters"):
            assert "You have rated nobody yet" in text_of(browser_of(who).get(reverse(name)))


# --- A requester's public page ---


def test_a_requesters_record_is_there_for_everybody_with_its_cases(project, requester):
    address = reverse("requester", args=[requester.pk])
    page = text_of(Client().get(address))
    assert "This requester has decided on no work yet." in page
    assert project.title not in page
    RequesterRecord.objects.create(
        owner_id=requester.pk,
        approved=1_198,
        returned=300,
        rejected=2,
        overturned=1,
        first_decided=1_200,
        timed=1_100,
        timed_pay_minor=1_700_00,
        timed_seconds=360_000,
        waited_seconds=1_500 * 7200,
        appeals_heard=2,
        appeals_lost=1,
        revisions=3,
        revisions_helped=2,
    )
    page = text_of(Client().get(address))
    for words in (
        "really paid €17.00 an hour (1,100 timed pieces of work, 100.0 h)",
        "25 % of 1,200 pieces of work sent back for rework",
        "0.1 % of 1,200 pieces of work rejected in the end",
        "on average (1,500 decisions)",
        "lost 1 of 2 appeals",
        "2 of 3 revisions were liked better by those who tried them",
    ):
        assert words in page.replace("\u00a0", " ")


def test_a_page_lists_what_is_open_to_whoever_looks(project, requester, worker, at):
    address = reverse("requester", args=[requester.pk])
    hidden = a_project(owner=requester, allowed_only=True, title="For friends", at=at)
    a_draft(owner=requester, title="Not yet")
    page = text_of(browser_of(worker).get(address))
    assert project.title in page
    assert hidden.title not in page
    assert "Not yet" not in page
    assert "Where should" not in page  # nothing to rate yet
    assert hidden.title in text_of(browser_of(requester).get(address))
    a_submission(worker=worker, project=project, at=at)
    assert "Where should" in text_of(browser_of(worker).get(address))
    block_person(person_id=worker.pk, by=requester, at=at)
    assert "Nothing of theirs is open to you now." in text_of(browser_of(worker).get(address))


def test_only_who_has_published_has_a_page(worker, stranger):
    a_draft(owner=stranger)
    for number in (worker.pk, stranger.pk, 2**62, 2**80):
        assert Client().get(f"/requesters/{number}/").status_code == 404
    assert browser_of(stranger).get(reverse("requester", args=[stranger.pk])).status_code == 200


def test_who_did_nothing_for_a_requester_rates_them_nowhere(project, requester, worker, stranger):
    address = reverse("rate_requester_of_all", args=[requester.pk])
    for who in (worker, stranger, requester):
        assert browser_of(who).post(address, {"rating": "plus"}).status_code == 409
    assert Client().post(address, {"rating": "plus"}).status_code == 302
    assert not Rating.objects.exists()


@pytest.mark.parametrize("name", ["people", "ratings_of_workers", "ratings_of_requesters"])
def test_a_visitor_is_sent_to_sign_in(db, name):
    assert Client().get(reverse(name)).headers["Location"].startswith(reverse("account_login"))


def test_what_people_write_is_shown_as_written(browser, requester, worker, at):
    project = a_project(owner=requester, title="</script><i>x", at=at)
    done = a_submission(worker=worker, project=project, at=at)
    rate_worker(submission_id=done.pk, by=requester, value=Decimal(2), at=at)
    names = (("worker", [worker.pk]), ("ratings_of_workers", []), ("requester", [requester.pk]))
    for name, of in names:
        page = text_of(browser.get(reverse(name, args=of)))
        assert "&lt;i&gt;x" in page
        assert "<i>x" not in page
    assert "<script>" not in text_of(browser.get(reverse("people"), {"name": '"><script>'}))
