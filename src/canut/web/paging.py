"""Where a page of a list goes on."""

from django.http import HttpRequest

LARGEST_ID = 2**63 - 1


def number_after(request: HttpRequest, name: str = "before") -> int | None:
    """Return the id in the address after which a list goes on; None for its beginning, and for nonsense."""
    return number_in(request.GET.get(name, ""))


def number_in(written: str) -> int | None:
    """Return the id that a text is, no larger than any can be; None for nonsense."""
    if not (written.isascii() and written.isdecimal() and len(written) < 20):
        return None
    return min(int(written), LARGEST_ID)
