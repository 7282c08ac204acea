"""Opening the places that were paid for: one row each, so that none can be given out too often."""

from datetime import datetime

from django.core.cache import cache
from django.db import connection, transaction
from django.db.models import F, Sum

from canut.charter.queries import in_force
from canut.work.hot.statements import RANKS
from canut.work.models import Project, Revision, Task
from canut.work.states import PlaceState, ProjectState

AT_ONCE = 5_000
"""How many tasks get their places in one transaction."""

# As many places as the task wants answers, less those that are taken or open: one that was closed opens
# again, and belongs to no prototype round any more. While a further round runs, they wait for its end. Rows
# that are out of the feed get none: nothing was set aside for them.
# Which places are kept for newcomers is fixed here, by their position in the project alone
# (reputation.rules_cascade.is_newcomer_place): every tenth.
_OPEN = """
INSERT INTO work_place (project_id, task_id, number, state, rank, for_newcomers)
SELECT project_id, id, number, %(state)s, CASE WHEN %(state)s = 'open'
           THEN CASE WHEN %(cascading)s AND is_kept THEN -1 - drawn ELSE drawn END END, is_kept
FROM (
SELECT t.project_id, t.id, free.number, kept.is_kept, (random() * %(ranks)s)::int AS drawn
FROM (SELECT t.*, %(before)s + sum(t.answers_wanted) OVER (ORDER BY t.position) - t.answers_wanted
                  AS places_before
      FROM work_task t
      WHERE t.revision_id = %(revision)s AND t.position > %(after)s AND t.position <= %(upto)s) t
CROSS JOIN LATERAL (
    SELECT count(*) AS filled, array_agg(q.number) AS numbers FROM work_place q
    WHERE q.project_id = t.project_id AND q.task_id = t.id AND q.state <> 'closed') q
CROSS JOIN LATERAL (
    SELECT number FROM generate_series(1, t.answers_wanted) number
    WHERE number <> ALL (coalesce(q.numbers, '{}'))
    ORDER BY number LIMIT greatest(0, t.answers_wanted - q.filled)) free
CROSS JOIN LATERAL (
    SELECT floor((t.places_before + free.number) * %(newcomers)s::numeric)
           > floor((t.places_before + free.number - 1) * %(newcomers)s::numeric) AS is_kept) kept
WHERE NOT EXISTS (SELECT FROM work_brokenrow b WHERE b.task_id = t.id AND b.state IN ('paused', 'withdrawn'))
) place
ON CONFLICT (project_id, task_id, number)
DO UPDATE SET state = EXCLUDED.state, rank = EXCLUDED.rank, round_id = NULL,
    for_newcomers = EXCLUDED.for_newcomers
"""


@transaction.atomic
def open_places(*, revision_id: int, at: datetime, most: int = AT_ONCE) -> int:
    """Open the places of up to `most` further tasks of a published revision; return how many are left.

    A closed one of them opens again, whatever it was closed for: its money is set aside anew.

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
                    "cascading": project.threshold is not None,
                    "newcomers": in_force("newcomers.place_share", at=at),
                    "state": PlaceState.OPEN if project.round_id is None else PlaceState.WAITING,
                    "revision": revision_id,
                    "after": revision.places_opened_to,
                    "upto": upto,
                    "before": _places_upto(revision_id, revision.places_opened_to),
                },
            )
        revision.places_opened_to = upto
        revision.save(update_fields=["places_opened_to"])
    return revision.paid_upto - upto


def _places_upto(revision_id: int, position: int) -> int:
    """Return how many places the tasks up to this one come to.

    How many they were a batch ago is kept for an hour: of a million tasks, all those before would else be
    added up again in each. What a revision's published tasks want never changes.
    """
    key = f"work.places_upto:{revision_id}"
    known_position, known = cache.get(key, (0, 0)) if position >= AT_ONCE else (0, 0)
    if known_position > position:
        known_position, known = 0, 0
    since = Task.objects.filter(revision_id=revision_id, position__gt=known_position, position__lte=position)
    places = int(known) + int(since.aggregate(places=Sum("answers_wanted"))["places"] or 0)
    if position - known_position >= AT_ONCE:
        cache.set(key, (position, places), 3600)
    return places


def revisions_to_open() -> list[int]:
    """Return the live revisions that have paid tasks without places, for the sweep that finishes them."""
    unfinished = Revision.objects.filter(published_at__isnull=False, places_opened_to__lt=F("paid_upto"))
    running = unfinished.filter(project__state__in=[ProjectState.LIVE, ProjectState.PAUSED])
    return list(running.order_by("pk").values_list("pk", flat=True))
