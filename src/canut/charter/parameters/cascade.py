"""How access to a new project opens up (MECHANISMS 1.6-1.9), newcomers, and the neutral rule (7.10)."""

from django.utils.translation import gettext_lazy as _

from canut.charter.parameters.kinds import Class, Section, Unit, exact, falling, one_of, whole, yes_or_no

CASCADE = Section(
    "cascade",
    _("Early access and newcomers"),
    (
        one_of(
            "cascade.default_policy",
            "ladder",
            ("ladder", "throughput", "share", "open"),
            _("How the threshold of a project falls when its requester has not chosen otherwise."),
        ),
        whole(
            "cascade.beat_seconds",
            300,
            (30, 86_400),
            Unit.SECONDS,
            _("How often the threshold of a project is looked at again."),
            step=600,
        ),
        exact(
            "cascade.first_threshold",
            "3",
            ("0", "10"),
            Unit.RATING,
            _("The standing that a project asks for when it is published."),
            step="1",
        ),
        exact(
            "cascade.last_threshold",
            "1",
            ("0", "10"),
            Unit.RATING,
            _("The standing under which the threshold of a project never falls while the cascade runs."),
            step="1",
        ),
        falling(
            "cascade.ladder_thresholds",
            ("2", "1.99", "1"),
            ("0", "10"),
            (1, 20),
            Unit.RATING,
            _("Ladder: the thresholds after the first, one a beat."),
        ),
        falling(
            "cascade.throughput_thresholds",
            ("2", "1.99"),
            ("0", "10"),
            (1, 20),
            Unit.RATING,
            _("Throughput: the thresholds that a project may fall to, beside workers' standings."),
        ),
        exact(
            "cascade.throughput_hold_share",
            "0.6",
            ("0.01", "1"),
            Unit.SHARE,
            _(
                "Throughput: the threshold stays while a beat has this share of the starts and submissions "
                "of the busiest beat since it last moved."
            ),
            step="0.2",
        ),
        whole(
            "cascade.active_days",
            30,
            (1, 365),
            Unit.DAYS,
            _("How recently a worker must have been active for a project to wait for them at a threshold."),
            step=30,
        ),
        whole(
            "cascade.restart_hours",
            24,
            (1, 720),
            Unit.HOURS,
            _("How long after one start of the cascade added tasks may start it again."),
            step=24,
        ),
        exact(
            "newcomers.place_share",
            "0.1",
            ("0", "0.5"),
            Unit.SHARE,
            _("The share of a project's places that open early to workers whom nobody has rated."),
            step="0.1",
        ),
        whole(
            "newcomers.first_beat",
            2,
            (1, 100),
            Unit.BEATS,
            _("The beat of the cascade from which on a newcomer's place is open."),
            step=2,
        ),
        whole(
            "newcomers.most_places",
            1,
            (1, 100),
            Unit.PLACES,
            _("How many newcomers' places of one project one worker may take."),
            step=2,
        ),
        yes_or_no(
            "moratorium.feed_order",
            False,
            _("Whether a neutral order takes the place of ratings, and of every other order, in the feed."),
            class_=Class.CONSTITUTIONAL,
            notice_days=0,
        ),
        yes_or_no(
            "moratorium.cascade",
            False,
            _("Whether all whom a project admits come in at once instead of step by step."),
            class_=Class.CONSTITUTIONAL,
            notice_days=0,
        ),
        yes_or_no(
            "moratorium.sampling",
            False,
            _("Whether guilds review the first of so many items instead of one drawn by lot."),
            class_=Class.CONSTITUTIONAL,
            notice_days=0,
        ),
        one_of(
            "moratorium.neutral_rule",
            "first_come",
            ("first_come", "random"),
            _(
                "In which order tasks stand in the feed while members have stopped its order: as they were "
                "published, the oldest first, or at random, anew each day."
            ),
        ),
    ),
)
