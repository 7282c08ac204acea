"""A file that an answer names, as its widget shows it again."""

import json
from typing import TypedDict
from uuid import UUID

from django import template

from canut.work.designs.files import ADDRESS, ShownAs, kind_of

register = template.Library()


class Kept(TypedDict):
    """What a page shows of a kept file."""

    url: str
    name: str
    shown_as: ShownAs


@register.filter
def kept_file(written: object) -> Kept | None:
    """Return the file that the JSON of a form's field names, None if it names none."""
    try:
        told = json.loads(written) if isinstance(written, str) and len(written) < 5000 else None
        file_id = UUID(str(told["file"])) if isinstance(told, dict) and told.get("file") else None
    except (ValueError, RecursionError):
        return None
    if file_id is None or not isinstance(told, dict):
        return None
    return Kept(
        url=ADDRESS.format(id=file_id),
        name=str(told.get("name") or file_id),
        shown_as=kind_of(str(told.get("type", ""))),
    )
