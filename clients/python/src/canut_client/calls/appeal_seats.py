"""Seats in juries that hear appeals, and the fund that pays them."""

from collections.abc import Iterator
from datetime import date

from canut_client.calls.base import Calls, FileLike, opened
from canut_client.models import AppealSeat, JusticeFund
from canut_client.reading import read


class AppealSeatCalls(Calls):
    def appeal_seats(self) -> Iterator[AppealSeat]:
        """Give the seats that the caller was drawn for, the newest first."""
        return self._all(AppealSeat, "/appeal-seats")

    def appeal_seat(self, seat_id: int) -> AppealSeat:
        """Return one seat of the caller's; take its task to accept it. Refused as `jury_seat_not_found`."""
        return read(AppealSeat, self._transport.get(f"/appeal-seats/{seat_id}"))

    def decline_appeal_seat(self, seat_id: int) -> AppealSeat:
        """Give a seat to the next in the order of the draw. Refused as `seat_is_over`, among others."""
        return read(AppealSeat, self._transport.post(f"/appeal-seats/{seat_id}/decline"))

    def download_appeal_seat_file(self, seat_id: int, number: int, to: FileLike) -> int:
        """Write a file that who appealed added; return how many bytes there were."""
        with opened(to, "wb") as target:
            return self._transport.download(f"/appeal-seats/{seat_id}/files/{number}", target)

    def justice_fund(self, *, before: date | None = None) -> JusticeFund:
        """Return the fund that pays jurors, with a year of months; needs no key."""
        asked = None if before is None else before.isoformat()
        return read(JusticeFund, self._transport.get("/justice/fund", before=asked))
