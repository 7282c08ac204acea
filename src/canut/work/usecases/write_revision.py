"""Writing to a revision that is not published yet, with what follows from it: its tasks are fitted to it."""

from collections.abc import Mapping
from typing import Any

from canut.work.designs.schema import columns_of, read_design, to_json
from canut.work.models import Project, Revision
from canut.work.usecases.fit_rows import fit_rows, refuse_while_rows_move


def write_revision(project: Project, revision: Revision, values: Mapping[str, Any]) -> list[str]:
    """Write the given values that differ, None standing for no change, and return their names.

    Must run in a transaction, the project's row locked. What workers are shown of the rows follows the
    design, how many answers the tasks want follows the revision.

    Raises:
        DesignRefused: the design cannot be used.
        RowsUnderWay: rows are becoming tasks just now, and this would change them.
    """
    given = {name: value for name, value in values.items() if value is not None}
    columns = before = columns_of(read_design(revision.design))
    if "design" in given:
        read = read_design(given["design"])
        given["design"], columns = to_json(read), columns_of(read)
    changed = [name for name, value in given.items() if getattr(revision, name) != value]
    must_fit = columns != before or "answers_per_task" in changed
    if must_fit:
        refuse_while_rows_move(project)
    for name in changed:
        setattr(revision, name, given[name])
    if changed:
        revision.save(update_fields=changed)
    if must_fit:
        fit_rows(project, revision)
    return changed
