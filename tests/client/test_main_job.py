"""A requester's program and a worker's program, from the draft to the result."""

import io
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from tests.api.scenarios.cast import Cast
from tests.builders import ANSWER, CHOICE_DESIGN
from tests.justice.cases import heard

from canut.justice.models import Case
from canut.kernel import clock
from canut.work.usecases.export_results import write_export
from canut.work.usecases.read_upload import read_upload
from canut_client import Canut, CanutError

pytestmark = pytest.mark.django_db
Connect = Callable[..., Canut]
CSV = b"id,text,wanted\none,A cat,2\ntwo,A dog,1\n"


def test_from_a_file_to_results_and_pay(cast: Cast, connect: Connect, tmp_path: Path) -> None:
    # Given a draft with a file
    requester, worker, peer = (connect(person) for person in (cast.requester, cast.worker, cast.peer))
    project = requester.create_project(
        title="Cats", design=CHOICE_DESIGN, reward=Decimal("0.60"), expected_seconds=120, answers_per_task=1
    )
    (tmp_path / "rows.csv").write_bytes(CSV)
    upload = requester.upload(project.id, tmp_path / "rows.csv")
    assert (upload.state, upload.columns, upload.row_count) == ("read", ("id", "text", "wanted"), 2)
    requester.choose_columns(upload.id, key="id", answers="wanted")
    requester.add_upload(upload.id)
    assert requester.wait_for_upload(upload.id).state == "added"
    assert [task.key for task in requester.tasks(project.id)] == ["one", "two"]
    # When it is published for the price that was quoted
    price = requester.quote(project.id)
    assert (price.places, str(price.pay), price.lacking.amount_minor) == (3, "1.80 EUR", 0)
    assert requester.publish(project.id, agreed_total=price.total).state == "live"
    # and two people work on it
    (card,) = worker.feed()
    assert (card.project_id, card.places_left) == (project.id, 2)
    taken = worker.take(card.project_id)
    worker.keep_draft(taken.id, ANSWER)
    assert worker.assignment(taken.id).draft == ANSWER
    reply = worker.submit(taken.id, ANSWER, revision_id=taken.revision_id, active_seconds=20, next=True)
    assert reply.next is not None
    last = worker.submit(reply.next.assignment_id, ANSWER, next=True)
    assert (last.next, last.why_none and last.why_none.code) == (None, "none_left")
    (one,) = requester.tasks(project.id, key="one")
    assert peer.submit(peer.take_task(one.id).id, {"label": "dog"}).project_id == project.id
    # and the requester approves
    work = list(requester.submissions(project.id, state="submitted"))
    requester.approve(work[0].submission_id)
    assert requester.approve_many(project.id, [one.submission_id for one in work]) == 2
    # Then the results come once each, and the workers are paid
    results = list(requester.iter_results(project.id))
    assert [result.work.submission_id for result in results] == [one.submission_id for one in work]
    rest = list(requester.iter_results(project.id, cursor=results[0].cursor))
    assert rest == results[1:]
    assert str(worker.earnings().earned) == "1.20 EUR"
    assert [str(line.amount) for line in worker.earnings_history()] == ["0.60 EUR", "0.60 EUR"]
    assert requester.progress(project.id).is_complete
    figures = requester.statistics(project.id, question="label").figures
    assert figures is not None
    assert sum(1 for _line in requester.task_labels(requester.statistics(project.id).id)) == 2


def test_a_follower_ends_when_a_project_can_bring_no_more(cast: Cast, connect: Connect) -> None:
    requester = connect(cast.requester)
    project = cast.live(rows=1)
    submission = cast.handed_in(project)
    requester.approve(submission.pk)
    assert [one.work.submission_id for one in requester.iter_results(project.pk, follow=True)] == [
        submission.pk
    ]


def test_a_big_file_is_read_by_a_job_and_its_progress_told(
    cast: Cast, connect: Connect, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("canut.work.usecases.receive_upload.READ_AT_ONCE_BYTES", 10)
    requester = connect(cast.requester)
    told: list[float] = []
    upload = requester.upload(cast.draft().pk, io.BytesIO(CSV), filename="rows.csv")
    assert upload.state == "received"

    def the_job_runs(share: float) -> None:
        told.append(share)
        read_upload(upload_id=upload.id)

    assert requester.wait_for_upload(upload.id, progress=the_job_runs, poll_seconds=0).state == "read"
    assert told == [0.0, 1.0]


def test_a_file_comes_back_byte_for_byte(cast: Cast, connect: Connect, tmp_path: Path) -> None:
    requester = connect(cast.requester)
    upload = requester.upload(cast.draft().pk, io.BytesIO(CSV), filename="rows.csv")
    assert requester.download_upload(upload.id, tmp_path / "back.csv") == len(CSV)
    assert (tmp_path / "back.csv").read_bytes() == CSV


def test_an_export_is_waited_for_and_downloaded(cast: Cast, connect: Connect, tmp_path: Path) -> None:
    requester = connect(cast.requester)
    project = cast.handed_in().project

    def the_job_runs(_share: float) -> None:
        for export in requester.exports(project.pk):
            write_export(computation_id=export.id, at=cast.at)

    export = requester.export(project.pk, format="jsonl", progress=the_job_runs, poll_seconds=0)
    assert (export.rows, export.format) == (1, "jsonl")
    assert requester.download_export(export.id, tmp_path / "rows.jsonl") == export.size_bytes


def test_a_refusal_has_a_code_facts_and_a_sentence(cast: Cast, connect: Connect) -> None:
    requester = connect(cast.requester)
    project = cast.draft(reward_minor=1)
    with pytest.raises(CanutError) as refused:
        requester.publish(project.pk)
    assert (refused.value.code, refused.value.status) == ("reward_under_floor", 422)
    assert refused.value.facts["least_reward_minor"] == 50
    with pytest.raises(CanutError) as misshapen:
        requester.create_project(title="", design=CHOICE_DESIGN)
    assert set(misshapen.value.errors) == {"title"}


def test_work_can_be_returned_rejected_appealed_and_overturned(cast: Cast, connect: Connect) -> None:
    requester, worker = (connect(one) for one in (cast.requester, cast.worker))
    project = cast.live(rows=1)
    taken = worker.take(project.pk)
    submission_id = worker.submit(taken.id, ANSWER).submission_id
    assert requester.return_work(submission_id, "Look again.").rulings[0].outcome == "returned"
    assert worker.assignment(taken.id).attempts[0].rulings[0].reason == "Look again."
    second = worker.submit(taken.id, {"label": "dog"}).submission_id
    requester.reject(second, ground="wrong_answer", evidence="It meows.", reason="A cat.")
    case = worker.appeal(taken.id, "It barks.")
    assert (case.state, case.is_mine, case.hearing.decide_by) == ("open", True, None)
    shot = worker.add_case_file(case.id, io.BytesIO(b"\x89PNG\r\n\x1a\n" + bytes(9)), filename="ann.png")
    assert requester.case(case.id).files[0].name == "file-1.png"
    got = io.BytesIO()
    assert requester.download_case_file(shot.id, got) == 17
    worker.remove_case_file(shot.id)
    heard(Case.objects.get(pk=case.id), overturn=True, reason="It does.", at=clock.now())
    assert [one.state for one in worker.cases()] == ["falls"]
    assert worker.take_back_case(case.id).state == "falls"
    assert requester.submission(second).state == "approved"
    assert str(requester.pay_bonus(taken.id, "1.00", "Sorry.").amount) == "1.00 EUR"


def test_everything_else_that_a_program_may_ask(cast: Cast, connect: Connect, tmp_path: Path) -> None:
    requester, worker = connect(cast.requester), connect(cast.worker)
    size = worker.download_worked(tmp_path / "mine.csv", since=date(2000, 1, 1))
    written = (tmp_path / "mine.csv").read_bytes()
    assert size == len(written)
    assert b"kind,id,at,project_id" in written
    assert requester.download_requested(tmp_path / "theirs.jsonl", form="jsonl", paid=True) == 0
    assert worker.me().screen_name == "Worker"
    (key,) = worker.keys()
    assert key.name == "test"
    assert requester.block(screen_name="worker").person_id == cast.worker.pk
    assert [one.screen_name for one in requester.listings("block")] == ["Worker"]
    requester.unlist(cast.worker.pk)
    assert any(one.name == "pay.floor_hourly_minor" for one in requester.charter().parameters)
    assert str(requester.deposit("5.00")) == "10005.00 EUR"
    assert next(requester.money_history()).reason == "deposit"
    draft = requester.create_project(title="Texts", starting_design="classification", columns={"text": "t"})
    draft = requester.change_draft(draft.id, reward="0.70", based_on=draft.changed_at, title="Better")
    assert (draft.title, str(draft.revision.reward)) == ("Better", "0.70 EUR")
    copy = requester.duplicate(draft.id, title="Copy")
    assert [project.title for project in requester.projects("draft")] == ["Copy", "Better"]
    added = requester.add_tasks(copy.id, [{"t": "one"}, {"t": "two"}])
    assert [task.position for task in added.tasks] == [1, 2]
    requester.publish(copy.id)
    assert requester.pause(copy.id).state == "paused"
    assert requester.resume(copy.id).state == "live"
    assert worker.look_at(copy.id).card.title == "Copy"
    taken = worker.take(copy.id)
    assert [line.id for line in worker.assignments()] == [taken.id]
    left = worker.skip(taken.id, next=True)
    assert (left.assignment.state, left.next is not None) == ("skipped", True)
    assert left.next is not None
    assert worker.give_back(left.next.id).state == "given_back"
    assert requester.money().projects[0].title == "Copy"
    closed = requester.close_project(copy.id)
    assert (closed.project.state, closed.refunded.amount_minor > 0) == ("closed", True)
    assert worker.openapi()["info"]["title"] == "Canut"


def test_searches_are_saved_changed_and_deleted(cast: Cast, connect: Connect) -> None:
    worker = connect(cast.worker)
    saved = worker.save_search("Quick", {"least_hourly": "12.50", "languages": ["fr"]}, notice="mail")
    assert str(saved.filters.least_hourly) == "12.50 EUR"
    assert (saved.filters.languages, saved.filters.device, saved.pace) == (("fr",), None, "at_once")
    changed = worker.change_search(saved.id, name="Paid", filters={"kind": "paid"}, notice="none")
    assert (changed.name, changed.described, changed.notice) == ("Paid", "paid work", "none")
    assert [one.id for one in worker.searches()] == [saved.id]
    assert worker.search(saved.id) == changed
    worker.delete_search(saved.id)
    assert list(worker.searches()) == []


def test_qualifications_are_made_given_given_up_and_retired(cast: Cast, connect: Connect) -> None:
    requester, worker = connect(cast.requester), connect(cast.worker)
    made = requester.create_qualification("French", "How well.")
    assert requester.change_qualification(made.id, name="Good French").description == "How well."
    name = cast.worker.screen_name
    assert requester.grant_qualification(made.id, {name: 7.5}, reason="Well done.").new == 1
    assert requester.grant_qualification(made.id, {cast.worker.pk: 8.25}).granted == 1
    assert [(one.worker.screen_name, one.value) for one in requester.holders(made.id)] == [(name, 8.25)]
    with pytest.raises(CanutError) as refused:
        requester.grant_qualification(made.id, {name: 9, "Nobody here": 1})
    assert [row["row"] for row in refused.value.facts["rows"]] == [2]
    worker.give_up_qualification(made.id)
    assert [one.ended_as for one in worker.held_qualifications()] == ["given_up"]
    assert worker.take_back_qualification(made.id).value == 8.25
    requester.revoke_qualification(made.id, cast.worker.pk, reason="A mistake.")
    assert [one.ended_reason for one in worker.held_qualifications()] == ["A mistake."]
    assert requester.retire_qualification(made.id) == requester.qualification(made.id)
    assert [one.holders for one in requester.qualifications(retired=True)] == [0]
    assert list(requester.qualifications(retired=False)) == []


@pytest.mark.parametrize("amount", [0.6, 60, True, ["0.60"]])
def test_a_bare_number_is_no_amount(amount: Any, connect: Connect) -> None:
    with pytest.raises(TypeError, match="write the amount as text"):
        connect(None).deposit(amount)
