"""Bringing in a design that was made elsewhere: what can be understood, and by name what cannot."""

import json

from django.utils.translation import gettext as _

from canut.work.designs.import_label_studio import read_label_studio
from canut.work.designs.import_surveyjs import looks_like_surveyjs, read_surveyjs
from canut.work.designs.imported import MOST_CHARACTERS, Imported, ImportRefused
from canut.work.designs.schema import read_design

__all__ = ["ImportRefused", "Imported", "read_import"]


def read_import(text: str) -> Imported:
    """Return the design that a text describes, in whichever of the known forms it is.

    Raises:
        ImportRefused: it is in none of them, or nothing of it can be used.
        DesignRefused: it is a design of Canut with mistakes; `problems` names each.
    """
    stripped = text.strip().removeprefix("\ufeff").lstrip()
    if len(stripped) > MOST_CHARACTERS:
        raise ImportRefused(_("This is longer than any design that Canut can hold."))
    if stripped.startswith("<"):
        return read_label_studio(stripped)
    try:
        found = json.loads(stripped)
    except (ValueError, RecursionError) as wrong:
        raise ImportRefused(
            _("This is neither JSON nor XML. Choose a file that SurveyJS, Label Studio or Canut has written.")
        ) from wrong
    if looks_like_surveyjs(found) and "items" not in found:
        return read_surveyjs(found)
    return Imported(origin="Canut", design=read_design(found))
