"""What a browser would send of a form as it stands in a page, read from the page itself."""

from html.parser import HTMLParser
from typing import Any


def sent_of(response: Any, form_id: str) -> dict[str, list[str]]:
    """Return each field's values, in the order of the page, as no button in particular sends them."""
    reader = _FormReader(form_id)
    reader.feed(response.content.decode())
    assert reader.seen, f"the page has no form {form_id}"
    return reader.fields


class _FormReader(HTMLParser):
    def __init__(self, form_id: str) -> None:
        super().__init__()
        self.fields: dict[str, list[str]] = {}
        self.seen = False
        self._form_id = form_id
        self._inside = False
        self._area: str | None = None
        self._select: str | None = None
        self._chosen: list[str] = []
        self._first: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "form" and given.get("id") == self._form_id:
            self._inside = self.seen = True
        if not self._inside or "disabled" in given:
            return
        name = given.get("name") or ""
        if tag == "input" and name:
            if given.get("type") in ("checkbox", "radio") and "checked" not in given:
                return
            self._add(name, given.get("value") or ("on" if given.get("type") == "checkbox" else ""))
        elif tag == "textarea" and name:
            self._area = name
            self._add(name, "")
        elif tag == "select":
            self._select, self._chosen, self._first = name, [], None
        elif tag == "option" and self._select is not None:
            value = given.get("value") or ""
            self._first = value if self._first is None else self._first
            if "selected" in given:
                self._chosen.append(value)

    def handle_data(self, data: str) -> None:
        if self._area:
            self.fields[self._area][-1] += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            self._area = None
        elif tag == "select" and self._select is not None:
            for value in self._chosen or ([self._first] if self._first is not None else []):
                self._add(self._select, value)
            self._select = None
        elif tag == "form":
            self._inside = False

    def _add(self, name: str, value: str) -> None:
        self.fields.setdefault(name, []).append(value)
