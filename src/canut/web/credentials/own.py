"""A member's own badges, and the key that they name."""

from base64 import b64encode
from uuid import UUID

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from canut.guilds.badges import offers_to
from canut.guilds.credentials import queries
from canut.guilds.credentials.models import RevokedFor
from canut.guilds.credentials.queries import SHAPES, Badge, Shape
from canut.guilds.credentials.usecases.bring_subject_key import bring_subject_key, statement_to_sign
from canut.guilds.credentials.usecases.make_subject_key import make_subject_key
from canut.guilds.credentials.usecases.revoke_credential import revoke_credential
from canut.guilds.credentials.usecases.show_badge import hide_badge, show_badge
from canut.guilds.usecases.get_badge import get_badge
from canut.kernel import clock
from canut.kernel.refusals import Refusal
from canut.web.credentials.forms import KeyToBringForm, SignatureForm
from canut.web.paging import LARGEST_ID, number_after
from canut.web.refusals import show_above
from canut.web.signed_in import SignedIn, signed_in

BADGES_A_PAGE = 20
CONTENT_TYPES: dict[Shape, str] = {
    "json": "application/json",
    "jwt": "application/jwt",
    "svg": "image/svg+xml",
    "png": "image/png",
}


@signed_in
@require_GET
def badges(request: SignedIn) -> HttpResponse:
    """List a member's own badges, and what else they may have as one."""
    before = number_after(request)
    found = queries.badges_of(request.user.pk, before_id=before, most=BADGES_A_PAGE + 1)
    shown = found[:BADGES_A_PAGE]
    page = {
        "badges": [(badge, _why_ended(badge)) for badge in shown],
        "next_before": shown[-1].id if len(found) > BADGES_A_PAGE else None,
        "is_further": before is not None,
        "offers": () if before else offers_to(request.user.pk),
        "key": queries.subject_did_of(request.user.pk),
        "shows_any": bool(queries.badges_shown(request.user.pk)),
        "shapes": SHAPES,
    }
    return render(request, "credentials/badges.html", page)


@signed_in
@require_POST
def get(request: SignedIn, guild_id: int, level: int) -> HttpResponse:
    """Have a level that the member has made a badge."""
    get_badge(
        guild_id=min(guild_id, LARGEST_ID), level=min(level, LARGEST_ID), by=request.user, at=clock.now()
    )
    messages.success(request, _("Here it is. Download it in the shape that you need."))
    return redirect("badges")


@signed_in
@require_GET
@never_cache
def badge_file(request: SignedIn, credential_id: UUID, shape: Shape) -> HttpResponse:
    """Give a member one of their own badges as a file, signed now."""
    badge = queries.own_badge(credential_id, by=request.user)
    content = queries.badge_file(credential_id=credential_id, shape=shape, by=request.user, at=clock.now())
    return saved(content, name=badge.name, shape=shape)


def saved(content: bytes, *, name: str, shape: Shape) -> HttpResponse:
    """Return a badge as a file that browsers save and never run."""
    response = HttpResponse(content, content_type=CONTENT_TYPES[shape])
    response["Content-Disposition"] = f'attachment; filename="{slugify(name) or "badge"}.{shape}"'
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


@signed_in
@require_POST
def show(request: SignedIn, credential_id: UUID) -> HttpResponse:
    """Show a badge to everybody, beside the member's screen name."""
    show_badge(credential_id=credential_id, by=request.user, at=clock.now())
    messages.success(
        request, _("Everybody can see now that this badge is yours. You can hide it again here.")
    )
    return redirect("badges")


@signed_in
@require_POST
def hide(request: SignedIn, credential_id: UUID) -> HttpResponse:
    hide_badge(credential_id=credential_id, by=request.user, at=clock.now())
    messages.success(request, _("Hidden. It stays yours, and good."))
    return redirect("badges")


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def take_back(request: SignedIn, credential_id: UUID) -> HttpResponse:
    """Say what taking one's own badge back means, and do it when the button is pressed."""
    badge = queries.own_badge(credential_id, by=request.user)
    if request.method == "POST":
        revoke_credential(
            credential_id=credential_id, reason=RevokedFor.HOLDER_ASKED, by=request.user, at=clock.now()
        )
        messages.success(
            request, _("Taken back. Whoever checks a copy of it is told so. You can have a new one.")
        )
        return redirect("badges")
    return render(request, "credentials/take_back.html", {"badge": badge})


@signed_in
@require_GET
@never_cache
def key(request: SignedIn) -> HttpResponse:
    """Say what the key of one's badges is for, and which it is."""
    return render(request, "credentials/key.html", {"did": queries.subject_did_of(request.user.pk)})


@signed_in
@require_POST
@never_cache
@reauthentication_required
def make_key(request: SignedIn) -> HttpResponse:
    """Make a key: its private half is on this one answer and never again."""
    made = make_subject_key(by=request.user, at=clock.now())
    page = {
        "did": made.key.did,
        "private_pem": made.private_pem,
        "as_file": "data:application/x-pem-file;base64," + b64encode(made.private_pem.encode()).decode(),
    }
    return render(request, "credentials/key_made.html", page)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def bring_key(request: SignedIn) -> HttpResponse:
    """Ask for a key, then for a signature with it, and take it."""
    if request.method == "POST":
        return _bring(request)
    asked = KeyToBringForm(request.GET if "did" in request.GET else None)
    if asked.is_valid():
        did = asked.cleaned_data["did"]
        try:
            return _signature_page(request, SignatureForm(initial={"did": did}), did)
        except Refusal as refusal:
            show_above(asked, refusal, {"subject_key_refused": "did"})
    status = 422 if asked.is_bound else 200
    return render(request, "credentials/bring_key.html", {"asked": asked}, status=status)


@reauthentication_required
def _bring(request: SignedIn) -> HttpResponse:
    form = SignatureForm(request.POST)
    did = request.POST.get("did", "")
    if form.is_valid():
        try:
            bring_subject_key(
                by=request.user, did=did, signature=form.cleaned_data["signature"], at=clock.now()
            )
        except Refusal as refusal:
            show_above(form, refusal, {"subject_key_refused": "signature"})
        else:
            messages.success(request, _("From now on your badges are made out to this key."))
            return redirect("badges")
    try:
        return _signature_page(request, form, did, status=422)
    except Refusal as refusal:
        asked = KeyToBringForm({"did": did})
        asked.full_clean()
        if not asked.errors:
            show_above(asked, refusal, {"subject_key_refused": "did"})
        return render(request, "credentials/bring_key.html", {"asked": asked}, status=422)


def _signature_page(request: SignedIn, form: SignatureForm, did: str, *, status: int = 200) -> HttpResponse:
    page = {"form": form, "did": did, "text": statement_to_sign(by=request.user, did=did)}
    return render(request, "credentials/sign.html", page, status=status)


def _why_ended(badge: Badge) -> str:
    return {
        None: "",
        RevokedFor.LEVEL_CHANGED: _("Taken back, for your level fell."),
        RevokedFor.REVIEW_VOIDED: _("Taken back, for a review that your level rested on was voided."),
        RevokedFor.LEFT_GUILD: _("Taken back, for you left the guild."),
        RevokedFor.REPLACED: _("Another has taken its place, made out to a later key of yours."),
        RevokedFor.HOLDER_ASKED: _("You took it back."),
        RevokedFor.IN_ERROR: _("Taken back, for it was issued in error."),
    }[badge.revoked_for]
