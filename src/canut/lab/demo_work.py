"""What the demo's projects ask, and what simulated people answer."""

import json
import random
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.core.files.base import ContentFile

from canut.people.models import Person
from canut.work.models import Project
from canut.work.usecases.add_rows import add_rows
from canut.work.usecases.create_project import create_project
from canut.work.usecases.receive_upload import receive_upload


def demo_draft(
    owner: Person,
    *,
    title: str,
    description: str,
    design: dict[str, Any],
    rows: Sequence[dict[str, str]],
    kind: str,
    at: datetime,
    cascade_policy: str = "",
) -> Project:
    """Make a draft whose tasks are these rows, each to be answered by three people."""
    project = create_project(
        by=owner,
        title=title,
        description=description,
        design=design,
        kind=kind,
        language="fr",
        reward_minor=25 if kind == "paid" else 0,
        expected_seconds=60,
        answers_per_task=3,
        cascade_policy=cascade_policy,
        at=at,
    )
    file = ContentFile(_jsonl(rows))
    upload = receive_upload(project_id=project.pk, by=owner, file=file, filename="sentences.jsonl", at=at)
    add_rows(upload_id=upload.pk, by=owner, skip_bad=False, at=at)
    return project


def _jsonl(rows: Sequence[dict[str, str]]) -> bytes:
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows).encode()


def some_answer(draw: random.Random, careful: float, *, of: int) -> dict[str, str]:
    """Say what most would say of the task, or, less carefully, something else."""
    verdicts = ["right", "wrong", "unnatural"]
    (commonest,) = random.Random(of).choices(verdicts, weights=(8, 1, 1))  # noqa: S311
    others = [verdict for verdict in verdicts if verdict != commonest]
    verdict = commonest if draw.random() < careful else draw.choice(others)
    if verdict == "right":
        return {"verdict": verdict}
    return {"verdict": verdict, "better": "(A simulated worker has nothing better to offer.)"}
