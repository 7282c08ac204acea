"""Where people talk: the way in, a forum, and a thread."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from canut.discussion.access import LARGEST_NUMBER, no_thread, own_word
from canut.discussion.limits import A_PAGE
from canut.discussion.models import Post, SubjectKind
from canut.discussion.place import Place
from canut.discussion.queries import (
    PostSeen,
    ThreadSeen,
    post_seen,
    posts_after,
    posts_changed,
    thread_seen,
    threads_page,
)
from canut.discussion.queries_search import search_posts
from canut.discussion.usecases.close_thread import close_thread
from canut.discussion.usecases.follow_thread import follow_thread, note_reading
from canut.forums.access import place_about, place_of_thread
from canut.forums.conversations.queries import attachments_of, may_tell_all
from canut.forums.conversations.usecases.write_message import write_message
from canut.forums.queries import talk_of
from canut.forums.subjects.college import NUMBERS
from canut.forums.usecases.write_in_thread import start_in_forum, write_in_thread
from canut.kernel import clock
from canut.kernel.refusals import Refusal
from canut.membership.states import College
from canut.web.paging import number_after
from canut.web.refusals import show_above
from canut.web.signed_in import SignedIn, signed_in
from canut.web.talk.forms import MessageForm, PostForm, ProjectPostForm, ThreadForm
from canut.work.queries.taking_part import cited_tasks, owner_of

FORMS: Mapping[SubjectKind, type[PostForm]] = {
    SubjectKind.PROJECT: ProjectPostForm,
    SubjectKind.CONVERSATION: MessageForm,
}
ASKS_EVERY: Mapping[SubjectKind, str] = {SubjectKind.CONVERSATION: "2s"}
"""How often an open page asks for what was written since."""
ASKS_ELSEWHERE = "10s"
STILL_COMING = timedelta(seconds=3)


@signed_in
@require_GET
@never_cache
def talk(request: SignedIn) -> HttpResponse:
    """The forums that somebody is in, and what they follow."""
    return render(request, "talk/talk.html", {"talk": talk_of(request.user, at=clock.now())})


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def project(request: SignedIn, project_id: int) -> HttpResponse:
    at = clock.now()
    return _thread(request, place_about(SubjectKind.PROJECT, project_id, by=request.user, at=at), at=at)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def guild(request: SignedIn, guild_id: int) -> HttpResponse:
    at = clock.now()
    return _forum(request, place_about(SubjectKind.GUILD, guild_id, by=request.user, at=at), at=at)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def college(request: SignedIn, name: str) -> HttpResponse:
    at = clock.now()
    if name not in College.values:
        raise no_thread()
    number = NUMBERS[College(name)]
    return _forum(request, place_about(SubjectKind.COLLEGE, number, by=request.user, at=at), at=at)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def thread(request: SignedIn, thread_id: int) -> HttpResponse:
    at = clock.now()
    return _thread(request, place_of_thread(thread_id, by=request.user, at=at), at=at)


@signed_in
@require_GET
@never_cache
def newer(request: SignedIn, thread_id: int) -> HttpResponse:
    """Give what was written or changed since, for an open page that asks; nothing at all if nothing was.

    What is being typed there stays as it is, for posts are added above it, or stand where they stood.
    """
    at = clock.now()
    place = place_of_thread(thread_id, by=request.user, at=at)
    first, last = number_after(request, "from") or 1, number_after(request, "after") or 0
    seen = posts_after(place, after=last, at=at, most=A_PAGE)
    since = _moment_in(number_after(request, "since"))
    changed: Sequence[PostSeen] = ()
    if since is not None:
        changed = posts_changed(place, since=since, first=_in_bounds(first), last=_in_bounds(last), at=at)
    if not seen and not changed:
        return HttpResponse(status=204)
    if seen:
        last = seen[-1].number
        note_reading(place=place, number=last)
    context = {
        "place": place,
        "thread": {"id": thread_id},
        "is_project": place.subject_kind == SubjectKind.PROJECT,
        "lines": _lines(place, seen, at=at),
        "changed": _lines(place, changed, at=at),
        "tells_all": _tells_all(place),
        "newer": _address_after(thread_id, last, first=first, at=at),
        "asks_every": ASKS_EVERY.get(place.subject_kind, ASKS_ELSEWHERE),
    }
    return render(request, "talk/_newer.html", context)


@signed_in
@require_POST
def follow(request: SignedIn, thread_id: int) -> HttpResponse:
    place = place_of_thread(thread_id, by=request.user, at=clock.now())
    follows = request.POST.get("follows") == "yes"
    follow_thread(place=place, follows=follows)
    messages.success(
        request,
        _("You follow this thread: a mail a day says what is new, if you want such mails.")
        if follows
        else _("You do not follow this thread any more."),
    )
    is_facilitated = place.subject_kind == SubjectKind.FACILITATED
    return redirect(back_of(place)) if is_facilitated else redirect("thread", thread_id)


@signed_in
@require_POST
def close(request: SignedIn, thread_id: int) -> HttpResponse:
    at = clock.now()
    place = place_of_thread(thread_id, by=request.user, at=at)
    closed = request.POST.get("closed") == "yes"
    close_thread(place=place, closed=closed, at=at)
    messages.success(
        request,
        _("The thread is closed. You can open it again here.") if closed else _("The thread is open again."),
    )
    return redirect("thread", thread_id)


def address_of_post(post: Post) -> str:
    """Return where a post is read, on whichever page of its thread it stands."""
    return f"{reverse('thread', args=[post.thread_id])}?post={post.number}#post-{post.number}"


def _forum(request: SignedIn, place: Place, *, at: datetime) -> HttpResponse:
    form = ThreadForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            post = start_in_forum(place=place, at=at, **form.cleaned_data)
        except Refusal as refusal:
            show_above(form, refusal)
        else:
            return redirect("thread", post.thread_id)
    words = request.GET.get("words", "")
    context = {
        "place": place,
        "page": threads_page(place, at=at, page=number_after(request, "page") or 1),
        "words": words,
        "found": _search(request, place, at=at),
        "form": form,
        "is_guild": place.subject_kind == SubjectKind.GUILD,
    }
    return render(request, "talk/forum.html", context, status=422 if form.errors else 200)


def _thread(request: SignedIn, place: Place, *, at: datetime) -> HttpResponse:
    is_project = place.subject_kind == SubjectKind.PROJECT
    shape = FORMS.get(place.subject_kind, PostForm)
    asked = {"quotes": number_after(request, "quote"), "task": number_after(request, "task")}
    form = shape(request.POST, request.FILES) if request.method == "POST" else shape(initial=asked)
    if request.method == "POST" and form.is_valid():
        write = write_message if place.subject_kind == SubjectKind.CONVERSATION else write_in_thread
        try:
            post = write(place=place, at=at, **sent_in(form))
        except Refusal as refusal:
            show_above(form, refusal, {"task_not_cited": "task", "files": "attached"})
        else:
            return redirect(address_of_post(post))
    seen = thread_seen(place, at=at, page=number_after(request, "page"), post=number_after(request, "post"))
    if seen.posts and request.method == "GET":
        note_reading(place=place, number=seen.posts[-1].number)
    context = {
        "place": place,
        "thread": seen,
        "form": form,
        "own_word": own_word(place, fixed_to=place.manner.fixed_to) if place.manner.once else None,
        "quoted": _quoted(place, form["quotes"].value(), at=at),
        "words": request.GET.get("words", ""),
        "found": _search(request, place, at=at),
        "is_project": is_project,
        "is_alone": place.subject_kind == SubjectKind.CONVERSATION,
        "back": back_of(place),
        "lines": _lines(place, seen.posts, at=at),
        "tells_all": _tells_all(place),
        "newer": _newer_address(seen, at=at) if seen.page == seen.pages else None,
        "asks_every": ASKS_EVERY.get(place.subject_kind, ASKS_ELSEWHERE),
    }
    return render(request, "talk/thread.html", context, status=422 if form.errors else 200)


def _lines(place: Place, posts: Sequence[PostSeen], *, at: datetime) -> Sequence[tuple[Any, ...]]:
    """Return posts, each with the task that it speaks of, if it does, and its files."""
    cited = [one.cites_id for one in posts if one.cites_id is not None]
    is_project = place.subject_kind == SubjectKind.PROJECT
    tasks = cited_tasks(place.subject_id, cited, reader_id=place.person.pk) if is_project else {}
    files = attachments_of([one.id for one in posts], at=at)
    return [(post, tasks.get(post.cites_id or 0), files.get(post.id, ())) for post in posts]


def _newer_address(seen: ThreadSeen, *, at: datetime) -> str | None:
    """Return where what follows the last post is asked for; None where nobody has written yet."""
    if seen.id is None:
        return None
    return _address_after(seen.id, seen.count, first=seen.posts[0].number if seen.posts else 1, at=at)


def _address_after(thread_id: int, number: int, *, first: int, at: datetime) -> str:
    """Return where what follows a post is asked for, and which from `first` on have changed since now.

    Who changed one just now may not have committed it when the page was read: a little is asked for again.
    """
    since = int((at - STILL_COMING).timestamp() * 1000)
    asked = urlencode({"after": number, "from": first, "since": since})
    return f"{reverse('newer_posts', args=[thread_id])}?{asked}"


def _moment_in(milliseconds: int | None) -> datetime | None:
    """Return the moment that so many milliseconds since 1970 are; None for what is none."""
    try:
        return None if milliseconds is None else datetime.fromtimestamp(milliseconds / 1000, tz=UTC)
    except (OverflowError, ValueError, OSError):
        return None


def _in_bounds(number: int) -> int:
    return min(number, LARGEST_NUMBER)


def sent_in(form: Form) -> dict[str, Any]:
    """Return what was sent, by the names that use cases give it."""
    return {("files" if name == "attached" else name): sent for name, sent in form.cleaned_data.items()}


def back_of(place: Place) -> str:
    """Return the address of what a thread is about."""
    if place.subject_kind == SubjectKind.CONVERSATION:
        return reverse("conversations")
    if place.subject_kind == SubjectKind.PROJECT:
        return reverse("project", args=[place.subject_id])
    if place.subject_kind == SubjectKind.FACILITATED:
        return reverse("discussion", args=[place.subject_id])
    if place.subject_kind == SubjectKind.GUILD:
        return reverse("guild_forum", args=[place.subject_id])
    college = next(one for one, number in NUMBERS.items() if number == place.subject_id)
    return reverse("college_forum", args=[college])


def _tells_all(place: Place) -> bool:
    """Tell whether the reader may answer what is about a task with a note for all."""
    if place.subject_kind == SubjectKind.PROJECT:
        return owner_of(place.subject_id) == place.person.pk
    if place.subject_kind == SubjectKind.CONVERSATION:
        return may_tell_all(place.subject_id, by=place.person)
    return False


def _quoted(place: Place, number: object, *, at: datetime) -> object:
    """Return the post that is about to be quoted; None if none is, or there is none of this number."""
    if not str(number or "").isdecimal():
        return None
    try:
        return post_seen(place, int(str(number)[:18]), at=at)
    except Refusal:
        return None


def _search(request: SignedIn, place: Place, *, at: datetime) -> object:
    words = request.GET.get("words", "").strip()
    if not words:
        return None
    return search_posts(place, words, at=at, page=number_after(request, "found") or 1)
