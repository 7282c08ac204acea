"""All that the site knows of somebody, room by room, as the rooms themselves tell it."""

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder

from canut.discussion import queries_own_data as discussion
from canut.forums import queries_own_data as forums
from canut.governance.queries import own_data as governance
from canut.guilds.queries import own_data as guilds
from canut.justice import queries_own_data as justice
from canut.kernel.plain_rows import Told
from canut.ledger import queries_own_data as ledger
from canut.membership import queries_own_data as membership
from canut.people import queries_own_data as people
from canut.reputation import queries_own_data as reputation
from canut.work.queries import own_data as work

ROOMS: Mapping[str, Callable[[int], Told]] = {
    "people": people.data_of,
    "discussion": discussion.data_of,
    "ledger": ledger.data_of,
    "reputation": reputation.data_of,
    "work": work.data_of,
    "guilds": guilds.data_of,
    "membership": membership.data_of,
    "forums": forums.data_of,
    "justice": justice.data_of,
    "governance": governance.data_of,
}


class _Plain(DjangoJSONEncoder):
    """Writes moments in full, as UTC, and bytes in hex."""

    def default(self, o: Any) -> Any:
        if isinstance(o, (bytes, memoryview)):
            return bytes(o).hex()
        return super().default(o)


def data_of(party_id: int) -> Mapping[str, Told]:
    """Return what each room knows of somebody. Its lists are read as they are written, and once."""
    return {room: told(party_id) for room, told in ROOMS.items()}


def as_json(data: Mapping[str, Told]) -> Iterator[str]:
    """Write somebody's data as one JSON object of rooms, of lists, of rows: a row is a line.

    However much it is, no more than some of it is held at once.
    """
    yield "{"
    for number, (room, told) in enumerate(data.items()):
        yield ("," if number else "") + f"\n{json.dumps(room)}: {{"
        for place, (name, rows) in enumerate(told.items()):
            yield ("," if place else "") + f"\n  {json.dumps(name)}: ["
            for line, row in enumerate(rows):
                written = json.dumps(row, cls=_Plain, ensure_ascii=False)
                yield ("," if line else "") + f"\n    {written}"
            yield "]"
        yield "}"
    yield "\n}\n"
