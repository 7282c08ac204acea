"""Somebody outside is known as a witness of the log, or is one no longer."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from canut.charter.models import Witness
from canut.charter.notes import COSIGNATURE, NoteRefused, read_vkey
from canut.kernel.events import record
from canut.kernel.refusals import NotFound, Refusal
from canut.people.access import as_operator
from canut.people.models import Person


class WitnessKeyRefused(Refusal):
    code = "witness_key_refused"
    status = 422


class WitnessNameTaken(Refusal):
    code = "witness_name_taken"


class WitnessNotFound(NotFound):
    code = "witness_not_found"


@transaction.atomic
def register_witness(*, vkey: str, by: Person, at: datetime) -> Witness:
    """Let the holder of this key sign the site's tree heads; `vkey` is name+id+key, of a witness's type.

    Registering the same again returns the witness there is.

    Raises:
        OperatorRoleMissing: `by` does not run this site.
        WitnessKeyRefused: this is no such key, or it served before and was ended.
        WitnessNameTaken: another witness has this name.
    """
    as_operator(by)
    try:
        key = read_vkey(vkey)
    except NoteRefused as error:
        raise WitnessKeyRefused(
            _("This is no witness's key. It has the form name+id+key, as the witness publishes it.")
        ) from error
    if key.type != COSIGNATURE:
        raise WitnessKeyRefused(
            _("This key signs logs. Ask the witness for the key that it makes cosignatures with.")
        )
    already = Witness.objects.filter(public=key.public).first()
    if already is not None and already.ended_at is None and already.name == key.name:
        return already
    if already is not None:
        raise WitnessKeyRefused(_("This key has served here before. A witness comes back with a new key."))
    row = Witness(name=key.name, public=key.public, registered_at=at)
    made = Witness.objects.bulk_create([row], ignore_conflicts=True)  # of two at once, one is the first
    found = Witness.objects.filter(public=key.public, ended_at__isnull=True).first()
    if found is None or not made:
        raise WitnessNameTaken(_("There is a witness of this name. End it first, or use another name."))
    record(by, "witness.registered", found, at=at, witness=found.name)
    return found


@transaction.atomic
def end_witness(*, witness_id: int, by: Person, at: datetime) -> Witness:
    """Take no more signatures of a witness; those it gave stay. Ending twice is safe.

    Raises:
        OperatorRoleMissing: `by` does not run this site.
        WitnessNotFound: there is none of this number.
    """
    as_operator(by)
    witness = Witness.objects.select_for_update().filter(pk=witness_id).first()
    if witness is None:
        raise WitnessNotFound(_("There is no such witness."))
    if witness.ended_at is None:
        witness.ended_at = at
        witness.save(update_fields=["ended_at"])
        record(by, "witness.ended", witness, at=at, witness=witness.name)
    return witness
