"""A member's own work in a guild: what was drawn, what reviews said, and why the level is what it is."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from canut.guilds.queries.own_record import own_items, own_record
from canut.guilds.states import VERDICT_WORDS
from canut.kernel import clock
from canut.web.guilds.wording import outlook, steps, why
from canut.web.paging import LARGEST_ID, number_after
from canut.web.signed_in import SignedIn, signed_in

LARGEST_NUMBER = 2**31 - 1


@signed_in
@require_GET
@never_cache
def mine(request: SignedIn, guild_id: int) -> HttpResponse:
    guild_id = min(guild_id, LARGEST_ID)
    record = own_record(guild_id, by=request.user, at=clock.now())
    before = number_after(request)
    page = own_items(
        guild_id,
        by=request.user,
        drawn_only=request.GET.get("show") == "reviews",
        before_number=None if before is None else min(before, LARGEST_NUMBER),
    )
    context = {
        "record": record,
        "page": page,
        "items": [
            (item, VERDICT_WORDS.get(item.review.verdict or 0) if item.review else None)
            for item in page.items
        ],
        "reviews_only": request.GET.get("show") == "reviews",
        "is_first": before is None,
        "decisions": [(decision, why(decision), steps(decision)) for decision in record.decisions],
        "superseded": [(decision, why(decision), steps(decision)) for decision in record.superseded],
        "outlook": list(outlook(record)),
    }
    return render(request, "guilds/mine.html", context)
