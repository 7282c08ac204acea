"""From what happened to the program that is told: nothing is lost, nothing sent where it must not be."""

import socket
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from procrastinate.contrib.django.models import ProcrastinateJob
from pytest_django import Settings
from tests.builders import ANSWER, NOON, a_person, a_project, a_requester, a_submission, a_worker, taken
from tests.justice.cases import heard
from tests.people.at_once import at_once
from tests.promises import run
from tests.told import mailed
from tests.webhooks.receiver import Receiver
from tests.work.decided import a_rejected_submission

from canut.justice.usecases.appeal_rejection import appeal_rejection
from canut.kernel.refusals import BadInput
from canut.people.models import Person
from canut.people.usecases.close_account import close_account
from canut.webhooks import sending
from canut.webhooks.access import WebhookMessageNotFound, WebhookNotFound, own_endpoint
from canut.webhooks.models import Attempt, Endpoint, Message
from canut.webhooks.queries import endpoint_of, endpoints_of, message_of, messages_of
from canut.webhooks.rules import AGAIN_AFTER_SECONDS
from canut.webhooks.secrets import shown_secret
from canut.webhooks.states import EndpointState, MessageState, Outcome, Told
from canut.webhooks.usecases import follow_events
from canut.webhooks.usecases.manage_endpoint import (
    MOST_ENDPOINTS,
    TooManyWebhooks,
    add_endpoint,
    change_endpoint,
    drop_endpoint,
    give_up_waiting,
    rotate_secret,
)
from canut.webhooks.usecases.send_again import (
    AN_HOUR,
    MOST_BY_HAND,
    TooManyTries,
    WebhookNotActive,
    send_again,
    send_all_again,
    try_endpoint,
)
from canut.webhooks.usecases.send_messages import (
    KEPT_FOR,
    forget_old_messages,
    note_attempt,
    send_messages,
    send_what_is_due,
)
from canut.webhooks.usecases.tell_owner import tell_owner
from canut.work.usecases.approve_submission import approve_submission
from canut.work.usecases.close_project import close_project
from canut.work.usecases.expire_leases import expire_leases
from canut.work.usecases.leave_task import skip_task
from canut.work.usecases.report_broken import report_broken
from canut.work.usecases.submit_answer import submit_answer
from canut_client.webhooks import verified

ALL = list(Told.values)
SOON = NOON + timedelta(minutes=1)


def an_endpoint(owner: Person, url: str, events: Sequence[str] = ALL, at: datetime = NOON) -> Endpoint:
    return add_endpoint(name="Mine", url=url, events=events, by=owner, at=at)


def followed(at: datetime = SOON) -> None:
    """Read what happened, as if every transaction that could still be open were over."""
    run("UPDATE kernel_generation SET number = number + 1")
    while follow_events.follow_events(at=at):
        pass


def tried(owner: Person, receiver: Receiver, *answers: Any) -> tuple[Endpoint, Message]:
    endpoint = an_endpoint(owner, f"{receiver.url}/hook")
    receiver.answers = list(answers)
    return endpoint, try_endpoint(endpoint_id=endpoint.pk, by=owner, at=NOON)


@pytest.mark.django_db
def test_both_sides_are_told_of_a_whole_story_and_a_stranger_of_nothing(receiver: Receiver) -> None:
    owner, worker, other = a_requester("requester"), a_worker("worker"), a_worker("other")
    stranger = a_person("stranger", worker=True, requester=True)
    mine = an_endpoint(owner, f"{receiver.url}/requester?a=b")
    theirs = an_endpoint(worker, f"{receiver.url}/worker")
    nobodys = an_endpoint(stranger, f"{receiver.url}/stranger")
    project = a_project(owner=owner, rows=4)
    rejected = a_rejected_submission(worker=worker, project=project)
    at = NOON + timedelta(hours=5)
    case = appeal_rejection(assignment_id=rejected.assignment_id, by=worker, words="It is a cat.", at=at)
    heard(case, overturn=True, at=at + timedelta(hours=1))
    at += timedelta(hours=2)
    skip_task(assignment_id=taken(worker=worker, project=project, at=at).pk, by=worker, at=at)
    report_broken(
        assignment_id=taken(worker=worker, project=project, at=at).pk,
        kind="missing",
        words="There is no picture.",
        by=worker,
        at=at,
    )
    taken(worker=other, project=project, at=at)
    expire_leases(at=at + timedelta(days=1))
    followed()
    for endpoint in (mine, theirs, nobodys):
        send_messages(endpoint_id=endpoint.pk, at=SOON)

    came = {"/requester?a=b": [], "/worker": [], "/stranger": []}
    for path, headers, body in receiver.came:
        endpoint = mine if path.startswith("/requester") else theirs
        came[path].append(verified(body, headers, shown_secret(endpoint)))
    story = [
        *("submission.submitted", "submission.returned", "submission.submitted", "submission.rejected"),
        *("appeal.opened", "appeal.decided", "task.skipped", "task.broken"),
    ]
    assert [one["type"] for one in came["/worker"]] == story
    assert [one["type"] for one in came["/requester?a=b"]] == [*story, "task.expired"]
    assert came["/stranger"] == []
    decided = came["/requester?a=b"][5]
    task_id = rejected.assignment.task_id
    assert decided["data"] == {
        "as": "requester",
        "project_id": project.pk,
        "task_id": task_id,
        "submission_id": rejected.pk,
        "outcome": "falls",
    }
    # Whoever published the work learns nothing of who skipped it.
    assert came["/requester?a=b"][6]["data"].keys() == {"as", "project_id", "task_id"}
    assert came["/requester?a=b"][7]["data"].keys() == {"as", "project_id", "task_id", "kind"}
    assert came["/requester?a=b"][7]["data"]["kind"] == "missing"
    # Nor does anybody learn who anybody is: by these words alone things are named.
    assert {word for one in receiver.told for word in one["data"]} == {
        *("as", "project_id", "task_id", "submission_id", "assignment_id", "attempt", "kind", "outcome")
    }


@pytest.mark.django_db
def test_a_project_is_done_when_nothing_is_left_and_what_was_before_is_not_told(receiver: Receiver) -> None:
    owner, worker = a_requester(), a_worker()
    project = a_project(owner=owner, rows=2)
    first = a_submission(worker=worker, project=project)
    approve_submission(submission_id=first.pk, by=owner, at=NOON)
    endpoint = an_endpoint(owner, receiver.url, [Told.DONE, Told.APPROVED], at=NOON + timedelta(seconds=1))
    followed()
    assert not Message.objects.exists()
    second = a_submission(worker=worker, project=project, at=SOON)
    approve_submission(submission_id=second.pk, by=owner, at=SOON)
    then = SOON + timedelta(seconds=5)
    followed(then)
    followed(then)
    assert send_messages(endpoint_id=endpoint.pk, at=then) == 2
    assert receiver.types == ["submission.approved", "project.done"]
    assert send_messages(endpoint_id=endpoint.pk, at=then) == 0
    # To close what is done already is no news
    close_project(project_id=project.pk, by=owner, at=SOON + timedelta(hours=1))
    followed(SOON + timedelta(hours=1))
    assert Message.objects.filter(name=Told.DONE).count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize("ends", ["skipped", "expired"])
def test_a_closed_project_is_done_once_its_last_task_is_in_nobodys_hands(
    receiver: Receiver, ends: str
) -> None:
    owner, worker = a_requester(), a_worker()
    project = a_project(owner=owner, rows=1)
    an_endpoint(owner, receiver.url, [Told.DONE])
    held = taken(worker=worker, project=project)
    close_project(project_id=project.pk, by=owner, at=SOON)
    followed()
    assert not Message.objects.exists()
    late = SOON + timedelta(days=1)
    if ends == "skipped":
        skip_task(assignment_id=held.pk, by=worker, at=SOON)
    else:
        expire_leases(at=late)
    followed(late)
    followed(late)
    assert Message.objects.filter(name=Told.DONE).count() == 1


@pytest.mark.parametrize(
    ("answers", "outcome", "status"),
    [
        ([500], Outcome.REFUSED, 500),
        ([302], Outcome.REDIRECTED, 302),
        (["slow"], Outcome.TOO_SLOW, None),
        (["drip"], Outcome.TOO_SLOW, None),
        (["cut"], Outcome.UNREACHABLE, None),
        (["endless"], Outcome.TAKEN, 200),
    ],
)
@pytest.mark.django_db
def test_whatever_a_program_answers_it_ends_soon_and_is_in_the_log(
    receiver: Receiver, monkeypatch: pytest.MonkeyPatch, answers: Any, outcome: str, status: int | None
) -> None:
    monkeypatch.setattr(sending, "TIMEOUT_SECONDS", 1)
    owner = a_requester()
    endpoint, message = tried(owner, receiver, *answers)
    send_messages(endpoint_id=endpoint.pk, at=NOON)
    assert [path for path, _headers, _body in receiver.came] == ["/hook"], "a redirect was followed"
    seen = message_of(message.pk, endpoint_id=endpoint.pk, by=owner)
    assert [(one.outcome, one.status) for one in seen.tries] == [(outcome, status)]
    assert seen.tries[0].milliseconds < 3_000
    assert len(seen.tries[0].said) <= 200
    assert "\0" not in seen.tries[0].said
    assert str(seen.tries[0].outcome_said)
    assert (seen.state == MessageState.DELIVERED) is (outcome == Outcome.TAKEN)


@pytest.mark.django_db
def test_it_is_tried_again_under_one_id_until_taken_and_sent_again_by_hand(receiver: Receiver) -> None:
    owner = a_requester()
    endpoint, message = tried(owner, receiver, 503, 503, 200)
    at = NOON
    for wait in (*AGAIN_AFTER_SECONDS[:2], 0):
        assert send_messages(endpoint_id=endpoint.pk, at=at - timedelta(milliseconds=1)) == 0
        send_messages(endpoint_id=endpoint.pk, at=at)
        at += timedelta(seconds=wait)
    assert endpoint_of(endpoint.pk, by=owner).failing_since is None
    assert message_of(message.pk, endpoint_id=endpoint.pk, by=owner).state_said == "Delivered"
    again = send_again(message_id=message.pk, endpoint_id=endpoint.pk, by=owner, at=at)
    assert again.attempts == 0
    send_again(message_id=message.pk, endpoint_id=endpoint.pk, by=owner, at=at)
    send_messages(endpoint_id=endpoint.pk, at=at)
    assert receiver.ids == [message.uid] * 4
    assert Attempt.objects.count() == 4


@pytest.mark.django_db
def test_only_so_much_is_sent_by_hand_within_an_hour_and_what_was_given_up_goes_at_once(
    receiver: Receiver,
) -> None:
    owner, stranger = a_requester(), a_person("stranger", requester=True)
    endpoint, first = tried(owner, receiver, 200)
    again = {"message_id": first.pk, "endpoint_id": endpoint.pk, "by": owner}
    for _number in range(3):  # on its way already: nothing is counted
        send_again(**again, at=NOON)
    assert send_messages(endpoint_id=endpoint.pk, at=NOON) == 1
    Endpoint.objects.filter(by_hand=1).update(by_hand=MOST_BY_HAND - 1)
    send_again(**again, at=NOON)
    assert send_messages(endpoint_id=endpoint.pk, at=NOON) == 1
    soon = NOON + AN_HOUR - timedelta(seconds=1)
    for refused in (
        lambda: send_again(**again, at=soon),
        lambda: try_endpoint(endpoint_id=endpoint.pk, by=owner, at=soon),
    ):
        with pytest.raises(TooManyTries):
            refused()
    for _number in range(3):
        try_endpoint(endpoint_id=endpoint.pk, by=owner, at=NOON + AN_HOUR)
    give_up_waiting(endpoint, at=NOON + AN_HOUR)
    with pytest.raises(WebhookNotFound):
        send_all_again(endpoint_id=endpoint.pk, by=stranger, at=NOON + AN_HOUR)
    assert send_all_again(endpoint_id=endpoint.pk, by=owner, at=NOON + AN_HOUR) == 3
    assert send_all_again(endpoint_id=endpoint.pk, by=owner, at=NOON + AN_HOUR) == 0
    endpoint.refresh_from_db()
    assert endpoint.by_hand == 4  # all of them once
    assert send_messages(endpoint_id=endpoint.pk, at=NOON + AN_HOUR) == 3
    change_endpoint(endpoint_id=endpoint.pk, active=False, by=owner, at=NOON)
    with pytest.raises(WebhookNotActive):
        send_all_again(endpoint_id=endpoint.pk, by=owner, at=NOON + AN_HOUR)


@pytest.mark.usefixtures("committed")
def test_two_changes_at_once_undo_nothing_of_each_other() -> None:
    owner = a_requester()
    endpoint = an_endpoint(owner, "https://hooks.example.org/")
    changes: list[dict[str, Any]] = [{"name": "Other"}, {"active": False}, {"events": ["project.done"]}]
    at_once(lambda change: change_endpoint(endpoint_id=endpoint.pk, by=owner, at=SOON, **change), *changes)
    endpoint.refresh_from_db()
    assert (endpoint.name, endpoint.state, endpoint.events) == ("Other", "paused", ["project.done"])


@pytest.mark.django_db
def test_a_message_is_given_up_in_the_end(receiver: Receiver) -> None:
    owner = a_requester()
    endpoint, message = tried(owner, receiver, 500)
    Endpoint.objects.update(failing_since=None)
    at = NOON
    for wait in (*AGAIN_AFTER_SECONDS, 0):
        send_messages(endpoint_id=endpoint.pk, at=at)
        at += timedelta(seconds=wait)
    message.refresh_from_db()
    assert (message.state, message.attempts) == (MessageState.GIVEN_UP, len(AGAIN_AFTER_SECONDS) + 1)


@pytest.mark.django_db
def test_after_days_of_failure_it_is_stopped_and_its_owner_told_once(receiver: Receiver) -> None:
    owner = a_requester()
    endpoint, message = tried(owner, receiver, 500, 500, 200)
    send_messages(endpoint_id=endpoint.pk, at=NOON)
    later = NOON + timedelta(days=5)
    send_messages(endpoint_id=endpoint.pk, at=later)
    assert endpoint_of(endpoint.pk, by=owner).state == EndpointState.DISABLED
    assert messages_of(endpoint.pk, by=owner).messages[0].state == MessageState.GIVEN_UP
    (job,) = ProcrastinateJob.objects.filter(task_name="webhooks.tell_owner")
    assert tell_owner(**job.args, at=later)
    (notice,) = mailed(owner)
    assert notice.path == f"/account/webhooks/{endpoint.pk}/"
    with pytest.raises(WebhookNotActive):
        send_again(message_id=message.pk, endpoint_id=endpoint.pk, by=owner, at=later)
    with pytest.raises(WebhookNotActive):
        try_endpoint(endpoint_id=endpoint.pk, by=owner, at=later)
    change_endpoint(
        endpoint_id=endpoint.pk, name="Mine", url=endpoint.url, events=ALL, active=True, by=owner, at=later
    )
    assert not tell_owner(**job.args, at=later)
    send_again(message_id=message.pk, endpoint_id=endpoint.pk, by=owner, at=later)
    assert send_messages(endpoint_id=endpoint.pk, at=later) == 1


@pytest.mark.django_db
def test_a_program_that_is_gone_is_stopped_at_once(receiver: Receiver) -> None:
    owner = a_requester()
    endpoint, _message = tried(owner, receiver, 410)
    send_messages(endpoint_id=endpoint.pk, at=NOON)
    assert endpoint_of(endpoint.pk, by=owner).state_said.startswith("Stopped: ")


@pytest.mark.django_db
@pytest.mark.parametrize(
    "leads_to",
    [
        ["127.0.0.1"],
        ["10.0.0.7"],
        ["169.254.169.254"],
        ["192.168.1.1"],
        ["224.0.0.1"],
        ["0.0.0.0"],
        ["::1"],
        ["fe80::1"],
        ["fd00::1"],
        ["::ffff:10.0.0.7"],
        ["93.184.215.14", "10.0.0.7"],
        [],
    ],
)
def test_a_name_that_leads_inside_is_sent_nothing(
    receiver: Receiver, settings: Settings, monkeypatch: pytest.MonkeyPatch, leads_to: list[str]
) -> None:
    settings.WEBHOOK_NETWORKS = []
    owner = a_requester()
    endpoint = an_endpoint(owner, "https://hooks.example.org/")
    found = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, 443)) for address in leads_to]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_asked, **_more: found)
    message = try_endpoint(endpoint_id=endpoint.pk, by=owner, at=NOON)
    send_messages(endpoint_id=endpoint.pk, at=NOON)
    assert message_of(message.pk, endpoint_id=endpoint.pk, by=owner).tries[0].outcome == Outcome.INTERNAL
    # An address that was let in once is not, when its network is listed no more.
    assert (
        sending.send(Endpoint(url=receiver.url, sealed=endpoint.sealed), uid="x", body="{}", at=NOON).outcome
        == Outcome.INTERNAL
    )
    assert receiver.came == []


@pytest.mark.django_db
def test_a_name_is_looked_up_once_and_the_address_looked_at_is_connected_to(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    owner = a_requester()
    endpoint = an_endpoint(owner, "https://hooks.example.org:8443/a?b")
    asked: list[Any] = []
    addresses = [["93.184.215.14"], ["127.0.0.1"]]  # what a hostile name server says the second time

    def looked_up(*_asked: Any, **_more: Any) -> Any:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (one, 8443)) for one in addresses.pop(0)]

    def answer(request: Any) -> Any:
        asked.append(request)
        return sending.httpx.Response(204, stream=sending.httpx.ByteStream(b""))

    client = sending.httpx.AsyncClient
    monkeypatch.setattr(socket, "getaddrinfo", looked_up)
    monkeypatch.setattr(
        sending.httpx,
        "AsyncClient",
        lambda **more: client(**more | {"transport": sending.httpx.MockTransport(answer)}),
    )
    sent = sending.send(endpoint, uid="msg_1", body="{}", at=NOON)
    assert (sent.outcome, len(addresses)) == (Outcome.TAKEN, 1)
    (request,) = asked
    assert (request.url.host, request.url.port, request.url.raw_path) == ("93.184.215.14", 8443, b"/a?b")
    assert request.headers["Host"] == "hooks.example.org:8443"
    assert request.extensions["sni_hostname"] == "hooks.example.org"


@pytest.mark.django_db
def test_a_new_secret_signs_at_once_and_the_old_one_for_a_day(receiver: Receiver) -> None:
    owner = a_requester()
    endpoint, _message = tried(owner, receiver, 200)
    before = shown_secret(endpoint)
    endpoint = rotate_secret(endpoint_id=endpoint.pk, by=owner, at=NOON)
    assert shown_secret(endpoint) != before
    assert before.encode() not in bytes(endpoint.sealed)
    send_messages(endpoint_id=endpoint.pk, at=NOON)
    try_endpoint(endpoint_id=endpoint.pk, by=owner, at=NOON)
    send_messages(endpoint_id=endpoint.pk, at=NOON + timedelta(days=1))
    signed = [len(headers["webhook-signature"].split()) for _path, headers, _body in receiver.came]
    assert signed == [2, 1]
    for _path, headers, body in receiver.came:
        assert verified(body, headers, shown_secret(endpoint))
    assert verified(receiver.came[0][2], receiver.came[0][1], before)


@pytest.mark.django_db
def test_a_stranger_reaches_nothing_and_what_cannot_be_is_refused_by_field(receiver: Receiver) -> None:
    owner, stranger = a_requester(), a_person("stranger", worker=True, requester=True)
    endpoint, message = tried(owner, receiver, 200)
    given = {"name": "x", "url": endpoint.url, "events": ALL}
    for act in (
        lambda: endpoint_of(endpoint.pk, by=stranger),
        lambda: messages_of(endpoint.pk, by=stranger),
        lambda: rotate_secret(endpoint_id=endpoint.pk, by=stranger, at=NOON),
        lambda: drop_endpoint(endpoint_id=endpoint.pk, by=stranger, at=NOON),
        lambda: try_endpoint(endpoint_id=endpoint.pk, by=stranger, at=NOON),
        lambda: change_endpoint(endpoint_id=endpoint.pk, by=stranger, at=NOON, active=True, **given),
    ):
        with pytest.raises(WebhookNotFound):
            act()
    with pytest.raises(WebhookMessageNotFound):
        send_again(message_id=message.pk, endpoint_id=endpoint.pk, by=stranger, at=NOON)
    for field, wrong in {
        "name": ["", " ", "a" * 61, "a\0"],
        "url": ["", "ftp://x.org", "https://10.0.0.1/", "https://x.org/" + "a" * 1_000, "\0"],
        "events": [[], ["submission.bought"], [*ALL, ""]],
    }.items():
        for value in wrong:
            with pytest.raises(BadInput) as refused:
                add_endpoint(**given | {field: value}, by=owner, at=NOON)  # type: ignore[arg-type]
            assert refused.value.facts["errors"].keys() == {field}
    for _number in range(4):
        try_endpoint(endpoint_id=endpoint.pk, by=owner, at=NOON)
    with pytest.raises(TooManyTries):
        try_endpoint(endpoint_id=endpoint.pk, by=owner, at=NOON)
    for _number in range(MOST_ENDPOINTS - 1):
        add_endpoint(**given, by=owner, at=NOON)
    with pytest.raises(TooManyWebhooks):
        add_endpoint(**given, by=owner, at=NOON)
    drop_endpoint(endpoint_id=endpoint.pk, by=owner, at=NOON)
    assert not Message.objects.exists()
    assert len(endpoints_of(owner.pk)) == MOST_ENDPOINTS - 1


@pytest.mark.django_db
def test_what_is_paused_is_told_nothing_and_what_is_old_or_of_a_closed_account_goes(
    receiver: Receiver,
) -> None:
    owner, worker = a_requester(money_minor=0), a_worker()
    endpoint, message = tried(owner, receiver, 200)
    send_messages(endpoint_id=endpoint.pk, at=NOON)
    theirs = an_endpoint(worker, receiver.url)
    change_endpoint(
        endpoint_id=theirs.pk, name="x", url=theirs.url, events=ALL, active=False, by=worker, at=NOON
    )
    a_submission(worker=worker, project=a_project(owner=a_requester()))
    followed()
    assert Message.objects.get() == message
    assert forget_old_messages(at=NOON + KEPT_FOR) == 0
    assert forget_old_messages(at=NOON + KEPT_FOR + timedelta(seconds=1)) == 2  # with its attempt
    close_account(by=owner, what_is_open=lambda _id: [], at=SOON)
    followed()
    assert list(Endpoint.objects.values_list("owner_id", flat=True)) == [worker.pk]


@pytest.mark.usefixtures("committed")
def test_two_runners_at_once_and_one_that_is_killed_lose_and_double_nothing(receiver: Receiver) -> None:
    owner, worker = a_requester(), a_worker()
    endpoint = an_endpoint(owner, receiver.url, [Told.SUBMITTED])
    project = a_project(owner=owner, rows=5)
    for _number in range(5):
        assignment = taken(worker=worker, project=project)
        submit_answer(assignment_id=assignment.pk, by=worker, answer=ANSWER, active_seconds=9, at=NOON)
    # A runner that is killed after it has read, before its transaction ends:
    run("UPDATE kernel_generation SET number = number + 1")
    connection.set_autocommit(False)
    follow_events.follow_events(at=SOON)
    assert Message.objects.count() == 5
    connection.rollback()
    connection.set_autocommit(True)
    assert Message.objects.count() == 0
    at_once(lambda _case: follow_events.follow_events(at=SOON), 1, 2)
    assert Message.objects.count() == 5
    # One that is killed after the program has had a message, before it is noted:
    first = Message.objects.order_by("pk")[0]
    sending.send(endpoint, uid=first.uid, body=first.body, at=SOON)
    assert send_what_is_due(at=SOON) == 1
    taken_each = at_once(lambda _case: send_messages(endpoint_id=endpoint.pk, at=SOON), 1, 2)
    assert sum(taken_each) == 5
    assert len(receiver.ids) == 6
    assert set(receiver.ids) == set(Message.objects.values_list("uid", flat=True))
    assert send_what_is_due(at=SOON) == 0


@pytest.mark.usefixtures("committed")
def test_pausing_while_an_attempt_is_noted_makes_neither_wait_for_the_other(receiver: Receiver) -> None:
    # Given a message whose attempt is over, and its owner in the middle of pausing the endpoint
    endpoint, message = tried(a_requester(), receiver)
    sent = sending.Sent(Outcome.REFUSED, 5, 500)
    with ThreadPoolExecutor(1) as runner:
        with transaction.atomic():
            held = own_endpoint(endpoint.pk, by=endpoint.owner, lock=True)
            noting = runner.submit(
                in_a_thread, lambda: note_attempt(message_id=message.pk, sent=sent, at=SOON)
            )
            wait_until_blocked()
            give_up_waiting(held, at=SOON)
        assert noting.result(timeout=30) is False
    # Then both are done: the message was given up, and its attempt is in the log
    message.refresh_from_db()
    assert (message.state, message.tries.count()) == (MessageState.GIVEN_UP, 1)


def in_a_thread(do: Callable[[], Any]) -> Any:
    try:
        return do()
    finally:
        connection.close()


def wait_until_blocked() -> None:
    """Wait until another connection to this database waits for a lock."""
    for _look in range(200):
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_stat_clear_snapshot()")  # a transaction sees its first look else
            cursor.execute(
                "SELECT count(*) FROM pg_stat_activity"
                " WHERE datname = current_database() AND wait_event_type = 'Lock'"
            )
            if cursor.fetchone()[0]:
                return
        time.sleep(0.05)
    raise AssertionError("nobody waits")
