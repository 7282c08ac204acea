"""Pages where a worker and a requester talk alone, and where a note tells all."""

import html
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from tests.builders import NOON, a_person, a_project, a_requester, a_worker, taken
from tests.web.pages import browser_of, text_of

from canut.discussion.models import Post, Reader
from canut.forums.conversations.models import Attachment, Note
from canut.people.usecases.block_person import block_person

pytestmark = pytest.mark.django_db

PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 32


def test_a_question_goes_from_a_worker_to_the_requester_and_its_answer_to_all():
    owner, worker, later, stranger = a_requester("owner"), a_worker("ada"), a_worker(), a_person("stranger")
    project = a_project(owner=owner, rows=1, title="Cats and dogs", answers=2)
    assignment = taken(worker=worker, project=project)
    number = assignment.task.position
    ada, studio, other = browser_of(worker), browser_of(owner), browser_of(stranger)
    ask = reverse("ask_alone", args=[project.pk])
    assert f"{ask}?task={number}" in text_of(ada.get(reverse("task", args=[assignment.pk])))
    page = text_of(ada.get(ask, {"task": number}))
    assert "Write to <bdi>Owner</bdi>" in page
    assert f'value="{number}"' in page
    picture = SimpleUploadedFile("ears.png", PNG, content_type="text/html")
    sent = ada.post(ask, {"text": "Do ears *count*?", "task": number, "attached": [picture]})
    post = Post.objects.get()
    thread = reverse("thread", args=[post.thread_id])
    assert sent.url == f"{thread}?post=1#post-1"
    lacking = ada.post(ask, {"text": "Kept", "task": "99"})
    assert (lacking.status_code, "Kept" in text_of(lacking)) == (422, True)
    bad = ada.post(thread, {"text": "Kept", "attached": [SimpleUploadedFile("x.exe", b"MZ" + b"\0" * 50)]})
    assert (bad.status_code, "none of them" in text_of(bad), "Kept" in text_of(bad)) == (422, True, True)
    # The requester reads it, and its file; nobody else does
    assert "1 thread has something new" in text_of(studio.get(reverse("projects")))
    listed = text_of(studio.get(reverse("conversations")))
    assert f"Ada, about task {number} of Cats and dogs" in listed
    seen = text_of(studio.get(thread))
    file = Attachment.objects.get()
    address = reverse("message_file", args=[file.pk])
    assert "<em>count</em>" in seen
    assert address in seen
    fetched = studio.get(address)
    assert (fetched.status_code, fetched["Content-Type"], b"".join(fetched.streaming_content)) == (
        200,
        "image/png",
        PNG,
    )
    tell = reverse("tell_all", args=[post.thread_id, 1])
    for one in (address, thread, tell):
        assert other.get(one).status_code == browser_of(later).get(one).status_code == 404
        assert Client().get(one).url.startswith(reverse("account_login"))
    assert other.post(thread, {"text": "Me too"}).status_code == 404
    assert ada.post(tell, {"text": "I say"}).status_code == 422
    # The answer is told to all who do the task from now on
    assert tell in seen
    assert "Do ears" in text_of(studio.get(tell))
    assert studio.post(tell, {"text": ""}).status_code == 422
    notes = reverse("project_notes", args=[project.pk])
    assert studio.post(tell, {"text": "Ears *count*. <script>"}).url == notes
    second = taken(worker=later, project=project)
    shown = text_of(browser_of(later).get(reverse("task", args=[second.pk])))
    assert "What the requester says about this task" in shown
    assert "Ears <em>count</em>. &lt;script&gt;" in shown
    assert "Ada" not in shown
    note = Note.objects.get()
    back = reverse("take_note_back", args=[note.pk])
    assert back in text_of(studio.get(notes))
    assert back not in text_of(ada.get(notes))
    assert ada.post(back).status_code == other.get(back).status_code == 404
    studio.get(back)
    studio.post(back)
    assert "There is none." in text_of(ada.get(notes))


def test_a_requester_writes_to_a_worker_and_leaves_them_in_peace_or_is_left_so():
    owner, worker = a_requester("owner"), a_worker("ada")
    project = a_project(owner=owner)
    taken(worker=worker, project=project)
    ada, studio = browser_of(worker), browser_of(owner)
    ask = reverse("ask_alone", args=[project.pk])
    assert "Write to a worker" in text_of(studio.get(ask))
    assert "Write to a worker" in text_of(studio.get(ask, {"worker": a_worker().pk}))
    assert studio.post(ask, {"text": "Hello"}).status_code == 404
    assert "Write to <bdi>Ada</bdi>" in text_of(studio.get(ask, {"worker": worker.pk}))
    sent = studio.post(f"{ask}?worker={worker.pk}", {"text": "Well done"})
    thread = sent.url.partition("?")[0]
    assert "Well done" in text_of(ada.get(thread))
    # An open page asks for what was written since: only that comes, and it is read then
    newer = reverse("newer_posts", args=[Post.objects.get().thread_id])
    studio.post(thread, {"text": "And **quick**"})
    came = ada.get(newer, {"after": "1"})
    assert (came.status_code, "post-1" in text_of(came), "post-2" in text_of(came)) == (200, False, True)
    assert f"{newer}?after=2" in text_of(came)
    assert Reader.objects.get(person=worker).read_to == 2
    for after in ("2", "9" * 19):
        assert (ada.get(newer, {"after": after}).status_code, ada.get(newer).status_code) == (204, 200)
    assert ada.get(newer, {"after": "x\0"}).status_code == 200
    # What is put in other words or taken back comes too, where it stands
    (asks,) = re.findall(rf'hx-get="({newer}[^"]*)"', text_of(ada.get(thread)))
    asks = html.unescape(asks)
    assert ada.get(asks).status_code == 204
    studio.post(f"{thread}posts/2/edit/", {"text": "And thorough"})
    came = text_of(ada.get(asks))
    assert 'id="post-2" hx-swap-oob="true"' in came
    assert ("And thorough" in came, "post-1" in came) == (True, False)
    studio.post(f"{thread}posts/1/take-back/")
    assert "taken this post back" in text_of(ada.get(asks))
    for since in ("9" * 19, "x", "-5"):
        assert ada.get(newer, {"after": "9" * 19, "from": "9" * 19, "since": since}).status_code == 204
    ada.post(thread + "follow/", {"follows": "no"})
    assert not Reader.objects.get(person=worker).follows
    ada.post(thread + "close/", {"closed": "yes"})
    assert studio.post(thread, {"text": "But"}).status_code == 422
    assert studio.post(thread + "close/", {"closed": "no"}).status_code == 403
    ada.post(thread + "close/", {"closed": "no"})
    block_person(person_id=worker.pk, by=owner, at=NOON)
    assert "keeps you away" in text_of(ada.get(thread))
    assert ada.post(thread, {"text": "Why?"}).status_code == 422
    assert "keeps you away" in text_of(ada.get(ask))
    assert "There is none yet." in text_of(browser_of(a_person()).get(reverse("conversations")))
