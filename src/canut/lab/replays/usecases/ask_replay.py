"""A member asks what a value would have changed, before proposing it."""

import re
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from canut.charter.parameters import PARAMETERS, ScopeKind
from canut.charter.queries import in_force
from canut.charter.rules import Scope, ValueRefused, check_value, to_json
from canut.kernel.events import record
from canut.kernel.later import later
from canut.lab.replays.charters import Setting
from canut.lab.replays.models import Replay
from canut.lab.replays.refusals import ReplayRefused, ReplayUnderWay
from canut.membership.access import require_member
from canut.people.models import Person, WorkingStatus

MOST_A_DAY = 20
LOST_AFTER = timedelta(hours=1)
"""A replay that has not ended by then is not waited for."""


@transaction.atomic
def ask_replay(*, by: Person, setting: Setting, at: datetime) -> Replay:
    """Begin a replay of one setting for a member, and return it, with its progress to come.

    Asking again for what this member asks already is safe: it gives the one under way.

    Raises:
        NotAMember: `by` is none.
        ReplayRefused: there is no such parameter, or it cannot have this value or is not set for this scope.
        ReplayUnderWay: another of theirs is running, or they have asked for many today.
    """
    require_member(by, at)
    _refuse_what_cannot_be(setting, at=at)
    Person.objects.select_for_update(no_key=True).get(pk=by.pk)
    wanted = [
        {
            "parameter": setting.parameter,
            "scope_kind": str(setting.scope_kind),
            "scope_key": setting.scope_key,
            "value": to_json(setting.value),
        }
    ]
    own = Replay.objects.filter(asked_by=by)
    running = own.filter(finished_at__isnull=True, asked_at__gt=at - LOST_AFTER).order_by("-pk").first()
    if running is not None and running.settings == wanted:
        return running
    if running is not None:
        raise ReplayUnderWay(
            _("Another replay of yours is still running. Wait for its end, then ask for this one."),
            replay_id=running.pk,
        )
    if own.filter(asked_at__gt=at - timedelta(days=1)).count() >= MOST_A_DAY:
        raise ReplayUnderWay(
            _("You have asked for %(most)s replays in the last 24 hours. Ask again tomorrow.")
            % {"most": MOST_A_DAY}
        )
    replay = Replay.objects.create(asked_by=by, settings=wanted, asked_at=at)
    record(by, "replay.asked", replay, at=at, parameter=setting.parameter)
    later("lab.run_replay", replay_id=replay.pk)
    return replay


def _refuse_what_cannot_be(setting: Setting, *, at: datetime) -> None:
    parameter = PARAMETERS.get(setting.parameter)
    if parameter is None:
        raise no_such_parameter()
    if setting.scope_kind not in parameter.scopes or not _is_key(setting):
        raise ReplayRefused(_("This parameter cannot be set for that scope alone."))
    try:
        check_value(parameter, setting.value)
    except ValueRefused as error:
        raise value_refused() from error
    scope = Scope.of(setting.scope_kind, setting.scope_key)
    if in_force(setting.parameter, at=at, scope=scope) == setting.value:
        raise ReplayRefused(_("This is the value that holds now, so nothing would change. Choose another."))


def _is_key(setting: Setting) -> bool:
    """Tell whether the scope's key has the shape that the charter keeps."""
    kind, key = setting.scope_kind, setting.scope_key
    if kind == ScopeKind.COUNTRY:
        return re.fullmatch("[A-Z]{2}", key) is not None
    if kind == ScopeKind.GUILD:
        return re.fullmatch("[1-9][0-9]{0,17}", key) is not None
    if kind == ScopeKind.STATUS:
        return key in WorkingStatus.values
    return (key == "") == (kind == ScopeKind.SITE) and "\0" not in key


def no_such_parameter() -> ReplayRefused:
    """Return the refusal of a name that the charter does not have."""
    return ReplayRefused(_("The charter has no such parameter. Choose one from the list."))


def value_refused() -> ReplayRefused:
    """Return the refusal of a value that the parameter cannot have."""
    return ReplayRefused(_("This parameter cannot have that value. Its page says what it may be set to."))
