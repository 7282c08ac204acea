"""For operators: the reviews of a guild, and taking out one that must not count."""

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from canut.guilds.queries.for_operators import review_seen, reviews_page
from canut.guilds.states import VERDICT_WORDS
from canut.guilds.usecases.void_review import LONGEST_REASON, void_review
from canut.kernel import clock
from canut.kernel.refusals import BadInput
from canut.web.paging import LARGEST_ID, number_after
from canut.web.refusals import show_above
from canut.web.signed_in import SignedIn, signed_in


class VoidForm(forms.Form):
    """Why a review must not count."""

    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=LONGEST_REASON,
        help_text=gettext_lazy("The member whose work was reviewed reads it. Name nobody."),
        widget=forms.Textarea({"rows": 3, "dir": "auto"}),
    )


@signed_in
@require_GET
@never_cache
def reviews(request: SignedIn, guild_id: int) -> HttpResponse:
    page = reviews_page(
        min(guild_id, LARGEST_ID),
        by=request.user,
        draw=request.GET.get("draw", ""),
        before_id=number_after(request),
    )
    shown = [(review, VERDICT_WORDS[review.verdict]) for review in page.reviews]
    return render(request, "guilds/reviews.html", {"page": page, "reviews": shown})


@signed_in
@require_http_methods(["GET", "POST"])
@never_cache
def review(request: SignedIn, guild_id: int, review_id: int) -> HttpResponse:
    seen = review_seen(min(guild_id, LARGEST_ID), min(review_id, LARGEST_ID), by=request.user)
    form = VoidForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            void_review(
                review_id=seen.id, by=request.user, reason=form.cleaned_data["reason"], at=clock.now()
            )
        except BadInput as refusal:
            show_above(form, refusal)
        else:
            messages.success(
                request, _("The review counts no more. The member's level is what it is without it.")
            )
            return redirect("guild_reviews", seen.guild_id)
    return render(
        request,
        "guilds/review.html",
        {"review": seen, "verdict": VERDICT_WORDS[seen.verdict], "form": form},
        status=422 if form.is_bound and form.errors else 200,
    )
