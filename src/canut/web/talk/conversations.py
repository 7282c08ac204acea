"""A worker and a requester alone, the files they send each other, and notes that tell all."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from canut.discussion.models import SubjectKind
from canut.discussion.queries import post_seen
from canut.forums.access import place_about, place_before_post, place_of_thread
from canut.forums.conversations.queries import (
    attachment_to_read,
    conversations_page,
    note_seen,
    notes_page,
    own_attachment,
)
from canut.forums.conversations.usecases.keep_message_file import remove_file
from canut.forums.conversations.usecases.tell_all import take_note_back, tell_all
from canut.forums.conversations.usecases.write_message import begin_conversation
from canut.kernel import clock
from canut.kernel.refusals import NotFound, Refusal
from canut.people.queries import who_are
from canut.web.files.views import answer_with
from canut.web.paging import number_after
from canut.web.refusals import show_above
from canut.web.signed_in import SignedIn, signed_in
from canut.web.talk.forms import AskForm, NoteForm
from canut.web.talk.views import address_of_post, sent_in
from canut.work.queries.taking_part import has_taken_part, owner_of


@signed_in
@require_GET
@never_cache
def conversations(request: SignedIn) -> HttpResponse:
    page = conversations_page(request.user, at=clock.now(), page=number_after(request, "page") or 1)
    return render(request, "talk/conversations.html", {"page": page})


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def ask(request: SignedIn, project_id: int) -> HttpResponse:
    """Write to the requester of a project alone; or, as its requester, to one of its workers."""
    at = clock.now()
    place = place_about(SubjectKind.PROJECT, project_id, by=request.user, at=at)
    worker_id = number_after(request, "worker")
    form = AskForm(request.POST, request.FILES) if request.method == "POST" else None
    if form is not None and form.is_valid():
        try:
            post = begin_conversation(
                project_id=place.subject_id, by=request.user, worker_id=worker_id, at=at, **sent_in(form)
            )
        except Refusal as refusal:
            if isinstance(refusal, NotFound) and refusal.code == "nobody_to_write_to":
                raise
            show_above(form, refusal, {"task_not_cited": "task", "files": "attached"})
        else:
            messages.success(request, _("Your message is sent."))
            return redirect(address_of_post(post))
    owner_id = owner_of(place.subject_id)
    is_owner = owner_id == request.user.pk
    may_be_told = worker_id is not None and has_taken_part(worker_id, project_id=place.subject_id)
    other_id = (worker_id if may_be_told else None) if is_owner else owner_id
    context = {
        "place": place,
        "form": form or AskForm(initial={"task": number_after(request, "task")}),
        "other": None if other_id is None else who_are([other_id])[other_id],
        "is_owner": is_owner,
    }
    return render(request, "talk/ask.html", context, status=422 if form and form.errors else 200)


@signed_in
@require_GET
def fetch(request: SignedIn, file_id: UUID) -> HttpResponseBase:
    """Give a file of a conversation to one of its two people."""
    return answer_with(attachment_to_read(file_id, by=request.user, at=clock.now()))


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def remove(request: SignedIn, thread_id: int, number: int, file_id: UUID) -> HttpResponse:
    """Ask whether to take a file from one's own message, and take it."""
    at = clock.now()
    place = place_before_post(thread_id, number, by=request.user, at=at)
    file = own_attachment(place, number, file_id)
    if request.method == "POST":
        post = remove_file(place=place, number=number, file_id=file_id, at=at)
        messages.success(request, _("The file is gone."))
        return redirect(address_of_post(post) if place.may_read else "own_posts")
    context = {"place": place, "number": number, "file": file}
    return render(request, "talk/remove_file.html", context)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def tell(request: SignedIn, thread_id: int, number: int) -> HttpResponse:
    """Answer a question about a task to all who do the task from now on."""
    at = clock.now()
    place = place_of_thread(thread_id, by=request.user, at=at)
    post = post_seen(place, number, at=at)
    form = NoteForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            note = tell_all(place=place, number=number, text=form.cleaned_data["text"], at=at)
        except Refusal as refusal:
            show_above(form, refusal)
        else:
            messages.success(request, _("Everybody who does this task from now on sees your note."))
            return redirect("project_notes", note.task.project_id)
    return render(
        request,
        "talk/tell_all.html",
        {"place": place, "post": post, "form": form},
        status=422 if form.errors else 200,
    )


@signed_in
@require_GET
@never_cache
def notes(request: SignedIn, project_id: int) -> HttpResponse:
    """What everybody is told about tasks of a project."""
    place = place_about(SubjectKind.PROJECT, project_id, by=request.user, at=clock.now())
    page = notes_page(place.subject_id, page=number_after(request, "page") or 1)
    is_owner = owner_of(place.subject_id) == request.user.pk
    return render(request, "talk/notes.html", {"place": place, "page": page, "is_owner": is_owner})


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def take_back(request: SignedIn, note_id: int) -> HttpResponse:
    note = note_seen(note_id, by=request.user)
    if request.method == "POST":
        take_note_back(note_id=note.id, by=request.user, at=clock.now())
        messages.success(request, _("The note is taken back; nobody is shown it any more."))
        return redirect("project_notes", note.project_id)
    return render(request, "talk/take_note_back.html", {"note": note})
