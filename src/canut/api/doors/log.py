"""The public log, which everybody may read, prove and sign what they saw of."""

from typing import Annotated, Literal

from django.http import HttpRequest, HttpResponse
from ninja import Path, Query

from canut.api.operations import Doors, Replays
from canut.api.pages import Cursor, Limit, after, cut
from canut.api.shapes.common import Page
from canut.api.shapes.log import (
    ConsistencyProof,
    Cosigned,
    Cosigning,
    InclusionProof,
    LogEntry,
    LogStatus,
    SeenBy,
    SignedHead,
)
from canut.charter import queries_log
from canut.charter.queries_log import LogEntryNotFound, NoSuchTree
from canut.charter.usecases.cosign_head import CosignatureRefused, NoSuchHead, NoSuchWitness, cosign_head
from canut.kernel import clock

doors = Doors("log")

LARGEST = 2**63 - 1
Number = Annotated[int, Path(ge=0, le=LARGEST, description="The entry's number, counted from 0.")]
Kind = Annotated[
    Literal["parameter", "article", "decision", "election", "key"] | None,
    Query(description="Only entries of this kind."),
]
EntryNumber = Annotated[int, Query(ge=0, le=LARGEST, description="The entry's number, counted from 0.")]
Size = Annotated[
    int | None, Query(ge=1, le=LARGEST, description="Of how many entries; all there are, if left out.")
]
Older = Annotated[int, Query(ge=1, le=LARGEST, description="How many entries the older log had.")]


@doors.get("/log", scope=None, answers=LogStatus)
def read_log_status(request: HttpRequest) -> LogStatus:
    """How long the log is, what was signed last by which keys, and what is wrong with it. Needs no key."""
    return LogStatus.model_validate(queries_log.log_status())


@doors.get("/log/entries", scope=None, answers=Page[LogEntry])
def list_log_entries(
    request: HttpRequest, kind: Kind = None, cursor: Cursor = None, limit: Limit = 50
) -> Page[LogEntry]:
    """Entries of the log, the newest first. Needs no key."""
    rows = queries_log.log_lines(before=after(cursor, "log"), kind=kind or "", most=limit + 1)
    shown, following = cut(rows, limit=limit, listing="log", row_id=lambda row: row.number)
    return Page[LogEntry](items=[LogEntry.model_validate(row) for row in shown], next_cursor=following)


@doors.get("/log/entries/{number}", scope=None, answers=LogEntry, refuses=(LogEntryNotFound,))
def get_log_entry(request: HttpRequest, number: Number) -> LogEntry:
    """One entry. Needs no key."""
    return LogEntry.model_validate(queries_log.log_line(number))


@doors.get("/log/heads", scope=None, answers=Page[SignedHead])
def list_log_heads(request: HttpRequest, cursor: Cursor = None, limit: Limit = 50) -> Page[SignedHead]:
    """What was signed, the newest first, with the witnesses who saw it. Needs no key."""
    rows = queries_log.signed_heads(before_id=after(cursor, "log-heads"), most=limit + 1)
    shown, following = cut(rows, limit=limit, listing="log-heads", row_id=lambda row: row.id)
    return Page[SignedHead](items=[SignedHead.model_validate(row) for row in shown], next_cursor=following)


@doors.get("/log/export", scope=None, answers="application/octet-stream")
def fetch_log(request: HttpRequest) -> HttpResponse:
    """The whole log as a file, which `canut verify-log --export` and `scripts/verify_log.py` check.

    A line about the file, then each entry word for word, then each signed head. Needs no key.
    """
    return HttpResponse("".join(queries_log.export()), content_type="application/octet-stream")


@doors.get("/log/proofs/inclusion", scope=None, answers=InclusionProof, refuses=(NoSuchTree,))
def prove_inclusion(request: HttpRequest, number: EntryNumber, size: Size = None) -> InclusionProof:
    """The proof that an entry is in the log. Needs no key."""
    return InclusionProof.model_validate(queries_log.inclusion(number, size=size))


@doors.get("/log/proofs/consistency", scope=None, answers=ConsistencyProof, refuses=(NoSuchTree,))
def prove_consistency(request: HttpRequest, older: Older, newer: Size = None) -> ConsistencyProof:
    """The proof that a longer log continues a shorter one. Needs no key."""
    return ConsistencyProof.model_validate(queries_log.consistency(older, newer))


@doors.post(
    "/log/cosignatures",
    scope=None,
    answers=Cosigned,
    refuses=(NoSuchHead, NoSuchWitness, CosignatureRefused),
    replays=Replays.NATURAL,
)
def cosign_log(request: HttpRequest, body: Cosigning) -> Cosigned:
    """Add a witness's signature to a head. Needs no key: only the witness's own can have made the line.

    An operator registers a witness on the page `/log/heads/`. A witness signs a head once; a repeat is
    answered with what was kept.
    """
    kept = cosign_head(size=body.size, line=body.line, at=clock.now())
    return Cosigned(
        size=kept.head.size, seen_by=SeenBy(name=kept.witness.name, seen_at=kept.seen_at), line=kept.line
    )
