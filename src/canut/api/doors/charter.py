"""The charter, which everybody may read."""

from typing import Annotated

from django.http import HttpRequest
from ninja import Query

from canut.api.operations import Doors
from canut.api.shapes.charter import Charter, Parameter
from canut.api.shapes.common import MomentIn
from canut.charter.queries import InForce, all_in_force
from canut.charter.rules import to_json
from canut.kernel import clock

doors = Doors("charter")

At = Annotated[MomentIn | None, Query(description="The moment asked about; now, if it is left out.")]


@doors.get("/charter", scope=None, answers=Charter)
def read_charter(request: HttpRequest, at: At = None) -> Charter:
    """Every parameter that the rules go by, with what holds for everybody at a moment. Needs no key.

    Values for one country or status alone, and the whole history, are on the page `/charter/`.
    """
    moment = at or clock.now()
    found = all_in_force(at=moment)
    return Charter(at=moment, parameters=[_parameter(holding) for holding in found.values()])


def _parameter(holding: InForce) -> Parameter:
    return Parameter(
        name=holding.parameter.name,
        value=to_json(holding.value),
        unit=str(holding.parameter.unit),
        meaning=str(holding.parameter.meaning),
        since=holding.since,
        entry_id=holding.entry_id,
        entry_kind=holding.entry_kind,
        cites=holding.cites,
    )
