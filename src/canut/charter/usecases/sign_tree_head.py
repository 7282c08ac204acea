"""The site signs what its log says now, so that it can never say later that it said something else."""

from contextlib import suppress
from datetime import datetime

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from canut.charter import log
from canut.charter.log_keys import PURPOSE, LogKeyCannotBeOpened, origin, private_key
from canut.charter.models import LogEntry, LogKey, LogKind, TreeHead
from canut.charter.notes import ED25519, Head, Key, sign_head
from canut.charter.tree import Tree
from canut.charter.usecases.append_to_log import append_to_log
from canut.kernel.events import record
from canut.kernel.refusals import Refusal
from canut.kernel.sealing import seal
from canut.people.access import as_operator
from canut.people.models import Person


class LogContradictsHead(Refusal):
    """What the log says now is no continuation of what was signed. It is never signed over."""

    code = "log_contradicts_head"
    status = 500


@transaction.atomic
def sign_tree_head(*, at: datetime) -> TreeHead:
    """Return the head over all leaves, signed with the key in use; where there is one already, that one.

    The first time a key is made. Signing the same tree again would give the same bytes, so a log that
    has not grown needs no new head.

    Raises:
        LogContradictsHead: an earlier head stands for another log than this is.
        LogKeyCannotBeOpened: the installation's secret was changed.
    """
    log.lock()
    key = LogKey.objects.filter(retired_at__isnull=True).first()
    return _sign(key if key is not None else _new_key(at), at=at)


@transaction.atomic
def rotate_log_key(*, by: Person | None, at: datetime) -> LogKey:
    """Put a new key to use; `by` is an operator, or None for whoever holds the machine.

    The new key's public half becomes a leaf, and the key before signs the tree with that leaf in it, so
    that whoever trusts the old key learns of the new one by it. Then its private half is destroyed.
    Where it cannot be opened any more, the new key has nobody's word. Each call makes a key.

    Raises:
        OperatorRoleMissing: `by` does not run this site.
        LogContradictsHead: as `sign_tree_head`.
    """
    if by is not None:
        as_operator(by)
    log.lock()
    before = LogKey.objects.filter(retired_at__isnull=True).first()
    if before is None:
        made = _new_key(at)
    else:
        private, leaf = _fresh(at)
        with suppress(LogKeyCannotBeOpened):
            _sign(before, at=at)
        before.retired_at, before.sealed_private = at, None
        before.save(update_fields=["retired_at", "sealed_private"])
        made = _keep(private, leaf, at)
    _sign(made, at=at)
    record(by, "log_key.rotated", made, at=at, before=before and before.pk)
    return made


def _sign(key: LogKey, *, at: datetime) -> TreeHead:
    tree = Tree(leaf.encode() for leaf in _leaves())
    last = TreeHead.objects.order_by("size", "pk").last()
    if last is not None and (last.size > tree.size or tree.root(last.size) != bytes(last.root)):
        raise LogContradictsHead(
            _(
                "The log is not the one that was signed earlier, so it is not signed now. "
                "Run “canut verify-log” to see what was changed."
            )
        )
    there = TreeHead.objects.filter(size=tree.size, key=key).first()
    if there is not None:
        return there
    head = Head(key.name, tree.size, tree.root())
    note = sign_head(head, private_key(key))
    return TreeHead.objects.create(size=head.size, root=head.root, note=note, key=key, signed_at=at)


def _leaves() -> list[str]:
    return list(LogEntry.objects.order_by("number").values_list("leaf", flat=True))


def _new_key(at: datetime) -> LogKey:
    return _keep(*_fresh(at), at)


def _fresh(at: datetime) -> tuple[Ed25519PrivateKey, LogEntry]:
    """Return a new private key, and the leaf by which the log makes its public half known."""
    private = Ed25519PrivateKey.generate()
    key = Key(origin(), ED25519, private.public_key().public_bytes_raw())
    return private, append_to_log(LogKind.KEY, {"name": key.name, "vkey": key.vkey}, at=at)


def _keep(private: Ed25519PrivateKey, leaf: LogEntry, at: datetime) -> LogKey:
    return LogKey.objects.create(
        name=origin(),
        public=private.public_key().public_bytes_raw(),
        sealed_private=seal(private.private_bytes_raw(), purpose=PURPOSE),
        logged=leaf,
        created_at=at,
    )
