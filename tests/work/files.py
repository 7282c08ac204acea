"""Files of rows for tests, and the designs they go with."""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from django.core.files.base import ContentFile
from tests.builders import NOON

from canut.people.models import Person
from canut.work.designs.starting import STARTING_DESIGNS
from canut.work.models import Project, Upload
from canut.work.usecases.add_rows import add_rows
from canut.work.usecases.create_project import create_project
from canut.work.usecases.receive_upload import receive_upload


def jsonl(rows: Iterable[Mapping[str, Any]]) -> bytes:
    return "".join(json.dumps(row) + "\n" for row in rows).encode()


def pairs(count: int) -> list[dict[str, Any]]:
    """Return rows for the pairwise design, with columns that it does not show."""
    return [
        {
            "id": f"row-{n}",
            "prompt": f"Question {n}",
            "a": f"First {n}",
            "b": f"Second {n}",
            "model": "secret",
        }
        for n in range(1, count + 1)
    ]


def a_new_project(owner: Person, **details: Any) -> Project:
    """Return a draft with the pairwise design and its blank task."""
    given = {"title": "Compare", "design": STARTING_DESIGNS["pairwise"].build(), "at": NOON} | details
    return create_project(by=owner, **given)


def an_upload(owner: Person, project: Project, content: bytes, *, filename: str = "rows.jsonl") -> Upload:
    file = ContentFile(content)
    return receive_upload(project_id=project.pk, by=owner, file=file, filename=filename, at=NOON)


def with_rows(owner: Person, project: Project, count: int = 3) -> Upload:
    """Put so many rows into the project."""
    upload = an_upload(owner, project, jsonl(pairs(count)))
    return add_rows(upload_id=upload.pk, by=owner, skip_bad=False, at=NOON)
