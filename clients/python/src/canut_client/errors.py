"""What goes wrong, with a code to go by and a sentence to show."""

from collections.abc import Mapping
from typing import Any


class CanutError(Exception):
    """The site said no. `code` is stable and what a program goes by; `detail` is for people.

    `facts` holds what can be acted on, such as the smallest price; its `errors`, if any, names each
    field that was wrong. `status` is HTTP's, and 0 if there was no answer.
    """

    def __init__(
        self, detail: str, *, code: str, status: int, facts: Mapping[str, Any] | None = None
    ) -> None:
        super().__init__(detail)
        self.detail = detail
        self.code = code
        self.status = status
        self.facts: Mapping[str, Any] = facts or {}

    def __str__(self) -> str:
        return f"{self.detail} ({self.code})"

    @property
    def errors(self) -> Mapping[str, Any]:
        """What is wrong with which field, where that was said."""
        found = self.facts.get("errors")
        return found if isinstance(found, Mapping) else {}


class Unreachable(CanutError):
    """The site did not answer, however often it was asked. Whether a change was made is not known."""

    def __init__(self, detail: str) -> None:
        super().__init__(detail, code="unreachable", status=0)


class NotACanutSite(CanutError):
    """Something answered, but not as a Canut site does: a proxy, or another address."""

    def __init__(self, detail: str, *, status: int) -> None:
        super().__init__(detail, code="not_a_canut_site", status=status)
