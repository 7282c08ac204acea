"""The page of results: what it says, what it leaves out, whose it is, and the files to take away."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from tests.builders import NOON, a_draft, a_project, a_submission, a_worker
from tests.work.handed_in import a_worked_project
from tests.work.test_results import ANIMALS, animals, compared

from canut.kernel import clock
from canut.people.models import Person
from canut.reputation.models import Rating
from canut.web.results.urls import urlpatterns
from canut.work.models import Computation, Project, Submission
from canut.work.usecases.compute_results import work_out_results
from canut.work.usecases.export_results import write_export

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("uploads")]


@pytest.fixture
def studio(client: Client, requester: Person) -> Client:
    client.force_login(requester)
    return client


def text(response: Any) -> str:
    """Return a page's words: no markup, single spaces."""
    assert response.status_code < 500
    return " ".join(re.sub(r"<[^>]*>", " ", response.content.decode()).split())


def page(studio: Client, project: Project, **asked: Any) -> Any:
    return studio.get(reverse("results", args=[project.pk]), asked)


def test_the_page_says_progress_agreement_times_and_each_task(studio, requester):
    response = page(studio, animals(requester), gold="gold")
    words = text(response)
    assert response.status_code == 200
    assert "7 of 8 answers have been handed in." in words
    assert "Krippendorff's alpha is 0, over 7 answers to the 3 tasks that have two or more." in words
    assert "Half of the answers took 35 s or less" in words
    assert "1 answer came without a time." in words
    assert "1 task has a tie" in words
    assert "Majority: 1 of 2 right, 50 % (95 % interval 9.5 % to 90.5 %)" in words
    assert "1 more holds what nobody could have answered, and is left out." in words
    for words_of_row in ("t1 3 A cat 66.7 %", "t10 2 A cat tie 50 %", "t11 0 no answer yet"):
        assert words_of_row in words
    assert response.content.count(b"<svg") == 4 + 1  # and the bell
    assert response.content.count(b"The same as a table") == 4


def test_each_task_leads_to_its_answers_to_be_rated_whatever_was_decided(studio, requester):
    project = animals(requester)
    content = page(studio, project).content.decode()
    (address,) = re.findall(r'href="(/studio/[^"]*task=t1)"', content)
    answers = studio.get(address.replace("&amp;", "&")).content.decode()
    assert answers.count('<article class="panel work"') == 3
    assert answers.count("early access to my next tasks") >= 3
    (one, *_others) = re.findall(r'name="submission" value="(\d+)"', answers)
    studio.post(reverse("rate_worker", args=[project.pk]), {"submission": one, "rating": "plus"})
    assert Rating.objects.get().assignment_id == Submission.objects.get(pk=one).assignment_id


def test_nothing_on_the_page_is_script_or_style_of_its_own(studio, requester):
    content = page(studio, animals(requester)).content.decode()
    assert not re.search(r"\sstyle=|\son[a-z]+=|<style|<script(?![^>]*src=)", content)


def test_a_hostile_answer_and_key_are_words_and_nothing_else(studio, requester):
    project = animals(requester)
    hostile = "<script>alert(1)</script>"
    project.tasks.filter(key="t1").update(key=hostile)
    content = page(studio, project).content.decode()
    assert hostile not in content
    assert "&lt;script&gt;alert(1)" in content


def test_sorting_and_pages_keep_what_was_chosen(studio, requester):
    response = page(studio, animals(requester), gold="gold", smoothing=0, order="-share")
    content = response.content.decode()
    assert [row["key"] for row in response.context["table"]["rows"]] == ["t2", "t1", "t10", "t11"]
    assert 'aria-sort="descending"' in content
    assert re.search(r'href="[^"]*gold=gold[^"]*order=share', content)
    assert "smoothing 0" in text(response)


def test_what_cannot_be_is_said_and_the_page_stands(studio, requester):
    response = page(studio, animals(requester), gold="nowhere")
    assert response.status_code == 422
    assert "The uploaded rows have no such column." in text(response)
    for nonsense in ({"revision": "x"}, {"smoothing": "-1"}, {"question": "none"}, {"revision": "99"}):
        assert page(studio, animals_once(requester), **nonsense).status_code == 422
    for harmless in ({"page": "x"}, {"page": "0"}, {"page": "999999999999"}, {"order": "x"}):
        assert page(studio, animals_once(requester), **harmless).status_code == 200


def animals_once(owner: Person) -> Project:
    return Project.objects.filter(owner_id=owner.pk).first() or animals(owner)


@pytest.mark.parametrize("build", [a_project, a_draft])
def test_a_project_without_answers_says_so(studio, requester, build):
    response = page(studio, build(owner=requester))
    assert response.status_code == 200
    assert "No answers yet" in text(response)


def test_answers_without_times_leave_the_rest_of_the_page(studio, requester):
    given = [("ann", "t", {"label": "cat"}, None), ("bob", "t", {"label": "cat"}, None)]
    project = a_worked_project(owner=requester, design=ANIMALS, rows=[{"id": "t"}], key="id", answers=given)
    words = text(page(studio, project))
    assert "2 answers came without a time." in words
    assert "all answers are the same, so that agreement cannot be told from chance" in words


def test_answers_to_the_other_questions_alone_are_no_answers_yet(studio, requester):
    given = [("ann", "t", {"label": "cat"}, 5)]
    project = a_worked_project(owner=requester, design=ANIMALS, rows=[{"id": "t"}], key="id", answers=given)
    assert "Work has come in, but none of it counts for this question" in text(
        page(studio, project, question="count")
    )


def test_old_results_are_shown_with_their_age_and_renewed_on_request(studio, requester):
    project = a_project(owner=requester, answers=2)
    page(studio, project)
    a_submission(worker=a_worker("ann"), project=project)
    words = text(page(studio, project))
    assert "Work has come in or was decided since." in words
    assert "No answers yet" in words
    renewed = studio.post(reverse("results", args=[project.pk]), {"smoothing": "0"}, follow=True)
    assert "smoothing=0" in renewed.redirect_chain[-1][0]
    assert "1 of 6 answers has been handed in." in text(renewed)


def test_results_that_have_grown_old_are_renewed_by_themselves_a_minute_later(studio, requester):
    project = a_project(owner=requester, answers=2)
    page(studio, project)
    a_submission(worker=a_worker("ann"), project=project)
    Computation.objects.update(asked_at=clock.now() - timedelta(minutes=1))
    assert "1 of 6 answers has been handed in." in text(page(studio, project))


def test_a_ranking_is_a_job_whose_progress_is_asked_for_once_a_second(studio, requester):
    project = compared(requester)
    response = page(studio, project)
    computation = Computation.objects.get()
    address = reverse("results_progress", args=[project.pk, computation.pk])
    assert f'hx-get="{address}" hx-trigger="every 1s"' in response.content.decode()
    assert '<noscript><meta http-equiv="refresh"' in response.content.decode()
    # The second time nothing is sent if nothing changed
    first = studio.get(address)
    assert "Waiting for its turn" in text(first)
    assert studio.get(address, headers={"If-None-Match": first["ETag"]}).status_code == 304
    Computation.objects.update(done_share=0.5)
    assert "50 % done" in text(studio.get(address, headers={"If-None-Match": first["ETag"]}))
    # When it is done the page is fetched anew, and shows the ranking
    work_out_results(computation_id=computation.pk, at=NOON)
    assert studio.get(address)["HX-Refresh"] == "true"
    words = text(page(studio, project))
    assert "ranked by the Bradley-Terry model" in words
    assert "There are 2 groups that were never compared with each other" in words
    assert "Never compared yet, so without a place: Z." in words
    assert "hx-trigger" not in page(studio, project).content.decode()


def test_a_file_is_made_and_taken_away(studio, requester):
    project = animals(requester)
    response = studio.post(
        reverse("export_results", args=[project.pk]),
        {"kind": "aggregated", "format": "csv", "gold": "gold"},
        follow=True,
    )
    assert "Waiting for its turn" in text(response)
    computation = Computation.objects.get(asked__kind="aggregated")
    address = reverse("results_file", args=[project.pk, computation.pk])
    assert studio.get(address).status_code == 404  # not there yet
    write_export(computation_id=computation.pk, at=NOON)
    assert "12 rows" in text(page(studio, project))  # four tasks, three questions
    file = studio.get(address)
    assert file["Content-Disposition"].startswith("attachment")
    assert file["Cache-Control"] == "private, no-store"
    assert b"".join(file).startswith(b"project_id,project,revision")


def test_an_export_of_what_does_not_exist_is_refused(studio, requester):
    project = animals(requester)
    for sent in ({"kind": "x", "format": "csv"}, {"kind": "assignments", "format": "xls"}, {}):
        assert studio.post(reverse("export_results", args=[project.pk]), sent).status_code == 422
    assert not Computation.objects.exists()


def test_a_file_is_not_at_the_address_of_another_project(studio, requester):
    project, other = animals(requester), a_draft(owner=requester)
    studio.post(reverse("export_results", args=[project.pk]), {"kind": "assignments", "format": "csv"})
    computation = Computation.objects.get()
    write_export(computation_id=computation.pk, at=NOON)
    for name in ("results_file", "results_progress"):
        assert studio.get(reverse(name, args=[other.pk, computation.pk])).status_code == 404
        assert studio.get(reverse(name, args=[project.pk, computation.pk])).status_code < 300


def test_others_find_nothing_and_visitors_are_sent_to_sign_in(client, requester, stranger, worker, operator):
    project = animals(requester)
    client.force_login(requester)
    page(client, project)
    client.post(reverse("export_results", args=[project.pk]), {"kind": "assignments", "format": "csv"})
    for computation in Computation.objects.filter(finished_at=None):
        write_export(computation_id=computation.pk, at=NOON)
    other = animals_of(stranger)
    for computation in Computation.objects.all():
        for pattern in urlpatterns:
            args = (
                [project.pk] if "computation_id" not in str(pattern.pattern) else [project.pk, computation.pk]
            )
            address = reverse(pattern.name, args=args)
            method = "post" if pattern.name == "export_results" else "get"
            for person in (stranger, worker, operator):
                client.force_login(person)
                assert getattr(client, method)(address).status_code == 404, (pattern.name, person)
                if len(args) == 2:  # nor through a project of one's own
                    mine = reverse(pattern.name, args=[other.pk, computation.pk])
                    assert client.get(mine).status_code == 404
            client.logout()
            assert getattr(client, method)(address)["Location"].startswith(reverse("account_login"))


def animals_of(owner: Person) -> Project:
    return a_draft(owner=owner)
