"""Situations of disputes: begun twenty days ago, complained of, with a mediator, ended, summed up."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.core.files.base import ContentFile
from tests.api.calls import Call
from tests.api.scenarios.cast import Cast
from tests.api.scenarios.registry import says, several
from tests.builders import a_person, a_project, a_requester, taken

from canut.justice.files import SentFile
from canut.justice.mediation.models import Dispute, DisputeFile
from canut.justice.mediation.usecases.appoint_mediator import appoint_mediator
from canut.justice.mediation.usecases.begin_dispute import begin_dispute
from canut.justice.mediation.usecases.complain import complain, reply
from canut.justice.mediation.usecases.keep_dispute_file import MOST_FILES_A_SIDE, keep_dispute_file
from canut.justice.mediation.usecases.name_mediator import ask_for_another
from canut.justice.mediation.usecases.settle import propose_settlement, recommend, withdraw_dispute
from canut.justice.mediation.usecases.write_summary import answer_summary, write_summary
from canut.people.models import Person
from canut.work.models import Project

DAY = timedelta(days=1)
NOWHERE = UUID(int=0)
NOTES = b"It took 12 minutes."
WORDS = {"topic": "pay", "words": "It took twice the time.", "wish": "Half."}
SUMMARY = {"title_en": "Pay for a longer task", "text_en": "They agreed on half."}


def worked_in(cast: Cast) -> Project:
    project = cast.live()
    taken(worker=cast.worker, project=project, at=cast.at)
    return project


def begun(cast: Cast, *, days: int = 20, **more: Any) -> Dispute:
    at = cast.at - days * DAY
    given = {"by": cast.worker, "happened_on": at.date(), "at": at, **WORDS} | more
    return begin_dispute(**({} if "project_id" in given else {"project_id": worked_in(cast).pk}), **given)


def complained(cast: Cast) -> Dispute:
    dispute = begun(cast)
    return complain(dispute_id=dispute.pk, by=cast.worker, complaint="No answer.", at=cast.at - 3 * DAY)


def mediated(cast: Cast, *, mediators: int = 1) -> Dispute:
    for number in range(mediators):
        name = a_person(f"mediator{number}").screen_name
        appoint_mediator(by=cast.operator, screen_name=name, at=cast.at - 2 * DAY)
    dispute = complained(cast)
    return reply(dispute_id=dispute.pk, by=cast.requester, text="It was fair.", at=cast.at - 2 * DAY)


def mediator(dispute: Dispute) -> Person:
    return dispute.mandates.get(until__isnull=True).person


def recommended(cast: Cast) -> Dispute:
    dispute = mediated(cast)
    return recommend(dispute_id=dispute.pk, by=mediator(dispute), text="Pay half.", at=cast.at - DAY)


def summed_up(cast: Cast) -> Dispute:
    dispute = recommended(cast)
    write_summary(
        dispute_id=dispute.pk,
        by=mediator(dispute),
        titles={"en": SUMMARY["title_en"]},
        texts={"en": SUMMARY["text_en"]},
        at=cast.at - DAY,
    )
    return dispute


def published(cast: Cast) -> Dispute:
    dispute = summed_up(cast)
    for by in (cast.worker, cast.requester):
        answer_summary(dispute_id=dispute.pk, by=by, version=1, objects=False, at=cast.at - DAY)
    return dispute


def ended(cast: Cast) -> Dispute:
    return withdraw_dispute(dispute_id=begun(cast).pk, by=cast.worker, at=cast.at)


def asked(path: str, body: Any = None, method: str = "POST") -> Callable[..., Call]:
    """Return what asks this of a dispute, as the worker unless somebody else is named."""

    def ask(cast: Cast, about: Dispute | int, by: Person | None = None, **more: Any) -> Call:
        number = about if isinstance(about, int) else about.pk
        sent = None if body is None else body | more
        return Call(by or cast.worker, method, f"/disputes/{number}{path}", body=sent)

    return ask


get = asked("", method="GET")
write = asked("/messages", {"text": "Let me look."})
step = asked("/steps", {"step": "withdraw", "text": "So."})
sum_up = asked("/summary", SUMMARY, "PUT")


def send(cast: Cast, about: Dispute | int, content: bytes = NOTES, *, name: str = "notes.txt") -> Call:
    number = about if isinstance(about, int) else about.pk
    path = f"/disputes/{number}/files" + (f"?filename={name}" if name else "")
    return Call(cast.worker, "POST", path, raw=content, content_type="application/octet-stream")


def kept(cast: Cast, dispute: Dispute, content: bytes = NOTES) -> DisputeFile:
    sent = SentFile(ContentFile(content), "notes.txt")
    return keep_dispute_file(dispute_id=dispute.pk, by=cast.worker, sent=sent, at=cast.at)


def take_back(cast: Cast, number: int, file_id: UUID) -> Call:
    return Call(cast.worker, "DELETE", f"/disputes/{number}/files/{file_id}")


ABOUT_ONE = {
    "get_dispute": get,
    "write_in_a_dispute": write,
    "take_a_dispute_further": step,
    "write_a_summary": sum_up,
    "send_a_dispute_file": send,
}
several(ABOUT_ONE, "dispute_not_found", lambda cast: 987654321)
says("take_a_dispute_file_back", "dispute_not_found")(lambda cast: take_back(cast, 987654321, NOWHERE))


@says("list_disputes", "200")
def _(cast: Cast) -> Call:
    begun(cast)
    return cast.get(cast.worker, "/disputes")


def begin(cast: Cast, **more: Any) -> Call:
    body = {**WORDS, "happened_on": cast.at.date().isoformat()} | more
    return Call(cast.worker, "POST", "/disputes", body=body)


says("begin_a_dispute", "201")(lambda cast: begin(cast, project_id=worked_in(cast).pk))
says("begin_a_dispute", "dispute_no_work_between")(lambda cast: begin(cast, screen_name="Nobody"))
says("begin_a_dispute", "bad_input")(lambda cast: begin(cast, happened_on="2999-01-01"))
says("begin_a_dispute", "dispute_too_late")(lambda cast: begin(cast, happened_on="1999-01-01"))


@says("begin_a_dispute", "dispute_open_already")
def _(cast: Cast) -> Call:
    return begin(cast, project_id=begun(cast).project_id, words="Another thing.")


@says("begin_a_dispute", "dispute_too_many_open")
def _(cast: Cast) -> Call:
    for number in range(5):
        project = a_project(owner=a_requester(f"owner{number}"), at=cast.at)
        taken(worker=cast.worker, project=project, at=cast.at)
        begun(cast, project_id=project.pk)
    return begin(cast)


says("get_dispute", "200")(lambda cast: get(cast, begun(cast)))
says("get_dispute", "bad_input")(
    lambda cast: cast.get(cast.worker, f"/disputes/{begun(cast).pk}?before=soon")
)
says("write_in_a_dispute", "201")(lambda cast: write(cast, begun(cast)))
says("write_in_a_dispute", "bad_input")(lambda cast: write(cast, begun(cast), audience="other"))
says("write_in_a_dispute", "dispute_not_at_this_point")(lambda cast: write(cast, ended(cast)))

says("take_a_dispute_further", "200")(lambda cast: step(cast, begun(cast)))
says("take_a_dispute_further", "bad_input")(lambda cast: step(cast, begun(cast), step="complain", text=" "))
says("take_a_dispute_further", "dispute_not_your_part")(
    lambda cast: step(cast, begun(cast), step="end_direct_attempt")
)
says("take_a_dispute_further", "dispute_not_at_this_point")(
    lambda cast: step(cast, mediated(cast), step="complain")
)
says("take_a_dispute_further", "dispute_complaint_too_early")(
    lambda cast: step(cast, begun(cast, days=1), step="complain")
)


@says("take_a_dispute_further", "dispute_reply_too_late")
def _(cast: Cast) -> Call:
    dispute = begun(cast, days=40)
    complain(dispute_id=dispute.pk, by=cast.worker, complaint="No answer.", at=cast.at - 15 * DAY)
    return step(cast, dispute, step="reply", by=cast.requester)


says("take_a_dispute_further", "dispute_complaint_too_late")(
    lambda cast: step(cast, begun(cast, days=181), step="complain")
)


def proposed(cast: Cast, *texts: str) -> Dispute:
    dispute = begun(cast)
    for text in texts:
        propose_settlement(dispute_id=dispute.pk, by=cast.requester, text=text, at=cast.at - 2 * DAY)
    return dispute


says("take_a_dispute_further", "dispute_settlement_not_found")(
    lambda cast: step(cast, begun(cast), step="agree", number=1)
)
says("take_a_dispute_further", "dispute_settlement_replaced")(
    lambda cast: step(cast, proposed(cast, "Half.", "A third."), step="agree", number=1)
)
says("take_a_dispute_further", "summary_not_found")(
    lambda cast: step(cast, recommended(cast), step="accept_summary", number=1)
)
says("take_a_dispute_further", "summary_changed")(
    lambda cast: step(cast, summed_up(cast), step="accept_summary", number=2)
)
says("take_a_dispute_further", "summary_published")(
    lambda cast: step(cast, published(cast), step="object_to_summary", number=1)
)
says("take_a_dispute_further", "dispute_no_mediator_now")(
    lambda cast: step(cast, mediated(cast, mediators=0), step="ask_for_another", number=1)
)


@says("take_a_dispute_further", "dispute_mediator_refused_before")
def _(cast: Cast) -> Call:
    dispute = mediated(cast, mediators=2)
    first = dispute.mandates.get()
    ask_for_another(
        dispute_id=dispute.pk, by=cast.worker, mandate_id=first.pk, reason="First.", at=cast.at - DAY
    )
    return step(cast, dispute, step="ask_for_another", number=dispute.mandates.latest("pk").pk)


def by_mediator(
    asks: Callable[..., Call], of: Callable[[Cast], Dispute], **more: Any
) -> Callable[[Cast], Call]:
    def call(cast: Cast) -> Call:
        dispute = of(cast)
        return asks(cast, dispute, mediator(dispute), **more)

    return call


says("write_a_summary", "200")(by_mediator(sum_up, recommended))
says("write_a_summary", "bad_input")(by_mediator(sum_up, recommended, text_en=""))
says("write_a_summary", "summary_names_somebody")(by_mediator(sum_up, recommended, text_en="By requester."))
says("write_a_summary", "dispute_not_at_this_point")(by_mediator(sum_up, mediated))
says("write_a_summary", "summary_published")(by_mediator(sum_up, published, text_en="Another."))
says("write_a_summary", "dispute_not_your_part")(lambda cast: sum_up(cast, recommended(cast)))

says("send_a_dispute_file", "201")(lambda cast: send(cast, begun(cast)))
says("send_a_dispute_file", "dispute_not_at_this_point")(lambda cast: send(cast, ended(cast)))
says("send_a_dispute_file", "case_file_type_refused")(lambda cast: send(cast, begun(cast), b"<html>"))
says("send_a_dispute_file", "case_file_too_large")(lambda cast: send(cast, begun(cast), b"a" * (10**7 + 1)))
says("send_a_dispute_file", "case_file_empty")(
    lambda cast: send(cast, begun(cast), b"").but(
        raw=b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.txt"\r\n\r\n\r\n--x--\r\n',
        content_type="multipart/form-data; boundary=x",
    )
)
says("send_a_dispute_file", "bad_input")(lambda cast: send(cast, begun(cast), name=""))
says("send_a_dispute_file", "request_not_understood")(
    lambda cast: send(cast, begun(cast)).but(content_type="multipart/form-data")
)


@says("send_a_dispute_file", "dispute_too_many_files")
def _(cast: Cast) -> Call:
    dispute = begun(cast)
    for number in range(MOST_FILES_A_SIDE):
        kept(cast, dispute, b"File %d" % number)
    return send(cast, dispute)


@says("fetch_dispute_file", "200")
def _(cast: Cast) -> Call:
    dispute = begun(cast)
    return cast.get(cast.worker, f"/disputes/{dispute.pk}/files/{kept(cast, dispute).pk}")


says("fetch_dispute_file", "dispute_file_not_found")(
    lambda cast: cast.get(cast.worker, f"/disputes/{begun(cast).pk}/files/{NOWHERE}")
)


@says("take_a_dispute_file_back", "204")
def _(cast: Cast) -> Call:
    dispute = begun(cast)
    return take_back(cast, dispute.pk, kept(cast, dispute).pk)


says("take_a_dispute_file_back", "dispute_file_not_found")(
    lambda cast: take_back(cast, begun(cast).pk, NOWHERE)
)


@says("take_a_dispute_file_back", "dispute_not_at_this_point")
def _(cast: Cast) -> Call:
    dispute = begun(cast)
    file = kept(cast, dispute)
    withdraw_dispute(dispute_id=dispute.pk, by=cast.worker, at=cast.at)
    return take_back(cast, dispute.pk, file.pk)


@says("list_summaries", "200")
def _(cast: Cast) -> Call:
    published(cast)
    return cast.get(None, "/mediation/summaries?words=half&topic=pay")


says("list_summaries", "bad_input")(lambda cast: cast.get(None, "/mediation/summaries?topic=weather"))


@says("get_summary", "200")
def _(cast: Cast) -> Call:
    return cast.get(None, f"/mediation/summaries/{published(cast).precedent.pk}?language=fr")


@says("get_summary", "bad_input")
def _(cast: Cast) -> Call:
    return cast.get(None, f"/mediation/summaries/{published(cast).precedent.pk}?language=la")


says("get_summary", "summary_not_found")(lambda cast: cast.get(None, "/mediation/summaries/987654321"))


@says("list_mediators", "200")
def _(cast: Cast) -> Call:
    mediated(cast)
    return cast.get(None, "/mediation/mediators")


says("get_mediation_report", "200")(lambda cast: cast.get(None, f"/mediation/reports/{cast.at.year}"))
says("get_mediation_report", "mediation_report_not_found")(
    lambda cast: cast.get(None, "/mediation/reports/1999")
)
