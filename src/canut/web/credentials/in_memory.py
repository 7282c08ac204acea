"""Taking in a file that is looked at once and kept nowhere, not even for a moment on a disk."""

from collections.abc import Mapping
from typing import Any

from allauth.account.adapter import get_adapter
from django.core.exceptions import PermissionDenied
from django.core.files.uploadhandler import MemoryFileUploadHandler
from django.http import HttpRequest

ROOM_FOR_THE_FORM_BYTES = 100_000
"""What a request holds besides its file."""


class InMemory(MemoryFileUploadHandler):
    """Keeps a file of any size in memory; whoever uses it has bounded the whole request before."""

    def handle_raw_input(
        self,
        input_data: Any,
        META: Mapping[str, Any],  # noqa: N803 - Django's own name
        content_length: int,
        boundary: str,
        encoding: str | None = None,
    ) -> None:
        self.activated = True


def announced_bytes(request: HttpRequest) -> int:
    """Return how long a request says that it is; 0 if it does not say, which is then also what is read."""
    written = request.META.get("CONTENT_LENGTH") or "0"
    return int(written) if written.isascii() and written.isdecimal() and len(written) < 20 else 0


def network_address(request: HttpRequest) -> str:
    """Return where a request comes from; one word for all of whom that cannot be told."""
    try:
        return str(get_adapter().get_client_ip(request))
    except PermissionDenied:  # over a socket file, or through fewer proxies than the settings trust
        return "unknown"
