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

# Places that are open or wait, and those of paid tasks that a job has still to open.
_KEPT = """
SELECT count(*) FILTER (WHERE q.round_id IS NOT NULL), count(*) FILTER (WHERE q.round_id IS NULL),
       (SELECT coalesce(sum(greatest(0, t.answers_wanted - (
            SELECT count(*) FROM work_place f
            WHERE f.project_id = t.project_id AND f.task_id = t.id AND f.state <> 'closed'))), 0)::bigint
        FROM work_task t
        WHERE t.revision_id = %(revision)s AND t.position > %(opened)s AND t.position <= %(paid)s)
FROM work_place q WHERE q.project_id = %(project)s AND q.state IN ('open', 'waiting')
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
    reserve answers for.
    """
    filled = Assignment.objects.filter(project=project, state__in=OCCUPIES, place_released=False).aggregate(
        ordinary=Sum("reward_minor", filter=Q(round__isnull=True)),
        of_rounds=Sum("reward_minor", filter=Q(round__isnull=False)),
    )
    kept, kept_round = _kept_minor(project)
    return SpokenFor(
        owed_minor=owed_pay_minor(project),
        kept_minor=kept,
        kept_round_minor=kept_round,
        filled_minor=int(filled["ordinary"] or 0),
        filled_round_minor=int(filled["of_rounds"] or 0),
    )


def _kept_minor(project: Project) -> tuple[int, int]:
    revision = published_revision(project)
    if revision is None or project.closed_at is not None:
        return 0, 0
    if project.pay_basis == PayBasis.HOUR:
        left = revision.hours_paid_seconds - revision.hours_reserved_seconds
        return hours_minor(seconds=max(0, left), hourly_minor=revision.hourly_minor), 0
    with connection.cursor() as cursor:
        cursor.execute(
            _KEPT,
            {
                "revision": revision.pk,
                "opened": revision.places_opened_to,
                "paid": revision.paid_upto,
                "project": project.pk,
            },
        )
        of_round, ordinary, unopened = cursor.fetchone()
    reward = revision.reward_minor
    return (ordinary + unopened) * reward, of_round * reward
