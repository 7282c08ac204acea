"""Opening the places that were paid for: one row each, so that none can be given out too often."""

from django.db import connection, transaction
from django.db.models import F

from canut.work.hot.statements import RANKS
from canut.work.models import Project, Revision
from canut.work.states import ProjectState

AT_ONCE = 5_000
"""How many tasks get their places in one transaction."""

_OPEN = """
INSERT INTO work_place (project_id, task_id, number, state, rank)
SELECT t.project_id, t.id, n, 'open', (random() * %(ranks)s)::int
FROM work_task t, generate_series(1, t.answers_wanted) n
WHERE t.revision_id = %(revision)s AND t.position > %(after)s AND t.position <= %(upto)s
"""


@transaction.atomic
def open_places(*, revision_id: int, most: int = AT_ONCE) -> int:
    """Open the places of up to `most` further tasks of a published revision; return how many are left.

    The revision's row is locked and remembers how far it came, so that running this twice, on two
    nodes, or again after a crash opens each place once. A closed project's tasks get none.
    """
    revision = Revision.objects.select_for_update(no_key=True).get(pk=revision_id)
    project = Project.objects.get(pk=revision.project_id)
    if project.state not in (ProjectState.LIVE, ProjectState.PAUSED):
        return 0
    upto = min(revision.paid_upto, revision.places_opened_to + most)
    if upto > revision.places_opened_to:
        with connection.cursor() as cursor:
            cursor.execute(
                _OPEN,
                {
                    "ranks": RANKS - 1,
                    "revision": revision_id,
                    "after": revision.places_opened_to,
                    "upto": upto,
                },
            )
        revision.places_opened_to = upto
        revision.save(update_fields=["places_opened_to"])
    return revision.paid_upto - upto


def revisions_to_open() -> list[int]:
    """Return the live revisions that have paid tasks without places, for the sweep that finishes them."""
    unfinished = Revision.objects.filter(published_at__isnull=False, places_opened_to__lt=F("paid_upto"))
    running = unfinished.filter(project__state__in=[ProjectState.LIVE, ProjectState.PAUSED])
    return list(running.order_by("pk").values_list("pk", flat=True))
