"""Facilitated discussions: the lists, one of them with what its round asks for, and its record."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from canut.discussion.facilitated.access import discussion_known
from canut.discussion.facilitated.queries import DiscussionSeen, discussion_seen, discussions_about
from canut.discussion.facilitated.states import About, Part
from canut.discussion.facilitated.usecases.fill_part import step_down as give_part_back
from canut.discussion.facilitated.usecases.open_discussion import withdraw_discussion
from canut.discussion.facilitated.usecases.weigh import mark_statement, put_statement
from canut.discussion.facilitated.usecases.write_record import (
    choose_naming,
    object_to_record,
    write_record,
)
from canut.discussion.facilitated.usecases.write_summary import write_summary
from canut.discussion.models import SubjectKind
from canut.discussion.place import Place
from canut.forums.access import place_about
from canut.forums.discussions import holder_is_here, place_before, readers_among, record_to_read
from canut.forums.usecases.discuss_in_guild import discuss_in_guild, may_open
from canut.forums.usecases.take_part import answer_call, call_for_part
from canut.governance.queries.proposals import proposal_seen
from canut.governance.usecases.discuss_idea import discuss_idea, may_discuss
from canut.kernel import clock
from canut.kernel.refusals import BadInput, Refusal
from canut.membership.queries import is_admitted
from canut.people.models import Person
from canut.web.discussions import forms
from canut.web.paging import LARGEST_ID, number_after
from canut.web.refusals import show_above
from canut.web.signed_in import SignedIn, signed_in


@signed_in
@require_GET
@never_cache
def of_guild(request: SignedIn, guild_id: int) -> HttpResponse:
    at = clock.now()
    place = place_about(SubjectKind.GUILD, guild_id, by=request.user, at=at)
    context = {
        "page": discussions_about(About.GUILD, place.subject_id, before=number_after(request)),
        "name": place.name,
        "guild_id": place.subject_id,
        "is_reader": True,
        "may_open": may_open(place.subject_id, by=request.user, at=at),
    }
    return render(request, "discussions/discussions.html", context)


@require_GET
@never_cache
def of_proposal(request: HttpRequest, proposal_id: int) -> HttpResponse:
    """Everybody may know what is discussed about a proposal, as everybody may read it."""
    by, at = _looker(request), clock.now()
    seen = proposal_seen(min(proposal_id, LARGEST_ID), by=by, at=at)
    context = {
        "page": discussions_about(About.IDEA, seen.id, before=number_after(request)),
        "name": seen.version.title,
        "proposal_id": seen.id,
        "is_reader": by is not None and is_admitted(by.pk, at=at),
        "may_open": by is not None and may_discuss(seen.id, by=by, at=at),
    }
    return render(request, "discussions/discussions.html", context)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def open_in_guild(request: SignedIn, guild_id: int) -> HttpResponse:
    at = clock.now()
    place = place_about(SubjectKind.GUILD, guild_id, by=request.user, at=at)

    def opens(**sent: str) -> Any:
        return discuss_in_guild(guild_id=place.subject_id, by=request.user, at=at, **sent)

    return _open(request, opens, {"name": place.name, "guild_id": place.subject_id})


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def open_about_proposal(request: SignedIn, proposal_id: int) -> HttpResponse:
    at = clock.now()
    seen = proposal_seen(min(proposal_id, LARGEST_ID), by=request.user, at=at)

    def opens(**sent: str) -> Any:
        return discuss_idea(proposal_id=seen.id, by=request.user, at=at, **sent)

    return _open(request, opens, {"name": seen.version.title, "proposal_id": seen.id})


@signed_in
@require_GET
@never_cache
def discussion(request: SignedIn, discussion_id: int) -> HttpResponse:
    at = clock.now()
    return _page(request, _place(request, discussion_id, at=at), at=at)


@require_GET
@never_cache
def record(request: HttpRequest, discussion_id: int) -> HttpResponse:
    """The record; of an idea it is for everybody, as the idea is."""
    by, at = _looker(request), clock.now()
    seen = record_to_read(min(discussion_id, LARGEST_ID), by=by, at=at)
    is_reader = by is not None and bool(readers_among(discussion_known(seen.discussion_id), [by], at=at))
    return render(request, "discussions/record.html", {"record": seen, "is_reader": is_reader})


@signed_in
@require_POST
def call(request: SignedIn, discussion_id: int) -> HttpResponse:
    """Offer to take a part, or ask somebody for it by name."""
    if request.POST.get("own") == "yes":
        given: Any = forms.CallForm({"part": request.POST.get("part", ""), "screen_name": "-"})
    else:
        given = forms.CallForm(request.POST)

    def act(place: Place, at: datetime, part: str, screen_name: str) -> None:
        name = "" if request.POST.get("own") == "yes" else screen_name
        call_for_part(place=place, part=_part(part), screen_name=name, at=at)

    said = _("You will be told what comes of it.")
    return _act(request, discussion_id, "call_form", given, act, said, {"person_not_found": "screen_name"})


@signed_in
@require_POST
def answer(request: SignedIn, discussion_id: int, call_id: int) -> HttpResponse:
    at = clock.now()
    accepts = request.POST.get("accepts") == "yes"
    answer_call(place=_place(request, discussion_id, at=at), call_id=call_id, accepts=accepts, at=at)
    messages.success(request, _("Accepted.") if accepts else _("Declined."))
    return redirect("discussion", discussion_id)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def step_down(request: SignedIn, discussion_id: int) -> HttpResponse:
    """Say what giving a part back means, and do it when the button is pressed."""
    at = clock.now()
    place = _place(request, discussion_id, at=at)
    seen = discussion_seen(place, at=at)
    if request.method == "POST":
        give_part_back(place=place, at=at)
        messages.success(request, _("You have given it back. Somebody else can take it now."))
        return redirect("discussion", discussion_id)
    part = _own_part(seen, request.user)
    return render(request, "discussions/step_down.html", {"discussion": seen, "part": part})


@signed_in
@require_POST
def summary(request: SignedIn, discussion_id: int) -> HttpResponse:
    def act(place: Place, at: datetime, text: str) -> None:
        write_summary(place=place, text=text, at=at)

    said = _("The next round has begun.")
    return _act(request, discussion_id, "summary_form", forms.SummaryForm(request.POST), act, said)


@signed_in
@require_POST
def statement(request: SignedIn, discussion_id: int) -> HttpResponse:
    def act(place: Place, at: datetime, text: str) -> None:
        put_statement(place=place, text=text, at=at)

    said = _("Your statement is up. Everybody can mark it.")
    return _act(request, discussion_id, "statement_form", forms.StatementForm(request.POST), act, said)


@signed_in
@require_POST
def mark(request: SignedIn, discussion_id: int, number: int) -> HttpResponse:
    def act(place: Place, at: datetime, can_live: str, why: str) -> None:
        mark_statement(place=place, number=number, can_live=can_live == "yes", why=why, at=at)

    given = forms.MarkForm(request.POST, auto_id=f"mark_{number}_%s")
    more = {"marked": number}
    return _act(request, discussion_id, "mark_form", given, act, _("Your mark is kept."), more=more)


@signed_in
@require_POST
def naming(request: SignedIn, discussion_id: int) -> HttpResponse:
    at = clock.now()
    may_be_named = request.POST.get("named") == "yes"
    choose_naming(place=_place(request, discussion_id, at=at), may_be_named=may_be_named, at=at)
    messages.success(
        request,
        _("The record may name you as somebody who took part.")
        if may_be_named
        else _("The record does not name you."),
    )
    return redirect("discussion", discussion_id)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def write(request: SignedIn, discussion_id: int) -> HttpResponse:
    """The rapporteur writes the record, or writes it anew while it is open to objections."""
    at = clock.now()
    place = _place(request, discussion_id, at=at)
    seen = discussion_seen(place, at=at)
    begin = dict(seen.record.pieces) if seen.record else {"asked": seen.question}
    form = forms.RecordForm(request.POST) if request.method == "POST" else forms.RecordForm(initial=begin)
    if request.method == "POST" and form.is_valid():
        try:
            write_record(place=place, at=at, **form.cleaned_data)
        except Refusal as refusal:
            show_above(form, refusal, {"names_somebody": "are_no_names"})
        else:
            messages.success(request, _("The record can be read now, and those who took part can object."))
            return redirect("discussion", discussion_id)
    context = {"discussion": seen, "form": form}
    return render(request, "discussions/write.html", context, status=422 if form.errors else 200)


@signed_in
@require_POST
def objection(request: SignedIn, discussion_id: int) -> HttpResponse:
    def act(place: Place, at: datetime, text: str) -> None:
        object_to_record(place=place, text=text, at=at)

    said = _("Your objection stands beside the record.")
    return _act(request, discussion_id, "objection_form", forms.ObjectionForm(request.POST), act, said)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def withdraw(request: SignedIn, discussion_id: int) -> HttpResponse:
    at = clock.now()
    place = _place(request, discussion_id, at=at)
    if request.method == "POST":
        withdraw_discussion(place=place, at=at)
        messages.success(request, _("The question is withdrawn."))
        return redirect("discussion", discussion_id)
    return render(request, "discussions/withdraw.html", {"discussion": discussion_seen(place, at=at)})


def _looker(request: HttpRequest) -> Person | None:
    return request.user if isinstance(request.user, Person) else None


def _place(request: SignedIn, discussion_id: int, *, at: datetime) -> Place:
    return place_before(min(discussion_id, LARGEST_ID), by=request.user, at=at)


def _part(written: str) -> Part:
    if written not in Part.values:
        raise BadInput(_("Choose one of the two parts."), errors={"part": _("Choose one of the two parts.")})
    return Part(written)


def _own_part(seen: DiscussionSeen, by: Person) -> Part | None:
    if seen.facilitator is not None and seen.facilitator.id == by.pk:
        return Part.FACILITATOR
    return Part.RAPPORTEUR if seen.rapporteur is not None and seen.rapporteur.id == by.pk else None


def _open(request: SignedIn, opens: Callable[..., Any], context: Mapping[str, Any]) -> HttpResponse:
    form = forms.OpenForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            opened = opens(**form.cleaned_data)
        except Refusal as refusal:
            show_above(form, refusal)
        else:
            return redirect("discussion", opened.pk)
    return render(
        request, "discussions/open.html", {**context, "form": form}, status=422 if form.errors else 200
    )


def _act(
    request: SignedIn,
    discussion_id: int,
    name: str,
    form: Form,
    act: Callable[..., None],
    said: str,
    field_of: Mapping[str, str] | None = None,
    more: Mapping[str, Any] | None = None,
) -> HttpResponse:
    """Do what a form of the page asks for; where that is refused, show the page with what was typed."""
    at = clock.now()
    place = _place(request, discussion_id, at=at)
    if form.is_valid():
        try:
            act(place, at, **form.cleaned_data)
        except Refusal as refusal:
            show_above(form, refusal, field_of)
        else:
            messages.success(request, said)
            return redirect("discussion", discussion_id)
    return _page(request, place, at=at, more={name: form, **(more or {})}, status=422)


def _page(
    request: SignedIn,
    place: Place,
    *,
    at: datetime,
    more: Mapping[str, Any] | None = None,
    status: int = 200,
) -> HttpResponse:
    row = discussion_known(place.subject_id)
    seen = discussion_seen(place, at=at, here={part: holder_is_here(row, part, at=at) for part in Part})
    own = seen.own_objection
    context = {
        "discussion": seen,
        "place": place,
        "is_guild": seen.about == About.GUILD,
        "parts": _parts(seen, request.user),
        "summary_form": forms.SummaryForm(),
        "statement_form": forms.StatementForm(auto_id="statement_%s"),
        "objection_form": forms.ObjectionForm(initial={"text": own}, auto_id="objection_%s"),
        "mark_forms": {
            one.post.number: forms.MarkForm(
                initial={
                    "can_live": {True: "yes", False: "no", None: None}[one.own_mark],
                    "why": one.own_why,
                },
                auto_id=f"mark_{one.post.number}_%s",
            )
            for one in seen.statements
        },
        **(more or {}),
    }
    if "marked" in context:
        context["mark_forms"][context["marked"]] = context["mark_form"]
    context["lines"] = [(one, context["mark_forms"][one.post.number]) for one in seen.statements]
    return render(request, "discussions/discussion.html", context, status=status)


def _parts(seen: DiscussionSeen, by: Person) -> list[tuple[Part, object, bool, bool, Form]]:
    """Return each part, who has it, if somebody is looked for, if one can offer it, and the form to ask.

    Whose offer is open, or who was asked, has nothing more to offer: that line stands below.
    """
    held = {Part.FACILITATOR: seen.facilitator, Part.RAPPORTEUR: seen.rapporteur}
    called = {one.part for one in seen.calls if one.person.id == by.pk}
    return [
        (
            part,
            held[part],
            part in seen.open_parts,
            "offer" in seen.may and part not in called,
            forms.CallForm(initial={"part": part}, auto_id=f"{part}_%s"),
        )
        for part in Part
    ]
