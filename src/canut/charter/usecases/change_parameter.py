"""Somebody wants another value: only a decision of the members can make it so."""

from typing import NoReturn

from django.utils.translation import gettext_lazy as _

from canut.charter.parameters import PARAMETERS
from canut.kernel.refusals import NotFound, Refusal


class CharterNeedsDecision(Refusal):
    code = "charter_needs_decision"
    status = 403


def change_parameter(*, name: str) -> NoReturn:
    """Refuse; who asks, for which value and when makes no difference, so none of it is asked for.

    A value is changed by an entry that cites a decision (MECHANISMS 7.6), or raised to what the law
    asks for (`record_law`). This site's members cannot decide yet, so there is nothing to cite.

    Raises:
        NotFound: the charter has no such parameter.
        CharterNeedsDecision: always.
    """
    if name not in PARAMETERS:
        raise NotFound(_("The charter has no parameter of this name."))
    raise CharterNeedsDecision(
        _(
            "Only a decision of the members changes the charter, and nobody can change it for them. "
            "Nothing was changed."
        ),
        parameter=name,
    )
