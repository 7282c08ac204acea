"""Pages on which people keep their own account."""

from typing import Any

from allauth.account.decorators import reauthentication_required
from allauth.account.forms import UserTokenForm
from allauth.account.views import SignupView
from allauth.decorators import rate_limit
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.db import transaction
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from canut.kernel import clock
from canut.kernel.refusals import Refusal
from canut.people import documents, places, queries
from canut.people.access import PersonNotFound, as_requester
from canut.people.models import Document, ListKind, Locale, Scope, WorkingStatus
from canut.people.usecases.allow_person import allow_person
from canut.people.usecases.block_person import block_person
from canut.people.usecases.change_preferences import change_preferences
from canut.people.usecases.change_profile import change_profile
from canut.people.usecases.change_screen_name import change_screen_name
from canut.people.usecases.choose_roles import choose_roles
from canut.people.usecases.create_key import create_key
from canut.people.usecases.discard_reset_links import discard_reset_links
from canut.people.usecases.end_other_sessions import end_other_sessions
from canut.people.usecases.end_session import end_session
from canut.people.usecases.give_consent import give_consent
from canut.people.usecases.register_person import EmailTaken
from canut.people.usecases.revoke_key import revoke_key
from canut.people.usecases.rotate_key import rotate_key
from canut.people.usecases.unlist_person import unlist_person
from canut.rights.obligations import money_left, what_runs
from canut.rights.queries import as_json, data_of
from canut.rights.usecases.leave_site import leave_site
from canut.web.people import forms
from canut.web.people.mail_folder import read_mail, read_mails
from canut.web.refusals import show_above
from canut.web.signed_in import SignedIn, signed_in
from canut.webhooks.queries import data_of as webhooks_of


class SignUp(SignupView):
    """Sign-up: what is refused is shown at its field, with everything typed still there."""

    def form_valid(self, form: forms.SignUpForm) -> HttpResponse:
        try:
            with transaction.atomic():
                return super().form_valid(form)
        except EmailTaken:
            # Somebody registered this address a moment ago. Answer as for any known address:
            # nothing on the page, a mail to its owner.
            form.account_already_exists = True
            return super().form_valid(form)
        except Refusal as refusal:
            show_above(form, refusal, {"screen_name_taken": "screen_name", "username_taken": "username"})
            return self.form_invalid(form)


@signed_in
@require_GET
def account(request: SignedIn) -> HttpResponse:
    profile = queries.profile_of(request.user.pk)
    return render(
        request,
        "people/account.html",
        {
            "profile": profile,
            "country": places.country_name(profile.country),
            "working_status": WorkingStatus(profile.working_status).label,
            "languages": [places.language_name(code) for code in profile.languages],
            "missing": queries.consents_missing(profile.id),
            "preferences": forms.PreferencesForm(
                initial={"locale": profile.locale, "time_zone": profile.time_zone}
            ),
        },
    )


@signed_in
def profile(request: SignedIn) -> HttpResponse:
    seen = queries.profile_of(request.user.pk)
    form = forms.ProfileForm(request.POST or None, profile=seen)
    if request.method == "POST" and form.is_valid():
        try:
            change_profile(
                by=request.user,
                country=form.cleaned_data["country"],
                working_status=form.cleaned_data["working_status"],
                languages=form.languages(),
                legal_given_name=form.cleaned_data["legal_given_name"],
                legal_family_name=form.cleaned_data["legal_family_name"],
                at=clock.now(),
            )
        except Refusal as refusal:
            show_above(form, refusal)
        else:
            messages.success(request, _("Saved. Work you take from now on goes by what you said."))
            return redirect("account")
    return render(request, "people/profile.html", {"form": form}, status=_status(form))


@signed_in
def screen_name(request: SignedIn) -> HttpResponse:
    form = forms.ScreenNameForm(request.POST or None, initial={"screen_name": request.user.screen_name})
    if request.method == "POST" and form.is_valid():
        try:
            party = change_screen_name(
                by=request.user, screen_name=form.cleaned_data["screen_name"], at=clock.now()
            )
        except Refusal as refusal:
            show_above(form, refusal, {"screen_name_taken": "screen_name"})
        else:
            messages.success(request, _("From now on you are %(name)s here.") % {"name": party.screen_name})
            return redirect("account")
    return render(request, "people/screen_name.html", {"form": form}, status=_status(form))


@signed_in
def roles(request: SignedIn) -> HttpResponse:
    initial = {"worker": request.user.is_worker, "requester": request.user.is_requester}
    form = forms.RolesForm(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and form.is_valid():
        choose_roles(by=request.user, at=clock.now(), **form.cleaned_data)
        messages.success(request, _("Your roles are saved. What is under way goes on as before."))
        return redirect("account")
    return render(request, "people/roles.html", {"form": form})


@signed_in
@require_POST
def preferences(request: SignedIn) -> HttpResponse:
    form = forms.PreferencesForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Choose a language and a time zone from the lists. Nothing was changed."))
        return redirect("account")
    person = change_preferences(by=request.user, **form.cleaned_data)
    with translation.override(person.locale):
        messages.success(request, _("Saved."))
    return _in_language(redirect("account"), person.locale)


@require_POST
def choose_language(request: HttpRequest) -> HttpResponse:
    """Switch the language of pages, for a visitor by a cookie, for a person for good."""
    locale = request.POST.get("language", "")
    onward = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(onward, {request.get_host()}, require_https=request.is_secure()):
        onward = reverse("home")
    response = redirect(onward)
    if locale not in Locale.values:
        return response
    if request.user.is_authenticated:
        change_preferences(by=request.user, time_zone=request.user.time_zone, locale=locale)
    return _in_language(response, locale)


@signed_in
@never_cache
def keys(request: SignedIn) -> HttpResponse:
    """List keys, and make one: the token is on this one answer and never again."""
    form = forms.KeyForm(request.POST or None, is_operator=request.user.is_operator)
    if request.method == "POST":
        return _create_key(request, form)
    return render(request, "people/keys.html", _key_page(request, form))


@reauthentication_required
def _create_key(request: SignedIn, form: forms.KeyForm) -> HttpResponse:
    if form.is_valid():
        try:
            issued = create_key(
                by=request.user,
                name=form.cleaned_data["name"],
                scopes=form.cleaned_data["scopes"],
                expires_at=form.expires_at(request.user.time_zone),
                at=clock.now(),
            )
        except Refusal as refusal:
            show_above(form, refusal, {"expires_at": "ends_on"})
        else:
            return render(request, "people/key_issued.html", {"name": issued.key.name, "token": issued.token})
    return render(request, "people/keys.html", _key_page(request, form), status=422)


def _key_page(request: SignedIn, form: forms.KeyForm) -> dict[str, Any]:
    at = clock.now()
    return {
        "form": form,
        "keys": [
            {
                "key": key,
                "is_usable": key.is_usable(at),
                "scopes": [Scope(scope).label for scope in key.scopes],
            }
            for key in queries.keys_of(request.user.pk)
        ],
    }


@signed_in
@require_POST
@never_cache
@reauthentication_required
def rotate(request: SignedIn, key_id: int) -> HttpResponse:
    issued = rotate_key(key_id=key_id, by=request.user, at=clock.now())
    return render(
        request,
        "people/key_issued.html",
        {"name": issued.key.name, "token": issued.token, "is_rotated": True},
    )


@signed_in
@require_POST
def revoke(request: SignedIn, key_id: int) -> HttpResponse:
    key = revoke_key(key_id=key_id, by=request.user, at=clock.now())
    messages.success(request, _("The key %(name)s no longer works.") % {"name": key.name})
    return redirect("keys")


@signed_in
def lists(request: SignedIn) -> HttpResponse:
    as_requester(request.user)
    form = forms.ListingForm(request.POST or None, initial={"kind": ListKind.BLOCK})
    if request.method == "POST" and form.is_valid():
        try:
            put_on_list = block_person if form.cleaned_data["kind"] == ListKind.BLOCK else allow_person
            put_on_list(
                person_id=_person_id(form.cleaned_data["screen_name"]),
                by=request.user,
                reason=form.cleaned_data["reason"],
                at=clock.now(),
            )
        except Refusal as refusal:
            show_above(form, refusal, {"person_not_found": "screen_name", "not_oneself": "screen_name"})
        else:
            messages.success(
                request, _("%(name)s is on your list.") % {"name": form.cleaned_data["screen_name"]}
            )
            return redirect("lists")
    page = {
        "form": form,
        "blocked": queries.listings_of(request.user.pk, ListKind.BLOCK),
        "allowed": queries.listings_of(request.user.pk, ListKind.ALLOW),
    }
    return render(request, "people/lists.html", page, status=_status(form))


def _person_id(screen_name: str) -> int:
    found = queries.person_named(screen_name)
    if found is None or found.is_closed:
        raise PersonNotFound(_("Nobody here has this name. Check the spelling; capitals make no difference."))
    return found.id


@signed_in
@require_POST
def unlist(request: SignedIn, person_id: int) -> HttpResponse:
    unlist_person(person_id=person_id, by=request.user, at=clock.now())
    messages.success(request, _("Taken off your list."))
    return redirect("lists")


@signed_in
@never_cache
def sessions(request: SignedIn) -> HttpResponse:
    if request.method == "POST":
        ended = end_other_sessions(
            by=request.user, current_key=request.session.session_key or "", at=clock.now()
        )
        messages.success(request, _("Every other session is over: %(count)s.") % {"count": ended})
        return redirect("usersessions_list")
    listed = queries.sessions_of(request.user.pk, current_key=request.session.session_key)
    return render(request, "usersessions/usersession_list.html", {"sessions": listed})


@signed_in
@require_POST
def end_one_session(request: SignedIn, session_id: int) -> HttpResponse:
    end_session(session_id=session_id, by=request.user, at=clock.now())
    messages.success(request, _("That session is over."))
    return redirect("usersessions_list")


@require_GET
def document(request: HttpRequest, name: str) -> HttpResponse:
    """Show the terms or the privacy notice."""
    return render(request, f"people/{name}.html", {"version": documents.IN_FORCE[name]})


@signed_in
def consents(request: SignedIn) -> HttpResponse:
    if request.method == "POST":
        give_consent(
            by=request.user,
            document=request.POST.get("document", ""),
            version=request.POST.get("version", ""),
            at=clock.now(),
        )
        messages.success(request, _("Thank you. Your agreement is written down."))
        return redirect("consents")
    return render(
        request,
        "people/consents.html",
        {
            "agreed": [(Document(one.document).label, one) for one in queries.consents_of(request.user.pk)],
            "missing": [
                (Document(name).label, name, documents.IN_FORCE[name])
                for name in queries.consents_missing(request.user.pk)
            ],
        },
    )


@signed_in
@reauthentication_required
@require_GET
def own_data(request: SignedIn) -> HttpResponse:
    """Say what the file of one's own data holds, and give it."""
    return render(request, "people/own_data.html")


@signed_in
@reauthentication_required
@require_GET
@never_cache
def own_data_file(request: SignedIn) -> HttpResponseBase:
    """Give all that the site knows of whoever asks, as a file that grows while it is read."""
    known = {**data_of(request.user.pk), "webhooks": webhooks_of(request.user.pk)}
    return StreamingHttpResponse(
        as_json(known),
        content_type="application/json; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="canut-data-{clock.now():%Y-%m-%d}.json"'},
    )


@signed_in
@reauthentication_required
def close(request: SignedIn) -> HttpResponse:
    money = money_left(request.user.pk)
    form = forms.CloseForm(request.POST or None, screen_name=request.user.screen_name, money=money)
    if request.method == "POST" and form.is_valid():
        try:
            gives_up = form.cleaned_data.get("gives_up_money", False)
            leave_site(by=request.user, at=clock.now(), gives_up_money=gives_up)
        except Refusal as refusal:
            show_above(form, refusal)
        else:
            logout(request)
            messages.success(request, _("Your account is closed. Thank you for the work you did here."))
            return redirect("home")
    return render(
        request,
        "people/close.html",
        {"form": form, "open": what_runs(request.user.pk, at=clock.now())},
        status=_status(form),
    )


@never_cache
@rate_limit(action="reset_password_from_key")
def discard_reset(request: HttpRequest, uidb36: str, key: str) -> HttpResponse:
    """Kill a reset link somebody did not ask for. Reading the page changes nothing; its button does."""
    link = UserTokenForm(data={"uidb36": uidb36, "key": key})
    works = link.is_valid()
    if request.method == "POST" and works:
        discard_reset_links(person_id=link.reset_user.pk, at=clock.now())
        messages.success(request, _("The link is dead. Your password is what it was."))
        return redirect("home")
    return render(request, "people/discard_reset.html", {"works": works}, status=200 if works else 410)


@require_GET
def mails(request: HttpRequest) -> HttpResponse:
    """A demo sends no mail: this page shows what it would have sent."""
    _only_in_the_demo()
    return render(request, "people/mails.html", {"mails": read_mails(settings.MAIL_DIR)})


@require_GET
def mail(request: HttpRequest, name: str) -> HttpResponse:
    _only_in_the_demo()
    found = read_mail(settings.MAIL_DIR, name)
    if found is None:
        raise Http404
    return render(request, "people/mail.html", {"mail": found})


def _only_in_the_demo() -> None:
    if settings.CANUT_MODE != "demo":
        raise Http404


def _status(form: Form) -> int:
    return 422 if form.is_bound and form.errors else 200


def _in_language(response: HttpResponse, locale: str) -> HttpResponse:
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        locale,
        max_age=31_536_000,
        path=settings.LANGUAGE_COOKIE_PATH,
        secure=settings.LANGUAGE_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
    return response
