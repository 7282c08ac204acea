"""Situations of seats in juries that hear appeals, and of the fund that pays them."""

from datetime import timedelta

from django.core.files.base import ContentFile
from tests.api.calls import Call
from tests.api.scenarios.cast import Cast
from tests.api.scenarios.registry import says
from tests.justice.jury.panels import Dispute, live

from canut.justice.files import SentFile
from canut.justice.jury.models import Seat
from canut.justice.jury.usecases.follow_panels import follow_panels
from canut.justice.states import CaseBy, CaseState
from canut.justice.usecases.decide_case import decide_case
from canut.membership.usecases.answer_seat import lapse_seats

PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 40


def _seat(cast: Cast) -> Seat:
    """Return a seat that waits for its juror, in an appeal with a file."""
    dispute = Dispute(at=cast.at - timedelta(hours=7))
    return live(dispute.drawn(files=[SentFile(ContentFile(PNG), "mine.png")]))[0]


def _over(cast: Cast) -> Seat:
    """Return a seat in which nobody has to decide any more."""
    seat = _seat(cast)
    decide_case(case_id=seat.panel.case_id, outcome=CaseState.DROPPED, by=CaseBy.TAKEN_BACK, at=cast.at)
    follow_panels(at=cast.at)
    return seat


def _read(cast: Cast, seat: Seat, more: str = "") -> Call:
    return cast.get(seat.person, f"/appeal-seats/{seat.pk}{more}")


def _decline(cast: Cast, seat: Seat) -> Call:
    return cast.post(seat.person, f"/appeal-seats/{seat.pk}/decline")


says("list_appeal_seats", "200")(lambda cast: cast.get(_seat(cast).person, "/appeal-seats"))
says("get_appeal_seat", "200")(lambda cast: _read(cast, _seat(cast)))
says("fetch_appeal_seat_file", "200")(lambda cast: _read(cast, _seat(cast), "/files/1"))
says("fetch_appeal_seat_file", "case_file_not_found")(lambda cast: _read(cast, _over(cast), "/files/1"))
says("decline_appeal_seat", "200")(lambda cast: _decline(cast, _seat(cast)))
says("decline_appeal_seat", "seat_is_over")(lambda cast: _decline(cast, _over(cast)))
says("get_justice_fund", "200")(lambda cast: cast.get(None, "/justice/fund"))
says("get_justice_fund", "bad_input")(lambda cast: cast.get(None, "/justice/fund?before=soon"))
says("get_appeal_seat", "jury_seat_not_found")(
    lambda cast: cast.get(cast.worker, f"/appeal-seats/{_seat(cast).pk}")
)
says("decline_appeal_seat", "jury_seat_not_found")(
    lambda cast: cast.post(cast.worker, f"/appeal-seats/{_seat(cast).pk}/decline")
)
says("fetch_appeal_seat_file", "jury_seat_not_found")(
    lambda cast: cast.get(cast.worker, f"/appeal-seats/{_seat(cast).pk}/files/1")
)


@says("decline_appeal_seat", "seat_answered")
def _(cast: Cast) -> Call:
    """Its time to answer has run out, and nobody has followed that yet."""
    seat = _seat(cast)
    lapse_seats(at=cast.at + timedelta(days=3))
    return _decline(cast, seat)
