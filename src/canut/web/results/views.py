"""The page of a project's results, the progress of what is worked out, and the files to take away."""

from collections.abc import Mapping
from datetime import timedelta
from hashlib import blake2b
from itertools import groupby
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.files.storage import default_storage
from django.http import FileResponse, HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.cache import get_conditional_response
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from canut.kernel import clock
from canut.kernel.refusals import BadInput
from canut.web.results import charts
from canut.web.results.forms import ALL, ChoicesForm
from canut.web.signed_in import SignedIn, signed_in
from canut.work.access import own_computation
from canut.work.designs.columns import as_text
from canut.work.designs.files import FileUpload, Recording
from canut.work.queries.projects import studio_project
from canut.work.queries.results import (
    ROWS_A_PAGE,
    Asked,
    Choices,
    Results,
    choices,
    exported_file,
    exports,
    newest_results,
    results_of,
    tasks_page,
)
from canut.work.queries.results_wanted import ALL_REVISIONS
from canut.work.refusals import ProjectNotFound
from canut.work.results.table import ORDERS
from canut.work.usecases.compute_results import compute_results
from canut.work.usecases.export_results import export_results

RENEWED_AFTER = timedelta(minutes=1)
"""Results that have grown old are worked out anew by themselves so often at most: a page that is
looked at while answers pour in would else never come to rest."""

EVERY_REVISION = "every"
"""In the form of files: each assignment, whichever revision it belongs to."""

CHOSEN = ("revision", "question", "counted", "smoothing", "gold", "item_a", "item_b")

FILE_TYPES = (FileUpload.type, Recording.type)

CONTENT_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "jsonl": "application/x-ndjson",
    "parquet": "application/vnd.apache.parquet",
    "json": "application/json",
    "zip": "application/zip",
}


@signed_in
@require_http_methods(["GET", "POST"])
def results(request: SignedIn, project_id: int) -> HttpResponse:
    """Show the results; a POST has them worked out anew with what has come in since."""
    project = studio_project(project_id, by=request.user)
    asked = request.POST if request.method == "POST" else request.GET
    refused = None
    try:
        wanted = _wanted(asked)
        found = choices(project_id, by=request.user, **wanted)
    except BadInput as refusal:
        refused, wanted = refusal, {}
        found = choices(project_id, by=request.user)
    if request.method == "POST":
        _results(request, project_id, found, anew=True)
        return redirect(_address(project_id, found))
    shown, running = _results(request, project_id, found, anew=False)
    files = exports(project_id, by=request.user)
    page = {
        "project": project,
        "found": found,
        "form": ChoicesForm(found),
        "refused": refused,
        "running": running,
        "results": shown,
        "exports": files,
        "takes_files": any(asked.type in FILE_TYPES for asked in found.questions),
        "hidden": _query(found),
        "asks_again": running is not None or any(not file.is_done for file in files),
        **(_about(request, project_id, found, shown) if shown and shown.figures else {}),
    }
    return render(request, "results/results.html", page, status=422 if refused else 200)


@signed_in
@require_GET
def progress(request: SignedIn, project_id: int, computation_id: int) -> HttpResponse:
    """Tell how far a job is, nothing if that is what it was; when it is done, send for the whole page."""
    computation = own_computation(computation_id, by=request.user)
    if computation.project_id != project_id:
        raise ProjectNotFound(_("There is no such result."))
    if computation.finished_at is not None:
        response = HttpResponse(status=204)
        response["HX-Refresh"] = "true"
        response["Cache-Control"] = "private, no-store"
        return response
    told = f"{get_language()} {computation.done_share} {computation.problem}"
    tag = f'"{blake2b(told.encode(), digest_size=12).hexdigest()}"'
    conditional = get_conditional_response(request, etag=tag)
    answer = conditional or render(request, "results/_progress.html", {"running": computation})
    answer["ETag"] = tag
    answer["Cache-Control"] = "private, no-cache"
    return answer


@signed_in
@require_POST
def export(request: SignedIn, project_id: int) -> HttpResponse:
    """Have a file made; it appears in the list on the page."""
    wanted = _wanted(request.POST)
    found = choices(project_id, by=request.user, **wanted)
    kind = request.POST.get("kind", "")
    export_results(
        project_id=project_id,
        by=request.user,
        at=clock.now(),
        kind="assignments" if kind == EVERY_REVISION else kind,
        file_format=request.POST.get("format", ""),
        revision=ALL_REVISIONS if kind == EVERY_REVISION else found.wanted["revision"],
        approved_only=found.wanted["approved_only"],
        smoothing=found.wanted["smoothing"],
        gold=found.wanted["gold"],
        gold_question=found.wanted["question"],
    )
    messages.success(request, _("The file is being made. It is in the list of files, and kept for a week."))
    return redirect(f"{_address(project_id, found)}#files")


@signed_in
@require_GET
def download(request: SignedIn, project_id: int, computation_id: int) -> HttpResponseBase:
    """Give an export: to be saved, never to be shown, whatever is in it."""
    if own_computation(computation_id, by=request.user).project_id != project_id:
        raise ProjectNotFound(_("There is no such result."))
    stored_as, filename, file_format = exported_file(computation_id, by=request.user)
    response = FileResponse(
        default_storage.open(stored_as),
        as_attachment=True,
        filename=filename,
        content_type=CONTENT_TYPES[file_format],
    )
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cache-Control"] = "private, no-store"
    return response


def _results(
    request: SignedIn, project_id: int, found: Choices, *, anew: bool
) -> tuple[Results | None, Results | None]:
    """Return the results to show, and what is being worked out, if anything is."""
    shown = newest_results(project_id, by=request.user, wanted=found.wanted)
    at = clock.now()
    grown_old = shown is not None and shown.is_stale and shown.asked_at + RENEWED_AFTER <= at
    if shown is not None and not grown_old and not anew:
        return shown, None
    newest = results_of(compute_results(project_id=project_id, by=request.user, at=at, **found.wanted))
    return (newest, None) if newest.finished_at else (shown, newest)


def _wanted(asked: QueryDict) -> dict[str, Any]:
    """Return what an address or form asks for, in the use case's terms; what it does not name is left out.

    Raises:
        BadInput: a number is none.
    """
    wanted: dict[str, Any] = {
        name: asked[name] for name in ("question", "gold", "item_a", "item_b") if name in asked
    }
    errors = {}
    for name in ("revision", "smoothing"):
        written = asked.get(name, "")
        if name == "revision" and written == ALL:
            written = str(ALL_REVISIONS)
        if written.isascii() and written.isdecimal() and len(written) < 9:
            wanted[name] = int(written)
        elif written:
            errors[name] = _("This is no number.")
    if errors:
        raise BadInput(_("These results cannot be worked out: look at what was chosen."), errors=errors)
    wanted["approved_only"] = asked.get("counted") == "approved"
    return wanted


def _query(found: Choices) -> dict[str, Any]:
    """Return the address's words for what was asked for."""
    said = {name: found.wanted[name] for name in CHOSEN if name in found.wanted}
    said["revision"] = ALL if found.mixes else found.wanted["revision"]
    said["counted"] = "approved" if found.wanted["approved_only"] else "all"
    return {name: said[name] for name in CHOSEN if not name.startswith("item") or found.question.is_pairwise}


def _address(project_id: int, found: Choices, **more: Any) -> str:
    return f"{reverse('results', args=[project_id])}?{urlencode({**_query(found), **more})}"


def _about(request: SignedIn, project_id: int, found: Choices, shown: Results) -> dict[str, Any]:
    """Return what the page says of results that are done."""
    figures = shown.figures or {}
    methods = method_names(found.wanted["smoothing"])
    ranking = figures["ranking"]
    groups = []
    if ranking and not ranking["problem"]:
        for number, places in groupby(ranking["places"], key=lambda place: place["group"]):
            members = list(places)
            groups.append({"chart": charts.ranking(members, number), "places": members})
    return {
        "figures": figures,
        "progress_chart": charts.progress(figures),
        "times_chart": charts.times(figures),
        "agreement_chart": charts.agreement(figures),
        "accuracy_chart": charts.accuracy(figures, methods) if figures["accuracy"] is not None else None,
        "ranking": ranking,
        "groups": groups,
        "labels": [{**row, "name": said(row["label"], found.question)} for row in figures["labels"]["first"]],
        "methods": methods,
        "table": _table(request, project_id, found, shown),
    }


def method_names(smoothing: int) -> dict[str, str]:
    return {
        "majority": _("Majority"),
        "dawid_skene": _("Dawid-Skene, smoothing %(smoothing)s") % {"smoothing": smoothing},
        "median": _("Median"),
    }


def said(label: Any, question: Asked) -> str:
    """Return an answer as a person reads it: by the words of the design, where it has some."""
    if label is None:
        return ""
    if question.is_pairwise:
        words = {"a": _("A is better"), "b": _("B is better"), "tie": _("Tie"), "both_bad": _("Both are bad")}
        return words.get(label, str(label))
    if isinstance(label, list):
        return " + ".join(question.names.get(one, as_text(one)) for one in label) or _("none of them")
    return question.names.get(label, as_text(label)) if isinstance(label, str) else as_text(label)


def _table(request: SignedIn, project_id: int, found: Choices, shown: Results) -> dict[str, Any]:
    order = request.GET.get("order", "position")
    order = order if order.removeprefix("-") in ORDERS else "position"
    last = max(1, -(-shown.rows // ROWS_A_PAGE))
    written = request.GET.get("page", "1")
    number = min(
        last, max(1, int(written) if written.isascii() and written.isdecimal() and len(written) < 9 else 1)
    )
    rows = tasks_page(shown.id, by=request.user, order=order, page=number)

    def here(**more: Any) -> str:
        return f"{_address(project_id, found, **{'order': order, 'page': 1} | more)}#tasks"

    def heading(name: str, words: str) -> Mapping[str, Any]:
        rising = order == name
        return {
            "words": words,
            "address": here(order=f"-{name}" if rising else name),
            "sorted": "ascending" if rising else "descending" if order == f"-{name}" else "",
        }

    return {
        "rows": [
            {
                **row,
                "majority_name": said(row["majority"], found.question),
                "estimate_name": said(row["dawid_skene"], found.question),
                "gold_name": said(row.get("gold"), found.question),
                "wrong": row.get("gold") is not None
                and row["answers"] > 0
                and row["gold"]
                != (row["dawid_skene"] if row["dawid_skene"] is not None else row["majority"]),
            }
            for row in rows
        ],
        "headings": {
            "position": heading("position", _("Row")),
            "key": heading("key", _("Id")),
            "answers": heading("answers", _("Answers")),
            "share": heading("share", _("Share")),
            "certainty": heading("certainty", _("Certainty")),
        },
        "page": number,
        "last": last,
        "before": here(page=number - 1) if number > 1 else "",
        "after": here(page=number + 1) if number < last else "",
    }
