"""Every address of talk, page and program alike, for each who may come to a conversation of two others."""

from collections.abc import Callable, Mapping
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import reverse
from tests.api.calls import Call, key_of, operations
from tests.builders import NOON, a_project, a_requester, a_worker, taken
from tests.web.pages import browser_of

from canut.discussion.models import Post
from canut.forums.access import place_of_thread
from canut.forums.conversations.models import Attachment
from canut.forums.conversations.usecases.tell_all import tell_all
from canut.forums.conversations.usecases.write_message import begin_conversation, write_message
from canut.kernel import clock
from canut.people.models import Person, Scope
from canut.people.usecases.block_person import block_person
from canut.people.usecases.close_account import close_account
from canut.web.talk.urls import urlpatterns

pytestmark = pytest.mark.django_db

WHO = ("the requester", "a stranger", "the worker, blocked")
EVERYBODY = "nobody's in particular: whoever comes gets their own, or what is told elsewhere"
OF_PAGES: Mapping[str, tuple[int, int, int] | str] = {
    "talk": (200, 200, 200),
    "own_posts": (200, 200, 200),
    "conversations": (200, 200, 200),
    "thread": (200, 404, 200),
    "newer_posts": (200, 404, 200),
    "post_wordings": (200, 404, 200),
    "edit_post": (403, 404, 200),
    "withdraw_post": (403, 404, 200),
    "message_file": (200, 404, 200),
    "remove_message_file": (403, 404, 200),
    "tell_all": (200, 404, 200),
    "take_note_back": (200, 404, 404),
    "ask_alone": (200, 200, 200),
    "project_notes": (200, 200, 200),
    "project_talk": (200, 200, 200),
    "guild_forum": EVERYBODY,
    "college_forum": EVERYBODY,
}
"""What reading each page answers."""

SENT: Mapping[str, tuple[int, int, int]] = {
    "thread": (302, 404, 422),
    "follow_thread": (302, 404, 302),
    "close_thread": (302, 404, 302),
    "edit_post": (403, 404, 403),
    "tell_all": (302, 404, 422),
    "ask_alone": (404, 302, 422),
    "take_note_back": (302, 404, 404),
    "remove_message_file": (403, 404, 302),
    "withdraw_post": (403, 404, 302),
}
"""What sending something to a page answers, in an order in which nothing is gone before it is asked for."""

OF_PROGRAMS: Mapping[str, tuple[str, tuple[int, int, int]]] = {
    "get_thread": ("GET /threads/{thread}", (200, 404, 200)),
    "list_posts": ("GET /threads/{thread}/posts", (200, 404, 200)),
    "search_in_thread": ("GET /threads/{thread}/found?words=meant", (200, 404, 200)),
    "list_wordings": ("GET /threads/{thread}/posts/1/wordings", (200, 404, 200)),
    "fetch_message_file": ("GET /threads/{thread}/posts/1/files/{file}", (200, 404, 200)),
    "keep_reading": ("PUT /threads/{thread}/reading", (200, 404, 200)),
    "write_in_a_thread": ("POST /threads/{thread}/posts", (201, 404, 403)),
    "write_alone": ("POST /projects/{project}/conversations", (404, 201, 403)),
    "change_post": ("PATCH /threads/{thread}/posts/1", (403, 404, 403)),
    "answer_to_all": ("POST /threads/{thread}/posts/1/note", (201, 404, 404)),
    "send_message_file": ("POST /threads/{thread}/posts/1/files?filename=a.txt", (403, 404, 403)),
    "close_a_thread": ("PUT /threads/{thread}/closing", (200, 404, 200)),
    "take_message_file_back": ("DELETE /threads/{thread}/posts/1/files/{file}", (403, 404, 204)),
    "take_post_back": ("DELETE /threads/{thread}/posts/1", (403, 404, 204)),
}
BODIES: Mapping[str, Any] = {
    "write_in_a_thread": {"text": "Hello"},
    "write_alone": {"text": "Hello"},
    "change_post": {"text": "Other words"},
    "answer_to_all": {"text": "Ears count."},
    "keep_reading": {"read_to": 1},
    "close_a_thread": {"closed": False},
}
ELSEWHERE = {
    *("get_talk", "list_own_posts", "list_conversations"),  # one's own
    *("get_project_thread", "write_about_project", "list_notes", "take_a_note_back"),  # of a project
    *("list_guild_threads", "start_guild_thread", "list_college_threads", "start_college_thread"),
}
"""Doors that are not about one conversation; who comes to them is tried with the others."""


class Two:
    """A requester and a worker who talked about a task, with a file, and a note; and a stranger."""

    def __init__(self) -> None:
        self.owner, self.worker, self.stranger = a_requester("owner"), a_worker("ada"), a_worker("stranger")
        project = a_project(owner=self.owner)
        task = taken(worker=self.worker, project=project).task
        post: Post = begin_conversation(
            project_id=project.pk,
            by=self.worker,
            text="What is meant?",
            task=task.position,
            files=[ContentFile(b"Ears count.", name="ears.txt")],
            at=NOON,
        )
        place = place_of_thread(post.thread_id, by=self.owner, at=NOON)
        note = tell_all(place=place, number=1, text="Ears count.", at=NOON)
        self.ids = {"thread": post.thread_id, "file": Attachment.objects.get().pk, "project": project.pk}
        of_task = write_message(place=place, text="Both.", at=NOON).thread_id
        self.arguments: Mapping[str, list[Any]] = {
            "thread_id": [of_task],
            "thread_id number": [of_task, 1],
            "thread_id number file_id": [of_task, 1, self.ids["file"]],
            "file_id": [self.ids["file"]],
            "note_id": [note.pk],
            "project_id": [project.pk],
            "": [],
        }

    def people(self) -> tuple[Person, Person, Person]:
        return self.owner, self.stranger, self.worker

    def block(self) -> None:
        block_person(person_id=self.worker.pk, by=self.owner, at=NOON)


@pytest.fixture
def two() -> Two:
    return Two()


def address_of(two: Two, name: str) -> str:
    (pattern,) = (one for one in urlpatterns if one.name == name)
    return reverse(name, args=two.arguments[" ".join(pattern.pattern.converters)])


def test_each_page_for_each_who_comes(two: Two) -> None:
    names = {str(one.name) for one in urlpatterns}
    assert names <= OF_PAGES.keys() | SENT.keys()
    browsers = [browser_of(one) for one in two.people()]
    two.block()
    told = {"text": "Hello", "follows": "yes", "closed": "no"}
    anybody = Client()
    for name in sorted(names):
        expected = OF_PAGES.get(name, EVERYBODY)
        if not isinstance(expected, str):
            address = address_of(two, name)
            assert tuple(one.get(address).status_code for one in browsers) == expected, name
            assert anybody.get(address).url.startswith(reverse("account_login")), name
    for name, statuses in SENT.items():
        address = address_of(two, name)
        found = tuple(one.post(address, told).status_code for one in browsers)
        assert dict(zip(WHO, found, strict=True)) == dict(zip(WHO, statuses, strict=True)), name
        assert anybody.post(address, told).url.startswith(reverse("account_login")), name
    # Who has closed their account is nobody, in a browser that was signed in too
    close_account(by=two.worker, what_is_open=lambda _party: [], at=NOON)
    for name in ("talk", "thread", "message_file", "conversations", "own_posts"):
        assert browsers[2].get(address_of(two, name)).url.startswith(reverse("account_login")), name


def test_each_door_for_each_who_comes(two: Two) -> None:
    talk = {name for name, found in operations().items() if found[2]["tags"] == ["talk"]}
    assert talk == OF_PROGRAMS.keys() | ELSEWHERE
    two.block()
    call_as: list[Callable[[str], int]] = [caller(two, by) for by in two.people()]
    for name, (_what, statuses) in OF_PROGRAMS.items():
        found = tuple(call(name) for call in call_as)
        assert dict(zip(WHO, found, strict=True)) == dict(zip(WHO, statuses, strict=True)), name
    of_worker = caller(two, two.worker)
    close_account(by=two.worker, what_is_open=lambda _party: [], at=clock.now())
    assert {of_worker(name) for name in OF_PROGRAMS} == {401}


def caller(two: Two, by: Person) -> Callable[[str], int]:
    """Return a way to come to a door with a key of `by`, and learn the status of what is answered."""
    token = key_of(by, Scope.values)

    def call(name: str) -> int:
        method, _space, path = OF_PROGRAMS[name][0].partition(" ")
        asked = Call(None, method, path.format(**two.ids), BODIES.get(name), token=token)
        if name == "send_message_file":
            asked = asked.but(raw=b"Paws too.", content_type="application/octet-stream")
        return asked.answered().status

    return call
