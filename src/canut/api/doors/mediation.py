"""Disputes: beginning one, writing, files, steps, wordings; for all: summaries, mediators, reports."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Annotated

from django.http import FileResponse, HttpRequest
from django.utils.translation import get_language
from ninja import Path, Query, Status

from canut.api.doors.files import FileId, file_id_of, sent_as_it_is
from canut.api.doors.uploads import FILE_BODY, Filename, length_of, received
from canut.api.keys import Asked
from canut.api.operations import Doors, Id, Replays
from canut.api.pages import Cursor, Limit, after, cursor_to
from canut.api.refusals import RequestNotUnderstood
from canut.api.shapes import mediation as shapes
from canut.api.shapes.common import Page, Words
from canut.justice.files import (
    CaseFileEmpty,
    CaseFileTooLarge,
    CaseFileTypeRefused,
    SentFile,
    refuse_too_large,
)
from canut.justice.mediation.models import Dispute
from canut.justice.mediation.queries.disputes import dispute_seen, disputes_page, file_seen, stored_file
from canut.justice.mediation.queries.mediators import mediators_page
from canut.justice.mediation.queries.precedents import LONGEST_SEARCH, summaries_page, summary_seen
from canut.justice.mediation.queries.report import yearly_report
from canut.justice.mediation.refusals import (
    ComplaintTooEarly,
    ComplaintTooLate,
    DisputeFileNotFound,
    DisputeNotFound,
    DisputeNotThere,
    DisputeOpenAlready,
    DisputeTooLate,
    MediatorRefusedBefore,
    NoMediatorNow,
    NotYourPart,
    NoWorkBetween,
    ReplyTooLate,
    ReportNotFound,
    SettlementNotFound,
    SettlementReplaced,
    SummaryChanged,
    SummaryNamesSomebody,
    SummaryNotFound,
    SummaryPublished,
    TooManyDisputeFiles,
    TooManyDisputes,
)
from canut.justice.mediation.states import Audience, Topic
from canut.justice.mediation.usecases.begin_dispute import begin_dispute
from canut.justice.mediation.usecases.complain import complain, end_direct_attempt, reply
from canut.justice.mediation.usecases.keep_dispute_file import keep_dispute_file, take_back_file
from canut.justice.mediation.usecases.name_mediator import ask_for_another, step_aside
from canut.justice.mediation.usecases.say import say
from canut.justice.mediation.usecases.settle import (
    agree_to_settlement,
    answer_recommendation,
    propose_settlement,
    recommend,
    withdraw_dispute,
)
from canut.justice.mediation.usecases.write_summary import answer_summary, write_summary
from canut.kernel import clock
from canut.people.models import Person, Scope

doors = Doors("mediation")

Before = Annotated[int | None, Query(ge=1, lt=2**63, description="Messages before the one of this id.")]
ForReaders = Annotated[Audience, Query(description="Who reads the file.")]
Sought = Annotated[Words, Query(max_length=LONGEST_SEARCH, description="Words, in English or French.")]
OfTopic = Annotated[Topic | None, Query(description="What they are about; without it, anything.")]
Language = Annotated[str, Query(pattern="^(en|fr)?$", description="`en` or `fr`; else as the request asks.")]
Year = Annotated[int, Path(ge=1, lt=10_000)]


Take = Callable[[int, Person, str, int, datetime], Dispute]

STEPS: Mapping[shapes.Step, Take] = {
    "end_direct_attempt": lambda dispute_id, by, _text, _number, at: end_direct_attempt(
        dispute_id=dispute_id, by=by, at=at
    ),
    "complain": lambda dispute_id, by, text, _number, at: complain(
        dispute_id=dispute_id, by=by, complaint=text, at=at
    ),
    "reply": lambda dispute_id, by, text, _number, at: reply(dispute_id=dispute_id, by=by, text=text, at=at),
    "propose": lambda dispute_id, by, text, _number, at: (
        propose_settlement(dispute_id=dispute_id, by=by, text=text, at=at).dispute
    ),
    "agree": lambda dispute_id, by, _text, number, at: agree_to_settlement(
        dispute_id=dispute_id, by=by, number=number, at=at
    ),
    "ask_for_another": lambda dispute_id, by, text, number, at: ask_for_another(
        dispute_id=dispute_id, by=by, mandate_id=number, reason=text, at=at
    ),
    "recommend": lambda dispute_id, by, text, _number, at: recommend(
        dispute_id=dispute_id, by=by, text=text, at=at
    ),
    "follow": lambda dispute_id, by, _text, _number, at: answer_recommendation(
        dispute_id=dispute_id, by=by, follows=True, at=at
    ),
    "do_not_follow": lambda dispute_id, by, _text, _number, at: answer_recommendation(
        dispute_id=dispute_id, by=by, follows=False, at=at
    ),
    "accept_summary": lambda dispute_id, by, _text, number, at: (
        answer_summary(dispute_id=dispute_id, by=by, version=number, objects=False, at=at).dispute
    ),
    "object_to_summary": lambda dispute_id, by, text, number, at: (
        answer_summary(
            dispute_id=dispute_id, by=by, version=number, objects=True, objection=text, at=at
        ).dispute
    ),
    "step_aside": lambda dispute_id, by, text, _number, at: step_aside(
        dispute_id=dispute_id, by=by, reason=text, at=at
    ),
    "withdraw": lambda dispute_id, by, _text, _number, at: withdraw_dispute(
        dispute_id=dispute_id, by=by, at=at
    ),
}


@doors.get("/disputes", scope=Scope.TALK, answers=Page[shapes.DisputeInList])
def list_disputes(request: Asked, cursor: Cursor = None, limit: Limit = 50) -> Page[shapes.DisputeInList]:
    """The disputes in which the caller takes part, the newest first."""
    found, further = disputes_page(by=request.auth.by, before=after(cursor, "disputes"), most=limit)
    return Page[shapes.DisputeInList](
        items=[shapes.card_said(one) for one in found],
        next_cursor=None if further is None else cursor_to("disputes", further),
    )


@doors.post(
    "/disputes",
    scope=Scope.TALK,
    answers=shapes.Dispute,
    status=201,
    refuses=(NoWorkBetween, DisputeTooLate, DisputeOpenAlready, TooManyDisputes),
)
def begin_a_dispute(request: Asked, body: shapes.DisputeIn) -> shapes.Dispute:
    """Tell another side what divides the two; first they try to settle it between them."""
    begun = begin_dispute(by=request.auth.by, at=request.auth.at, **body.model_dump())
    return _said(request, begun.pk)


@doors.get("/disputes/{dispute_id}", scope=Scope.TALK, answers=shapes.Dispute, refuses=(DisputeNotFound,))
def get_dispute(request: Asked, dispute_id: Id, before: Before = None) -> shapes.Dispute:
    """A dispute in which the caller takes part, with the latest 50 messages, or those before one."""
    return _said(request, dispute_id, before=before)


@doors.post(
    "/disputes/{dispute_id}/messages",
    scope=Scope.TALK,
    answers=shapes.Dispute,
    status=201,
    refuses=(DisputeNotFound, DisputeNotThere),
)
def write_in_a_dispute(request: Asked, dispute_id: Id, body: shapes.DisputeMessageIn) -> shapes.Dispute:
    """Write to the others; with a mediator, a side may write to them alone, and they to one side."""
    say(dispute_id=dispute_id, by=request.auth.by, at=request.auth.at, **body.model_dump())
    return _said(request, dispute_id)


@doors.post(
    "/disputes/{dispute_id}/steps",
    scope=Scope.TALK,
    answers=shapes.DisputeGone,
    refuses=(
        DisputeNotFound,
        NotYourPart,
        DisputeNotThere,
        ComplaintTooEarly,
        ComplaintTooLate,
        ReplyTooLate,
        NoMediatorNow,
        MediatorRefusedBefore,
        SettlementNotFound,
        SettlementReplaced,
        SummaryNotFound,
        SummaryChanged,
        SummaryPublished,
    ),
)
def take_a_dispute_further(request: Asked, dispute_id: Id, body: shapes.DisputeStepIn) -> shapes.DisputeGone:
    """Take a step in a dispute; most cannot be undone.

    Who began it makes a complaint (`complain`) or ends it (`withdraw`). The other side says that a mediator
    is needed (`end_direct_attempt`), or replies (`reply`). Everybody puts a wording to both sides
    (`propose`), and a side agrees to the latest one (`agree`, with its `number`). A side asks for another
    mediator (`ask_for_another`, with the mandate's `number`), says whether it follows a recommendation
    (`follow`, `do_not_follow`), and whether a summary may be published (`accept_summary`,
    `object_to_summary`, with the `number` of the version). The mediator ends it with a recommendation
    (`recommend`), or gives it back (`step_aside`).
    """
    taken = STEPS[body.step](dispute_id, request.auth.by, body.text, body.number or 0, request.auth.at)
    return shapes.DisputeGone.model_validate(taken)


@doors.put(
    "/disputes/{dispute_id}/summary",
    scope=Scope.TALK,
    answers=shapes.Dispute,
    refuses=(DisputeNotFound, NotYourPart, DisputeNotThere, SummaryNamesSomebody, SummaryPublished),
)
def write_a_summary(request: Asked, dispute_id: Id, body: shapes.DisputeSummaryIn) -> shapes.Dispute:
    """Write, as its mediator, what others may learn of a dispute; written again, it is another version."""
    given = body.model_dump()
    write_summary(
        dispute_id=dispute_id,
        by=request.auth.by,
        titles={language: given[f"title_{language}"] for language in ("en", "fr")},
        texts={language: given[f"text_{language}"] for language in ("en", "fr")},
        at=request.auth.at,
    )
    return _said(request, dispute_id)


@doors.post(
    "/disputes/{dispute_id}/files",
    scope=Scope.TALK,
    answers=shapes.DisputeFile,
    status=201,
    refuses=(
        DisputeNotFound,
        DisputeNotThere,
        CaseFileEmpty,
        CaseFileTooLarge,
        CaseFileTypeRefused,
        TooManyDisputeFiles,
        RequestNotUnderstood,
    ),
    replays=Replays.NATURAL,
    extra={"requestBody": FILE_BODY},
)
def send_a_dispute_file(
    request: Asked, dispute_id: Id, filename: Filename = None, audience: ForReaders = Audience.ALL
) -> Status[shapes.DisputeFile]:
    """Send a file to the others. The same file for the same readers is kept once.

    Send a form with the field `file`, or the file's bytes as the body with `filename` in the address.
    """
    refuse_too_large(length_of(request))
    with received(request, filename, refuse_too_large) as file:
        kept = keep_dispute_file(
            dispute_id=dispute_id,
            by=request.auth.by,
            sent=SentFile(file, str(file.name)),
            audience=audience,
            at=request.auth.at,
        )
        seen = file_seen(kept.pk, by=request.auth.by)
    return Status(201, shapes.file_said(seen))


@doors.get(
    "/disputes/{dispute_id}/files/{str:file_id}",
    scope=Scope.TALK,
    answers="application/octet-stream",
    refuses=(DisputeFileNotFound,),
)
def fetch_dispute_file(request: Asked, dispute_id: Id, file_id: FileId) -> FileResponse:
    """A file of a dispute that the caller may read, byte for byte."""
    del dispute_id  # a file's own id is enough, and nobody can guess it
    return sent_as_it_is(stored_file(file_id_of(file_id), by=request.auth.by))


@doors.delete(
    "/disputes/{dispute_id}/files/{str:file_id}",
    scope=Scope.TALK,
    answers=None,
    status=204,
    refuses=(DisputeNotFound, DisputeFileNotFound, DisputeNotThere),
)
def take_a_dispute_file_back(request: Asked, dispute_id: Id, file_id: FileId) -> None:
    """Take a file back that the caller has sent, while the dispute is open."""
    take_back_file(dispute_id=dispute_id, by=request.auth.by, file_id=file_id_of(file_id), at=request.auth.at)


@doors.get("/mediation/summaries", scope=None, answers=Page[shapes.Summary])
def list_summaries(
    request: HttpRequest,
    words: Sought = "",
    topic: OfTopic = None,
    language: Language = "",
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Page[shapes.Summary]:
    """Published summaries of disputes, the newest first; by topic, and by the words in them. Needs no key."""
    found, further = summaries_page(
        language=language or _language(),
        words=words,
        topic=topic or "",
        before=after(cursor, "summaries"),
        most=limit,
    )
    return Page[shapes.Summary](
        items=[shapes.summary_said(one) for one in found],
        next_cursor=None if further is None else cursor_to("summaries", further),
    )


@doors.get(
    "/mediation/summaries/{summary_id}", scope=None, answers=shapes.Summary, refuses=(SummaryNotFound,)
)
def get_summary(request: HttpRequest, summary_id: Id, language: Language = "") -> shapes.Summary:
    """One published summary. Needs no key."""
    return shapes.summary_said(summary_seen(summary_id, language=language or _language()))


@doors.get("/mediation/mediators", scope=None, answers=Page[shapes.Mediator])
def list_mediators(request: HttpRequest, cursor: Cursor = None, limit: Limit = 50) -> Page[shapes.Mediator]:
    """Those who mediate here, in the order of their appointment. Needs no key."""
    found, further = mediators_page(by=None, after=after(cursor, "mediators"), most=limit)
    return Page[shapes.Mediator](
        items=[shapes.Mediator.model_validate(one) for one in found],
        next_cursor=None if further is None else cursor_to("mediators", further),
    )


@doors.get("/mediation/reports/{year}", scope=None, answers=shapes.MediationReport, refuses=(ReportNotFound,))
def get_mediation_report(request: HttpRequest, year: Year) -> shapes.MediationReport:
    """The report on the disputes of a year, without figures of few cases. Needs no key."""
    return shapes.report_said(yearly_report(year, at=clock.now()))


def _said(request: Asked, dispute_id: int, *, before: int | None = None) -> shapes.Dispute:
    return shapes.dispute_said(
        dispute_seen(dispute_id, by=request.auth.by, before=before, at=request.auth.at)
    )


def _language() -> str:
    return (get_language() or "en")[:2]
