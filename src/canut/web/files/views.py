"""The files of answers. With scripts off, buttons of the task's form send and remove them."""

from uuid import UUID

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from canut.kernel import clock
from canut.kernel.refusals import BadInput, Refusal
from canut.web.signed_in import SignedIn, signed_in
from canut.work.access import own_assignment
from canut.work.designs.answers import FIELD_PREFIX, answer_from_post, draft_of
from canut.work.designs.files import ADDRESS
from canut.work.models import AnswerFile
from canut.work.queries.files import Stored, readable_file
from canut.work.queries.shown_work import readable_shown_file
from canut.work.uploads.kinds import SHOWN_IN_PAGES
from canut.work.usecases.keep_answer_file import keep_answer_file, remove_answer_file
from canut.work.usecases.keep_draft import keep_draft
from canut.work.validators import design_of

FILE_PREFIX = "file-"
"""In front of an item's name in the field in which a browser sends its file."""


@signed_in
@require_POST
def send(request: SignedIn, assignment_id: int) -> HttpResponse:
    """Keep a file for the question that the field `item` names.

    A script is told in JSON what to put into the answer. Without scripts the rest of the form comes
    along and is kept as the draft, with the file in it, and the task's page follows.
    """
    asked_by_script = _asked_by_script(request)
    item = request.POST.get("item", "")
    sent = request.FILES.get(FILE_PREFIX + item)
    try:
        if sent is None:
            raise BadInput(_("Choose a file first."), errors={"file": _("Choose a file first.")})
        kept = keep_answer_file(
            assignment_id=assignment_id,
            by=request.user,
            item=item,
            file=sent,
            filename=str(sent.name),
            at=clock.now(),
        )
    except Refusal as refusal:
        if not asked_by_script:
            _keep_typed(request, assignment_id, {})
            messages.error(request, str(refusal))
            return redirect("task", assignment_id)
        return _refused(refusal)
    if asked_by_script:
        return JsonResponse(_said(kept), status=201)
    _keep_typed(request, assignment_id, {item: _named(kept)})
    messages.success(request, _("The file is kept with your draft."))
    return redirect("task", assignment_id)


@signed_in
@require_POST
def remove(request: SignedIn, file_id: UUID) -> HttpResponse:
    """Take a file away again; without scripts the rest of the form is kept, and the task's page follows."""
    try:
        assignment = remove_answer_file(file_id=file_id, by=request.user, at=clock.now())
    except Refusal as refusal:
        if not _asked_by_script(request):
            raise
        return _refused(refusal)
    if _asked_by_script(request):
        return HttpResponse(status=204)
    _keep_typed(request, assignment.pk, {request.POST.get("item", ""): None})
    messages.success(request, _("The file is removed."))
    return redirect("task", assignment.pk)


@signed_in
@require_GET
def fetch(request: SignedIn, file_id: UUID) -> HttpResponseBase:
    """Give a file to a party. Images and sounds may stand in a page; all else is only ever saved."""
    return answer_with(readable_file(file_id, by=request.user))


@signed_in
@require_GET
def fetch_shown(request: SignedIn, assignment_id: int, number: int, file_number: int) -> HttpResponseBase:
    """Give a file of the work that an assignment shows to whoever judges it."""
    return answer_with(
        readable_shown_file(assignment_id, number=number, file_number=file_number, by=request.user)
    )


def answer_with(stored: Stored) -> FileResponse:
    """Return a file such that a browser runs nothing of it, whatever is in it."""
    response = FileResponse(
        stored.open(),
        as_attachment=stored.media_type not in SHOWN_IN_PAGES,
        filename=stored.name,
        content_type=stored.media_type,
    )
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    response["Cache-Control"] = "private, no-store"
    return response


def _asked_by_script(request: HttpRequest) -> bool:
    return request.headers.get("Accept", "").startswith("application/json")


def _said(kept: AnswerFile) -> dict[str, object]:
    return {**_named(kept), "url": ADDRESS.format(id=kept.pk)}


def _named(kept: AnswerFile) -> dict[str, object]:
    return {
        "file": str(kept.pk),
        "name": kept.filename,
        "size": kept.size_bytes,
        "type": kept.media_type,
    }


def _refused(refusal: Refusal) -> JsonResponse:
    return JsonResponse({"code": refusal.code, "message": str(refusal)}, status=refusal.status)


def _keep_typed(request: SignedIn, assignment_id: int, named: dict[str, dict[str, object] | None]) -> None:
    """Keep what else stands in the form as the draft, with these files in it, or without them."""
    if not any(field.startswith(FIELD_PREFIX) for field in request.POST):
        return
    design = design_of(own_assignment(assignment_id, by=request.user).revision_id)
    typed = {**answer_from_post(design, dict(request.POST.lists())), **named}
    try:
        keep_draft(
            assignment_id=assignment_id, by=request.user, answer=draft_of(design, typed), at=clock.now()
        )
    except Refusal as refusal:
        messages.error(request, str(refusal))
