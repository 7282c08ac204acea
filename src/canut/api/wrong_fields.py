"""What is wrong with a field of another shape than asked for, in the reader's language."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

SENTENCES: Mapping[str, Promise | str] = {
    "missing": _("This is needed."),
    "extra_forbidden": _("There is no such field here."),
    "string_type": _("This must be text."),
    "string_too_short": _("This must have at least %(min_length)s characters."),
    "string_too_long": _("This must have at most %(max_length)s characters."),
    "string_pattern_mismatch": _("This is not in the form asked for."),
    "int_type": _("This must be a whole number."),
    "int_parsing": _("This must be a whole number."),
    "int_from_float": _("This must be a whole number."),
    "int_parsing_size": _("This number is too large."),
    "float_type": _("This must be a number."),
    "bool_type": _("This must be true or false."),
    "bool_parsing": _("This must be true or false."),
    "list_type": _("This must be a list."),
    "too_long": _("There are more than %(max_length)s of these."),
    "too_short": _("At least %(min_length)s of these are needed."),
    "dict_type": _("This must be an object with named fields."),
    "model_type": _("This must be an object with named fields."),
    "model_attributes_type": _("This must be an object with named fields."),
    "less_than_equal": _("This must be at most %(le)s."),
    "greater_than_equal": _("This must be at least %(ge)s."),
    "greater_than": _("This must be more than %(gt)s."),
    "literal_error": _("This must be one of: %(expected)s."),
    "enum": _("This must be one of: %(expected)s."),
    "no_moment": _("Write a moment with its time zone, such as 2026-07-31T12:00:00Z."),
    "unstorable": _("This holds a character that cannot be stored (NUL, or half of a pair)."),
}
OTHERWISE = _("This is not what is asked for here.")


def errors_by_field(errors: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    """Return a sentence for each field, from what the checking of shapes found.

    A field is named by its path in the body or the query, such as `tasks.0.row`; what concerns the
    whole body stands under `body`.
    """
    return {_field(error["loc"]): _sentence(error) for error in errors}


def _field(place: Sequence[Any]) -> str:
    source, *path = place
    if source == "body":
        path = path[1:]  # the endpoint's own name for its body
    return ".".join(str(part) for part in path) or "body"


def _sentence(error: Mapping[str, Any]) -> str:
    try:
        return str(SENTENCES.get(error["type"], OTHERWISE)) % error.get("ctx", {})
    except (KeyError, TypeError, ValueError):
        return str(OTHERWISE)
