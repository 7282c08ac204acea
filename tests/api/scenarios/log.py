"""Situations of the public log."""

from datetime import datetime

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from tests.api.calls import Call
from tests.api.scenarios.cast import Cast
from tests.api.scenarios.registry import says

from canut.charter import notes
from canut.charter.models import TreeHead
from canut.charter.usecases.register_witness import register_witness

FAR = 2**40

says("read_log_status", "200")(lambda cast: cast.get(None, "/log"))
says("list_log_entries", "200")(lambda cast: cast.get(None, "/log/entries?kind=parameter&limit=3"))
says("get_log_entry", "200")(lambda cast: cast.get(None, "/log/entries/0"))
says("get_log_entry", "log_entry_not_found")(lambda cast: cast.get(None, f"/log/entries/{FAR}"))
says("list_log_heads", "200")(lambda cast: cast.get(None, "/log/heads"))
says("fetch_log", "200")(lambda cast: cast.get(None, "/log/export"))
says("prove_inclusion", "200")(lambda cast: cast.get(None, "/log/proofs/inclusion?number=3&size=9"))
says("prove_inclusion", "no_such_tree")(lambda cast: cast.get(None, "/log/proofs/inclusion?number=9&size=9"))
says("prove_consistency", "200")(lambda cast: cast.get(None, "/log/proofs/consistency?older=3"))
says("prove_consistency", "no_such_tree")(
    lambda cast: cast.get(None, f"/log/proofs/consistency?older=3&newer={FAR}")
)


def cosigning(cast: Cast, *, size: int | None = None, line: str = "", registered: bool = True) -> Call:
    """A witness posts its line under the newest head."""
    private = Ed25519PrivateKey.generate()
    key = notes.Key("witness.example", notes.COSIGNATURE, private.public_key().public_bytes_raw())
    if registered:
        register_witness(vkey=key.vkey, by=cast.operator, at=cast.at)
    head = TreeHead.objects.latest("size", "pk")
    said = notes.cosign(notes.read_note(head.note)[0], name=key.name, private=private, at=_seconds(cast.at))
    return cast.post(None, "/log/cosignatures", {"size": size or head.size, "line": line or said.text})


def _seconds(at: datetime) -> datetime:
    return at.replace(microsecond=0)


says("cosign_log", "200")(cosigning)
says("cosign_log", "tree_head_not_found")(lambda cast: cosigning(cast, size=FAR))
says("cosign_log", "witness_unknown")(lambda cast: cosigning(cast, registered=False))
says("cosign_log", "cosignature_refused")(lambda cast: cosigning(cast, line="— witness.example AAAA"))
