"""Guilds: which there are, being in one, one's own work and reviews there, and the draws."""

from collections.abc import Iterator

from canut_client.calls.base import Calls
from canut_client.models import (
    AnsweredInvitation,
    BriefMembership,
    Draw,
    Guild,
    GuildCard,
    GuildInvitation,
    GuildItem,
    Membership,
)
from canut_client.reading import read


class GuildCalls(Calls):
    def guilds(self, words: str | None = None) -> Iterator[GuildCard]:
        """Give all guilds, the oldest first, or those with `words` in name or craft; needs no key."""
        return self._all(GuildCard, "/guilds", words=words, limit=200)

    def guild(self, guild_id: int) -> Guild:
        """Return a guild, with what its levels earn; needs no key. Refused as `guild_not_found`."""
        return read(Guild, self._transport.get(f"/guilds/{guild_id}"))

    def draws(self, guild_id: int, *, drawn: bool = True) -> Iterator[Draw]:
        """Give what was drawn for review, or is to be, for anybody to recompute; needs no key.

        Refused as `guild_not_found`.
        """
        return self._all(Draw, f"/guilds/{guild_id}/draws", drawn=drawn, limit=200)

    def guild_memberships(self) -> Iterator[BriefMembership]:
        """Give the guilds that the caller is in, the oldest first."""
        return self._all(BriefMembership, "/guild-memberships", limit=200)

    def guild_membership(self, guild_id: int) -> Membership:
        """Return one's level, why it is so, and what the next change needs; also after leaving.

        Refused as `not_a_guild_member` to whoever never was one.
        """
        return read(Membership, self._transport.get(f"/guilds/{guild_id}/membership"))

    def join_guild(self, guild_id: int) -> Membership:
        """Join a guild, or come back to it at the level one had.

        Refused as `guild_by_invitation` where a member has to invite, and as `worker_role_missing`.
        """
        return read(Membership, self._transport.put(f"/guilds/{guild_id}/membership", None))

    def leave_guild(self, guild_id: int) -> None:
        """Leave a guild; level and reviews are kept. Refused as `not_a_guild_member`."""
        self._transport.delete(f"/guilds/{guild_id}/membership")

    def guild_items(self, guild_id: int, *, drawn: bool = False) -> Iterator[GuildItem]:
        """Give what one completed for a guild, the latest first, with the reviews of what was drawn.

        With `drawn`, only that. Refused as `not_a_guild_member`.
        """
        return self._all(GuildItem, f"/guilds/{guild_id}/membership/items", drawn=drawn, limit=200)

    def guild_invitations(self, *, from_me: bool = False) -> Iterator[GuildInvitation]:
        """Give the invitations to the caller that wait for an answer, or those `from_me`, newest first."""
        return self._all(GuildInvitation, "/guild-invitations", from_me=from_me, limit=200)

    def invite_into_guild(
        self, guild_id: int, screen_name: str, *, key: str | None = None
    ) -> GuildInvitation:
        """Invite a worker into a guild that the caller is in. One that waits already is returned.

        Refused as `already_a_guild_member`, `person_not_found` or `too_many_invitations`.
        """
        path = f"/guilds/{guild_id}/invitations"
        return read(GuildInvitation, self._transport.post(path, {"screen_name": screen_name}, key=key))

    def answer_guild_invitation(self, invitation_id: int, *, accept: bool) -> AnsweredInvitation:
        """Accept an invitation, and so join; or decline it. Refused as `invitation_not_found`."""
        path = f"/guild-invitations/{invitation_id}/answer"
        return read(AnsweredInvitation, self._transport.post(path, {"accept": accept}))

    def withdraw_guild_invitation(self, invitation_id: int) -> None:
        """Take back an invitation that one made. Refused as `invitation_not_found` once it is answered."""
        self._transport.delete(f"/guild-invitations/{invitation_id}")
