"""What is asked for when somebody asks for results, with every default put in."""

from typing import Any

from django.utils.translation import gettext as _

from canut.kernel.refusals import BadInput
from canut.work.designs.pairwise import Pairwise
from canut.work.designs.schema import read_design
from canut.work.models import Project, Revision
from canut.work.queries.answers import row_columns
from canut.work.queries.readings import likely_items

STATISTICS = "statistics"

ALL_REVISIONS = 0
"""In place of a revision's number: the answers to all of them, mixed because somebody asked for that."""


def results_wanted(
    project: Project,
    *,
    question: str = "",
    revision: int | None = None,
    approved_only: bool = False,
    smoothing: int = 1,
    gold: str = "",
    item_a: str | None = None,
    item_b: str | None = None,
) -> dict[str, Any]:
    """Return what was asked for in full, every default put in: the identity of these results.

    Answers of several revisions are mixed only if `revision` is ALL_REVISIONS; the question is then that
    of the newest one that was published.

    Raises:
        BadInput: as `compute_results`.
    """
    errors: dict[str, str] = {}
    found = revision_numbered(project, revision)
    mixes = revision == ALL_REVISIONS and Revision.objects.filter(project=project).count() > 1
    if found is None:
        raise BadInput(
            _("The project has no such revision."), errors={"revision": _("There is no such revision.")}
        )
    questions = {asked.name: asked for asked in read_design(found.design).questions}
    chosen = questions.get(question) if question else next(iter(questions.values()))
    columns = row_columns(project)
    if chosen is None:
        errors["question"] = _("The design asks no such question.")
    if smoothing not in (0, 1):
        errors["smoothing"] = _("The smoothing is 1 or 0.")
    if chosen is None or not isinstance(chosen, Pairwise):
        item_a = item_b = ""
    elif item_a is None or item_b is None:
        item_a, item_b = likely_items(chosen, columns)
    for name, column in {"gold": gold, "item_a": item_a, "item_b": item_b}.items():
        if column and column not in columns:
            errors[name] = _("The uploaded rows have no such column.")
    if bool(item_a) != bool(item_b):
        errors["item_b" if item_a else "item_a"] = _("Choose a column for both sides, or for neither.")
    elif item_a and item_a == item_b:
        errors["item_b"] = _("The two sides need a column each.")
    if errors:
        raise BadInput(_("These results cannot be worked out: look at what was chosen."), errors=errors)
    return {
        "revision": ALL_REVISIONS if mixes else found.number,
        "question": chosen.name if chosen else "",
        "approved_only": approved_only,
        "smoothing": smoothing,
        "gold": gold,
        "item_a": item_a,
        "item_b": item_b,
    }


def revision_numbered(project: Project, number: int | None) -> Revision | None:
    """Return a revision by its number; without one the newest that was published, else the newest."""
    revisions = Revision.objects.filter(project=project).order_by("-number")
    if number not in (None, ALL_REVISIONS):
        return revisions.filter(number=number).first()
    return revisions.filter(published_at__isnull=False).first() or revisions.first()
