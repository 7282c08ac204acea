"""A rating comes back to the one who gave it (MECHANISMS 1.1-1.5 and 1.12)."""

from django.utils.translation import gettext_lazy as _

from canut.charter.parameters.kinds import Section, Unit, exact, falling, whole

RATINGS = Section(
    "ratings",
    _("Ratings, standings and the feed"),
    (
        falling(
            "rating.weights",
            ("3", "2", "1"),
            ("1", "3"),
            (3, 3),
            Unit.RATING,
            _(
                "What the ratings ✓+, ✓ and ✓− count. Ratings given in bulk are stretched from the last to "
                "the first; equal ones count as the middle."
            ),
        ),
        exact(
            "standing.project_group_factor",
            "0.3",
            ("0.01", "0.99"),
            Unit.FACTOR,
            _("How much each older rating counts beside the next newer one, within one group of projects."),
            step="0.2",
        ),
        exact(
            "standing.requester_factor",
            "0.4",
            ("0.01", "0.99"),
            Unit.FACTOR,
            _("How much each older rating counts beside the next newer one, among one requester's ratings."),
            step="0.2",
        ),
        exact(
            "standing.platform_factor",
            "0.5",
            ("0.01", "0.99"),
            Unit.FACTOR,
            _("How much each older rating counts beside the next newer one, over the whole platform."),
            step="0.2",
        ),
        whole(
            "standing.platform_least_requesters",
            2,
            (1, 20),
            Unit.PEOPLE,
            _("How many requesters must have rated a worker before the whole platform's ratings count."),
            step=2,
        ),
        exact(
            "standing.unrated",
            "1.99",
            ("0", "10"),
            Unit.RATING,
            _("The standing of a worker whom nobody has rated."),
            step="0.5",
        ),
        whole(
            "standing.decimals",
            2,
            (0, 2),
            Unit.DECIMALS,
            _("To how many decimals a standing is rounded, before it is stored and compared."),
            step=2,
        ),
        exact(
            "feed.others_factor",
            "0.1",
            ("0", "1"),
            Unit.FACTOR,
            _("How much other workers' ratings of a requester count beside one's own in the feed's order."),
            step="0.2",
        ),
        exact(
            "feed.neutral_rating",
            "2",
            ("0", "10"),
            Unit.RATING,
            _("The mean rating by other workers that moves a requester neither up nor down in the feed."),
            step="0.5",
        ),
        exact(
            "feed.unrated_rating",
            "1.99",
            ("0", "10"),
            Unit.RATING,
            _("Where a requester whom nobody has rated stands in the feed."),
            step="0.5",
        ),
        whole(
            "explanation.least_raters",
            5,
            (3, 100),
            Unit.PEOPLE,
            _("How many people must have rated somebody before that person sees the exact standing."),
            step=5,
        ),
    ),
)
