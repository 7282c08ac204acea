"""Whether the charter and the constitution can be what a proposal wants, said to whoever wrote it."""

from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from canut.charter.changes import ArticleChange, SettingChange
from canut.charter.constitution.models import ArticleVersion
from canut.charter.parameters import PARAMETERS, Parameter, ScopeKind, Value
from canut.charter.queries import in_force
from canut.charter.rules import ValueRefused, from_json
from canut.charter.usecases.check_change import check_change
from canut.governance.content import ArticleWish, SettingWish
from canut.governance.models import ProposalArticle, ProposalSetting
from canut.governance.refusals import SettingRefused
from canut.guilds.models import Guild
from canut.kernel.refusals import Refusal


def check_setting_wish(wish: SettingWish, *, field: str, at: datetime) -> Value:
    """Return what holds where the wish would set something else, if a decision could make it so.

    It is checked as if the vote opened at `at`, so a day that cannot be kept any more is found out now;
    when the vote closes all is checked again.

    Raises:
        SettingRefused: it could not; `errors` has the sentence at `field`, `what` the charter's own code.
    """
    parameter = PARAMETERS.get(wish.parameter)
    if parameter is None:
        raise setting_refused(
            field, wish.parameter, _("The charter has no parameter of this name."), "not_found"
        )
    if wish.scope_kind == ScopeKind.GUILD and not _is_guild(wish.scope_key):
        raise setting_refused(field, wish.parameter, _("There is no such guild."), "charter_scope_refused")
    decided_at = at + timedelta(days=in_force("governance.vote_days", at=at))
    try:
        return check_change(setting_change(parameter, wish, decided_at=decided_at), decided_at=decided_at)
    except Refusal as refusal:
        raise setting_refused(field, wish.parameter, str(refusal), refusal.code) from refusal


def setting_refused(field: str, parameter: str, sentence: str, what: str) -> SettingRefused:
    """Return the refusal of one setting, with its reason at the setting's own field."""
    return SettingRefused(
        _("The charter cannot be set so. Nothing was kept."),
        errors={field: sentence},
        parameter=parameter,
        what=what,
    )


def setting_change(
    parameter: Parameter, wish: SettingWish | ProposalSetting, *, decided_at: datetime
) -> SettingChange:
    """Return what a decision of that moment would set: without a day of its own, as soon as notice allows."""
    return SettingChange(
        parameter=parameter.name,
        new=from_json(parameter, wish.new_value) if isinstance(wish, ProposalSetting) else wish.new,
        effective_at=wish.effective_at or decided_at + timedelta(days=parameter.notice_days),
        scope_kind=wish.scope_kind,
        scope_key=wish.scope_key,
    )


def article_change(
    wish: ArticleWish | ProposalArticle, *, based_on: int | None, decided_at: datetime
) -> ArticleChange:
    """Return what a decision of that moment would change of the constitution, as soon as notice allows."""
    notice = timedelta(days=in_force("governance.article_notice_days", at=decided_at))
    known = ArticleVersion.objects.filter(key=wish.key).order_by("number").last() if wish.key else None
    return ArticleChange(
        key=wish.key,
        title_en=wish.title_en,
        title_fr=wish.title_fr,
        text_en=wish.text_en,
        text_fr=wish.text_fr,
        position=known.position if known else 0,
        effective_at=decided_at + notice,
        repeals=wish.repeals,
        based_on=based_on,
    )


def stored_value(name: str, stored: object) -> Value | None:
    """Return a value as the charter holds it; None if the parameter is gone or has another type by now."""
    parameter = PARAMETERS.get(name)
    try:
        return None if parameter is None else from_json(parameter, stored)
    except ValueRefused:
        return None


def _is_guild(key: str) -> bool:
    shown = key.isascii() and key.isdecimal() and len(key) < 19
    return shown and Guild.objects.filter(pk=int(key)).exists()
