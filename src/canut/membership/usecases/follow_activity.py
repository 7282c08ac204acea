"""Membership hears of what people do: days of work and of requesting, and accounts that closed."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, datetime

from django.db import connection, transaction

from canut.kernel.events import Happened, read_new
from canut.membership.days import site_day
from canut.membership.usecases.end_membership import forget_member
from canut.people.models import Person
from canut.work.models import Project

READER = "membership"
HANDED_IN = "assignment.submitted"
REQUESTED = (
    "project.published",
    "project.launched",
    "revision.published",
    "submission.approved",
    "submission.returned",
    "submission.rejected",
)
CLOSED = "account.closed"
EVENTS = (HANDED_IN, *REQUESTED, CLOSED)


@transaction.atomic
def follow_activity(*, at: datetime, most: int = 2_000) -> int:
    """Count the days on which people worked or requested since the last call; return how much was read.

    A day counts as worked for who handed work in. It counts as requesting for who published or decided, and
    for the owner of what was handed in; what the software does by itself counts for nobody, and bodies such
    as guilds have no days. The work of an account that is closed meanwhile counts for nobody either. What is
    read and what follows is one transaction, and runners take turns, so nothing is missed or counted twice.
    """
    happened = read_new(READER, names=EVENTS, most=most)
    owners = _owners(happened)
    days: dict[tuple[int, date], list[bool]] = defaultdict(lambda: [False, False])
    for event in happened:
        day = site_day(event.at)
        if event.name == HANDED_IN:
            if event.by_id is not None:
                days[event.by_id, day][0] = True
            days[owners[int(event.data["project_id"])], day][1] = True
        elif event.name in REQUESTED and event.by_id is not None:
            days[event.by_id, day][1] = True
    people = set(
        Person.objects.filter(pk__in={who for who, _day in days}, is_active=True).values_list("pk", flat=True)
    )
    _keep({key: value for key, value in days.items() if key[0] in people})
    for event in happened:
        if event.name == CLOSED:
            forget_member(person_id=event.subject_id, at=max(at, event.at))
    return len(happened)


def _owners(happened: Sequence[Happened]) -> Mapping[int, int]:
    projects = {int(event.data["project_id"]) for event in happened if event.name == HANDED_IN}
    return dict(Project.objects.filter(pk__in=projects).values_list("pk", "owner_id"))


def _keep(days: Mapping[tuple[int, date], Sequence[bool]]) -> None:
    """Write days down; a day that was worked and is requesting now is both from now on."""
    if not days:
        return
    rows = sorted((who, day, worked, requested) for (who, day), (worked, requested) in days.items())
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO membership_activityday AS known (person_id, day, worked, requested)
            SELECT * FROM unnest(%s::bigint[], %s::date[], %s::boolean[], %s::boolean[])
            ON CONFLICT (person_id, day) DO UPDATE
            SET worked = known.worked OR EXCLUDED.worked, requested = known.requested OR EXCLUDED.requested
            """,
            [list(column) for column in zip(*rows, strict=True)],
        )
