"""A requester works on a design step by step: what is sound is the draft's design, what is not yet waits."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from canut.kernel.events import record
from canut.people.models import Person
from canut.work.access import latest_revision, own_project, require_requester
from canut.work.designs.problems import DesignProblem, DesignRefused
from canut.work.designs.registry import ITEM_TYPES
from canut.work.designs.schema import MOST_ITEMS, read_design, refuse_works_by_hand, to_json
from canut.work.models import Project
from canut.work.usecases.change_draft import change_draft, mark_changed, refuse_if_not_editable
from canut.work.usecases.keep_design_version import keep_design_version

MOST_UNFINISHED_BYTES = 2_000_000


@dataclass(frozen=True)
class EditedDesign:
    """What came of a step. `problems` say why the design is not sound yet; nothing typed is lost by that."""

    project: Project
    problems: Sequence[DesignProblem]


@transaction.atomic
def edit_design(
    *,
    project_id: int,
    by: Person,
    at: datetime,
    design: Mapping[str, Any],
    step: str,
    based_on: datetime | None = None,
) -> EditedDesign:
    """Keep a design as the next version; if it is sound, it becomes the draft's design.

    One that is not sound waits among the versions, for its editor to go on with; the draft's design
    stays what it was. `step` says what led to it (`DesignStep`), `based_on` as for `change_draft`.

    Raises:
        RequesterRoleMissing, ProjectNotFound, ProjectNotDraft, DraftChangedMeanwhile: as `change_draft`.
        DesignRefused: it cannot even be kept: no list of items of known types, too large, or with a
            character that cannot be stored.
        RowsUnderWay: rows are becoming tasks just now, and this would change them.
    """
    try:
        sound = to_json(read_design(design))
    except DesignRefused as refused:
        if not _can_wait(design, refused):
            raise
        problems = refused.problems
    else:
        project = change_draft(
            project_id=project_id, by=by, at=at, based_on=based_on, design=sound, design_step=step
        )
        return EditedDesign(project, ())

    require_requester(by)
    project = own_project(project_id, by=by, lock=True)
    revision = latest_revision(project)
    refuse_if_not_editable(project, revision, based_on=based_on)
    refuse_works_by_hand(design, before=revision.design)
    if keep_design_version(revision, design, step=step, is_sound=False, by=by, at=at):
        mark_changed(project, at=at)
        record(by, "project.design_tried", project, at=at, version=revision.design_version)
    return EditedDesign(project, problems)


def _can_wait(design: Mapping[str, Any], refused: DesignRefused) -> bool:
    """Tell whether a form can show the design again as it is."""
    items = design.get("items")
    known = isinstance(items, list) and all(
        isinstance(item, dict) and item.get("type") in ITEM_TYPES for item in items
    )
    storable = all(problem.code != "unstorable" for problem in refused.problems)
    return (
        known
        and storable
        and len(design["items"]) <= MOST_ITEMS
        and len(json.dumps(design)) <= MOST_UNFINISHED_BYTES
    )
