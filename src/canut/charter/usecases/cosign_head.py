"""A witness signs a tree head: it has seen this log, and none that contradicts it."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from canut.charter.models import Cosignature, TreeHead, Witness
from canut.charter.notes import COSIGNATURE, Key, NoteRefused, cosigned_at, read_line, read_note
from canut.kernel.events import record
from canut.kernel.refusals import NotFound, Refusal

CLOCKS_MAY_DIFFER = timedelta(minutes=5)


class NoSuchHead(NotFound):
    code = "tree_head_not_found"


class NoSuchWitness(NotFound):
    code = "witness_unknown"


class CosignatureRefused(Refusal):
    code = "cosignature_refused"
    status = 422


@transaction.atomic
def cosign_head(*, size: int, line: str, at: datetime) -> Cosignature:
    """Keep a witness's line under the head over `size` leaves; nobody else than its key can have made it.

    A witness signs a head once; a further line for the same head returns the one there is.

    Raises:
        NoSuchHead: no head was signed over so many leaves.
        CosignatureRefused: this is no signature line, or it does not sign that head, or is from the future.
        NoSuchWitness: no witness of that name and key is registered.
    """
    heads = list(TreeHead.objects.filter(size=size).order_by("-pk"))
    if not heads:
        raise NoSuchHead(_("No tree head was signed over so many leaves."))
    try:
        given = read_line(line)
    except NoteRefused as error:
        raise CosignatureRefused(
            _("This is no signature line: — name base64, as C2SP's signed notes have it.")
        ) from error
    for witness in Witness.objects.select_for_update().filter(name=given.name, ended_at__isnull=True):
        key = Key(witness.name, COSIGNATURE, bytes(witness.public))
        if key.id == given.key_id:
            break
    else:
        raise NoSuchWitness(_("No witness of this name and key is registered here. Ask the site's operator."))
    for head in heads:
        try:
            seen_at = cosigned_at(read_note(head.note)[0], given, key)
        except NoteRefused:
            continue
        if seen_at > at + CLOCKS_MAY_DIFFER:
            raise CosignatureRefused(_("This was signed in the future. Set the witness's clock."))
        there = Cosignature.objects.filter(head=head, witness=witness).first()
        if there is not None:
            return there
        made = Cosignature.objects.create(
            head=head, witness=witness, line=given.text, seen_at=seen_at, recorded_at=at
        )
        record(None, "tree_head.cosigned", head, at=at, witness=witness.pk)
        return made
    raise CosignatureRefused(
        _("This signature is not good for that tree head. Sign its text again, as it is published.")
    )
