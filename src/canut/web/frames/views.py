"""The addresses of the frames' host: the document of a permit, and where its answer comes back."""

import json
import re
from collections.abc import Mapping
from secrets import token_urlsafe
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

from canut.kernel import clock
from canut.kernel.refusals import Refusal
from canut.web.frames.policy import for_programs, lay_down, our_own, own_html
from canut.work.designs.frames import (
    MOST_PAGE_ANSWER_BYTES,
    OwnHtml,
    check_page_answer,
)
from canut.work.designs.own_html import read_page
from canut.work.designs.problems import AnswerProblem, AnswerRefused, Wrong
from canut.work.frame_host import frame_origin, site_origin
from canut.work.queries.frames import FrameSeen, frame_seen
from canut.work.usecases.answer_from_frame import answer_from_frame

MOST_BODY_BYTES = 8 * MOST_PAGE_ANSWER_BYTES
"""What is read of a form: its fields are counted once they are decoded."""

NOT_OF_THE_ANSWER = frozenset({"assignmentId", "hitId", "workerId", "turkSubmitTo", "postTo"})

_PATH = re.compile(r"/frame/(?P<permit>[A-Za-z0-9._-]{1,200})/(?P<rest>|answer|mturk/externalSubmit)")


def answered(request: HttpRequest) -> HttpResponse:
    """Answer a request below `/frame/`."""
    found = _PATH.fullmatch(request.path_info)
    if not found:
        return nothing_here()
    permit, sends = found["permit"], bool(found["rest"])
    match request.method:
        case "GET" | "HEAD" if not sends:
            return _document(request, permit)
        case "POST" if sends:
            return _take_answer(request, permit)
        case "OPTIONS" if sends:
            return _may_be_sent()
        case _:
            return lay_down(
                HttpResponse(status=405, headers={"Allow": "POST" if sends else "GET"}), for_programs()
            )


def nothing_here() -> HttpResponse:
    """Return the answer to every other address of this host."""
    return lay_down(HttpResponse("Nothing is here.\n", status=404, content_type="text/plain"), for_programs())


def _document(request: HttpRequest, permit: str) -> HttpResponse:
    try:
        seen = frame_seen(permit, at=clock.now())
    except Refusal as refusal:
        return _said(request, str(refusal), status=refusal.status)
    with translation.override(seen.locale):
        if seen.is_answered:
            return _said(request, _("This page has answered. Go on with the task around it."))
        if seen.is_over:
            return _said(request, _("The time for this task is over, so the page can answer no more."))
        if not isinstance(seen.item, OwnHtml):
            return _said(request, _("There is no page of this name in the design. Save it, then look again."))
        return _own_html(request, permit, seen, seen.item)


def _own_html(request: HttpRequest, permit: str, seen: FrameSeen, item: OwnHtml) -> HttpResponse:
    host = request.META.get("HTTP_HOST", "")
    below = f"{frame_origin(host)}/frame/{permit}/"
    page = read_page(item.html)
    filled = page.filled(seen.row, address=f"{below}answer", button=_("Keep these answers"))
    if not page.is_document:
        title = _("A page of the requester's own")
        filled = render_to_string(
            "frames/own_html.html", {"title": title, "body": filled, "language": seen.locale}
        )
    response = HttpResponse(filled, content_type="text/html; charset=utf-8")
    return lay_down(response, own_html(sends_to=below, site=site_origin(host)))


def _take_answer(request: HttpRequest, permit: str) -> HttpResponse:
    try:
        seen = frame_seen(permit, at=clock.now())
    except Refusal as refusal:
        return _refused(request, refusal)
    with translation.override(seen.locale):
        try:
            return _kept(request, permit, seen)
        except Refusal as refusal:
            return _refused(request, refusal)


def _kept(request: HttpRequest, permit: str, seen: FrameSeen) -> HttpResponse:
    """Keep what was sent, or, in a look at a draft, say what would have been."""
    answer, assignment_id = _sent(request)
    fields: Mapping[str, object] = {}
    if seen.keeps:
        answer_from_frame(permit=permit, answer=answer, assignment_id=assignment_id, at=clock.now())
        said = _("These answers are kept. You hand them in with the rest of the task.")
    else:
        fields = _checked(answer)
        said = _("This answer would be taken. It was kept nowhere, for this is a preview.")
    if _is_program(request):
        return lay_down(JsonResponse({"answered": True, "kept": seen.keeps}), for_programs())
    return _said(request, said, fields=fields, tells=True)


def _is_program(request: HttpRequest) -> bool:
    return request.content_type == "application/json"


def _sent(request: HttpRequest) -> tuple[object, object]:
    """Return what was sent as an answer, and the assignment's id if the page sent it along."""
    length = request.META.get("CONTENT_LENGTH") or "0"
    if not length.isdigit() or int(length) > MOST_BODY_BYTES:
        facts = {"at_most": MOST_PAGE_ANSWER_BYTES // 1024}
        raise AnswerRefused({"": AnswerProblem("page_answer_too_large", facts)})
    if _is_program(request):
        try:
            sent: Any = json.loads(request.body)
        except (ValueError, RecursionError):
            return None, None
        if not isinstance(sent, dict):
            return sent, None
        fields: dict[str, object] = sent
        said: Any = sent
    else:
        if request.FILES:
            return None, None
        fields = {name: values if len(values) > 1 else values[0] for name, values in request.POST.lists()}
        said = request.POST
    answer = {name: value for name, value in fields.items() if name not in NOT_OF_THE_ANSWER}
    return answer, said.get("assignmentId")


def _checked(answer: object) -> Mapping[str, str | list[str]]:
    try:
        cleaned = check_page_answer(answer)
    except Wrong as wrong:
        raise AnswerRefused({"": wrong.problem}) from wrong
    if cleaned is None:
        raise AnswerRefused({"": AnswerProblem("required")})
    return cleaned


def _refused(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    why = str(refusal)
    if isinstance(refusal, AnswerRefused):
        why = " ".join(problem.message for problem in refusal.errors.values())
    if _is_program(request):
        said = {"code": refusal.code, "detail": why, "status": refusal.status}
        response = JsonResponse(said, status=refusal.status, content_type="application/problem+json")
        return lay_down(response, for_programs())
    return _said(request, why, code=refusal.code, status=refusal.status)


def _may_be_sent() -> HttpResponse:
    """Answer a browser that asks whether a page's script may send its answer as JSON."""
    allowed = {
        "Access-Control-Allow-Methods": "POST",
        "Access-Control-Allow-Headers": "content-type",
        "Access-Control-Max-Age": "600",
    }
    return lay_down(HttpResponse(status=204), {**for_programs(), **allowed})


def _said(
    request: HttpRequest,
    sentence: str,
    *,
    code: str = "",
    fields: Mapping[str, object] | None = None,
    tells: bool = False,
    status: int = 200,
) -> HttpResponse:
    """Return a page of our own for inside the frame. If it `tells`, the page around looks what is new."""
    site, nonce = site_origin(request.META.get("HTTP_HOST", "")), token_urlsafe(12)
    context = {
        "sentence": sentence,
        "code": code,
        "fields": (fields or {}).items(),
        "tells": site if tells else "",
        "nonce": nonce,
        "language": translation.get_language(),
    }
    response = HttpResponse(render_to_string("frames/said.html", context), status=status)
    return lay_down(response, our_own(nonce=nonce, site=site))
