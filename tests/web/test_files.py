"""Files of answers on the pages: who gets one, in which clothes, and what is refused in words."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from tests.builders import a_project, taken
from tests.web.pages import browser_of, text_of

from canut.kernel import clock
from canut.work.designs.files import ADDRESS
from canut.work.models import AnswerFile, Draft
from canut.work.usecases.submit_answer import submit_answer

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("uploads")]

PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 40
DESIGN = {
    "version": 1,
    "instructions": "",
    "items": [
        {"type": "file", "name": "shot", "label": "A shot", "accepts": ["image", "text"]},
        {"type": "short_text", "name": "words", "label": "Words", "required": False},
    ],
}
JSON = {"Accept": "application/json"}


@pytest.fixture
def assignment(requester, worker):
    return taken(worker=worker, project=a_project(owner=requester, design=DESIGN), at=clock.now())


def send(browser, assignment, content=PNG, name="shot.png", headers=None, **more):
    file = SimpleUploadedFile(name, content, content_type="text/html")
    address = reverse("send_answer_file", args=[assignment.pk])
    return browser.post(address, {"item": "shot", "file-shot": file, **more}, headers=headers or JSON)


def test_the_address_of_a_file_is_the_one_that_designs_tell():
    name = "00000000-0000-4000-8000-000000000000"
    assert reverse("answer_file", args=[name]) == ADDRESS.format(id=name)


def test_a_picture_is_shown_and_words_are_only_saved_whatever_they_are(assignment):
    browser = browser_of(assignment.worker)
    shot = send(browser, assignment).json()
    notes = send(browser, assignment, b"alert(1)", "notes.txt").json()
    assert (shot["type"], notes["type"]) == ("image/png", "text/plain")
    picture, words = browser.get(shot["url"]), browser.get(notes["url"])
    assert picture["Content-Disposition"] == 'inline; filename="shot.png"'
    assert words["Content-Disposition"] == 'attachment; filename="notes.txt"'
    for answer in (picture, words):
        assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert answer["Cache-Control"] == "private, no-store"
    assert b"".join(picture.streaming_content) == PNG


def test_only_the_parties_get_a_file(assignment, requester, stranger, peer, operator):
    sent = send(browser_of(assignment.worker), assignment).json()
    assert browser_of(requester).get(sent["url"]).status_code == 404
    submit_answer(
        assignment_id=assignment.pk,
        by=assignment.worker,
        answer={"shot": {"file": sent["file"]}},
        active_seconds=60,
        at=clock.now(),
    )
    assert browser_of(requester).get(sent["url"]).status_code == 200
    for nobody in (stranger, peer, operator):
        assert browser_of(nobody).get(sent["url"]).status_code == 404
    review = browser_of(requester).get(reverse("review", args=[assignment.project_id]))
    assert sent["url"] in review.content.decode()


def test_nobody_sends_or_removes_for_somebody_else(assignment, stranger, requester):
    sent = send(browser_of(assignment.worker), assignment).json()
    for nobody in (stranger, requester):
        browser = browser_of(nobody)
        assert send(browser, assignment).status_code == 404
        address = reverse("remove_answer_file", args=[sent["file"]])
        assert browser.post(address, headers=JSON).json()["code"] == "answer_file_not_found"
    assert AnswerFile.objects.count() == 1


def test_a_forged_request_sends_nothing(assignment):
    browser = browser_of(assignment.worker, checks_csrf=True)
    assert send(browser, assignment).status_code == 403
    assert not AnswerFile.objects.exists()


def test_a_script_is_told_in_words_what_is_wrong(assignment):
    browser = browser_of(assignment.worker)
    refused = send(browser, assignment, b"<script>alert(1)</script>", "shot.png")
    assert (refused.status_code, refused.json()["code"]) == (422, "answer_file_type_refused")
    address = reverse("send_answer_file", args=[assignment.pk])
    assert browser.post(address, {"item": "shot"}, headers=JSON).json()["code"] == "bad_input"


def test_without_scripts_the_rest_of_the_form_is_kept_with_the_file(assignment):
    browser = browser_of(assignment.worker)
    send(browser, assignment, headers={"Accept": "text/html"}, **{"answer-words": "Half a sent"})
    page = text_of(browser.get(reverse("task", args=[assignment.pk])))
    assert "The file is kept with your draft." in page
    assert "shot.png" in page
    kept = Draft.objects.get().answer
    assert (kept["words"], kept["shot"]["name"]) == ("Half a sent", "shot.png")
    refused = send(
        browser, assignment, b"", headers={"Accept": "text/html"}, **{"answer-words": "A whole one"}
    )
    assert refused.status_code == 302
    assert Draft.objects.get().answer["words"] == "A whole one"


def test_the_microphone_is_allowed_only_where_a_task_records(assignment, requester, worker):
    recording = {"type": "recording", "name": "voice", "label": "Say it"}
    other = taken(
        worker=worker,
        project=a_project(owner=requester, design={**DESIGN, "items": [recording]}),
        at=clock.now(),
    )
    browser = browser_of(worker)
    silent, speaking = (browser.get(reverse("task", args=[one.pk])) for one in (assignment, other))
    assert "microphone=()" in silent["Permissions-Policy"]
    assert "microphone=(self)" in speaking["Permissions-Policy"]
    assert "unsafe" not in speaking["Content-Security-Policy"]


def test_an_answer_that_names_no_kept_file_is_refused_beside_its_field(assignment):
    browser = browser_of(assignment.worker)
    nothing = '{"file": "00000000-0000-4000-8000-000000000000"}'
    page = browser.post(reverse("hand_in", args=[assignment.pk]), {"answer-shot": nothing})
    assert page.status_code == 422
    assert "This file was not kept for this question. Upload it again." in text_of(page)
    assert 'href="#id_answer-shot"' in page.content.decode()
