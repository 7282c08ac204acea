"""What every answer of the site carries."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse


class ContentSecurityPolicy:
    """Tell the browser to run and load nothing but our own files, whatever a requester's text says.

    A view that needs more names it on its answer as `response.csp = {"img-src": ["https://..."]}`, and
    says with `response.records_sound = True` that the page may ask for the microphone.
    """

    POLICY = {
        "default-src": ["'self'"],
        "img-src": ["'self'", "data:"],  # Pico draws its arrows and ticks as data
        "media-src": ["'self'"],
        "object-src": ["'none'"],
        "frame-src": [],
        "base-uri": ["'none'"],
        "form-action": ["'self'"],
        "frame-ancestors": [],
    }

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        more: dict[str, list[str]] = getattr(response, "csp", {})
        sources = {
            name: [*self.POLICY.get(name, ["'self'"]), *more.get(name, [])]
            for name in {**self.POLICY, **more}
        }
        policy = [" ".join([name, *(allowed or ["'none'"])]) for name, allowed in sources.items()]
        if settings.SITE_IS_HTTPS:
            policy.append("upgrade-insecure-requests")
        response.headers.setdefault("Content-Security-Policy", "; ".join(policy))
        microphone = "(self)" if getattr(response, "records_sound", False) else "()"
        response.headers.setdefault(
            "Permissions-Policy", f"geolocation=(), camera=(), microphone={microphone}, payment=()"
        )
        return response
