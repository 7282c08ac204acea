"""One's own account, its keys, one's lists, and the charter."""

from collections.abc import Iterator
from datetime import datetime

from canut_client.calls.base import Calls, given, moment
from canut_client.models import Charter, Key, Listing, Me, NewKey
from canut_client.reading import read


class AccountCalls(Calls):
    def me(self) -> Me:
        """Return whose key this is, and what it may be used for."""
        return read(Me, self._transport.get("/me"))

    def keys(self) -> Iterator[Key]:
        """Give one's own keys, newest first, without their tokens."""
        return self._all(Key, "/keys")

    def rotate_key(self) -> NewKey:
        """Put a new key in the place of this one, which stops at once, and go on with the new one.

        Keep `token`: it is told once. This is sent once only; if the answer is lost, make a new key on
        the account page.
        """
        issued = read(NewKey, self._transport.request("POST", "/keys/current/rotate", safe=False))
        self._transport.use_key(issued.token)
        return issued

    def revoke_key(self, key_id: int) -> Key:
        """End one of one's own keys for good."""
        return read(Key, self._transport.delete(f"/keys/{key_id}"))

    def listings(self, kind: str) -> Iterator[Listing]:
        """Give whom one has on a list: "block" or "allow"."""
        return self._all(Listing, "/listings", kind=kind)

    def block(
        self, *, person_id: int | None = None, screen_name: str | None = None, reason: str = ""
    ) -> Listing:
        """Keep somebody away from one's projects from now on."""
        return self._put_on_list("block", person_id, screen_name, reason)

    def allow(
        self, *, person_id: int | None = None, screen_name: str | None = None, reason: str = ""
    ) -> Listing:
        """Put somebody on the list of people one knows and wants."""
        return self._put_on_list("allow", person_id, screen_name, reason)

    def unlist(self, person_id: int) -> None:
        """Take somebody off whichever list they are on."""
        self._transport.delete(f"/listings/{person_id}")

    def charter(self, at: datetime | None = None) -> Charter:
        """Return every parameter that the rules go by, now or at a moment. Needs no key."""
        return read(Charter, self._transport.get("/charter", at=moment(at)))

    def _put_on_list(self, kind: str, person_id: int | None, name: str | None, reason: str) -> Listing:
        body = {"kind": kind, "reason": reason, **given(person_id=person_id, screen_name=name)}
        return read(Listing, self._transport.post("/listings", body))
