"""Setting webhooks up, seeing what they were told, and having it sent again."""

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from canut.kernel import clock
from canut.kernel.refusals import Refusal
from canut.web.paging import number_after
from canut.web.refusals import show_above
from canut.web.signed_in import SignedIn, signed_in
from canut.web.webhooks.forms import LogForm, WebhookChangeForm, WebhookForm
from canut.webhooks.access import own_endpoint
from canut.webhooks.queries import endpoint_of, endpoints_of, message_of, messages_of
from canut.webhooks.secrets import shown_secret
from canut.webhooks.usecases.manage_endpoint import (
    MOST_ENDPOINTS,
    add_endpoint,
    change_endpoint,
    drop_endpoint,
    rotate_secret,
)
from canut.webhooks.usecases.send_again import send_again, send_all_again, try_endpoint


@signed_in
@require_http_methods(["GET", "POST"])
def webhooks(request: SignedIn) -> HttpResponse:
    """List one's webhooks, and make one."""
    form = WebhookForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            endpoint = add_endpoint(by=request.user, at=clock.now(), **form.cleaned_data)
        except Refusal as refusal:
            show_above(form, refusal)
        else:
            messages.success(request, _("Made. Now give your program the secret, then try it out."))
            return redirect("webhook", endpoint.pk)
    found = endpoints_of(request.user.pk)
    page = {"webhooks": found, "form": form, "is_full": len(found) >= MOST_ENDPOINTS}
    return render(request, "webhooks/webhooks.html", page, status=422 if form.errors else 200)


@signed_in
@require_http_methods(["GET", "POST"])
def webhook(request: SignedIn, endpoint_id: int) -> HttpResponse:
    """Show and change one of one's webhooks, with the log of what it was told."""
    seen = endpoint_of(endpoint_id, by=request.user)
    initial = {"name": seen.name, "url": seen.url, "events": list(seen.events), "active": seen.is_active}
    form = WebhookChangeForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            change_endpoint(endpoint_id=endpoint_id, by=request.user, at=clock.now(), **form.cleaned_data)
        except Refusal as refusal:
            show_above(form, refusal)
        else:
            messages.success(request, _("Saved."))
            return redirect("webhook", endpoint_id)
    shown = LogForm(request.GET)
    state = shown.cleaned_data["state"] if shown.is_valid() else ""
    before = number_after(request)
    page = {
        "webhook": seen,
        "form": form,
        "shown": LogForm(initial={"state": state}),
        "state": state,
        "log": messages_of(endpoint_id, by=request.user, before=before, state=state),
        "is_further": before is not None,
    }
    return render(request, "webhooks/webhook.html", page, status=422 if form.errors else 200)


@signed_in
@never_cache
@require_http_methods(["GET", "POST"])
def secret(request: SignedIn, endpoint_id: int) -> HttpResponse:
    """Show the secret that messages are signed with, and make a new one."""
    return _secret(request, endpoint_id)


@reauthentication_required
def _secret(request: SignedIn, endpoint_id: int) -> HttpResponse:
    if request.method == "POST":
        rotate_secret(endpoint_id=endpoint_id, by=request.user, at=clock.now())
        messages.success(request, _("This is the new secret. The earlier one signs along for a day."))
        return redirect("webhook_secret", endpoint_id)
    endpoint = own_endpoint(endpoint_id, by=request.user)
    page = {"webhook": endpoint, "secret": shown_secret(endpoint)}
    return render(request, "webhooks/secret.html", page)


@signed_in
@require_POST
def try_out(request: SignedIn, endpoint_id: int) -> HttpResponse:
    made = try_endpoint(endpoint_id=endpoint_id, by=request.user, at=clock.now())
    messages.success(request, _("On its way. Load this page again to see what came of it."))
    return redirect("webhook_message", endpoint_id, made.pk)


@signed_in
@require_POST
def all_again(request: SignedIn, endpoint_id: int) -> HttpResponse:
    """Send all that was given up again."""
    count = send_all_again(endpoint_id=endpoint_id, by=request.user, at=clock.now())
    if count:
        said = ngettext("%(count)s message is on its way.", "%(count)s messages are on their way.", count)
        messages.success(request, said % {"count": count})
    else:
        messages.success(request, _("No message waits to be sent again."))
    return redirect("webhook", endpoint_id)


@signed_in
@require_http_methods(["GET", "POST"])
def drop(request: SignedIn, endpoint_id: int) -> HttpResponse:
    """Ask whether to delete a webhook, and delete it."""
    seen = endpoint_of(endpoint_id, by=request.user)
    if request.method == "POST":
        drop_endpoint(endpoint_id=endpoint_id, by=request.user, at=clock.now())
        messages.success(request, _("Deleted: %(name)s.") % {"name": seen.name})
        return redirect("webhooks")
    return render(request, "webhooks/drop.html", {"webhook": seen})


@signed_in
@require_http_methods(["GET", "POST"])
def message(request: SignedIn, endpoint_id: int, message_id: int) -> HttpResponse:
    """Show one message with each attempt to send it, and send it again."""
    if request.method == "POST":
        send_again(message_id=message_id, endpoint_id=endpoint_id, by=request.user, at=clock.now())
        messages.success(request, _("On its way. Load this page again to see what came of it."))
        return redirect("webhook_message", endpoint_id, message_id)
    page = {
        "message": message_of(message_id, endpoint_id=endpoint_id, by=request.user),
        "webhook": endpoint_of(endpoint_id, by=request.user),
    }
    return render(request, "webhooks/message.html", page)
