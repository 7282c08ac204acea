"""What a document on the frames' host may do: show itself, run its scripts, send its form. Nothing else.

Each is in a sandbox without an origin of its own, so it has no cookies and no storage, cannot read the
page around it, nor navigate it, nor open windows, downloads or dialogues.
"""

from collections.abc import Mapping

from django.http import HttpResponse

SANDBOX = "sandbox allow-scripts allow-forms"

_NO_DEVICES = ", ".join(
    f"{device}=()"
    for device in (
        *("accelerometer", "autoplay", "browsing-topics", "camera", "clipboard-read"),
        *("clipboard-write", "compute-pressure", "display-capture", "encrypted-media", "fullscreen"),
        *("gamepad", "geolocation", "gyroscope", "hid", "identity-credentials-get", "idle-detection"),
        *("local-fonts", "magnetometer", "microphone", "midi", "otp-credentials", "payment"),
        *("picture-in-picture", "publickey-credentials-create", "publickey-credentials-get"),
        *("screen-wake-lock", "serial", "storage-access", "usb", "window-management"),
        "xr-spatial-tracking",
    )
)


def own_html(*, sends_to: str, site: str) -> Mapping[str, str]:
    """Return the policy of a requester's HTML.

    It may load pictures, sounds, styles, fonts and scripts over https, for that is how such pages are
    made; it may ask no server anything else, frame nothing, and send its form nowhere but to us.
    """
    return _headers(
        SANDBOX,
        "default-src 'none'",
        "script-src 'unsafe-inline' 'unsafe-eval' https:",  # it is all theirs: telling it apart is no use
        "style-src 'unsafe-inline' https:",
        "img-src https: data: blob:",
        "media-src https: data: blob:",
        "font-src https: data:",
        f"form-action {sends_to}",
        "base-uri 'none'",
        f"frame-ancestors {site}",
    )


def our_own(*, nonce: str, site: str) -> Mapping[str, str]:
    """Return the policy of what we say in a frame ourselves."""
    return _headers(
        SANDBOX,
        "default-src 'none'",
        f"script-src 'nonce-{nonce}'",
        f"style-src 'nonce-{nonce}'",
        "form-action 'none'",
        "base-uri 'none'",
        f"frame-ancestors {site}",
    )


def for_programs() -> Mapping[str, str]:
    """Return what lets a page elsewhere read our answer to its script: it holds nothing of anybody's."""
    return {**_headers("default-src 'none'"), "Access-Control-Allow-Origin": "*"}


def lay_down(response: HttpResponse, headers: Mapping[str, str]) -> HttpResponse:
    for name, value in headers.items():
        response.headers[name] = value
    return response


def _headers(*directives: str) -> Mapping[str, str]:
    return {
        "Content-Security-Policy": "; ".join(directives),
        "Permissions-Policy": _NO_DEVICES,
        "Referrer-Policy": "no-referrer",
        "Cache-Control": "no-store",
        "X-Content-Type-Options": "nosniff",
        "X-Robots-Tag": "noindex",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
    }
