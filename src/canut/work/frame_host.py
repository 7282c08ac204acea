"""The other origin: the name under which pages that are not ours are served, apart from the site.

`CANUT_FRAME_URL` names it. A site on this machine alone (127.0.0.1) does without: the machine's other name
(localhost) is another origin to a browser, and the same server answers under both.
"""

from functools import lru_cache
from urllib.parse import SplitResult, urlsplit

from django.conf import settings

OTHER_NAMES = {"127.0.0.1": "localhost", "localhost": "127.0.0.1", "::1": "localhost"}


def is_local() -> bool:
    """Tell whether the frames are on this machine's other name, for want of a `CANUT_FRAME_URL`."""
    return not settings.FRAME_URL and _site().hostname in OTHER_NAMES


def has_frames() -> bool:
    """Tell whether the site has another origin at all."""
    return bool(settings.FRAME_URL) or is_local()


def frame_origin(asked_host: str = "") -> str:
    """Return the origin of frames, nothing if there is none.

    `asked_host` is the host of the request that asks: on this machine, its port is the frames' too.
    """
    if settings.FRAME_URL:
        return str(settings.FRAME_URL)
    return _local(OTHER_NAMES[str(_site().hostname)], asked_host) if is_local() else ""


def site_origin(asked_host: str = "") -> str:
    """Return the site's own origin; on this machine, with the port of the request that asks."""
    if is_local():
        return _local(str(_site().hostname), asked_host)
    return f"{_site().scheme}://{_site().netloc}"


def frame_source() -> tuple[str, ...]:
    """Return the same origin for a content security policy; on this machine, whatever its port."""
    if settings.FRAME_URL:
        return (settings.FRAME_URL,)
    return (f"http://{OTHER_NAMES[str(_site().hostname)]}:*",) if is_local() else ()


def is_frame_host(host: str) -> bool:
    """Tell whether a request to this host, as its `Host` header says, asks for frames."""
    frames = _frame_name(settings.FRAME_URL, settings.SITE_URL)
    return frames is not None and _name(host) == frames


@lru_cache(maxsize=8)
def _frame_name(frame_url: str, site_url: str) -> str | None:
    if frame_url:
        return urlsplit(frame_url).hostname
    return OTHER_NAMES.get(str(urlsplit(site_url).hostname))


def _site() -> SplitResult:
    return urlsplit(settings.SITE_URL)


def _local(name: str, asked_host: str) -> str:
    asked = urlsplit(f"//{asked_host}")
    port = asked.port if asked.hostname in OTHER_NAMES else _site().port
    shown = f"[{name}]" if ":" in name else name
    return f"http://{shown}:{port}" if port else f"http://{shown}"


def _name(host: str) -> str:
    if host.startswith("["):
        return host[1:].partition("]")[0]
    return host.partition(":")[0].rstrip(".").lower()
