"""Situations of guilds."""

from typing import Any

from tests.api.calls import Call
from tests.api.scenarios.cast import Cast
from tests.api.scenarios.registry import says, several
from tests.builders import a_worker
from tests.guilds.crafts import done, heard
from tests.guilds.reviewed import everything_drawn, review_of
from tests.work.duties import fill_fund

from canut.guilds.models import Guild, Invitation, Member
from canut.guilds.usecases.found_guild import found_guild
from canut.guilds.usecases.invite_person import MOST_OPEN, invite_person
from canut.guilds.usecases.join_guild import join_guild
from canut.people.models import Person
from canut.reputation.models import ScaleKind
from canut.work.models import Project, Requirement


def guild(cast: Cast, **details: Any) -> Guild:
    """A guild whose only founder is the worker, at level 1."""
    given = {
        "name": "Scribes",
        "screen_name": "Scribes",
        "craft": "transcription",
        "charter_text": "We write what is said.",
        "decision": "Asked for by all.",
        "founders": {cast.worker.screen_name: 1},
        "at": cast.at,
    }
    return found_guild(by=cast.operator, **(given | details))


def work_for(cast: Cast, craft: Guild) -> Project:
    project = cast.live()
    Requirement.objects.create(
        project=project, scale=ScaleKind.GUILD, scale_id=craft.pk, comparator="at_least", value=1
    )
    return project


def reviewed(cast: Cast) -> Guild:
    """A guild in which two things of the worker's were drawn, and one of them is reviewed."""
    fill_fund(100_000)
    with everything_drawn():
        craft = guild(cast, founders={cast.worker.screen_name: 1, cast.peer.screen_name: 2})
        author, project = Member.objects.get(guild=craft, person=cast.worker), work_for(cast, craft)
        review_of(author, cast.peer, 3, project=project, at=cast.at)
        done(cast.worker, project, at=cast.at)
        heard(at=cast.at)
    return craft


def invited(cast: Cast, *, to: Person | None = None) -> Invitation:
    return invite_person(
        guild_id=guild(cast).pk, by=cast.worker, screen_name=(to or cast.peer).screen_name, at=cast.at
    )


def inviting(cast: Cast, craft: Guild, name: str) -> Call:
    return cast.post(cast.worker, f"/guilds/{craft.pk}/invitations", {"screen_name": name})


ABOUT_ONE = {
    "get_guild": lambda cast, pk: cast.get(None, f"/guilds/{pk}"),
    "list_draws": lambda cast, pk: cast.get(None, f"/guilds/{pk}/draws"),
    "get_guild_membership": lambda cast, pk: cast.get(cast.worker, f"/guilds/{pk}/membership"),
    "leave_a_guild": lambda cast, pk: Call(cast.worker, "DELETE", f"/guilds/{pk}/membership"),
    "list_guild_items": lambda cast, pk: cast.get(cast.worker, f"/guilds/{pk}/membership/items"),
    "join_a_guild": lambda cast, pk: Call(cast.peer, "PUT", f"/guilds/{pk}/membership"),
    "invite_into_guild": lambda cast, pk: cast.post(
        cast.worker, f"/guilds/{pk}/invitations", {"screen_name": cast.peer.screen_name}
    ),
}
several(ABOUT_ONE, "guild_not_found", lambda cast: guild(cast).pk + 1)
for _operation in ("get_guild_membership", "leave_a_guild", "list_guild_items", "invite_into_guild"):
    says(_operation, "not_a_guild_member")(
        lambda cast, call=ABOUT_ONE[_operation]: call(cast, guild(cast, founders={}).pk)  # type: ignore[misc]
    )
for _operation in ("get_guild", "list_draws", "get_guild_membership", "list_guild_items"):
    says(_operation, "200")(
        lambda cast, call=ABOUT_ONE[_operation]: call(cast, reviewed(cast).pk)  # type: ignore[misc]
    )
says("leave_a_guild", "204")(lambda cast: ABOUT_ONE["leave_a_guild"](cast, guild(cast).pk))
says("join_a_guild", "200")(lambda cast: ABOUT_ONE["join_a_guild"](cast, guild(cast).pk))
says("join_a_guild", "worker_role_missing")(
    lambda cast: ABOUT_ONE["join_a_guild"](cast, guild(cast).pk).but(by=cast.guest)
)
says("join_a_guild", "guild_by_invitation")(
    lambda cast: ABOUT_ONE["join_a_guild"](cast, guild(cast, joining="invitation").pk)
)
says("invite_into_guild", "201")(lambda cast: ABOUT_ONE["invite_into_guild"](cast, guild(cast).pk))
says("invite_into_guild", "person_not_found")(
    lambda cast: inviting(cast, guild(cast), cast.requester.screen_name)
)


@says("list_guilds", "200")
def _(cast: Cast) -> Call:
    guild(cast)
    return cast.get(None, "/guilds?words=script")


@says("list_guild_memberships", "200")
def _(cast: Cast) -> Call:
    guild(cast)
    return cast.get(cast.worker, "/guild-memberships")


@says("list_guild_invitations", "200")
def _(cast: Cast) -> Call:
    invited(cast)
    return cast.get(cast.peer, "/guild-invitations")


@says("invite_into_guild", "already_a_guild_member")
def _(cast: Cast) -> Call:
    craft = guild(cast)
    join_guild(guild_id=craft.pk, by=cast.peer, at=cast.at)
    return inviting(cast, craft, cast.peer.screen_name)


@says("invite_into_guild", "too_many_invitations")
def _(cast: Cast) -> Call:
    craft = guild(cast)
    Invitation.objects.bulk_create(
        Invitation(guild=craft, person=a_worker(), by=cast.worker, invited_at=cast.at)
        for _each in range(MOST_OPEN)
    )
    return inviting(cast, craft, cast.peer.screen_name)


def answering(cast: Cast, pk: int) -> Call:
    return cast.post(cast.peer, f"/guild-invitations/{pk}/answer", {"accept": True})


def withdrawing(cast: Cast, pk: int) -> Call:
    return Call(cast.worker, "DELETE", f"/guild-invitations/{pk}")


several(
    {"answer_guild_invitation": answering, "withdraw_guild_invitation": withdrawing},
    "invitation_not_found",
    lambda cast: invited(cast).pk + 1,
)
says("answer_guild_invitation", "200")(lambda cast: answering(cast, invited(cast).pk))
says("answer_guild_invitation", "worker_role_missing")(
    lambda cast: answering(cast, invited(cast).pk).but(by=cast.guest)
)
says("withdraw_guild_invitation", "204")(lambda cast: withdrawing(cast, invited(cast).pk))
