"""Members are told of the board: that they can stand, vote, were elected. Jobs."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from canut.charter.queries import in_force
from canut.governance.board.access import election_known, held_seats, motion_known, petition_known, seat_known
from canut.governance.board.models import BoardElector, Election, Seat
from canut.governance.board.states import ElectionState, MotionState, PetitionState
from canut.membership.queries import electorate
from canut.people.models import Person
from canut.people.notices.kinds import NoticeKind
from canut.people.notices.usecases.tell_each import tell_each
from canut.people.notices.words import moment

MOST_AT_ONCE = 2_000
SOONEST_REMINDER = timedelta(days=1)


@transaction.atomic
def tell_of_election(*, election_id: int, at: datetime) -> int:
    """Tell a college that its members may stand for the board; return how many are told."""
    election = election_known(election_id)
    if election.state != ElectionState.NOMINATIONS or at >= election.nominations_end_at:
        return 0
    members = [person_id for person_id, college in electorate(at).items() if college == election.college]

    def said() -> Sequence[str]:
        return (
            _("An election to the board begins"),
            _("Your college elects members of the board. You may stand until %(moment)s.")
            % {"moment": moment(election.nominations_end_at)},
            _("Who stands, and how to stand, is on the page of the election."),
        )

    key = f"nominations:{election_id}:{election.nominations_end_at.isoformat()}"
    return tell_each(_people(members), NoticeKind.VOTE, said, path=_page(election), at=at, key=key)


def tell_electors(*, at: datetime, most: int = MOST_AT_ONCE) -> int:
    """Tell electors that a vote has opened, and remind those who have not voted; return how many are told.

    Each is a transaction of their own; doing it again tells nobody twice.
    """
    before = timedelta(days=in_force("ballot.reminder_days", at=at))
    open_ones = BoardElector.objects.filter(
        election__state=ElectionState.VOTING, election__voting_ends_at__gt=at
    )
    untold = open_ones.filter(told_at__isnull=True)
    late = open_ones.filter(
        told_at__lte=at - SOONEST_REMINDER,
        reminded_at__isnull=True,
        voted_at__isnull=True,
        election__voting_ends_at__lte=at + before,
    )
    told = sum(
        _tell_elector(number, at=at) for number in untold.order_by("pk").values_list("pk", flat=True)[:most]
    )
    return told + sum(
        _tell_elector(number, at=at) for number in late.order_by("pk").values_list("pk", flat=True)[:most]
    )


@transaction.atomic
def _tell_elector(elector_id: int, *, at: datetime) -> int:
    place = (
        BoardElector.objects.select_for_update(of=("self",), no_key=True)
        .select_related("election")
        .get(pk=elector_id)
    )
    is_first = place.told_at is None
    if not is_first and (place.reminded_at is not None or place.voted_at is not None):
        return 0
    if is_first:
        place.told_at = at
    else:
        place.reminded_at = at
    place.save(update_fields=["told_at", "reminded_at"])
    election = place.election
    assert election.voting_ends_at is not None
    ends = election.voting_ends_at

    def said() -> Sequence[str]:
        subject = (
            _("The election to the board has opened")
            if is_first
            else _("The election to the board ends soon")
        )
        return (
            subject,
            _("Rank those who stand until %(moment)s. Your ballot is secret, and may be changed until then.")
            % {"moment": moment(ends)},
        )

    return tell_each(_people([place.person_id]), NoticeKind.VOTE, said, path=_page(election), at=at)


@transaction.atomic
def tell_elected(*, election_id: int, at: datetime) -> int:
    """Tell those who stood what came of the election; return how many are told."""
    election = election_known(election_id)
    seated = set(
        Seat.objects.filter(candidate__election=election, ended_at__isnull=True).values_list(
            "candidate__person_id", flat=True
        )
    )
    told = 0
    for candidate in election.candidates.filter(withdrew_at__isnull=True).order_by("number"):
        is_elected = candidate.person_id in seated

        def said(is_elected: bool = is_elected) -> Sequence[str]:
            return (
                _("The election to the board is over"),
                _("You are elected. Your seat on the board is yours from now on.")
                if is_elected
                else _("You are not elected. Should a seat become empty, the ballots are counted again."),
                _("How it was counted is on the page of the election."),
            )

        who, key = _people([candidate.person_id]), f"elected:{candidate.pk}"
        told += tell_each(who, NoticeKind.BOARD, said, path=_page(election), at=at, key=key)
    return told


@transaction.atomic
def tell_follower(*, seat_id: int, at: datetime) -> int:
    """Tell whoever took an empty seat that it is theirs, and that they can leave it."""
    seat = seat_known(seat_id)
    if seat.ended_at is not None:
        return 0

    def said() -> Sequence[str]:
        return (
            _("You have a seat on the board"),
            _(
                "A seat became empty, and when the ballots were counted again it fell to you. "
                "It is yours from now on. If you do not want it, you can leave it on the board's page."
            ),
        )

    who, key = _people([seat.candidate.person_id]), f"seat:{seat_id}"
    return tell_each(who, NoticeKind.BOARD, said, path="/board/", at=at, key=key)


@transaction.atomic
def tell_of_recall(*, petition_id: int, at: datetime) -> int:
    """Tell whoever the college voted on recalling what it said."""
    petition = petition_known(petition_id)
    is_recalled = petition.state == PetitionState.RECALLED

    def said() -> Sequence[str]:
        return (
            _("Your college voted on your seat on the board"),
            _("It recalled you; your seat is not yours any more.")
            if is_recalled
            else _("It did not recall you."),
        )

    who, path = _people([petition.seat.candidate.person_id]), f"/board/recalls/{petition.pk}/"
    return tell_each(who, NoticeKind.BOARD, said, path=path, at=at, key=f"recall:{petition_id}")


@transaction.atomic
def tell_of_motion(*, motion_id: int, at: datetime) -> int:
    """Tell the board that there is something to vote on."""
    motion = motion_known(motion_id)
    if motion.state != MotionState.OPEN:
        return 0
    others = held_seats().exclude(pk=motion.by_id).values_list("candidate__person_id", flat=True)

    def said() -> Sequence[str]:
        return (
            _("The board votes on a motion"),
            _("Say what you think of it until %(moment)s; everybody can read it.")
            % {"moment": moment(motion.closes_at)},
        )

    who, path = _people(list(others)), f"/board/motions/{motion.pk}/"
    return tell_each(who, NoticeKind.BOARD, said, path=path, at=at, key=f"motion:{motion_id}")


def _page(election: Election) -> str:
    return f"/board/elections/{election.pk}/"


def _people(ids: Collection[int]) -> "QuerySet[Person]":
    return Person.objects.select_related("party").filter(pk__in=ids).order_by("pk")
