"""Try the task before paying for it a thousand times (MECHANISMS 3)."""

from django.utils.translation import gettext_lazy as _

from canut.charter.parameters.kinds import Section, Unit, exact, whole

PROTOTYPES = Section(
    "prototypes",
    _("Prototype rounds"),
    (
        whole(
            "prototype.least_places",
            10,
            (1, 1000),
            Unit.PLACES,
            _("From how many places on a new or changed design begins with a prototype round."),
            step=10,
        ),
        whole(
            "prototype.least_workers",
            3,
            (1, 50),
            Unit.PEOPLE,
            _("How many different workers at least can take part in a prototype round."),
            step=2,
        ),
        whole(
            "prototype.worker_places_divisor",
            3,
            (1, 50),
            Unit.FACTOR,
            _("One worker takes at most the places of a round divided by this, rounded up: a third."),
            step=2,
        ),
        whole(
            "prototype.comment_most_characters",
            1024,
            (100, 10_000),
            Unit.CHARACTERS,
            _("The length of what a worker may say about a task in a prototype round."),
            step=2000,
        ),
        exact(
            "prototype.publish_share",
            "0.66",
            ("0", "1"),
            Unit.SHARE,
            _("Which share of a round's workers must vote to publish before the rest may launch."),
            step="0.1",
        ),
        whole(
            "prototype.stall_hours",
            72,
            (1, 720),
            Unit.HOURS,
            _("After how long a round that is not complete may be closed."),
            step=48,
        ),
        whole(
            "prototype.stall_least_votes",
            3,
            (1, 50),
            Unit.VOTES,
            _("How many votes a round that is not complete needs to be closed; with fewer it is refunded."),
            step=2,
        ),
        exact(
            "prototype.coverage_factor",
            "4",
            ("1", "100"),
            Unit.FACTOR,
            _("A passed round covers the square of its number of tasks, times this."),
            step="4",
        ),
    ),
)
