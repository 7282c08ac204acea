"""Guilds as pages and programs show them: the list, one guild, and what is between it and a person."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q

from canut.charter.queries import in_force
from canut.guilds.access import guild_known
from canut.guilds.models import Guild, Invitation, Member, SamplingPause
from canut.guilds.states import InvitationState, Joining
from canut.people.models import Person
from canut.work.models import Requirement
from canut.work.states import ProjectState

GUILDS_A_PAGE = 20


@dataclass(frozen=True, slots=True)
class GuildCard:
    """A guild in the list: `own_level` is the level of who looks, None where they are not in it."""

    id: int
    name: str
    craft: str
    language: str
    members: int
    own_level: int | None


@dataclass(frozen=True, slots=True)
class GuildsPage:
    cards: Sequence[GuildCard]
    words: str
    next_cursor: int | None


@dataclass(frozen=True, slots=True)
class InvitationSeen:
    """An invitation as either side sees it: `who` invited, or was invited."""

    id: int
    guild_id: int
    guild_name: str
    who: str
    invited_at: datetime


@dataclass(frozen=True, slots=True)
class GuildSeen:
    """All of a guild that anybody may see, and what is between it and who looks.

    `members_at` counts members at each level from the first to the highest. `founders` are screen names.
    `founded_by` is the operator who founded it, empty where the members did, by `decision_number`.
    `open_work` are live projects that ask for this guild, as pairs of id and title with the least level.
    `paused_since` tells that nothing is drawn for lack of money in the fund. `was_in` tells of somebody who
    left.
    """

    id: int
    name: str
    craft: str
    language: str
    charter_text: str
    decision: str
    founded_by: str
    decision_number: int | None
    founded_at: datetime
    founders: Sequence[str]
    by_invitation: bool
    members: int
    members_at: Mapping[int, int]
    open_work: Sequence[tuple[int, str, int]]
    paused_since: datetime | None
    own_level: int | None
    was_in: bool
    invitation: InvitationSeen | None


def guilds_page(
    *, by: Person | None, words: str = "", after_id: int | None = None, most: int = GUILDS_A_PAGE
) -> GuildsPage:
    """Return a page of the guilds there are, the oldest first; `words` narrows to a name or a craft."""
    words = " ".join(words.replace("\0", " ").split())[:80]
    rows = Guild.objects.select_related("party__party").order_by("pk")
    if words:
        rows = rows.filter(Q(party__name__icontains=words) | Q(craft__icontains=words))
    if after_id is not None:
        rows = rows.filter(pk__gt=after_id)
    here = Count("members", filter=Q(members__left_at__isnull=True, members__person__is_active=True))
    found = list(rows.annotate(in_it=here)[: most + 1])
    shown = found[:most]
    levels = levels_of(by, [guild.pk for guild in shown])
    cards = [
        GuildCard(guild.pk, guild.party.name, guild.craft, guild.language, guild.in_it, levels.get(guild.pk))
        for guild in shown
    ]
    return GuildsPage(cards, words, shown[-1].pk if len(found) > most else None)


def levels_of(by: Person | None, guild_ids: Collection[int] | None = None) -> Mapping[int, int]:
    """Return the level of a person in each guild they are in, by guild."""
    if by is None:
        return {}
    rows = Member.objects.filter(person=by, left_at__isnull=True)
    if guild_ids is not None:
        rows = rows.filter(guild_id__in=guild_ids)
    return dict(rows.values_list("guild_id", "level"))


def memberships_of(by: Person) -> Sequence[GuildCard]:
    """Return the guilds that a person is in, the oldest first, with their level in each."""
    levels = levels_of(by)
    rows = Guild.objects.select_related("party__party").filter(pk__in=levels).order_by("pk")
    here = Count("members", filter=Q(members__left_at__isnull=True, members__person__is_active=True))
    return [
        GuildCard(guild.pk, guild.party.name, guild.craft, guild.language, guild.in_it, levels[guild.pk])
        for guild in rows.annotate(in_it=here)
    ]


def member_ids(guild_id: int, *, after: int = 0, most: int) -> Sequence[int]:
    """Return the people in a guild by their numbers, from the one after `after` on; no closed account."""
    rows = Member.objects.filter(guild_id=guild_id, left_at__isnull=True, person__is_active=True)
    return list(
        rows.filter(person_id__gt=after).order_by("person_id").values_list("person_id", flat=True)[:most]
    )


def guild_seen(guild_id: int, *, by: Person | None, at: datetime) -> GuildSeen:
    """Return one guild as `by`, or somebody who is not signed in, sees it.

    Raises:
        GuildNotFound: there is none of this number.
    """
    guild = guild_known(guild_id)
    counts = dict(
        Member.objects.filter(guild=guild, left_at__isnull=True, person__is_active=True)
        .values_list("level")
        .annotate(members=Count("pk"))
        .order_by("level")
    )
    first, highest = in_force("guild.first_level", at=at), in_force("guild.highest_level", at=at)
    levels = range(min([first, *counts]), max([highest, *counts]) + 1)
    founders = Member.objects.filter(guild=guild, is_founder=True).select_related("person__party")
    member = None if by is None else Member.objects.filter(guild=guild, person=by).first()
    invitation = (
        None
        if by is None
        else Invitation.objects.filter(guild=guild, person=by, state=InvitationState.OPEN)
        .select_related("by__party", "guild__party")
        .first()
    )
    return GuildSeen(
        id=guild.pk,
        name=guild.party.name,
        craft=guild.craft,
        language=guild.language,
        charter_text=guild.charter_text,
        decision=guild.decision,
        founded_by=""
        if guild.founded_by_id is None
        else Person.objects.select_related("party").get(pk=guild.founded_by_id).screen_name,
        decision_number=guild.adopted_id,
        founded_at=guild.founded_at,
        founders=[founder.person.screen_name for founder in founders.order_by("pk")],
        by_invitation=guild.joining == Joining.INVITATION,
        members=sum(counts.values()),
        members_at={level: counts.get(level, 0) for level in levels},
        open_work=_open_work(guild.pk),
        paused_since=paused_since(),
        own_level=member.level if member is not None and member.left_at is None else None,
        was_in=member is not None and member.left_at is not None,
        invitation=None if invitation is None else _seen(invitation, who=invitation.by),
    )


def paused_since() -> datetime | None:
    """Return since when nothing is drawn for lack of money in the guild fund; None while there is enough."""
    return SamplingPause.objects.filter(ended_at__isnull=True).values_list("began_at", flat=True).first()


def invitations_of(by: Person) -> Sequence[InvitationSeen]:
    """Return the invitations that wait for `by`'s answer, newest first."""
    rows = Invitation.objects.filter(person=by, state=InvitationState.OPEN)
    rows = rows.select_related("guild__party", "by__party").order_by("-pk")
    return [_seen(row, who=row.by) for row in rows]


def invitations_by(by: Person, *, guild_id: int | None = None) -> Sequence[InvitationSeen]:
    """Return the invitations that `by` made and that wait for an answer, newest first."""
    rows = Invitation.objects.filter(by=by, state=InvitationState.OPEN)
    if guild_id is not None:
        rows = rows.filter(guild_id=guild_id)
    rows = rows.select_related("guild__party", "person__party").order_by("-pk")
    return [_seen(row, who=row.person) for row in rows]


def _seen(invitation: Invitation, *, who: Person) -> InvitationSeen:
    return InvitationSeen(
        invitation.pk,
        invitation.guild_id,
        invitation.guild.party.name,
        who.screen_name,
        invitation.invited_at,
    )


MOST_OPEN_WORK = 20


def _open_work(guild_id: int) -> Sequence[tuple[int, str, int]]:
    rows = Requirement.objects.filter(
        scale="guild", scale_id=guild_id, project__state=ProjectState.LIVE, project__fund=""
    ).order_by("-project_id")
    found = rows.values_list("project_id", "project__title", "value")[:MOST_OPEN_WORK]
    return [(project_id, title, int(level or 0)) for project_id, title, level in found]
