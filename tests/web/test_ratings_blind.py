"""Nobody is shown who gave them what (MECHANISMS 1.2): by no page, program, file, event or mail."""

import json
import re
from decimal import Decimal
from urllib.parse import urlsplit

import pytest
from django.test import Client
from django.urls import reverse
from procrastinate.contrib.django.models import ProcrastinateJob
from tests.api.calls import Call, key_of, operations
from tests.builders import a_project, a_requester, a_submission, a_worker
from tests.stories import examples
from tests.web.pages import browser_of
from tests.work.rounds import fill_round

from canut.kernel import clock
from canut.kernel.models import Event
from canut.people.models import Person, Scope
from canut.work.models import Assignment, Revision, Submission
from canut.work.queries.exported import assignment_rows, layout
from canut.work.queries.label_studio import label_studio_tasks
from canut.work.usecases.approve_submission import approve_submission
from canut.work.usecases.launch_project import launch_project
from canut.work.usecases.rate_requester import rate_requester
from canut.work.usecases.rate_worker import rate_worker

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

OF_WORKER, OF_REQUESTER, OF_ROUND = Decimal("2.37"), Decimal("1.73"), Decimal("2.91")
PAGES_AT_MOST = examples(80, 200)
"""What is nearest to their own places comes first."""
OF_NOBODY = ("/static/", "/source/", "/api/", "/account/logout", "/algorithms/", "/charter/")


def has(content: str, value: Decimal) -> bool:
    """Say whether a value is in a text, as pages in English or French, programs or cursors write it."""
    whole, _point, cents = str(value).partition(".")
    number = rf"(?<!\d){whole}[.,]{cents}(?!\d)"  # and no part of a moment's seconds
    return re.search(rf"{number}|{int(value * 1_000_000)}", content) is not None


def pages_of(person: Person) -> dict[str, str]:
    """Return every page that somebody reaches by following links from their own places."""
    browser, found, ahead = browser_of(person), {}, ["/", "/feed/", "/work/", "/studio/", "/account/"]
    while ahead and len(found) < PAGES_AT_MOST:
        address = ahead.pop(0)
        if address in found:
            continue
        answer = browser.get(address)
        if answer.streaming or not answer.headers.get("Content-Type", "").startswith("text/html"):
            continue
        found[address] = answer.content.decode()
        for link in re.findall(r'(?:href|hx-get)="([^"#]+)', found[address]):
            parts = urlsplit(link.replace("&amp;", "&"))
            onward = parts.path + (f"?{parts.query}" if parts.query else "")
            if not parts.netloc and parts.path.startswith("/") and not parts.path.startswith(OF_NOBODY):
                ahead.append(onward)
    return found


def answers_to(person: Person, ids: dict[str, int]) -> dict[str, str]:
    """Return what every address of the API that can be read answers somebody, about all that there is."""
    found, token = {}, key_of(person, Scope.values)
    for name, (method, path, _document) in operations().items():
        asked = path.removeprefix("/api/v1").format_map(ids) if method == "GET" else None
        if asked is not None:
            found[name] = (
                Call(person, "GET", asked, token=token).answered_unchecked().content.decode(errors="replace")
            )
    return found


class Ids(dict[str, int]):
    """Ids by the names that addresses give them; one for what the story does not have."""

    def __missing__(self, name: str) -> int:
        return 1


@pytest.fixture
def story():
    """Return a requester and workers who have rated each other, one of them about a prototype round."""
    at = clock.now()
    owner, worker = a_requester("rater"), a_worker("rated")
    tester, *others = [a_worker(f"tester{number}") for number in range(4)]
    project = a_project(owner=owner, rows=16, untried=True, title="Tried", at=at)
    fill_round(project, [tester, *others], at=at)
    launch_project(project_id=project.pk, by=owner, at=at)
    done = a_submission(worker=worker, project=project, at=at)
    a_submission(worker=tester, project=project, at=at)
    approve_submission(submission_id=done.pk, by=owner, at=at)
    of_round = Assignment.objects.filter(project=project, round__isnull=False, worker_id=tester.pk)[0]
    before = set(ProcrastinateJob.objects.values_list("pk", flat=True))
    rate_worker(submission_id=done.pk, by=owner, value=OF_WORKER, at=at)
    rate_requester(assignment_id=done.assignment_id, by=worker, value=OF_REQUESTER, at=at)
    tried = Submission.objects.get(assignment=of_round)
    rate_worker(submission_id=tried.pk, by=owner, value=OF_ROUND, at=at)
    assert set(ProcrastinateJob.objects.values_list("pk", flat=True)) == before  # nobody is told
    ids = Ids(
        project_id=project.pk,
        submission_id=done.pk,
        assignment_id=done.assignment_id,
        requester_id=owner.pk,
        worker_id=worker.pk,
        person_id=worker.pk,
        task_id=done.assignment.task_id,
    )
    return owner, worker, tester, project, ids


@pytest.mark.long
def test_who_was_rated_finds_the_rating_nowhere(story) -> None:
    owner, worker, tester, _project, ids = story
    for person, hidden, theirs in (
        (worker, OF_WORKER, OF_REQUESTER),
        (owner, OF_REQUESTER, OF_WORKER),
        (tester, OF_ROUND, None),
    ):
        read = pages_of(person) | answers_to(person, ids)
        assert len(read) > 60
        for place, content in read.items():
            assert not has(content, hidden), (person.screen_name, place)
        if theirs is not None:
            assert any(has(content, theirs) for content in read.values())  # one's own is there to be read


def test_a_stranger_and_a_visitor_find_neither(story) -> None:
    owner, worker, _tester, _project, ids = story
    stranger = a_worker("stranger")
    read = pages_of(stranger) | answers_to(stranger, ids)
    read["visitor"] = Client().get(reverse("requester", args=[owner.pk])).content.decode()
    for place, content in read.items():
        for hidden in (OF_WORKER, OF_REQUESTER, OF_ROUND):
            assert not has(content, hidden), place
    assert worker.screen_name not in read["visitor"]


def test_a_requester_cannot_tell_by_their_rating_who_tried_the_design(story) -> None:
    owner, worker, tester, _project, ids = story
    for person in (worker, tester):
        about = answers_to(owner, Ids(ids | {"worker_id": person.pk}))
        for name, content in about.items():
            told = [content]
            if name == "list_requested":  # many lines, of the round and of others: in no line both
                told = [json.dumps(line) for line in json.loads(content)["items"]]
            elif name == "download_requested":  # the same lines as a file
                told = content.splitlines()
            for one in told:
                is_both = has(one, OF_ROUND) and person.screen_name in one
                assert not (is_both and name != "list_ratings_of_workers"), name
    for address, content in pages_of(owner).items():
        if f"/people/{tester.pk}/" in address:
            assert not has(content, OF_ROUND)
            assert 'aria-pressed="true"' not in content


def test_neither_a_file_nor_an_event_holds_a_rating(story) -> None:
    _owner, _worker, _tester, project, _ids = story
    laid_out = layout(Revision.objects.filter(project=project), ["text"], file_format="jsonl")
    held = [str(row) for row in assignment_rows(project, laid_out)]
    held += [str(task) for task in label_studio_tasks(project)]
    rated = Event.objects.filter(name__in=["worker.rated", "requester.rated"])
    assert rated.count() == 3
    assert {frozenset(event.data) for event in rated} == {frozenset({"project_id"})}
    held += [str(event.data) for event in Event.objects.all()]
    for value in (OF_WORKER, OF_REQUESTER, OF_ROUND):
        assert not [one for one in held if has(one, value)]
