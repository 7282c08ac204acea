"""Reading what a program sends: JSON alone, of bounded size and depth, which the database can store."""

import json
from math import isfinite
from typing import Any, NoReturn

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja.parser import Parser

from canut.api.refusals import BodyNotJson, ContentTypeNotSupported
from canut.kernel.refusals import BadInput
from canut.work.designs.values import storable

MOST_DEPTH = 40


class StrictJson(Parser):
    """The one parser of the API."""

    def parse_body(self, request: HttpRequest) -> Any:
        """Return the decoded body.

        Raises:
            ContentTypeNotSupported: it does not say that it is JSON.
            BodyNotJson: it is not, or holds NaN, Infinity or a number that is read as such.
            BadInput: it is nested too deeply, or a text in it cannot be stored.
        """
        kind = (request.content_type or "").lower()
        if kind != "application/json" and not (kind.startswith("application/") and kind.endswith("+json")):
            raise ContentTypeNotSupported(
                _("Send JSON, with the header “Content-Type: application/json”."),
                supported=["application/json"],
            )
        try:
            data = json.loads(request.body.decode(), parse_constant=_no_constant, parse_float=_finite)
        except (ValueError, RecursionError) as error:
            raise BodyNotJson(_("The body is no JSON in UTF-8.")) from error
        if (wrong := first_unstorable(data)) is not None:
            path, sentence = wrong
            raise BadInput(sentence, errors={path or "body": sentence})
        return data


def first_unstorable(data: Any) -> tuple[str, str] | None:
    """Return the path to the first thing that cannot be kept, and why; None if all can."""
    waiting: list[tuple[str, Any, int]] = [("", data, 0)]
    while waiting:
        path, value, depth = waiting.pop()
        if depth > MOST_DEPTH:
            return path, _("This is nested too deeply.")
        if isinstance(value, str) and not storable(value):
            return path, _("This holds a character that cannot be stored (NUL, or half of a pair).")
        if isinstance(value, dict):
            for name, part in value.items():
                if not storable(name):
                    return path, _("This holds a name that cannot be stored (NUL, or half of a pair).")
                waiting.append((f"{path}.{name}".lstrip("."), part, depth + 1))
        elif isinstance(value, list):
            waiting += [
                (f"{path}.{number}".lstrip("."), part, depth + 1) for number, part in enumerate(value)
            ]
    return None


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


def _finite(written: str) -> float:
    number = float(written)
    if not isfinite(number):
        raise ValueError(f"{written[:20]} is beyond any number that can be kept")
    return number
