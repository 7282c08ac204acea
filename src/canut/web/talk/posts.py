"""One post: what it said before, other words for it, and taking it back."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from canut.discussion.queries import own_post_seen, post_seen
from canut.discussion.queries import wordings as wordings_of
from canut.forums.access import place_before_post, place_of_thread
from canut.forums.conversations.usecases.write_message import take_message_back
from canut.forums.queries import own_posts
from canut.forums.usecases.write_in_thread import put_otherwise
from canut.kernel import clock
from canut.kernel.refusals import BadInput
from canut.web.paging import number_after
from canut.web.refusals import show_above
from canut.web.signed_in import SignedIn, signed_in
from canut.web.talk.forms import PostForm
from canut.web.talk.views import address_of_post


@signed_in
@require_GET
@never_cache
def wordings(request: SignedIn, thread_id: int, number: int) -> HttpResponse:
    at = clock.now()
    place = place_of_thread(thread_id, by=request.user, at=at)
    post = post_seen(place, number, at=at)
    context = {"place": place, "post": post, "wordings": wordings_of(place, number, at=at)}
    return render(request, "talk/wordings.html", context)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def edit(request: SignedIn, thread_id: int, number: int) -> HttpResponse:
    at = clock.now()
    place = place_of_thread(thread_id, by=request.user, at=at)
    post = own_post_seen(place, number, at=at)
    form = PostForm(request.POST) if request.method == "POST" else PostForm(initial={"text": post.text})
    if request.method == "POST" and form.is_valid():
        try:
            kept = put_otherwise(place=place, number=number, text=form.cleaned_data["text"], at=at)
        except BadInput as refusal:
            show_above(form, refusal)
        else:
            return redirect(address_of_post(kept))
    context = {"place": place, "post": post, "form": form}
    return render(request, "talk/edit.html", context, status=422 if form.errors else 200)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def take_back(request: SignedIn, thread_id: int, number: int) -> HttpResponse:
    """Say what taking a post back means, and do it when the button is pressed."""
    at = clock.now()
    place = place_before_post(thread_id, number, by=request.user, at=at)
    post = own_post_seen(place, number, at=at)
    if request.method == "POST":
        kept = take_message_back(place=place, number=number, at=at)
        messages.success(request, _("Your post is taken back. Its words are gone."))
        return redirect(address_of_post(kept) if place.may_read else "own_posts")
    return render(request, "talk/take_back.html", {"place": place, "post": post})


@signed_in
@require_GET
@never_cache
def own(request: SignedIn) -> HttpResponse:
    """What somebody wrote anywhere, so that they can take it back where they read no more."""
    before = number_after(request)
    page = own_posts(request.user, at=clock.now(), before=before)
    return render(request, "talk/own_posts.html", {"page": page, "is_further": before is not None})
