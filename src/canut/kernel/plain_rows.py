"""Rows as plain values, for somebody's own data: however many they are, only some are held at once."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django.db.models import QuerySet

AT_ONCE = 1_000

Told = Mapping[str, Iterable[Mapping[str, Any]]]
"""What a room knows of somebody: lists of rows, each under its name, read once and as they are written."""


def plain_rows(rows: "QuerySet[Any]", *fields: str) -> Iterator[Mapping[str, Any]]:
    """Give the named fields of rows in the order of their keys, read as they are asked for.

    A field of another row, such as `project__title`, is told as `project_title`.
    """
    names = [field.replace("__", "_") for field in fields]
    ordered, last = rows.order_by("pk"), None
    while True:
        page = ordered if last is None else ordered.filter(pk__gt=last)
        found = list(page.values_list("pk", *fields)[:AT_ONCE])
        for _key, *values in found:
            yield dict(zip(names, values, strict=True))
        if len(found) < AT_ONCE:
            return
        last = found[-1][0]
