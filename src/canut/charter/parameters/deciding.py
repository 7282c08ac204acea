"""Deciding on work (MECHANISMS 5), work in hand, and refusing a project together (2.11)."""

from django.utils.translation import gettext_lazy as _

from canut.charter.parameters.kinds import Class, ScopeKind, Section, Unit, exact, whole

DECIDING = Section(
    "deciding",
    _("Work and decisions on it"),
    (
        whole(
            "work.cap_in_hand",
            8,
            (1, 100),
            Unit.ASSIGNMENTS,
            _("How many assignments a worker may have in hand at once."),
            step=8,
        ),
        whole(
            "deciding.silence_hours",
            72,
            (1, 720),
            Unit.HOURS,
            _("After how long without a decision a submission is approved by itself."),
            step=48,
            favours="lower",
            class_=Class.PAY,
        ),
        whole(
            "deciding.rework_working_days",
            2,
            (1, 20),
            Unit.WORKING_DAYS,
            _("How long a worker has to hand in returned work again."),
            step=3,
        ),
        whole(
            "deciding.payable_days",
            7,
            (1, 60),
            Unit.DAYS,
            _(
                "How long after its first submission approved work is payable at the latest, not counting "
                "the worker's own time for rework."
            ),
            step=7,
            favours="lower",
            class_=Class.PAY,
            also=(ScopeKind.COUNTRY,),
        ),
        whole(
            "deciding.rejection_hold_days",
            7,
            (1, 90),
            Unit.DAYS,
            _("How long a rejected place keeps its money and stays closed, so that the worker can appeal."),
            step=7,
        ),
        whole(
            "refusal.least_workers",
            3,
            (2, 100),
            Unit.PEOPLE,
            _("How many workers at least must refuse a project before it is withdrawn."),
            step=2,
        ),
        exact(
            "refusal.opened_share",
            "0.1",
            ("0.01", "1"),
            Unit.SHARE,
            _("Which share of the workers who opened a project must refuse it before it is withdrawn."),
            step="0.05",
        ),
        whole(
            "refusal.most_workers",
            7,
            (2, 1000),
            Unit.PEOPLE,
            _("How many refusals always withdraw a project that few workers have opened."),
            step=5,
        ),
        whole(
            "refusal.few_opened_workers",
            70,
            (10, 100_000),
            Unit.PEOPLE,
            _("Under how many workers who opened a project it counts as opened by few."),
            step=50,
        ),
        whole(
            "refusal.appeal_days",
            14,
            (3, 90),
            Unit.DAYS,
            _("How long the requester of a project that its workers withdrew can appeal."),
            step=7,
        ),
    ),
)
