"""Pay that is never under the floor (MECHANISMS 4), and the lease."""

from django.utils.translation import gettext_lazy as _

from canut.charter.parameters.kinds import Class, ScopeKind, Section, Unit, exact, whole

PAY = Section(
    "pay",
    _("Pay and time"),
    (
        whole(
            "pay.floor_hourly_minor",
            1500,
            (100, 10_000),
            Unit.MINOR_AN_HOUR,
            _("The least that an hour of active work pays."),
            step=200,
            favours="higher",
            class_=Class.PAY,
            also=(ScopeKind.COUNTRY, ScopeKind.STATUS),
            source=_(
                "Guide: the French minimum wage of 2026 (Code du travail, article L. 3231-2). For its 9.56 "
                "EUR net a self-employed worker needs 14.86 EUR, with contributions, holidays and sickness."
            ),
        ),
        whole(
            "pay.idle_seconds",
            30,
            (10, 600),
            Unit.SECONDS,
            _("After how long without a sign of activity the timer of active time stops."),
            step=60,
            favours="higher",
            class_=Class.PAY,
        ),
        whole(
            "pay.report_step_seconds",
            30,
            (1, 300),
            Unit.SECONDS,
            _("The steps in which a worker states their active time."),
            step=60,
        ),
        whole(
            "pay.short_task_seconds",
            120,
            (0, 3600),
            Unit.SECONDS,
            _("Under how long an expected time the worker states active time in the finer steps."),
            step=600,
        ),
        whole(
            "pay.short_report_step_seconds",
            1,
            (1, 60),
            Unit.SECONDS,
            _("The finer steps in which a worker states the active time of a short task."),
            step=10,
        ),
        whole(
            "pay.settlement_hours",
            24,
            (1, 168),
            Unit.HOURS,
            _("How often the typical time of a design is settled and top-ups are computed."),
            step=24,
            favours="lower",
            class_=Class.PAY,
        ),
        whole(
            "pay.settlement_least_assignments",
            10,
            (1, 100),
            Unit.ASSIGNMENTS,
            _(
                "From how many new assignments on a design is settled before its project closes; fewer wait "
                "as long as pay may at most."
            ),
            step=5,
            favours="lower",
            class_=Class.PAY,
        ),
        whole(
            "pay.settlement_least_workers",
            3,
            (1, 20),
            Unit.PEOPLE,
            _("From how many different workers in new assignments on a design is settled."),
            step=2,
        ),
        whole(
            "pay.worker_reports_divisor",
            3,
            (1, 10),
            Unit.FACTOR,
            _("One worker's reports weigh at most all reports divided by this, so at most a third."),
            step=1,
        ),
        exact(
            "pay.outlier_factor",
            "3",
            ("1.5", "100"),
            Unit.FACTOR,
            _(
                "From how many times the typical time on, or how small a part of it, a worker's median is "
                "marked for a person to look at; nothing follows from the mark."
            ),
            step="2",
        ),
        exact(
            "pay.reserve_round_share",
            "0.5",
            ("0", "2"),
            Unit.SHARE,
            _("The reserve for top-ups and rework in a prototype round, as a share of its pay."),
            step="0.25",
            favours="higher",
            class_=Class.PAY,
        ),
        exact(
            "pay.reserve_share",
            "0.25",
            ("0", "2"),
            Unit.SHARE,
            _(
                "The reserve for top-ups and rework after the round, as a share of the pay or of the typical "
                "time at the floor, whichever is more."
            ),
            step="0.25",
            favours="higher",
            class_=Class.PAY,
        ),
        whole(
            "pay.top_up_notice_hours",
            12,
            (0, 72),
            Unit.HOURS,
            _("How long before a top-up is paid the requester sees it coming."),
            step=12,
        ),
        whole(
            "pay.contest_days",
            7,
            (1, 30),
            Unit.DAYS,
            _("After how long a contested top-up is paid when nobody has decided on it."),
            step=7,
            favours="lower",
            class_=Class.PAY,
        ),
        whole(
            "pay.search_gap_seconds",
            600,
            (0, 7200),
            Unit.SECONDS,
            _(
                "The longest time between two pieces of work that counts as searching for work, not as a "
                "rest."
            ),
            step=300,
        ),
        whole(
            "pay.whole_time_days",
            30,
            (7, 365),
            Unit.DAYS,
            _("Over how many days back pay per hour of all time is worked out."),
            step=30,
        ),
        whole(
            "pay.whole_time_least_workers",
            5,
            (3, 1000),
            Unit.PEOPLE,
            _("Of how many workers at least the site publishes their pay per hour of all time together."),
            step=5,
        ),
        whole(
            "pay.session_least_seconds",
            900,
            (60, 14_400),
            Unit.SECONDS,
            _("The least time that a session of work by the hour is paid for."),
            step=900,
            favours="higher",
            class_=Class.PAY,
        ),
        whole(
            "pay.session_idle_seconds",
            600,
            (120, 7200),
            Unit.SECONDS,
            _(
                "After how long without a sign of life a session of work by the hour ends; who holds a task "
                "is not taken for gone before its time is over."
            ),
            step=600,
            favours="higher",
            class_=Class.PAY,
        ),
        whole(
            "pay.session_break_seconds",
            3600,
            (300, 14_400),
            Unit.SECONDS,
            _("How long an unpaid break inside a session of work by the hour lasts at most."),
            step=3600,
        ),
        exact(
            "pay.risk_break_share",
            "0.2",
            ("0", "1"),
            Unit.SHARE,
            _(
                "Paid breaks from sensitive work, as a share of the time worked: the price of such work "
                "covers them. A fifth is ten minutes after each fifty."
            ),
            step="0.1",
            favours="higher",
            class_=Class.PAY,
            source=_(
                "Guide: directive 90/270/EEC, article 7, and the guidance L26 of the British Health and "
                "Safety Executive to the regulations of 1992: breaks are part of working time, and five to "
                "ten minutes after each 50 to 60 minutes at a screen are better than longer ones less often."
            ),
        ),
        whole(
            "pay.risk_break_after_seconds",
            3000,
            (600, 14_400),
            Unit.SECONDS,
            _("After how much sensitive work without a break one is offered."),
            step=1200,
            favours="lower",
        ),
        exact(
            "lease.factor",
            "3",
            ("1", "20"),
            Unit.FACTOR,
            _("How many times the expected time a worker has to hand in a task that they took."),
            step="2",
        ),
        whole(
            "lease.least_seconds",
            600,
            (60, 86_400),
            Unit.SECONDS,
            _("The least time that a worker has to hand in a task that they took."),
            step=1800,
        ),
    ),
)
