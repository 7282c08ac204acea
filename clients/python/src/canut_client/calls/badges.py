"""Having a level as a badge, one's own badges as files, and checking one that somebody shows."""

from collections.abc import Iterator
from typing import Literal

from canut_client.calls.base import Calls, FileLike, bytes_left, opened
from canut_client.models import Badge, BadgeCheck
from canut_client.reading import read


class BadgeCalls(Calls):
    def badges(self) -> Iterator[Badge]:
        """Give one's own badges, newest first, those that were taken back too."""
        return self._all(Badge, "/badges", limit=200)

    def badge(self, badge_id: str) -> Badge:
        """Return one of one's own. Refused as `credential_not_found` where there is none."""
        return read(Badge, self._transport.get(f"/badges/{badge_id}"))

    def have_badge(self, guild_id: int, level: int) -> Badge:
        """Have a level of one's own in a guild as a badge; again, it is the same one.

        Refused as `level_not_held`, or as `subject_key_missing` to whom has not made a key on the site yet.
        """
        return read(Badge, self._transport.put(f"/guilds/{guild_id}/membership/badges/{level}", None))

    def show_badge(self, badge_id: str) -> Badge:
        """Show everybody that a badge is one's own. Refused as `badge_taken_back`."""
        return read(Badge, self._transport.put(f"/badges/{badge_id}/shown", None))

    def hide_badge(self, badge_id: str) -> None:
        """Show a badge no more. It stays one's own, and good."""
        self._transport.delete(f"/badges/{badge_id}/shown")

    def take_badge_back(self, badge_id: str) -> None:
        """Let a badge count no longer: whoever checks a copy is told so."""
        self._transport.delete(f"/badges/{badge_id}")

    def download_badge(
        self,
        badge_id: str,
        to: FileLike,
        *,
        shape: Literal["json", "jwt", "svg", "png"] = "json",
        signed: Literal["data_integrity", "jwt"] = "data_integrity",
    ) -> int:
        """Write a badge, signed now, and return its size in bytes. `signed` is about images.

        Refused as `badge_taken_back`, or as `badge_of_earlier_name` where the site is called otherwise now.
        """
        with opened(to, "wb") as file:
            return self._transport.download(f"/badges/{badge_id}/file?shape={shape}&signed={signed}", file)

    def check_badge(self, file: FileLike) -> BadgeCheck:
        """Return whether a badge of the site is genuine and in force; needs no key.

        A badge that is not is no error: `genuine` is false then. Refused as `too_many_checks` after 60 in
        ten minutes, and as `bad_input` if the file is empty.
        """
        with opened(file, "rb") as content:
            sent = self._transport.upload("/badge-checks", content, size_bytes=bytes_left(content))
        return read(BadgeCheck, sent)
