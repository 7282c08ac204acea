"""Bringing in a design that was made elsewhere: what can be understood, and by name what cannot."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from canut.kernel.refusals import Refusal
from canut.work.designs.schema import Design, read_design, to_json


class ImportRefused(Refusal):
    """Nothing of the text can be used as a design."""

    code = "import_refused"
    status = 422


@dataclass(frozen=True)
class Imported:
    """A design as it was understood. `left_out` names, each in a sentence, what was not taken over."""

    origin: str
    design: Design
    left_out: Sequence[str] = ()

    def as_json(self) -> dict[str, object]:
        return to_json(self.design)


Reader = Callable[[Any], Imported]


def read_import(text: str) -> Imported:
    """Return the design that a text describes, in whichever of the known forms it is.

    Raises:
        ImportRefused: it is in none of them, or nothing of it can be used.
        DesignRefused: it is a design of Canut with mistakes; `problems` names each.
    """
    stripped = text.strip().removeprefix("\ufeff")
    if stripped.startswith("<"):
        raise ImportRefused(_("This is XML that nothing here reads."))
    try:
        found = json.loads(stripped)
    except (ValueError, RecursionError) as wrong:
        raise ImportRefused(
            _("This is neither JSON nor XML. Choose a file that SurveyJS, Label Studio or Canut has written.")
        ) from wrong
    return _read_canut(found)


def _read_canut(found: Any) -> Imported:
    return Imported(origin="Canut", design=read_design(found))
