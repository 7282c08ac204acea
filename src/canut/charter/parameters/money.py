"""The fee, the levies, and the smallest amounts (MECHANISMS 9)."""

from django.utils.translation import gettext_lazy as _

from canut.charter.parameters.kinds import Class, ScopeKind, Section, Unit, exact, whole

MONEY = Section(
    "money",
    _("Fee, levies and amounts"),
    (
        exact(
            "fee.service_share",
            "0.065",
            ("0", "0.3"),
            Unit.SHARE,
            _("The service fee that a requester pays on top of pay, for running the site."),
            step="0.02",
            favours="lower",
            class_=Class.PAY,
        ),
        exact(
            "levy.guarantee_share",
            "0.02",
            ("0", "0.1"),
            Unit.SHARE,
            _("The levy on top of pay for the guarantee fund, which pays workers when a requester cannot."),
            step="0.01",
            favours="higher",
            class_=Class.PAY,
        ),
        exact(
            "levy.training_share",
            "0.01",
            ("0", "0.1"),
            Unit.SHARE,
            _("The levy on top of pay for the training fund."),
            step="0.01",
            favours="higher",
            class_=Class.PAY,
        ),
        exact(
            "levy.guild_share",
            "0.01",
            ("0", "0.1"),
            Unit.SHARE,
            _("The levy on top of pay for the guild fund, which pays for reviews."),
            step="0.01",
            favours="higher",
            class_=Class.PAY,
        ),
        exact(
            "levy.justice_share",
            "0.005",
            ("0", "0.1"),
            Unit.SHARE,
            _("The levy on top of pay for the justice fund, which pays for jury duty."),
            step="0.005",
            favours="higher",
            class_=Class.PAY,
        ),
        whole(
            "deposit.least_minor",
            500,
            (1, 100_000),
            Unit.MINOR,
            _("The smallest deposit."),
            step=2000,
        ),
        whole(
            "withdrawal.least_minor",
            100,
            (1, 10_000),
            Unit.MINOR,
            _("The smallest withdrawal of earnings."),
            step=500,
            favours="lower",
            class_=Class.PAY,
            also=(ScopeKind.COUNTRY,),
        ),
    ),
)
