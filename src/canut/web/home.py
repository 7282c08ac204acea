"""The front door."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch
from django.views.decorators.http import require_safe


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Tell visitors what this is; take people to what they came for."""
    if not request.user.is_authenticated:
        return render(request, "home.html")
    wanted = ["feed"] if request.user.is_worker else []
    wanted += ["projects"] if request.user.is_requester else []
    for name in wanted:
        try:
            return redirect(name)
        except NoReverseMatch:
            continue
    return redirect("account")
