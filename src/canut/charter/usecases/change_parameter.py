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

    A value is changed by `record_decision` when the members' vote closes (MECHANISMS 7.6), or raised to
    what the law asks for (`record_law`). The refusal's `propose_at` is where any member begins that.

    Raises:
        NotFound: the charter has no such parameter.
        CharterNeedsDecision: always.
    """
    if name not in PARAMETERS:
        raise NotFound(_("The charter has no parameter of this name."))
    raise CharterNeedsDecision(
        _(
            "Only a decision of the members changes the charter, and nobody can change it for them. "
            "Nothing was changed. A member can propose it, and the members vote."
        ),
        parameter=name,
        propose_at=propose_at(name),
    )


def propose_at(name: str) -> str:
    """Return the path of the page on which a change of the parameter is proposed."""
    return f"/proposals/new/?parameter={name}"
