"""What a beat of the cascade looks at, read for many projects at once."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from functools import cached_property
from itertools import accumulate
from pathlib import Path
from typing import Any

from django.db import connection

from canut.charter.queries import in_force
from canut.reputation.rules_cascade import Ladders

PEOPLE, STRANGERS, LOOKED = 200, 500, 20_000
"""How many people a search looks at: of one project's or requester's rated; of the best rated everywhere
and of the unrated those who are active, for whom no more than `LOOKED` are looked through."""

_HERE = Path(__file__).parent
_COULD_COME = (_HERE / "could_come.sql").read_text()
_STANDING = (_HERE / "cascading.sql").read_text()
_EXISTING = (_HERE / "existing_standings.sql").read_text()
_EVERYBODY = Decimal(99)

# Both BRIN indexes on when work was taken and handed in hold only what those times span, so each part
# reads the window and little else.
_COUNTS = """
WITH asked AS MATERIALIZED (
    SELECT * FROM unnest(%(projects)s::bigint[], %(began)s::timestamptz[], %(ended)s::timestamptz[])
                  asked (id, began, ended))
SELECT project_id, count(*) FROM (
    SELECT a.project_id FROM work_assignment a JOIN asked ON asked.id = a.project_id
    WHERE a.taken_at >= %(first)s AND a.taken_at < %(last)s
      AND a.taken_at >= asked.began AND a.taken_at < asked.ended
    UNION ALL
    SELECT s.project_id FROM work_submission s JOIN asked ON asked.id = s.project_id
    WHERE s.submitted_at >= %(first)s AND s.submitted_at < %(last)s
      AND s.submitted_at >= asked.began AND s.submitted_at < asked.ended) happened
GROUP BY project_id
"""

# Work that is handed in again was done once.
_DONE = """
SELECT width_bucket(s.submitted_at, %(moments)s::timestamptz[]),
       CASE WHEN s.project_id = ANY (%(projects)s) THEN s.project_id END, sum(r.expected_seconds)
FROM work_submission s
JOIN work_assignment a ON a.id = s.assignment_id
JOIN work_revision r ON r.id = a.revision_id
WHERE s.submitted_at >= %(first)s AND s.submitted_at < %(last)s AND s.attempt = 1
GROUP BY 1, 2
"""

_OPEN = """
SELECT p.id, open.places * r.expected_seconds
FROM (SELECT project_id, count(*) AS places FROM work_place WHERE rank IS NOT NULL GROUP BY project_id) open
JOIN work_project p ON p.id = open.project_id AND p.state = 'live'
    AND (p.deadline_at IS NULL OR p.deadline_at > %(at)s)
CROSS JOIN LATERAL (SELECT expected_seconds FROM work_revision r
                    WHERE r.project_id = p.id AND r.published_at IS NOT NULL
                    ORDER BY r.number DESC LIMIT 1) r
"""


_EVERYWHERE = """
SELECT party_id, value, n = %(looked)s OR row_number() OVER () = %(strangers)s
FROM (SELECT s.* FROM (
          SELECT o.*, row_number() OVER () AS n FROM (
              SELECT party_id, value FROM reputation_standing_v WHERE scale = 'platform' AND scale_id = 0
              ORDER BY value DESC LIMIT %(looked)s) o) s
      WHERE s.n = %(looked)s OR (
            (SELECT a.taken_at FROM work_assignment a WHERE a.worker_id = s.party_id
             ORDER BY a.id DESC LIMIT 1) > %(since)s
            AND EXISTS (SELECT FROM people_worker_v w WHERE w.worker_id = s.party_id AND w.may_work))
      LIMIT %(strangers)s) active
"""

_LATELY = """
SELECT worker_id, n = %(looked)s OR row_number() OVER () = %(strangers)s
FROM (SELECT a.* FROM (
          SELECT o.*, row_number() OVER () AS n FROM (
              SELECT worker_id, taken_at FROM work_assignment ORDER BY id DESC LIMIT %(looked)s) o) a
      WHERE a.taken_at > %(since)s AND (a.n = %(looked)s OR NOT EXISTS (
            SELECT FROM reputation_standing_v s
            WHERE s.party_id = a.worker_id AND s.scale = 'platform' AND s.scale_id = 0))
      LIMIT %(strangers)s) unrated
"""


class Active:
    """Who was active lately: the best rated everywhere, and those who are not rated there. Read once a run.

    Whether somebody of them could come into a project is asked when it matters. Where the last who was
    looked at is reached (`last`), somebody is taken to be there.
    """

    def __init__(self, at: datetime) -> None:
        self._given: dict[str, Any] = {
            "since": at - timedelta(days=in_force("cascade.active_days", at=at)),
            "strangers": STRANGERS,
            "looked": LOOKED,
        }

    @cached_property
    def everywhere(self) -> tuple[list[int], list[Decimal], list[bool]]:
        """People with their standings on the platform, the best first, and who is the last looked at."""
        found = self._found(_EVERYWHERE)
        return [one[0] for one in found], [one[1] for one in found], [one[2] for one in found]

    @cached_property
    def lately(self) -> tuple[list[int], list[bool]]:
        """People without a standing on the platform, who took a task last first, and the last looked at."""
        found = self._found(_LATELY)
        return [one[0] for one in found], [one[1] for one in found]

    def _found(self, statement: str) -> list[Any]:
        with connection.cursor() as cursor:
            cursor.execute(statement, self._given)
            return cursor.fetchall()


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of time of one project, its end not in it."""

    project_id: int
    began: datetime
    ended: datetime


def ladders_in_force(*, at: datetime) -> Ladders:
    """Return the charter's numbers for the cascade at this moment."""
    return Ladders(
        first=in_force("cascade.first_threshold", at=at),
        last=in_force("cascade.last_threshold", at=at),
        ladder=in_force("cascade.ladder_thresholds", at=at),
        throughput=in_force("cascade.throughput_thresholds", at=at),
        hold_share=in_force("cascade.throughput_hold_share", at=at),
        decimals=in_force("standing.decimals", at=at),
    )


def best_standings(
    project_ids: Sequence[int],
    *,
    at: datetime,
    below: Mapping[int, Decimal] | None = None,
    active: Active | None = None,
) -> Mapping[int, Decimal | None]:
    """Return for each project the highest standing of those who could come in; None where nobody could.

    With `below`, of those who stand strictly below it: where nobody does at or above is known. `active` is
    who was active at `at`, if that is known already.
    """
    below = below or {}
    asked = {project_id: (Decimal(0), below.get(project_id, _EVERYBODY)) for project_id in project_ids}
    return _standings(asked, found="greatest", at=at, active=active)


def nobody_stands(
    thresholds: Mapping[int, Decimal], *, at: datetime, active: Active | None = None
) -> list[int]:
    """Return the projects in which nobody who could come in stands at or above the given threshold."""
    asked = {project_id: (threshold, _EVERYBODY) for project_id, threshold in thresholds.items()}
    found = _standings(asked, found="coalesce", at=at, active=active)
    return [project_id for project_id, standing in found.items() if standing is None]


def existing_standings(below: Mapping[int, Decimal]) -> Mapping[int, Decimal | None]:
    """Return for each project the highest standing strictly below a threshold that anybody has toward it."""
    if not below:
        return {}
    given: dict[str, Any] = {"projects": list(below), "below": list(below.values()), "people": PEOPLE}
    with connection.cursor() as cursor:
        cursor.execute(_EXISTING, given)
        return dict(cursor.fetchall())


def counts_in(spans: Sequence[Span]) -> Mapping[int, int]:
    """Return how many tasks were taken and how many answers handed in, of each project in its span."""
    if not spans:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(_COUNTS, _arrays(spans))
        return defaultdict(int, cursor.fetchall())


def done_seconds(spans: Sequence[Span]) -> Mapping[int, tuple[int, int]]:
    """Return the expected seconds of work handed in, of each project and of all, in the project's span."""
    if not spans:
        return {}
    moments = sorted({moment for span in spans for moment in (span.began, span.ended)})
    given = _arrays(spans) | {"moments": moments}
    of_all, of_one = [0] * (len(moments) + 1), defaultdict[int, dict[int, int]](dict)
    with connection.cursor() as cursor:
        cursor.execute(_DONE, given)
        for bucket, project_id, seconds in cursor.fetchall():
            of_all[bucket] += int(seconds)
            if project_id is not None:
                of_one[project_id][bucket] = int(seconds)
    upto = list(accumulate(of_all))  # upto[n]: before the moment n
    done = {}
    for span in spans:
        first, last = bisect_left(moments, span.began), bisect_left(moments, span.ended)
        own = sum(seconds for bucket, seconds in of_one[span.project_id].items() if first < bucket <= last)
        done[span.project_id] = (own, upto[last] - upto[first])
    return done


def open_seconds(*, at: datetime) -> Mapping[int, int]:
    """Return the expected seconds of the work that is open in each live project."""
    with connection.cursor() as cursor:
        cursor.execute(_OPEN, {"at": at})
        return dict(cursor.fetchall())


def _standings(
    asked: Mapping[int, tuple[Decimal, Decimal]], *, found: str, at: datetime, active: Active | None
) -> Mapping[int, Decimal | None]:
    if not asked:
        return {}
    active = active or Active(at)
    unrated = in_force("standing.unrated", at=at)
    everywhere, values, last = active.everywhere
    asks_for_unrated = any(least <= unrated < below for least, below in asked.values())
    lately, lately_last = active.lately if asks_for_unrated else ([], [])
    statement = _STANDING.format(
        found=found,
        rated_could_come=_COULD_COME.format(worker="s.party_id"),
        allowed_could_come=_COULD_COME.format(worker="s.person_id"),
        unrated_could_come=_COULD_COME.format(worker="s.worker_id"),
    )
    given: dict[str, Any] = {
        "projects": list(asked),
        "least": [least for least, _below in asked.values()],
        "below": [below for _least, below in asked.values()],
        "since": at - timedelta(days=in_force("cascade.active_days", at=at)),
        "unrated": unrated,
        "people": PEOPLE,
        "strangers": STRANGERS,
        "everywhere": everywhere,
        "everywhere_values": values,
        "everywhere_last": last,
        "lately": lately,
        "lately_last": lately_last,
    }
    with connection.cursor() as cursor:
        cursor.execute(statement, given)
        return dict(cursor.fetchall())


def _arrays(spans: Iterable[Span]) -> dict[str, Any]:
    projects, began, ended = zip(*((one.project_id, one.began, one.ended) for one in spans), strict=True)
    return {
        "projects": list(projects),
        "began": list(began),
        "ended": list(ended),
        "first": min(began),
        "last": max(ended),
    }
