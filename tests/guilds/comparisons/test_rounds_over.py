"""A round of comparisons ends and is told once; what nobody takes is offered to further workers."""

import json
from datetime import timedelta
from typing import Any

import pytest
from tests.builders import NOON, a_requester
from tests.guilds.comparisons.compared import (
    LATER,
    a_crowd,
    accepted,
    asked,
    authors,
    judged,
    pairs_of,
    who_may,
)
from tests.people.at_once import at_once
from tests.promises import broken, run
from tests.webhooks.test_webhooks import an_endpoint, followed

from canut.guilds.comparisons.models import Comparison, Pair, RoundOver
from canut.guilds.comparisons.queries import stands_of
from canut.guilds.comparisons.usecases.follow_comparisons import follow_comparisons
from canut.guilds.comparisons.usecases.offer_again import offer_again
from canut.kernel.models import Event
from canut.people.models import Person
from canut.webhooks.models import Message
from canut.webhooks.states import Told
from canut.work.models import BrokenRow, TaskOffer
from canut.work.queries.feed import feed_page
from canut.work.usecases.close_project import close_project
from canut.work.usecases.end_broken_rows import withdraw_rows
from canut.work.usecases.expire_leases import expire_leases
from canut.work.usecases.report_broken import report_broken
from canut.work.usecases.return_submission import return_submission
from canut.work.usecases.submit_answer import submit_answer
from canut.work.usecases.take_task import take_task

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)


@pytest.fixture
def owner() -> Person:
    return a_requester()


def heard(*, at: Any = LATER) -> list[dict[str, Any]]:
    """Read what happened, in a test's own transaction too, and return every end that was told by now."""
    run("UPDATE kernel_generation SET number = number + 1")
    while follow_comparisons(at=at):
        pass
    return list(Event.objects.filter(name="comparison.over").order_by("pk").values_list("data", flat=True))


@pytest.mark.django_db
def test_the_end_of_a_round_is_told_once_and_to_its_requesters_program(owner) -> None:
    workers = a_crowd(4)
    project = accepted(owner, workers)
    an_endpoint(owner, "https://hooks.example.org/", [Told.COMPARED], at=NOON)
    stranger = a_requester()
    an_endpoint(stranger, "https://hooks.example.com/", [Told.COMPARED], at=NOON)
    asked(project)
    first, second = pairs_of(project)
    done = judged(first, "first", by=who_may(first, workers))
    assert heard() == []
    judged(second, "tie", by=who_may(second, workers))
    task_id = first.comparison.task_id
    told = {"project_id": project.pk, "task_id": task_id, "round": 1}
    assert heard() == [told]
    # One of them is sent back and comes again: it is over, and was told
    return_submission(submission_id=done.pk, by=owner, reason="Look again.", at=LATER + HOUR)
    submit_answer(
        assignment_id=done.assignment_id,
        by=done.assignment.worker,
        answer={"better": "second"},
        active_seconds=9,
        at=LATER + 2 * HOUR,
    )
    assert heard(at=LATER + 2 * HOUR) == [told]
    asked(project, round_number=2, at=LATER + 3 * HOUR)
    for pair in pairs_of(project)[2:]:
        judged(pair, "first", by=who_may(pair, workers), at=LATER + 4 * HOUR)
    assert heard() == [told, told | {"round": 2}]
    followed()
    followed()
    messages = Message.objects.order_by("pk")
    assert {message.endpoint.owner_id for message in messages} == {owner.pk}
    sent = [json.loads(message.body) for message in messages]
    assert [one["type"] for one in sent] == ["comparison.over"] * 2
    assert [one["data"] for one in sent] == [{"as": "requester", **one} for one in heard()]


@pytest.mark.django_db
def test_a_round_that_nobody_can_finish_is_over_too(owner) -> None:
    workers = a_crowd(3)
    project = accepted(owner, workers, rows=2)
    asked(project)
    one, other = Comparison.objects.order_by("pk")
    broken_pair, left = (Pair.objects.filter(comparison=one)[n] for n in (0, 1))
    judged(left, "tie", by=who_may(left, workers))
    held = take_task(
        by=who_may(broken_pair, workers),
        project_id=broken_pair.task.project_id,
        task_id=broken_pair.task_id,
        at=LATER,
    )
    report_broken(
        assignment_id=held.pk, kind="missing", words="No picture.", by=held.worker, at=LATER + MINUTE
    )
    assert heard() == []
    row = BrokenRow.objects.get()
    withdraw_rows(project_id=row.project_id, row_ids=[row.pk], by=owner, at=LATER + HOUR)
    assert [told["task_id"] for told in heard()] == [one.task_id]
    assert stands_of([one.task_id])[one.task_id].is_over
    close_project(project_id=broken_pair.task.project_id, by=owner, at=LATER + 2 * HOUR)
    assert [told["task_id"] for told in heard()] == [one.task_id, other.task_id]


@pytest.mark.django_db
def test_that_a_round_is_over_is_written_once(owner) -> None:
    workers = a_crowd(3)
    project = accepted(owner, workers)
    asked(project)
    for pair in pairs_of(project):
        judged(pair, "tie", by=who_may(pair, workers))
    heard()
    over = RoundOver.objects.get()
    with broken("guilds_comparisons_roundover_pkey"):
        RoundOver.objects.create(comparison=over.comparison, over_at=LATER)
    for undoing in ("DELETE FROM {}", "UPDATE {} SET over_at = over_at"):
        with broken("guilds_comparisons_roundover_written_once"):
            run(undoing.format("guilds_comparisons_roundover"))


@pytest.mark.usefixtures("committed")
def test_several_runners_tell_the_end_once() -> None:
    owner, workers = a_requester(), a_crowd(3)
    project = accepted(owner, workers)
    asked(project)
    for pair in pairs_of(project):
        judged(pair, "tie", by=who_may(pair, workers))
    at_once(lambda _n: follow_comparisons(at=LATER), *range(3))
    assert Event.objects.filter(name="comparison.over").count() == 1


@pytest.fixture
def few(monkeypatch) -> None:
    """Offer each pair to one worker at a time."""
    from canut.charter.queries import in_force

    def decided(name: str, **given: Any) -> Any:
        return 1 if name == "comparison.offer_members" else in_force(name, **given)

    for verb in ("ask_comparison", "offer_again"):
        monkeypatch.setattr(f"canut.guilds.comparisons.usecases.{verb}.in_force", decided)


def offered(pair: Pair) -> set[int]:
    return set(TaskOffer.objects.filter(task=pair.task_id).values_list("worker_id", flat=True))


@pytest.mark.django_db
@pytest.mark.usefixtures("few")
def test_what_nobody_takes_is_offered_to_others_day_by_day_and_never_to_its_authors(owner) -> None:
    workers = a_crowd(5)
    project = accepted(owner, workers)
    asked(project)
    pair = pairs_of(project)[0]
    everybody = {worker.pk for worker in workers} - authors(pair)
    (first,) = offered(pair)
    assert offer_again(at=LATER + 23 * HOUR) == 0
    assert offer_again(at=LATER + 25 * HOUR) == 3
    assert len(offered(pair)) == 2
    assert offer_again(at=LATER + 26 * HOUR) == 0  # a day from the last offer on
    assert offer_again(at=LATER + 50 * HOUR) == 3
    assert offered(pair) == everybody
    assert offer_again(at=LATER + 80 * HOUR) == 0
    (last,) = [worker for worker in workers if worker.pk in everybody - {first}][:1]
    cards = {card.project_id for card in feed_page(by=last, at=LATER + 81 * HOUR).cards}
    assert pair.task.project_id in cards
    assert judged(pair, "first", by=last, at=LATER + 81 * HOUR)


@pytest.mark.django_db
@pytest.mark.usefixtures("few")
def test_what_nobody_is_left_for_keeps_nothing_else_waiting(owner) -> None:
    asked(accepted(owner, a_crowd(3), rows=2))  # each pair was offered to the only one who can judge it
    workers = a_crowd(4)
    project = accepted(owner, workers)
    asked(project, at=LATER + HOUR)
    assert offer_again(at=LATER + 30 * HOUR, most=1) == 2
    assert [len(offered(pair)) for pair in pairs_of(project)] == [2, 2]


@pytest.mark.django_db
@pytest.mark.usefixtures("few")
def test_what_is_in_hand_done_or_closed_is_offered_to_nobody_else(owner) -> None:
    workers = a_crowd(5)
    project = accepted(owner, workers)
    asked(project)
    held, done, spare = pairs_of(project)
    by = {worker.pk: worker for worker in workers}
    (judge,) = offered(done)
    judged(done, "tie", by=by[judge], at=LATER)
    (holder,) = offered(held)
    take_task(by=by[holder], project_id=held.task.project_id, task_id=held.task_id, at=LATER + 25 * HOUR)
    assert offer_again(at=LATER + 25 * HOUR) == 1
    assert [len(offered(pair)) for pair in (held, done, spare)] == [1, 1, 2]
    expire_leases(at=LATER + 50 * HOUR)  # they never came back to it
    assert offer_again(at=LATER + 50 * HOUR) == 2
    assert [len(offered(pair)) for pair in (held, done, spare)] == [2, 1, 3]
    close_project(project_id=held.task.project_id, by=owner, at=LATER + 51 * HOUR)
    assert offer_again(at=LATER + 90 * HOUR) == 0
