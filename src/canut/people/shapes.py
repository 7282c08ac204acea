"""The shape of what people say about themselves, checked alike for everybody who asks."""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from canut.kernel.refusals import BadInput
from canut.people import places, rules
from canut.people.models import Locale, WorkingStatus

SCREEN_NAME_SHAPE = _(
    "Use 3 to 30 letters, digits, spaces and . _ - ' beginning with a letter or digit. "
    "Names that sound like the site itself are kept back."
)


def _sentence(field: str, value: Any) -> Any:
    """Return what is wrong with the value of a field, or None."""
    match field:
        case "username" if not rules.username_is_usable(value):
            return _("Use 3 to 40 letters without accents, digits, and any of . _ + -")
        case "screen_name" if not rules.screen_name_is_usable(value):
            return SCREEN_NAME_SHAPE
        case "country" if not places.is_country(value):
            return _("Choose a country from the list.")
        case "working_status" if value not in WorkingStatus.values:
            return _("Choose a working status from the list.")
        case "languages" if not rules.languages_are_usable(value):
            return _("Choose between one and ten languages, each once.")
        case "time_zone" if not places.is_time_zone(value):
            return _("Choose a time zone from the list.")
        case "locale" if value not in Locale.values:
            return _("Choose a language from the list.")
    return None


def ensure_shape(**fields: str | Sequence[str]) -> None:
    """Check fields of a person by name: username, screen_name, country, working_status, languages...

    Raises:
        BadInput: `facts["errors"]` has a sentence for each field of the wrong shape.
    """
    errors = {field: str(wrong) for field, value in fields.items() if (wrong := _sentence(field, value))}
    if errors:
        raise BadInput(_("Some of what you typed cannot be used. See each field."), errors=errors)
