"""The board (MECHANISMS 7.9): how many sit on it, for how long, and how members recall them."""

from django.utils.translation import gettext_lazy as _

from canut.charter.parameters.kinds import Class, Section, Unit, exact, whole

_DEEP = Class.CONSTITUTIONAL

BOARD = Section(
    "board",
    _("The board"),
    (
        whole(
            "board.seats_workers",
            3,
            (1, 15),
            Unit.PEOPLE,
            _("How many members of the board the workers elect."),
            step=2,
            class_=_DEEP,
        ),
        whole(
            "board.seats_requesters",
            3,
            (1, 15),
            Unit.PEOPLE,
            _("How many members of the board the requesters elect."),
            step=2,
            class_=_DEEP,
        ),
        whole(
            "board.seats_team",
            1,
            (0, 5),
            Unit.PEOPLE,
            _("How many members of the board the operating team elects."),
            step=1,
            class_=_DEEP,
        ),
        whole(
            "board.term_days",
            365,
            (90, 1095),
            Unit.DAYS,
            _("How long a term on the board lasts."),
            step=185,
            class_=_DEEP,
        ),
        whole(
            "board.nomination_days",
            14,
            (3, 60),
            Unit.DAYS,
            _("How long members may stand for an election before its vote opens."),
            step=7,
            class_=_DEEP,
        ),
        exact(
            "board.recall_share",
            "0.2",
            ("0.05", "0.5"),
            Unit.SHARE,
            _("Which share of a college's active members must sign before it votes on recalling a member."),
            step="0.1",
            class_=_DEEP,
        ),
        whole(
            "board.petition_days",
            30,
            (7, 90),
            Unit.DAYS,
            _("How long a recall may collect signatures, and how long nobody may begin another after it."),
            step=30,
            class_=_DEEP,
        ),
        whole(
            "board.motion_days",
            7,
            (1, 30),
            Unit.DAYS,
            _("How long the board votes on a motion."),
            step=7,
            class_=_DEEP,
        ),
        exact(
            "board.quorum_share",
            "0.5",
            ("0.1", "1"),
            Unit.SHARE,
            _("Which share of the board must vote on a motion."),
            step="0.2",
            class_=_DEEP,
        ),
    ),
)
