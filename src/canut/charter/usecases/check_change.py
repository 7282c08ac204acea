"""Could the members decide this? Asked by whoever writes a proposal, and again when its vote closes."""

from datetime import datetime, timedelta
from decimal import Decimal

from django.utils import formats, timezone
from django.utils.translation import gettext_lazy as _

from canut.charter import log
from canut.charter.changes import SettingChange
from canut.charter.parameters import PARAMETERS, Parameter, ScopeKind, Value
from canut.charter.queries import in_force
from canut.charter.rules import Scope, entry_in_force
from canut.charter.rules_changes import ChangeRefused, check_setting
from canut.charter.usecases.record_law import check_scope, check_value
from canut.charter.wording import say_step, say_value
from canut.kernel.refusals import NotFound, Refusal


class ChangeChangesNothing(Refusal):
    code = "change_changes_nothing"
    status = 422


class StepTooLarge(Refusal):
    code = "change_step_too_large"
    status = 422


class NoticeTooShort(Refusal):
    code = "change_notice_too_short"
    status = 422


class UnderTheLaw(Refusal):
    """A legal minimum forbids the value."""

    code = "change_under_the_law"
    status = 422


class NotBetterForWorkers(Refusal):
    code = "change_not_better_for_workers"
    status = 422


def check_change(change: SettingChange, *, decided_at: datetime) -> Value:
    """Return what holds for the scope at the moment of effect, if a decision of `decided_at` may change it.

    Raises:
        NotFound: the charter has no such parameter.
        ScopeNotTaken: the parameter takes no such scope, or there is no such country or status.
        ValueNotPossible: the value has the wrong type or is out of bounds.
        ChangeChangesNothing: it holds already.
        StepTooLarge: one decision may not move it so far from what holds then.
        NoticeTooShort: it would take effect too soon after the decision.
        UnderTheLaw: the law asks for more.
        NotBetterForWorkers: for this scope only what is better for workers than everybody's value counts.
    """
    parameter = PARAMETERS.get(change.parameter)
    if parameter is None:
        raise NotFound(_("The charter has no parameter of this name."))
    check_scope(parameter, change.scope_kind, change.scope_key)
    check_value(parameter, change.new)
    scope = Scope.of(change.scope_kind, change.scope_key)
    old = in_force(parameter.name, at=change.effective_at, scope=scope)
    legal = legal_minimum(parameter, at=change.effective_at, scope=scope)
    narrower = change.scope_kind != ScopeKind.SITE
    wider = in_force(parameter.name, at=change.effective_at) if narrower and parameter.favours else None
    try:
        check_setting(
            parameter,
            old=old,
            new=change.new,
            scope_kind=change.scope_kind,
            scope_key=change.scope_key,
            effective_at=change.effective_at,
            decided_at=decided_at,
            legal=legal,
            wider=wider,
        )
    except ChangeRefused as error:
        raise _refusal(error, old=old, legal=legal, wider=wider, decided_at=decided_at) from error
    return old


def legal_minimum(parameter: Parameter, *, at: datetime, scope: Scope) -> Value | None:
    """Return what the law asks for at `at` for the scope, None where no law was entered."""
    laws = [entry for entry in log.current().by_parameter.get(parameter.name, ()) if entry.kind == "law"]
    found = entry_in_force(parameter, laws, at, scope)
    return None if found is None else found.value


def _refusal(
    error: ChangeRefused, *, old: Value, legal: Value | None, wider: Value | None, decided_at: datetime
) -> Refusal:
    parameter = error.parameter
    said = {"parameter": parameter.name}
    if error.what == "unchanged":
        return ChangeChangesNothing(
            _("This is the value that holds on that date already: %(value)s. Choose another.")
            % {"value": say_value(parameter, old)},
            **said,
        )
    if error.what == "step":
        assert isinstance(old, int | Decimal)  # only numbers have steps
        return StepTooLarge(
            _(
                "One decision may move this by %(step)s at most, from the %(old)s that holds on that date. "
                "Choose a value nearer to it; a later decision can go further."
            )
            % {"step": say_step(parameter), "old": say_value(parameter, old)},
            **said,
        )
    if error.what == "notice":
        first = decided_at + timedelta(days=parameter.notice_days)
        shown = timezone.localtime(first, timezone.get_default_timezone())
        return NoticeTooShort(
            _("This takes effect on %(moment)s at the earliest, %(days)s days after the decision.")
            % {
                "moment": formats.date_format(shown, "SHORT_DATETIME_FORMAT"),
                "days": parameter.notice_days,
            },
            notice_days=parameter.notice_days,
            **said,
        )
    if error.what == "legal":
        assert legal is not None
        return UnderTheLaw(
            _("The law asks for %(value)s at least. A decision cannot give workers less.")
            % {"value": say_value(parameter, legal)}
            if parameter.favours == "higher"
            else _("The law allows %(value)s at most. A decision cannot take more from workers.")
            % {"value": say_value(parameter, legal)},
            **said,
        )
    assert wider is not None  # the one reason left: shapes, values and scopes were looked at before
    return NotBetterForWorkers(
        _(
            "For everybody it is %(value)s on that date, and a value of their own counts for some people "
            "only where it is better for workers. Choose a better one, or propose it for everybody."
        )
        % {"value": say_value(parameter, wider)},
        **said,
    )
