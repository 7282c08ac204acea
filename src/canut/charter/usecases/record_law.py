"""The law asks for more than the charter gives: the minimum is entered, with the text that says so."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from canut.charter import log, rules
from canut.charter.models import CharterEntry, EntryKind
from canut.charter.parameters import PARAMETERS, Parameter, ScopeKind, Value
from canut.charter.queries import in_force
from canut.charter.rules import Scope
from canut.charter.usecases.write_entries import write_entries
from canut.charter.wording import say_value
from canut.kernel.events import record
from canut.kernel.refusals import NotAllowed, NotFound, Refusal
from canut.people.models import Person, WorkingStatus
from canut.people.places import is_country


class LawWorksForWorkers(Refusal):
    code = "law_must_favour_workers"


class ValueNotPossible(Refusal):
    code = "charter_value_refused"
    status = 422


class ScopeNotTaken(Refusal):
    code = "charter_scope_refused"
    status = 422


class LawNotCited(Refusal):
    code = "law_not_cited"
    status = 422


class LawBackdated(Refusal):
    code = "law_backdated"
    status = 422


MOST_CITED_CHARACTERS = 1000
MOST_KEY_CHARACTERS = 40


@transaction.atomic
def record_law(
    *,
    name: str,
    value: Value,
    scope: Scope,
    cites: str,
    effective_at: datetime,
    by: Person,
    at: datetime,
) -> CharterEntry:
    """Enter a legal minimum: from `effective_at` on, nothing decided counts where it is worse for workers.

    `scope` names at most one of country, territory, working status and guild. `cites` gives the law's
    text or where it stands. Entering the same law twice returns the entry there is.

    Raises:
        NotAllowed: `by` is no operator.
        NotFound: the charter has no such parameter.
        LawNotCited: `cites` is empty or longer than 1,000 characters.
        ScopeNotTaken: the parameter takes no such scope, or there is no such country or status.
        ValueNotPossible: the value has the wrong type or is out of bounds.
        LawBackdated: `effective_at` is before `at`; what was paid stays explained by what held then.
        LawWorksForWorkers: nothing says what is better for workers here, or the value is not better
            for them than what already holds at `effective_at`.
    """
    if not by.is_operator:
        raise NotAllowed(_("Only the site's operator enters what the law asks for."))
    parameter = PARAMETERS.get(name)
    if parameter is None:
        raise NotFound(_("The charter has no parameter of this name."))
    log.lock()
    scope_kind, scope_key = _only_scope(parameter, scope)
    check_scope(parameter, scope_kind, scope_key)
    check_value(parameter, value)
    cites = cites.strip()
    already = CharterEntry.objects.filter(
        kind=EntryKind.LAW,
        parameter=name,
        scope_kind=scope_kind,
        scope_key=scope_key,
        new_value=rules.to_json(value),
        effective_at=effective_at,
        cites=cites,
    ).first()
    if already is not None:
        return already

    if not 1 <= len(cites) <= MOST_CITED_CHARACTERS:
        raise LawNotCited(
            _("Say which law it is, in at most 1,000 characters: its name, its article and what it says.")
        )
    if effective_at < at:
        raise LawBackdated(
            _(
                "A law is entered with a date to come, so that what was paid stays explained by what held "
                "then."
            )
        )
    held = in_force(name, at=effective_at, scope=scope)
    if parameter.favours is None or not rules.is_more_favourable(parameter, value, than=held):
        raise LawWorksForWorkers(
            _(
                "A law is entered only where it gives workers more than the charter does on that date. "
                "Any other change needs a decision of the members. Nothing was changed."
            ),
            in_force=rules.to_json(held),
        )

    (entry,) = write_entries(
        [
            CharterEntry(
                kind=EntryKind.LAW,
                parameter=name,
                scope_kind=scope_kind,
                scope_key=scope_key,
                old_value=rules.to_json(held),
                new_value=rules.to_json(value),
                effective_at=effective_at,
                recorded_at=at,
                cites=cites,
            )
        ]
    )
    record(by, "charter.law_recorded", entry, at=at, parameter=name)
    return entry


def check_value(parameter: Parameter, value: object) -> None:
    """Return if the parameter may have the value; else refuse with what would do.

    Raises:
        ValueNotPossible: as `rules.check_value`, in a sentence for a person.
    """
    try:
        rules.check_value(parameter, value)
    except rules.ValueRefused as error:
        facts: dict[str, object] = {"parameter": parameter.name, "what": error.what}
        if parameter.bounds is None or error.what not in ("low", "high"):
            raise ValueNotPossible(_("This is no value that the parameter can have."), **facts) from error
        low, high = parameter.bounds
        raise ValueNotPossible(
            _("The value must lie between %(low)s and %(high)s.")
            % {"low": say_value(parameter, low), "high": say_value(parameter, high)},
            low=rules.to_json(low),
            high=rules.to_json(high),
            **facts,
        ) from error


def _only_scope(parameter: Parameter, scope: Scope) -> tuple[str, str]:
    named = [(kind, key) for kind in rules.NARROWING[1:] if (key := scope.key(kind)) is not None]
    if len(named) > 1:
        raise ScopeNotTaken(
            _("An entry is for one country, one working status or one guild, not for two at once.")
        )
    return named[0] if named else (ScopeKind.SITE.value, "")


def check_scope(parameter: Parameter, kind: str, key: str) -> None:
    """Return if the parameter takes values of that scope and there is such a one; else refuse.

    A guild or a territory is only looked at for its shape: who they are is known above.

    Raises:
        ScopeNotTaken: with the kinds of scope that the parameter takes.
    """
    if kind not in parameter.scopes:
        raise ScopeNotTaken(
            _("This parameter has no values of that scope."),
            scopes=[str(scope) for scope in parameter.scopes],
        )
    if kind == ScopeKind.COUNTRY and not is_country(key):
        raise ScopeNotTaken(_("There is no such country."))
    if kind == ScopeKind.STATUS and key not in WorkingStatus.values:
        raise ScopeNotTaken(_("There is no such working status."))
    if kind == ScopeKind.GUILD and not (key.isascii() and key.isdigit() and key[0] != "0" and len(key) < 19):
        raise ScopeNotTaken(_("There is no such guild."))
    if (kind == ScopeKind.SITE) != (key == "") or len(key) > MOST_KEY_CHARACTERS:
        raise ScopeNotTaken(_("Say for whom: everybody, or one country, working status or guild."))
