"""The public log of what the members decided: entries, what was signed, proofs, and a copy."""

from collections.abc import Iterator

from canut_client.calls.base import Calls, FileLike, given, opened
from canut_client.models import ConsistencyProof, Cosigned, InclusionProof, LogEntry, LogStatus, SignedHead
from canut_client.reading import read


class LogCalls(Calls):
    def log_status(self) -> LogStatus:
        """Return how long the log is, what was signed last and by which keys; needs no key."""
        return read(LogStatus, self._transport.get("/log"))

    def log_entries(self, *, kind: str | None = None) -> Iterator[LogEntry]:
        """Give the entries, the newest first, all or those of a kind; needs no key.

        A kind is "parameter", "article", "decision", "election" or "key".
        """
        return self._all(LogEntry, "/log/entries", **given(kind=kind), limit=200)

    def log_entry(self, number: int) -> LogEntry:
        """Return one entry; needs no key. Refused as `log_entry_not_found`."""
        return read(LogEntry, self._transport.get(f"/log/entries/{number}"))

    def log_heads(self) -> Iterator[SignedHead]:
        """Give what was signed, the newest first, with the witnesses who saw it; needs no key."""
        return self._all(SignedHead, "/log/heads", limit=200)

    def download_log(self, to: FileLike) -> int:
        """Write the whole log, for `canut verify-log` or `verify_log.py`, and return its size in bytes."""
        with opened(to, "wb") as file:
            return self._transport.download("/log/export", file)

    def prove_inclusion(self, number: int, *, size: int | None = None) -> InclusionProof:
        """Return the proof that an entry is among the first `size`, or among all; needs no key.

        Refused as `no_such_tree` where the log has not so many.
        """
        return read(
            InclusionProof, self._transport.get("/log/proofs/inclusion", **given(number=number, size=size))
        )

    def prove_consistency(self, older: int, *, newer: int | None = None) -> ConsistencyProof:
        """Return the proof that the log of `newer` entries, or of all, begins with the one of `older`.

        Needs no key. Refused as `no_such_tree` where the log has not so many.
        """
        return read(
            ConsistencyProof,
            self._transport.get("/log/proofs/consistency", **given(older=older, newer=newer)),
        )

    def cosign_log(self, size: int, line: str) -> Cosigned:
        """Add a witness's signature line to the head over `size` entries; needs no key.

        Refused as `tree_head_not_found`, `witness_unknown` or `cosignature_refused`.
        """
        return read(Cosigned, self._transport.post("/log/cosignatures", {"size": size, "line": line}))
