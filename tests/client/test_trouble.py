"""Connections break, sites are busy: what was asked is done once, and the caller is told the truth."""

from collections.abc import Callable

import httpx
import pytest
from tests.api.scenarios.cast import Cast
from tests.builders import ANSWER, CHOICE_DESIGN
from tests.client.in_process import InProcess

from canut.ledger.models import Kind
from canut.ledger.queries import party_total_minor
from canut.work.models import Project, Submission
from canut_client import Canut, CanutError, NotACanutSite, Unreachable

pytestmark = pytest.mark.django_db
Connect = Callable[..., Canut]
Answered = Callable[[], httpx.Response]


def once(do: Callable[[httpx.Request, Answered], httpx.Response]) -> Callable[..., httpx.Response]:
    """Make trouble the first time only."""
    seen: list[httpx.Request] = []

    def trouble(request: httpx.Request, answered: Answered) -> httpx.Response:
        seen.append(request)
        return do(request, answered) if len(seen) == 1 else answered()

    return trouble


def lost_answer(request: httpx.Request, answered: Answered) -> httpx.Response:
    """The site does what it was asked, and the answer never arrives."""
    answered()
    raise httpx.ReadError("connection reset", request=request)


def refused_connection(request: httpx.Request, answered: Answered) -> httpx.Response:
    raise httpx.ConnectError("refused", request=request)


def busy(request: httpx.Request, answered: Answered) -> httpx.Response:
    return httpx.Response(503, headers={"Retry-After": "3"}, request=request)


def test_a_lost_answer_does_not_mean_that_a_thing_is_done_twice(
    cast: Cast, connect: Connect, site: InProcess
) -> None:
    requester = connect(cast.requester)
    before = party_total_minor(cast.requester.pk, Kind.BALANCE, "EUR")
    site.trouble = once(lost_answer)
    assert requester.deposit("5.00").amount_minor == before + 500
    site.trouble = once(lost_answer)
    requester.create_project(title="Cats", design=CHOICE_DESIGN)
    assert Project.objects.count() == 1
    keys = [request.headers["Idempotency-Key"] for request in site.sent]
    assert keys[0] == keys[1] != keys[2] == keys[3]


def test_a_lost_answer_to_a_submission_brings_the_same_submission_and_the_next_task(
    cast: Cast, connect: Connect, site: InProcess
) -> None:
    worker = connect(cast.worker)
    taken = worker.take(cast.live().pk)
    site.trouble = once(lost_answer)
    reply = worker.submit(taken.id, ANSWER, revision_id=taken.revision_id, next=True)
    assert Submission.objects.count() == 1
    assert reply.next is not None
    assert [line.id for line in worker.assignments()] == [reply.next.assignment_id]


def test_a_busy_site_is_waited_for_as_long_as_it_asks(
    cast: Cast, connect: Connect, site: InProcess, waits: list[float]
) -> None:
    site.trouble = once(busy)
    assert connect(cast.worker).me().screen_name == "Worker"
    assert waits == [3.0]


def test_a_site_that_never_answers_is_given_up_after_growing_waits(
    cast: Cast, connect: Connect, site: InProcess, waits: list[float]
) -> None:
    site.trouble = refused_connection
    with pytest.raises(Unreachable) as gone:
        connect(cast.worker).me()
    assert (gone.value.code, gone.value.status) == ("unreachable", 0)
    assert len(waits) == 5
    assert all(0.25 * 2**n <= wait <= 0.5 * 2**n for n, wait in enumerate(waits))


def test_what_cannot_be_repeated_is_sent_once(cast: Cast, connect: Connect, site: InProcess) -> None:
    worker = connect(cast.worker)
    site.trouble = lost_answer
    with pytest.raises(Unreachable):
        worker.rotate_key()
    assert len(site.sent) == 1
    site.trouble = None
    with pytest.raises(CanutError) as old:  # it was rotated all the same
        worker.me()
    assert old.value.code == "key_not_usable"


def test_a_connection_that_was_never_made_may_always_be_tried_again(
    cast: Cast, connect: Connect, site: InProcess
) -> None:
    worker = connect(cast.worker)
    site.trouble = once(refused_connection)
    token = worker.rotate_key().token
    assert token.startswith("cnt_")
    assert worker.me().screen_name == "Worker"  # with the new key


def test_a_refusal_is_not_repeated(cast: Cast, connect: Connect, site: InProcess) -> None:
    with pytest.raises(CanutError):
        connect(cast.worker).project(987654321)
    assert len(site.sent) == 1


def test_too_many_bad_keys_are_not_waited_for(connect: Connect, site: InProcess, waits: list[float]) -> None:
    site.trouble = lambda request, _answered: httpx.Response(
        429,
        headers={"Retry-After": "600", "Content-Type": "application/problem+json"},
        json={"detail": "Wait.", "code": "too_many_attempts", "facts": {}},
        request=request,
    )
    with pytest.raises(CanutError) as refused:
        connect(None).me()
    assert (refused.value.code, waits) == ("too_many_attempts", [])


def test_another_kind_of_site_is_recognised(connect: Connect, site: InProcess) -> None:
    site.trouble = lambda request, _answered: httpx.Response(404, text="<h1>nginx</h1>", request=request)
    with pytest.raises(NotACanutSite, match="not as a Canut site"):
        connect(None).charter()
    site.trouble = lambda request, _answered: httpx.Response(200, text="<h1>Hello</h1>", request=request)
    with pytest.raises(NotACanutSite):
        connect(None).charter()


def test_an_upload_that_breaks_off_is_sent_again_from_its_beginning(
    cast: Cast, connect: Connect, site: InProcess, tmp_path_factory: pytest.TempPathFactory
) -> None:
    file = tmp_path_factory.mktemp("files") / "rows.csv"
    file.write_bytes(b"text\n" + b"A cat\n" * 1000)
    project = cast.draft()
    site.trouble = once(lost_answer)
    upload = connect(cast.requester).upload(project.pk, file)
    assert upload.size_bytes == file.stat().st_size
    assert upload.row_count == 1000
    assert len(list(connect(cast.requester).uploads(project.pk))) == 1


def test_the_language_of_sentences_is_the_callers(cast: Cast, site: InProcess) -> None:
    with Canut("http://127.0.0.1", language="fr", transport=site) as client, pytest.raises(CanutError):
        client.me()
    assert site.sent[0].headers["Accept-Language"] == "fr"
