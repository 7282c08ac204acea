"""A prototype round opens: its places, and its money alone, before the rest is paid for (MECHANISMS 3)."""

from datetime import datetime

from django.db import connection
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from canut.charter.queries import in_force
from canut.kernel.events import record
from canut.kernel.refusals import Refusal
from canut.people.models import Person
from canut.work.hot.statements import RANKS
from canut.work.models import Place, Project, Revision, Round
from canut.work.queries.gates import Gate
from canut.work.queries.wanted import WANTING, about
from canut.work.rules_rounds import covers_tasks
from canut.work.states import PlaceState
from canut.work.usecases.keep_cascade_clock import keep_cascade_clock


class RoundRunning(Refusal):
    """A prototype round of the project runs. Facts: `round`, its number."""

    code = "round_running"


class DesignNotRevised(Refusal):
    """The workers of the last round asked for a revision, and nothing was changed since."""

    code = "design_not_revised"


# Tasks are drawn by lot; where some want fewer answers than the round has workers a task, the others first.
_OPEN = """
WITH {wanting},
drawn AS (
    SELECT id, of_task, least(wanted, %(workers)s) AS most FROM wanting WHERE wanted > 0
    ORDER BY least(wanted, %(workers)s) DESC, random() LIMIT %(tasks)s
),
free AS (
    SELECT d.id, n.number, d.most, row_number() OVER (PARTITION BY d.id ORDER BY n.number) AS nth
    FROM drawn d CROSS JOIN LATERAL generate_series(1, d.of_task) n (number)
    WHERE NOT EXISTS (SELECT FROM work_place q WHERE q.project_id = %(project)s AND q.task_id = d.id
                      AND q.number = n.number AND q.state <> 'closed')
)
INSERT INTO work_place (project_id, task_id, number, state, rank, round_id)
SELECT %(project)s, id, number, 'open', (random() * %(ranks)s)::int, %(round)s FROM free WHERE nth <= most
ON CONFLICT (project_id, task_id, number)
DO UPDATE SET state = 'open', rank = EXCLUDED.rank, round_id = EXCLUDED.round_id, for_newcomers = false
"""


def refuse_if_stopped(gate: Gate, project: Project) -> None:
    """Raise RoundRunning or DesignNotRevised if the gate says that nothing may begin just now."""
    if gate.why == "round_running" and project.round is not None:
        raise RoundRunning(
            _(
                "A prototype round of this project runs. When its workers have voted, the rest can begin, or "
                "the design is revised."
            ),
            round=project.round.number,
        )
    if gate.why == "not_revised":
        raise DesignNotRevised(
            _(
                "The workers of the prototype round asked for a revision. Change what they found unclear, or "
                "the pay or the time, then publish the revision: it is tried anew."
            )
        )


def begin_round(
    project: Project, revision: Revision, gate: Gate, *, by: Person | None, at: datetime
) -> Round:
    """Open a round as large as the gate says, of a published revision; its money must be set aside.

    The project's and the revision's rows must be locked. Other places that are open wait until it ends.
    """
    number = Round.objects.filter(revision=revision).aggregate(last=Max("number"))["last"] or 0
    round_ = Round.objects.create(
        project=project,
        revision=revision,
        number=number + 1,
        tasks=gate.tasks,
        workers_a_task=gate.workers_a_task,
        places=gate.places,
        most_per_worker=gate.most_per_worker,
        covers_tasks=covers_tasks(tasks=gate.tasks, factor=in_force("prototype.coverage_factor", at=at)),
        opened_at=at,
    )
    Place.objects.filter(project=project, state=PlaceState.OPEN).update(state=PlaceState.WAITING, rank=None)
    with connection.cursor() as cursor:
        cursor.execute(
            _OPEN.format(wanting=WANTING),
            {
                **about(project, revision),
                "workers": gate.workers_a_task,
                "tasks": gate.tasks,
                "round": round_.pk,
                "ranks": RANKS - 1,
            },
        )
        if cursor.rowcount != gate.places:
            raise RuntimeError(
                f"round {round_.pk} has {gate.places} places and {cursor.rowcount} were opened"
            )
    project.round, project.round_most = round_, gate.most_per_worker
    project.save(update_fields=["round", "round_most"])
    keep_cascade_clock(project, at=at)
    record(
        by,
        "round.opened",
        round_,
        at=at,
        project_id=project.pk,
        tasks=gate.tasks,
        places=gate.places,
        covers_tasks=round_.covers_tasks,
    )
    return round_
