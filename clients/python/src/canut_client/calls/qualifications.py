"""Scales of one's own that projects may ask for, and what one holds on others' scales."""

from collections.abc import Iterator, Mapping

from canut_client.calls.base import Calls, given
from canut_client.models import (
    HeldQualification,
    Qualification,
    QualificationHolder,
    QualificationsGranted,
)
from canut_client.reading import read


class QualificationCalls(Calls):
    def qualifications(self, *, retired: bool | None = None) -> Iterator[Qualification]:
        """Give one's own qualifications, newest first; only retired ones, only those in use, or all."""
        asked = {} if retired is None else {"retired": "true" if retired else "false"}
        return self._all(Qualification, "/qualifications", limit=200, **asked)

    def qualification(self, qualification_id: int) -> Qualification:
        """Return one of one's own."""
        return read(Qualification, self._transport.get(f"/qualifications/{qualification_id}"))

    def create_qualification(
        self, name: str, description: str = "", *, key: str | None = None
    ) -> Qualification:
        """Make a scale of one's own, to give workers values on."""
        body = {"name": name, "description": description}
        return read(Qualification, self._transport.post("/qualifications", body, key=key))

    def change_qualification(
        self, qualification_id: int, *, name: str | None = None, description: str | None = None
    ) -> Qualification:
        """Change what is given of its name and description; values stay."""
        body = given(name=name, description=description)
        return read(Qualification, self._transport.patch(f"/qualifications/{qualification_id}", body))

    def retire_qualification(self, qualification_id: int) -> Qualification:
        """End it for good: nobody holds it any more. Refused while a project asks for it."""
        return read(Qualification, self._transport.post(f"/qualifications/{qualification_id}/retire"))

    def holders(self, qualification_id: int) -> Iterator[QualificationHolder]:
        """Give who has a value of it, the last granted first."""
        return self._all(QualificationHolder, f"/qualifications/{qualification_id}/holders", limit=200)

    def grant_qualification(
        self,
        qualification_id: int,
        values: Mapping[int | str, float],
        *,
        reason: str = "",
        key: str | None = None,
    ) -> QualificationsGranted:
        """Give up to 1,000 workers their values, all or none: `{"Ana": 7, 12: 8.5}`.

        A worker is named by screen name, or by number if they worked for the caller. They read `reason`.
        """
        rows = [
            {"screen_name" if isinstance(who, str) else "worker_id": who, "value": value}
            for who, value in values.items()
        ]
        body = {"rows": rows, "reason": reason}
        path = f"/qualifications/{qualification_id}/grants"
        return read(QualificationsGranted, self._transport.post(path, body, key=key))

    def revoke_qualification(self, qualification_id: int, worker_id: int, *, reason: str = "") -> None:
        """Take a worker's value back, from now on."""
        path = f"/qualifications/{qualification_id}/holders/{worker_id}"
        self._transport.request("DELETE", path, params={"reason": reason})

    def held_qualifications(self) -> Iterator[HeldQualification]:
        """Give what requesters gave the caller, what counts no more too."""
        return self._all(HeldQualification, "/held-qualifications", limit=200)

    def give_up_qualification(self, qualification_id: int) -> HeldQualification:
        """Do without a value that a requester gave."""
        return read(HeldQualification, self._transport.delete(f"/held-qualifications/{qualification_id}"))

    def take_back_qualification(self, qualification_id: int) -> HeldQualification:
        """Have a value again that one gave up."""
        path = f"/held-qualifications/{qualification_id}/take-back"
        return read(HeldQualification, self._transport.post(path))
