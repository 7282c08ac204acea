"""A requester gives values of a qualification to workers whom they know, one or many at once."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from canut.kernel.refusals import BadInput, Refusal
from canut.people.models import Person
from canut.people.queries import WhoIs, people_named, who_are
from canut.reputation.access import qualification_in_use
from canut.reputation.queries_qualifications import given_to_by, given_up
from canut.reputation.rules_qualifications import LARGEST_VALUE, LONGEST_VALUE, value_of
from canut.reputation.usecases.grant_values import Granted, grant_values
from canut.work.queries.worked_with import handed_in_to

MOST_AT_ONCE = 1_000
"""How many values one call gives."""

MOST_NAMED = 50
"""How many bad rows a refusal names."""


@dataclass(frozen=True, slots=True)
class Row:
    """One person, by screen name or by number, and the value for them as it was written.

    `number` is what the row is called to whoever wrote it; without one, its place among the rows.
    """

    who: str | int
    value: str | int | Decimal
    number: int | None = None


class RowsRefused(Refusal):
    """Nothing was granted. Facts: `count` of bad rows, and the first of them as `rows`.

    Each says its number (`row`: from 1, or its own), whom it named (`who`), what was wrong with it (`code`:
    "value", "unknown", "oneself", "closed", "given_up", "twice") and the same as a sentence (`why`).
    """

    code = "qualification_rows_refused"
    status = 422


@dataclass(frozen=True, slots=True)
class _Wrong:
    code: str
    why: str


@transaction.atomic
def grant_qualification(
    *, qualification_id: int, by: Person, rows: Sequence[Row], at: datetime, reason: str = ""
) -> Granted:
    """Give each of these workers their value, all or none. What they may take follows at once.

    A worker is named by screen name, or by number if they have handed in work to `by` or `by` has given
    them a value before. The same once more is safe. They are told by mail, and can give it up.

    Raises:
        QualificationNotFound: there is none, or it is somebody else's.
        QualificationIsRetired: nobody is given it any more.
        BadInput: there is no row or too many, or the reason is too long or cannot be stored.
        RowsRefused: a row cannot be granted.
    """
    qualification = qualification_in_use(qualification_id, by=by)
    if not 1 <= len(rows) <= MOST_AT_ONCE:
        sentence = _("Name between one and %(count)s people at once.") % {"count": f"{MOST_AT_ONCE:,}"}
        raise BadInput(sentence, errors={"rows": sentence})
    found = _known(rows, by=by)
    refusers = given_up(qualification.pk, {one.id for one in found if one is not None})
    values: dict[int, Decimal] = {}
    wrong: list[tuple[int, Row, _Wrong]] = []
    for place, (row, who) in enumerate(zip(rows, found, strict=True), start=1):
        value = value_of(row.value)
        problem = _problem(value, who, by=by, refusers=refusers, values=values)
        if problem is not None:
            wrong.append((place if row.number is None else row.number, row, problem))
        elif who is not None and value is not None:
            values[who.id] = value
    if wrong:
        raise _refused(wrong)
    return grant_values(qualification_id=qualification.pk, by=by, values=values, reason=reason, at=at)


def _known(rows: Sequence[Row], *, by: Person) -> list[WhoIs | None]:
    """Return whom each row means, None where `by` knows nobody of this name or number."""
    named = people_named({row.who for row in rows if isinstance(row.who, str)})
    numbers = {row.who for row in rows if isinstance(row.who, int) and 0 < row.who < 2**63}
    numbered = who_are(handed_in_to(by, numbers) | given_to_by(by.pk, numbers))
    return [
        named.get(row.who.strip().lower()) if isinstance(row.who, str) else numbered.get(row.who)
        for row in rows
    ]


def _problem(
    value: Decimal | None,
    who: WhoIs | None,
    *,
    by: Person,
    refusers: Collection[int],
    values: Collection[int],
) -> _Wrong | None:
    """Return what is wrong with a row, after those whose `values` are taken already."""
    if who is None:
        return _Wrong(
            "unknown",
            _(
                "You know nobody of this name or number. Check the spelling; numbers are those of people "
                "who handed in work to you."
            ),
        )
    if value is None:
        largest = f"{LARGEST_VALUE:,}"
        return _Wrong(
            "value",
            _("Write the value as a number with at most two decimals, no larger than %(largest)s.")
            % {"largest": largest},
        )
    if who.id == by.pk:
        return _Wrong("oneself", _("You cannot give it to yourself."))
    if who.is_closed:
        return _Wrong("closed", _("This account is closed."))
    if who.id in refusers:
        return _Wrong(
            "given_up", _("This person has given it up. Only they can take it back, on their own page.")
        )
    if who.id in values:
        return _Wrong("twice", _("This person stands in a row before already."))
    return None


def _refused(wrong: Sequence[tuple[int, Row, _Wrong]]) -> RowsRefused:
    number, row, first = wrong[0]
    who = str(row.who)[:60]
    sentence = _("Row %(row)s (%(who)s): %(why)s Nothing was granted.") % {
        "row": number,
        "who": who,
        "why": first.why,
    }
    named = [
        {
            "row": number,
            "who": str(row.who)[:60],
            "value": str(row.value)[:LONGEST_VALUE],
            "code": problem.code,
            "why": problem.why,
        }
        for number, row, problem in wrong[:MOST_NAMED]
    ]
    return RowsRefused(sentence, count=len(wrong), rows=named)
