"""A project's files of rows: uploading, watching them read, choosing columns, adding, removing."""

from django.conf import settings
from django.contrib import messages
from django.core.files.storage import default_storage
from django.http import FileResponse, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from canut.kernel import clock
from canut.kernel.refusals import NotFound, Refusal
from canut.web.refusals import show_above
from canut.web.signed_in import SignedIn, signed_in
from canut.web.studio.forms import ColumnsForm, UploadForm
from canut.web.studio.views.drafts import status_of
from canut.work.access import own_project
from canut.work.designs.renaming import with_columns_renamed
from canut.work.queries.projects import StudioProject, studio_project
from canut.work.queries.row_files import RowsFile, rows_file, stored_file
from canut.work.usecases.add_rows import RowsAreBad, add_rows
from canut.work.usecases.change_draft import change_draft
from canut.work.usecases.read_upload import choose_columns
from canut.work.usecases.receive_upload import receive_upload, refuse_too_large
from canut.work.usecases.remove_upload import remove_upload

ROOM_FOR_THE_FORM_BYTES = 100_000
"""What a request holds besides its file."""

CONTENT_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "tsv": "text/tab-separated-values; charset=utf-8",
    "jsonl": "application/x-ndjson",
}


@csrf_exempt  # until the size is known to be bearable: reading the token would read the whole file
@signed_in
@require_http_methods(["GET", "POST"])
def data(request: SignedIn, project_id: int) -> HttpResponse:
    """Show the files; take one in, unless its announced length is over the limit already."""
    own_project(project_id, by=request.user)
    if request.method == "POST":
        announced = request.META.get("CONTENT_LENGTH") or "0"
        refuse_too_large(int(announced) - ROOM_FOR_THE_FORM_BYTES if announced.isdecimal() else 0)
    return _data(request, project_id)


@csrf_protect
def _data(request: SignedIn, project_id: int) -> HttpResponse:
    form = UploadForm(request.POST, request.FILES) if request.method == "POST" else UploadForm()
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            receive_upload(
                project_id=project_id, by=request.user, file=file, filename=file.name, at=clock.now()
            )
        except NotFound:
            raise
        except Refusal as refusal:
            show_above(form, refusal, {"file_too_large": "file", "upload_format_unknown": "file"})
        else:
            return redirect("project_data", project_id)
    return _page(request, studio_project(project_id, by=request.user), form, status=status_of(form))


def _page(
    request: SignedIn,
    project: StudioProject,
    form: UploadForm,
    *,
    columns: ColumnsForm | None = None,
    status: int = 200,
) -> HttpResponse:
    page = {
        "project": project,
        "form": form,
        "file": project.file_to_add,
        "columns": columns or _columns_form(project),
        "limit_bytes": settings.UPLOAD_LIMIT_BYTES,
        "limit_mb": settings.UPLOAD_LIMIT_BYTES // 1_000_000,
    }
    return render(request, "studio/data.html", page, status=status)


def _columns_form(project: StudioProject, request: SignedIn | None = None) -> ColumnsForm | None:
    file = project.file_to_add
    if file is None or not file.is_read:
        return None
    feeds = project.design_columns if project.is_draft and not project.files_added else ()
    return ColumnsForm(request.POST if request else None, file=file, feeds=feeds)


@signed_in
@require_GET
@never_cache
def file_progress(request: SignedIn, project_id: int, upload_id: int) -> HttpResponse:
    """Tell how far a file is; when a job is done with it, send the reader back to the whole page."""
    own_project(project_id, by=request.user)
    try:
        file = rows_file(upload_id, by=request.user)
    except NotFound:  # it was removed meanwhile
        file = None
    if file is not None and file.is_busy:
        return render(request, "studio/_file_progress.html", {"project_id": project_id, "file": file})
    response = HttpResponse(status=204)
    response["HX-Refresh"] = "true"
    return response


@signed_in
@require_POST
def add(request: SignedIn, project_id: int, upload_id: int) -> HttpResponse:
    """Choose the columns of the file that waits, then make tasks of its rows."""
    project = studio_project(project_id, by=request.user)
    file = rows_file(upload_id, by=request.user)
    form = _columns_form(project, request)
    if form is None or project.file_to_add is None or project.file_to_add.id != file.id:
        return redirect("project_data", project_id)
    if form.is_valid():
        try:
            return _added(request, project, file, form)
        except NotFound:
            raise
        except RowsAreBad as refused:
            messages.error(request, str(refused))
            return redirect("project_data", project_id)
        except Refusal as refusal:
            show_above(form, refusal)
    return _page(request, project, UploadForm(), columns=form, status=422)


def _added(request: SignedIn, project: StudioProject, file: RowsFile, form: ColumnsForm) -> HttpResponse:
    at = clock.now()
    chosen = {"key": form.cleaned_data["key"], "answers": form.cleaned_data["answers"]}
    if renames := form.renames():
        change_draft(
            project_id=project.id,
            by=request.user,
            design=with_columns_renamed(project.design, renames),
            at=at,
        )
    upload = choose_columns(upload_id=file.id, by=request.user, at=at, **chosen)
    seen = rows_file(file.id, by=request.user)
    if not seen.is_read:
        messages.info(request, _("The file is read again by these columns. Then its rows can be added."))
        return redirect("project_data", project.id)
    # The button that leaves bad rows out speaks of those that the page named, not of new ones.
    skip_bad = request.POST.get("leave_out") == str(seen.error_count)
    upload = add_rows(upload_id=file.id, by=request.user, skip_bad=skip_bad, at=at)
    if upload.state == "added":
        count = upload.row_count
        told = ngettext("%(count)s row is a task now.", "%(count)s rows are tasks now.", count)
        messages.success(request, told % {"count": count})
    return redirect("project_data", project.id)


@signed_in
@require_http_methods(["GET", "POST"])
def remove(request: SignedIn, project_id: int, upload_id: int) -> HttpResponse:
    """Ask once, then remove a file and its tasks."""
    file = rows_file(upload_id, by=request.user)
    if request.method == "POST":
        project = remove_upload(upload_id=upload_id, by=request.user, at=clock.now())
        if not studio_project(project.pk, by=request.user).file_to_add:
            messages.success(request, _("%(name)s and its rows are removed.") % {"name": file.filename})
        return redirect("project_data", project_id)
    found = studio_project(project_id, by=request.user)
    return render(request, "studio/remove.html", {"project": found, "file": file})


@signed_in
@require_GET
def download(request: SignedIn, project_id: int, upload_id: int) -> HttpResponseBase:
    """Give a file back as it came: to be saved, never to be shown, whatever is in it."""
    stored_as, filename, file_format = stored_file(upload_id, by=request.user)
    response = FileResponse(
        default_storage.open(stored_as),
        as_attachment=True,
        filename=filename,
        content_type=CONTENT_TYPES[file_format],
    )
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cache-Control"] = "private, no-store"
    return response
