"""What of a project's money is spoken for: work that may still be paid, and places that are paid for."""

from dataclasses import dataclass

from django.db import connection
from django.db.models import Q, Sum

from canut.work.models import Assignment, Project
from canut.work.queries.sessions import published_revision, reserved_minor
from canut.work.rules_hours import hours_minor
from canut.work.states import OCCUPIES, PayBasis

STILL_OWED = Q(state__in=["held", "submitted", "returned"]) | Q(state="rejected", place_released=False)
"""Assignments whose reward must stay in escrow: in hand, undecided, or rejected with its hold running."""

# Work in hand or undecided; work that fills a place; places that are open, wait or are paused; and places of
# paid tasks that a job has still to open. One statement sees them all at one moment: a claim and a give-back
# do not wait for who counts, and a place that moved between two statements would be in neither count.
_SPOKEN_FOR = """
SELECT
  (SELECT coalesce(sum(a.reward_minor), 0)::bigint FROM work_assignment a
   WHERE a.project_id = %(project)s AND (a.state IN ('held', 'submitted', 'returned')
                                         OR (a.state = 'rejected' AND NOT a.place_released))),
  (SELECT ARRAY[coalesce(sum(a.reward_minor) FILTER (WHERE a.round_id IS NULL), 0)::bigint,
                coalesce(sum(a.reward_minor) FILTER (WHERE a.round_id IS NOT NULL), 0)::bigint]
   FROM work_assignment a
   WHERE a.project_id = %(project)s AND a.state = ANY(%(occupies)s) AND NOT a.place_released),
  (SELECT ARRAY[count(*) FILTER (WHERE q.round_id IS NULL), count(*) FILTER (WHERE q.round_id IS NOT NULL)]
   FROM work_place q WHERE q.project_id = %(project)s AND q.state IN ('open', 'waiting', 'paused')),
  (SELECT coalesce(sum(greatest(0, t.answers_wanted - (
      SELECT count(*) FROM work_place f
      WHERE f.project_id = t.project_id AND f.task_id = t.id AND f.state <> 'closed'))), 0)::bigint
   FROM work_task t
   WHERE t.revision_id = %(revision)s AND t.position > %(opened)s AND t.position <= %(paid)s
     AND NOT EXISTS (SELECT FROM work_brokenrow b
                     WHERE b.task_id = t.id AND b.state IN ('paused', 'withdrawn')))
"""


@dataclass(frozen=True, slots=True)
class SpokenFor:
    """Pay in minor units: owed to somebody if their work is good, and kept for places nobody has taken.

    The parts that belong to prototype rounds are named apart, for their reserve is another.
    """

    owed_minor: int
    kept_minor: int
    kept_round_minor: int
    filled_minor: int
    filled_round_minor: int

    @property
    def pay_minor(self) -> int:
        """All pay that must be in escrow."""
        return self.owed_minor + self.kept_minor + self.kept_round_minor


def owed_pay_minor(project: Project) -> int:
    """Return the pay of work in hand and undecided, and what open sessions by the hour may still be paid."""
    owed = Assignment.objects.filter(STILL_OWED, project=project).aggregate(total=Sum("reward_minor"))
    return int(owed["total"] or 0) + reserved_minor(project.pk)


def spoken_for(project: Project) -> SpokenFor:
    """Return what of a published project's pay is spoken for; nothing of it may be given back.

    `filled_minor` is the pay of all places that somebody fills, decided and paid ones too: what the
    reserve answers for. The project's row must be locked if money is to move by it: then what others may do
    at the same time, which is to take a place or to give it back, leaves the sums right.
    """
    revision = published_revision(project)
    is_open = revision is not None and project.closed_at is None
    with connection.cursor() as cursor:
        cursor.execute(
            _SPOKEN_FOR,
            {
                "project": project.pk,
                "occupies": list(OCCUPIES),
                "revision": revision.pk if revision else None,
                "opened": revision.places_opened_to if revision else 0,
                "paid": revision.paid_upto if revision else 0,
            },
        )
        owed, filled, places, unopened = cursor.fetchone()
    kept = kept_round = 0
    if revision is not None and is_open and project.pay_basis == PayBasis.HOUR:
        left = revision.hours_paid_seconds - revision.hours_reserved_seconds
        kept = hours_minor(seconds=max(0, left), hourly_minor=revision.hourly_minor)
    elif revision is not None and is_open:
        kept, kept_round = (places[0] + unopened) * revision.reward_minor, places[1] * revision.reward_minor
    return SpokenFor(
        owed_minor=owed + reserved_minor(project.pk),
        kept_minor=kept,
        kept_round_minor=kept_round,
        filled_minor=filled[0],
        filled_round_minor=filled[1],
    )
