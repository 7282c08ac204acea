"""Where a page of a list goes on."""

from django.http import HttpRequest

LARGEST_ID = 2**63 - 1


def number_after(request: HttpRequest, name: str = "before") -> int | None:
    """Return the id in the address after which a list goes on; None for its beginning, and for nonsense."""
    written = request.GET.get(name, "")
    if not (written.isascii() and written.isdecimal() and len(written) < 20):
        return None
    return min(int(written), LARGEST_ID)
