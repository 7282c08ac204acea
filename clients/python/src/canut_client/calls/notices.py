"""What one was told, and how one wants to be told."""

from collections.abc import Iterator

from canut_client.calls.base import Calls, given
from canut_client.models import Notice, NoticeChoices, NoticeGlance, NoticesRead
from canut_client.reading import read


class NoticeCalls(Calls):
    def notices(self, *, group: str | None = None, unread: bool = False) -> Iterator[Notice]:
        """Give what one was told, the latest first: of a group ("work", "talk"...), or unread alone."""
        return self._all(Notice, "/notices", group=group, unread=unread or None, limit=200)

    def notice(self, notice_id: int) -> Notice:
        """Return one notice; that does not count as reading it."""
        return read(Notice, self._transport.get(f"/notices/{notice_id}"))

    def glance_at_notices(self) -> NoticeGlance:
        """Return how many notices are unread, and whether mails reach one."""
        return read(NoticeGlance, self._transport.get("/notices/glance"))

    def mark_notice(self, notice_id: int, *, is_read: bool = True) -> Notice:
        """Have a notice count as read, or as unread."""
        return read(Notice, self._transport.put(f"/notices/{notice_id}/reading", {"read": is_read}))

    def mark_notices_read(self, *, up_to: int | None = None, group: str | None = None) -> int:
        """Have all notices count as read, up to the id `up_to` if given; return how many did not."""
        body = given(up_to=up_to, group=group)
        return read(NoticesRead, self._transport.post("/notices/read", body)).marked

    def notice_choices(self) -> NoticeChoices:
        """Return by which ways one is told of what, one's quiet hours, and how many mails a week one gets."""
        return read(NoticeChoices, self._transport.get("/notices/choices"))

    def choose_notices(self, kind: str, *, mail: bool, push: bool, topic: str = "") -> NoticeChoices:
        """Be told of a kind, or of one topic of it such as "guild:12", by these ways."""
        return self._choose(kind, topic, {"mail": mail, "push": push})

    def choose_notices_as_usual(self, kind: str, topic: str = "") -> NoticeChoices:
        """Be told of a topic as of its kind again, or of a kind as is usual."""
        return self._choose(kind, topic, None)

    def limit_mails(self, mails_a_week: int) -> NoticeChoices:
        """Choose how many mails a week to get at most, and messages in browsers."""
        return read(NoticeChoices, self._transport.put("/notices/limit", {"mails_a_week": mails_a_week}))

    def choose_quiet_hours(self, starts: str | None, ends: str | None) -> NoticeChoices:
        """Choose when to be told nothing, from "22:00" to "07:00" in one's time zone; None: at any time."""
        body = {"starts": starts, "ends": ends}
        return read(NoticeChoices, self._transport.put("/notices/quiet-hours", body))

    def try_own_address(self, *, key: str | None = None) -> NoticeChoices:
        """Have mails sent again after some came back: one at once, to try the address."""
        return read(NoticeChoices, self._transport.post("/notices/address/try", key=key))

    def _choose(self, kind: str, topic: str, ways: dict[str, bool] | None) -> NoticeChoices:
        body = {"choices": [{"kind": kind, "topic": topic, "ways": ways}]}
        return read(NoticeChoices, self._transport.put("/notices/choices", body))
