"""A program that follows results is cut off at every place where it can be, and neither loses nor repeats."""

from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from ipaddress import ip_network
from typing import Any

import httpx
import pytest
from django.db import transaction
from pytest_django import Settings
from tests.api.scenarios.cast import Cast
from tests.builders import a_worker
from tests.client.in_process import InProcess
from tests.promises import run
from tests.webhooks.receiver import a_receiver

from canut.kernel import clock
from canut.webhooks.models import Message
from canut.webhooks.rules import AGAIN_AFTER_SECONDS, DISABLED_AFTER
from canut.webhooks.states import MessageState
from canut.webhooks.usecases import follow_events, send_messages
from canut.work.models import Project
from canut.work.usecases.approve_submission import approve_submission
from canut_client import Canut, Unreachable
from canut_client.webhooks import verified

pytestmark = pytest.mark.django_db
Connect = Callable[..., Canut]
Answered = Callable[[], httpx.Response]


class Killed(BaseException):
    """A program, or a runner of the site, ends here and now."""


def approved(cast: Cast, count: int, *, left: int = 0) -> tuple[Project, list[int]]:
    """A project with so many approved answers, in the order of their approval, and then those left."""
    project = cast.live(rows=1, answers=count + left)
    work = [cast.handed_in(project, worker=a_worker(f"worker{number}")) for number in range(count + left)]
    for one in work[:count]:
        approve_submission(submission_id=one.pk, by=cast.requester, at=clock.now())
    return project, [one.pk for one in work]


def test_an_iterator_that_is_cut_off_goes_on_after_the_last_result_it_kept(
    cast: Cast, connect: Connect, site: InProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each request breaks once before the site has it and once after; the program ends after each result."""
    project, ids = approved(cast, 7)
    client = connect(cast.requester, "results")
    get = client._transport.get
    monkeypatch.setattr(  # three results on a page, so that there are several
        client._transport, "get", lambda path, **asked: get(path, **{**asked, "limit": 3})
    )
    broken: set[tuple[str, str]] = set()

    def trouble(request: httpx.Request, answered: Answered) -> httpx.Response:
        for how in ("before", "after"):
            if (how, str(request.url)) not in broken:
                broken.add((how, str(request.url)))
                if how == "after":
                    answered()
                raise httpx.ReadError("connection reset", request=request)
        return answered()

    site.trouble = trouble
    client._transport._attempts = 1  # nothing is tried again for the program: it sees each break itself
    kept: list[int] = []
    cursor, ends = None, 0
    while len(kept) < len(ids):
        with suppress(Unreachable, Killed):
            for result in client.iter_results(project.pk, cursor=cursor):
                kept.append(result.work.submission_id)
                cursor = result.cursor
                raise Killed
        ends += 1
    assert kept == ids
    site.trouble = None
    assert list(client.iter_results(project.pk, cursor=cursor)) == []
    assert ends > 2 * len(ids)
    assert len(broken) > len(ids)


def test_a_webhook_whose_way_is_cut_anywhere_tells_each_submission_once(
    cast: Cast, connect: Connect, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The site's runner is killed, and the program away, at each step from the event to its end's note."""
    settings.WEBHOOK_NETWORKS = [ip_network("127.0.0.1/32")]
    client = connect(cast.requester)
    with a_receiver() as receiver:
        hook = client.make_webhook("Mine", receiver.url, ["submission.approved"])
        secret = client.webhook_secret(hook.id)
        project, [*ids, left] = approved(cast, 6, left=1)
        follow, sent, noted = follow_events.follow_events, send_messages.send, send_messages.note_attempt
        at = clock.now()

        # Killed after what happened was read, before that is kept
        run("UPDATE kernel_generation SET number = number + 1")
        with suppress(Killed), transaction.atomic():
            follow(at=at)
            raise Killed
        assert not Message.objects.exists()
        # Killed once it is kept, before anything is sent: the job is lost, and a sweep finds what is due
        follow(at=at)
        follow(at=at)
        assert Message.objects.count() == len(ids)

        def killed(when: str, step: Callable[..., Any]) -> Callable[..., Any]:
            def instead(*args: Any, **details: Any) -> Any:
                if when == "after":
                    step(*args, **details)
                raise Killed

            return instead

        for name, step, when in (
            ("send", sent, "before"),
            ("send", sent, "after"),  # the program has it, and nobody wrote that down
            ("note_attempt", noted, "before"),
            ("note_attempt", noted, "after"),  # ended between two messages
        ):
            with monkeypatch.context() as patched:
                patched.setattr(send_messages, name, killed(when, step))
                assert send_messages.send_what_is_due(at=at) == 1
                with suppress(Killed):
                    send_messages.send_messages(endpoint_id=hook.id, at=at)
        # The program is away, in each way that there is
        for answer, wait in zip(("cut", 500, 302), AGAIN_AFTER_SECONDS, strict=False):
            receiver.answers = [answer]
            assert send_messages.send_messages(endpoint_id=hook.id, at=at) == 0
            at += timedelta(seconds=wait)
        # and for so long that the webhook is stopped; what it missed is sent again when it is back
        receiver.answers = [500]
        send_messages.send_messages(endpoint_id=hook.id, at=at + DISABLED_AFTER)
        assert client.webhook(hook.id).state == "disabled"
        cursor = list(client.iter_results(project.pk))[-1].cursor
        approve_submission(submission_id=left, by=cast.requester, at=clock.now())
        run("UPDATE kernel_generation SET number = number + 1")
        follow(at=at)
        assert Message.objects.filter(state=MessageState.GIVEN_UP).exists()
        receiver.answers = [200]
        client.change_webhook(hook.id, active=True)
        assert client.send_all_webhook_messages_again(hook.id) > 0
        send_messages.send_messages(endpoint_id=hook.id, at=at + DISABLED_AFTER)

        seen: dict[str, int] = {}
        for _path, headers, body in receiver.came:
            told = verified(body, headers, secret)
            seen.setdefault(headers["webhook-id"], told["data"]["submission_id"])
    assert len(receiver.came) > len(seen)  # some came twice, and are known by their ids
    assert sorted(seen.values()) == sorted(ids)
    # What happened while it was stopped is not told, and read by cursor from where the program was
    assert [one.work.submission_id for one in client.iter_results(project.pk, cursor=cursor)] == [left]
