"""The software writes its numbers into the log: all of them at the founding, new ones with a release."""

from contextlib import suppress
from datetime import UTC, datetime

from django.db import transaction

from canut.charter import log
from canut.charter.log_keys import LogKeyCannotBeOpened
from canut.charter.models import CharterEntry, EntryKind
from canut.charter.parameters import PARAMETERS
from canut.charter.rules import to_json
from canut.charter.usecases.found_constitution import found_constitution
from canut.charter.usecases.sign_tree_head import LogContradictsHead, sign_tree_head
from canut.charter.usecases.write_entries import write_entries
from canut.kernel.events import record

BEGINNING = datetime(2026, 1, 1, tzinfo=UTC)
"""Since when first entries hold. A fixed moment before any site's first day, so that a rule finds a
value for whatever it judges; `recorded_at` says when the entry was written down."""


@transaction.atomic
def record_release(*, at: datetime) -> list[CharterEntry]:
    """Write the first entry of every parameter that has none, and return the new entries.

    On an empty log they are the `genesis`; later, `release` entries of the parameters that the
    running release has brought. A value that the log already has is never touched, whatever the
    registry's default says now. Run it at every start of a site: repeating it writes nothing, and of
    two nodes that start at once one waits for the other. A site without articles gets its constitution, which
    no later release touches. What was written is signed.
    """
    log.lock()
    known = set(CharterEntry.objects.values_list("parameter", flat=True))
    kind = EntryKind.RELEASE if known else EntryKind.GENESIS
    entries = [
        CharterEntry(
            kind=kind,
            parameter=parameter.name,
            new_value=to_json(parameter.default),
            effective_at=BEGINNING,
            recorded_at=at,
        )
        for parameter in PARAMETERS.values()
        if parameter.name not in known
    ]
    if entries:
        write_entries(entries)
        record(
            None,
            f"charter.{kind}_recorded",
            entries[-1],
            at=at,
            parameters=[entry.parameter for entry in entries],
        )
    found_constitution(at=at, holds_from=BEGINNING)
    with suppress(LogKeyCannotBeOpened, LogContradictsHead):  # `canut check` tells of these
        sign_tree_head(at=at)
    return entries
