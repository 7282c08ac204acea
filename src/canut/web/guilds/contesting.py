"""Contesting a decision on one's own level: which reviews were unfair, and what peers should know."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from canut.guilds.queries.contests import ContestableDecision, ContestableReview, contestable_decision
from canut.guilds.states import VERDICT_WORDS
from canut.guilds.usecases.contest_level import LONGEST_WORDS
from canut.justice.queries import case_about
from canut.justice.states import CaseKind
from canut.justice.usecases.contest_level import contest_level
from canut.kernel import clock
from canut.kernel.refusals import NotAllowed, NotFound, Refusal
from canut.web.cases.forms import AppealForm
from canut.web.cases.views import FIELD_OF
from canut.web.paging import LARGEST_ID
from canut.web.refusals import show_above
from canut.web.signed_in import SignedIn, signed_in

LARGEST_NUMBER = 2**31 - 1


class LevelContestForm(AppealForm):
    """Which reviews must not count, and why."""

    field_order = ("items", "words", "file")
    words = forms.CharField(
        label=gettext_lazy("What you want the peers to know"),
        required=False,
        max_length=LONGEST_WORDS,
        widget=forms.Textarea({"rows": 4, "dir": "auto"}),
        help_text=gettext_lazy("They do not learn who you are, so do not sign it."),
    )

    def __init__(self, decision: ContestableDecision, *args: Any) -> None:
        super().__init__(*args)
        self.fields["items"] = forms.TypedMultipleChoiceField(
            label=gettext_lazy("Which reviews were not fair?"),
            choices=[(review.item, _said(review)) for review in decision.reviews],
            coerce=int,
            widget=forms.CheckboxSelectMultiple,
            help_text=gettext_lazy("The peers see these reviews, and the work that they are about."),
        )
        self.order_fields(self.field_order)


@signed_in
@require_http_methods(["GET", "POST"])
@never_cache
def contest(request: SignedIn, guild_id: int, number: int) -> HttpResponse:
    """Say what contesting means, ask which reviews were unfair, and open the case."""
    at = clock.now()
    guild_id, number = min(guild_id, LARGEST_ID), min(number, LARGEST_NUMBER)
    decision = contestable_decision(guild_id, number, by=request.user, at=at)
    is_sent = request.method == "POST"
    form = LevelContestForm(decision, *((request.POST, request.FILES) if is_sent else ()))
    status = 200
    if is_sent:
        status = 422
        if form.is_valid():
            sent = form.sent()
            try:
                case = contest_level(
                    guild_id=guild_id,
                    number=number,
                    by=request.user,
                    items=form.cleaned_data["items"],
                    words=form.cleaned_data["words"],
                    files=[sent] if sent else [],
                    at=at,
                )
            except (NotFound, NotAllowed):
                raise
            except Refusal as refusal:
                show_above(form, refusal, FIELD_OF)
                status = refusal.status
            else:
                messages.success(request, _("Contested. Peers who are drawn by lot look at these reviews."))
                return redirect("case", case.pk)
    case_id = case_about(CaseKind.LEVEL, decision.contest.id) if decision.contest else None
    context = {"decision": decision, "form": form, "case_id": case_id}
    return render(request, "guilds/contest.html", context, status=status)


def _said(review: ContestableReview) -> str:
    return _("Item %(number)s, “%(title)s”: %(verdict)s") % {
        "number": review.item,
        "title": review.title,
        "verdict": VERDICT_WORDS[review.verdict],
    }
