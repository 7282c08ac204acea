"""Pages about how a project opens: chosen and watched by its requester, told to the worker who waits."""

import re
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from tests.builders import a_draft, a_project, a_requester, a_submission, a_worker
from tests.web.pages import browser_of, text_of
from tests.work.opening import BEAT, a_cascade, rated_workers

from canut.kernel import clock
from canut.people.models import Person
from canut.web.studio.opening import picture
from canut.work.models import Assignment, CascadeBeat, Project
from canut.work.queries.cascade_seen import Level, Move, cascade_seen
from canut.work.usecases.choose_cascade import choose_cascade
from canut.work.usecases.close_project import close_project
from canut.work.usecases.pause_project import pause_project
from canut.work.usecases.rate_worker import rate_worker

pytestmark = pytest.mark.django_db


@pytest.fixture
def requester() -> Person:
    return a_requester("rita")


@pytest.fixture
def best(requester: Person) -> Person:
    (worker,) = rated_workers(requester, [3], at=clock.now() - timedelta(hours=1))
    return worker


def begun(requester: Person, **details: object) -> Project:
    """Return a project that began to open just now."""
    return a_cascade(requester, at=clock.now(), **details)


def page_of(person: Person, project: Project, name: str = "project_opening") -> str:
    return text_of(browser_of(person).get(reverse(name, args=[project.pk])))


def test_the_requester_sees_the_picture_its_table_and_the_next_beat(requester: Person, best: Person) -> None:
    project = begun(requester)
    page = page_of(requester, project)
    assert '<svg class="chart"' in page
    assert "from 3.00 on" in page
    assert "What the next beat brings:</strong> It opens further: from 2.00 on." in page
    assert "to come, at the latest" in page
    assert "fewer than 5" in page
    assert "2 places are kept for workers nobody has rated yet, 2 of them free." in page
    assert "Nobody is named" in page
    assert best.screen_name not in page
    assert f"{reverse('project_opening_live', args=[project.pk])}?state=running" in page


def test_every_policy_stands_with_what_it_does_and_when_to_choose_it(requester: Person, best: Person) -> None:
    page = page_of(requester, begun(requester))
    assert page.count('name="policy"') == 4
    assert page.count("Choose it ") == 4


def test_a_threshold_that_is_told_as_between_two_is_drawn_between_them(
    requester: Person, best: Person
) -> None:
    project = begun(requester)
    at = clock.now()
    seen = cascade_seen(project.pk, by=requester, at=at)
    steps = [Decimal(2), Decimal("1.99"), Decimal(1)]

    def drawn(low: str, high: str) -> tuple[float, dict[str, float]]:
        """Return how high the line ends, and how high each mark is."""
        level = Level(Decimal(low), Decimal(high))
        moves = [*seen.moves, Move(at, 1, "fell", "ladder", level)]
        svg = picture(replace(seen, level=level, moves=moves), steps, now=at)
        lines = re.findall(r'<line x1="86" y1="([\d.]+)" x2="392" y2="\1"', str(svg))
        marks = ["3.00", "2.00", "1.99", "everybody"]
        (ends,) = re.findall(r'<path d="[^"]*V([\d.]+)"', str(svg))
        return float(ends), dict(zip(marks, map(float, lines), strict=True))

    ends, marks = drawn("2", "3")
    assert marks["3.00"] < ends < marks["2.00"]
    ends, marks = drawn("1", "1.99")
    assert marks["1.99"] < ends < marks["everybody"]
    for exact in ("3", "2", "1.99"):
        ends, marks = drawn(exact, exact)
        assert ends == marks[f"{Decimal(exact):.2f}"]


def test_a_short_table_of_steps_is_shown_whole_and_a_long_one_scrolls(
    requester: Person, best: Person
) -> None:
    project = begun(requester)
    assert 'class="overflow-auto"' in page_of(requester, project)
    beat = CascadeBeat.objects.get(project=project)
    CascadeBeat.objects.bulk_create(
        CascadeBeat(
            project=project,
            revision_id=beat.revision_id,
            beat=number,
            at=beat.at,
            policy="share",
            why="step",
            threshold_before=3,
            threshold=3,
        )
        for number in range(2, 14)
    )
    assert 'class="overflow-auto long"' in page_of(requester, project)


@pytest.mark.parametrize("policy", ["throughput", "share"])
def test_each_policy_tells_what_it_looks_at(requester: Person, best: Person, policy: str) -> None:
    page = page_of(requester, begun(requester, policy=policy))
    told = {
        "throughput": "Taken or handed in so far during this beat: 0; from 1 on it stays as it is.",
        "share": "The first beat compares how much of the site&#x27;s open work it is",
    }[policy]
    assert told in page.replace("'", "&#x27;")


def test_every_state_has_its_words(requester: Person, best: Person) -> None:
    at = clock.now()
    assert "It is not published yet." in page_of(requester, a_draft(owner=requester))
    tried = a_project(owner=requester, rows=20, answers=2, untried=True, at=at, cascade_policy="ladder")
    assert "No cascade during a round" in page_of(requester, tried)
    assert "open to everybody from the start" in page_of(requester, begun(requester, policy="open"))
    project = begun(requester)
    pause_project(project_id=project.pk, by=requester, at=at)
    assert "its clock: it goes on opening where it was" in page_of(requester, project)
    choose_cascade(project_id=project.pk, by=requester, at=at, policy="open")
    assert "You opened it to everybody on" in page_of(requester, project)
    close_project(project_id=project.pk, by=requester, at=at)
    assert "nobody can come in any more" in page_of(requester, project)
    nobody = begun(requester, allowed_only=True)
    assert "It has opened all the way" in page_of(requester, nobody)


def test_the_live_picture_is_sent_only_when_something_has_changed(requester: Person, best: Person) -> None:
    project = begun(requester)
    browser = browser_of(requester)
    address = reverse("project_opening_live", args=[project.pk])
    first = browser.get(address, {"state": "running"})
    assert (first.status_code, first["Cache-Control"]) == (200, "private, no-cache")
    assert "HX-Refresh" not in first
    again = browser.get(address, {"state": "running"}, HTTP_IF_NONE_MATCH=first["ETag"])
    assert again.status_code in (304, 200)  # 200 only if a minute has passed between the two
    choose_cascade(project_id=project.pk, by=requester, at=clock.now(), policy="open")
    changed = browser.get(address, {"state": "running"}, HTTP_IF_NONE_MATCH=first["ETag"])
    assert (changed.status_code, changed["HX-Refresh"]) == (200, "true")


def test_the_live_picture_asks_the_database_little(
    requester: Person, best: Person, django_assert_max_num_queries: object
) -> None:
    project = begun(requester)
    browser = browser_of(requester)
    address = reverse("project_opening_live", args=[project.pk])
    browser.get(address)
    with django_assert_max_num_queries(20):
        browser.get(address)


def test_another_policy_is_chosen_and_open_is_for_good(requester: Person, best: Person) -> None:
    project = begun(requester)
    browser = browser_of(requester)
    choose = reverse("choose_cascade", args=[project.pk])
    page = text_of(browser.post(choose, {"policy": "share"}, follow=True))
    assert "It opens that way from the next beat on." in page
    page = text_of(browser.post(choose, {"policy": "open"}, follow=True))
    assert "Nobody has to wait for it." in page
    assert 'name="policy"' not in page
    refused = browser.post(choose, {"policy": "ladder"})
    assert refused.status_code == 422
    assert "what is open is not closed again" in text_of(refused)
    for spoilt in ({}, {"policy": ""}, {"policy": "lottery"}, {"policy": "\0"}):
        assert browser.post(choose, spoilt).status_code == 422


def test_the_choice_stands_among_a_drafts_details_and_on_the_page_that_publishes(requester: Person) -> None:
    draft = a_draft(owner=requester)
    browser = browser_of(requester)
    details = reverse("project_details", args=[draft.pk])
    page = text_of(browser.get(details))
    assert 'name="cascade_policy" value="open"' in page
    told = {"title": "Cats", "kind": "paid", "pay_basis": "piece", "device": "any"}
    assert browser.post(details, told | {"cascade_policy": "throughput"}).status_code == 302
    draft.refresh_from_db()
    assert draft.cascade_policy == "throughput"
    assert browser.post(details, told).status_code == 302
    draft.refresh_from_db()
    assert draft.cascade_policy == "throughput"
    assert browser.post(details, told | {"cascade_policy": "lottery"}).status_code == 422
    page = page_of(requester, draft, "project_publish")
    assert "How it opens: while the work goes well, not further." in page
    assert f"{details}#id_cascade_policy" in page
    running = a_project(owner=requester)
    assert reverse("project_opening", args=[running.pk]) in page_of(requester, running, "studio_project")


@pytest.mark.parametrize("name", ["project_opening", "project_opening_live", "choose_cascade"])
def test_nobody_else_watches_or_chooses(requester: Person, best: Person, name: str) -> None:
    project = begun(requester)
    address = reverse(name, args=[project.pk])
    for stranger in (a_requester(), a_worker(), a_worker(requester=True)):
        browser = browser_of(stranger)
        answer = (
            browser.post(address, {"policy": "open"}) if name == "choose_cascade" else browser.get(address)
        )
        assert answer.status_code in (403, 404)
    project.refresh_from_db()
    assert project.cascade_policy == "ladder"


# --- The worker ---


def test_the_worker_reads_when_it_opens_and_who_comes_too_early_is_told_the_moment(
    requester: Person, best: Person
) -> None:
    worker = a_worker("wanda")
    project = begun(requester)
    browser = browser_of(worker)
    page = text_of(browser.get(reverse("project", args=[project.pk])))
    assert page.lower().count("not open to you yet") == 1
    assert "It opens to you on" in page
    assert "Nobody has rated your work yet: from" in page
    assert "That gives you normal access." in page
    assert reverse("take_task", args=[project.pk]) not in page
    assert str(project.threshold) not in page
    refused = browser.post(reverse("take_task", args=[project.pk]))
    assert refused.status_code == 403
    assert "the next step is due" in text_of(refused)
    assert not Assignment.objects.filter(worker=worker).exists()


def test_the_worker_it_is_open_to_reads_why(requester: Person) -> None:
    best = a_worker("bea")
    since = clock.now() - timedelta(hours=1)
    done = a_submission(worker=best, project=a_project(owner=requester, rows=1, at=since), at=since)
    rate_worker(submission_id=done.pk, by=requester, value=Decimal(3), at=since)
    page = page_of(best, begun(requester), "project")
    assert "Open to you already" in page
    assert "in other projects: 1 rating." in page
    assert "That gives you early access." in page


def test_what_opens_soon_is_a_page_of_its_own_that_the_feed_leads_to(requester: Person, best: Person) -> None:
    worker = a_worker("wanda")
    browser = browser_of(worker)
    soon = reverse("opening_soon")
    assert "No project is on its way to you" in text_of(browser.get(soon))
    assert soon in text_of(browser.get(reverse("feed")))
    projects = [begun(requester, title=f"Cats {number}") for number in range(22)]
    page = text_of(browser.get(soon))
    assert page.count("Opens to you on") == 20
    assert "More of them" in page
    following = browser.get(page.partition('rel="next" href="')[2].partition('"')[0])
    assert text_of(following).count("Opens to you on") == 2
    Project.objects.filter(pk__in=[one.pk for one in projects]).update(
        cascade_beat=2, cascade_next_at=clock.now() + BEAT
    )
    assert "Opens to you on" not in text_of(browser.get(soon))
    assert browser_of(a_requester()).get(soon).status_code == 403
    assert browser.get(soon, {"after": "spoilt"}).status_code == 200
