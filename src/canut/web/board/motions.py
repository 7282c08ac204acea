"""Motions: what the board votes on in the open."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from canut.governance.board.access import own_seat
from canut.governance.board.queries import motion_seen, movable
from canut.governance.board.refusals import MotionChoiceUnknown, ReasonMissing
from canut.governance.board.states import MotionKind
from canut.governance.board.usecases.move_motion import move_motion, vote_on_motion
from canut.kernel import clock
from canut.web.board.forms import MotionForm, MotionVoteForm
from canut.web.board.views import looker
from canut.web.paging import LARGEST_ID
from canut.web.refusals import show_above
from canut.web.signed_in import SignedIn, signed_in


@signed_in
@require_http_methods(["GET", "POST"])
@never_cache
def move(request: SignedIn) -> HttpResponse:
    own_seat(request.user)
    questions = [_asked(kind, proposal_id, title) for kind, proposal_id, title in movable()]
    form = MotionForm(questions, request.POST or None, initial={"about": request.GET.get("about", "")[:40]})
    if request.method == "POST" and form.is_valid():
        kind, _dash, number = form.cleaned_data["about"].partition("-")
        try:
            moved = move_motion(
                kind=kind,
                by=request.user,
                reason=form.cleaned_data["reason"],
                proposal_id=int(number or 0),
                at=clock.now(),
            )
        except ReasonMissing as refusal:
            show_above(form, refusal)
        else:
            messages.success(request, _("The board votes on it. You are for it until you say otherwise."))
            return redirect("board_motion", moved.pk)
    context = {"form": form, "has_questions": bool(questions)}
    return render(request, "board/move.html", context, status=422 if form.errors else 200)


def _asked(kind: MotionKind, proposal_id: int, title: str) -> tuple[str, str]:
    if kind == MotionKind.RATIFICATION:
        return str(kind), _("Open the vote on the constitution")
    return f"{kind}-{proposal_id}", _("Put to the vote, though the team said no: %(title)s") % {
        "title": title
    }


@require_GET
@never_cache
def motion(request: HttpRequest, motion_id: int) -> HttpResponse:
    return _page(request, motion_id)


def _page(
    request: HttpRequest, motion_id: int, *, form: MotionVoteForm | None = None, status: int = 200
) -> HttpResponse:
    seen = motion_seen(min(motion_id, LARGEST_ID), by=looker(request), at=clock.now())
    if seen.may_vote and form is None:
        form = MotionVoteForm(initial={"choice": seen.own_choice, "words": seen.own_words})
    context = {"motion": seen, "form": form if seen.may_vote else None}
    return render(request, "board/motion.html", context, status=status)


@signed_in
@require_POST
def vote(request: SignedIn, motion_id: int) -> HttpResponse:
    form = MotionVoteForm(request.POST)
    if form.is_valid():
        try:
            vote_on_motion(
                motion_id=min(motion_id, LARGEST_ID),
                by=request.user,
                choice=form.cleaned_data["choice"],
                words=form.cleaned_data["words"],
                at=clock.now(),
            )
        except MotionChoiceUnknown as refusal:
            show_above(form, refusal)
        else:
            messages.success(request, _("Your vote is in, for everybody to read."))
            return redirect("board_motion", motion_id)
    return _page(request, motion_id, form=form, status=422)
