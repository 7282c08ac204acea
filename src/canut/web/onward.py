"""Where a form asks to go on after it is done, as far as that is on this site."""

from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme


def onward(request: HttpRequest) -> str | None:
    """Return the address in the form's field `next`; None without one, or if it leads off this site."""
    asked = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(asked, {request.get_host()}, require_https=request.is_secure())
    return asked if safe else None
