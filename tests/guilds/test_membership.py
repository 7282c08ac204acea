"""Founding a guild, joining, leaving and being invited."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core import mail
from django.db import IntegrityError, transaction
from tests.builders import NOON, a_person, a_requester, a_worker

from canut.guilds.access import GuildNotFound, InvitationNotFound, NotAMember
from canut.guilds.models import Block, Invitation, Member
from canut.guilds.states import InvitationState
from canut.guilds.usecases.answer_invitation import answer_invitation
from canut.guilds.usecases.change_guild import change_guild
from canut.guilds.usecases.found_guild import found_guild
from canut.guilds.usecases.invite_person import (
    MOST_OPEN,
    AlreadyAMember,
    TooManyInvitations,
    invite_person,
)
from canut.guilds.usecases.join_guild import InvitationNeeded, join_guild
from canut.guilds.usecases.leave_guild import leave_guild
from canut.guilds.usecases.tell_invited import tell_invited
from canut.guilds.usecases.withdraw_invitation import withdraw_invitation
from canut.kernel.models import Event
from canut.kernel.refusals import BadInput
from canut.people.access import OperatorRoleMissing, PersonNotFound, WorkerRoleMissing
from canut.people.usecases.appoint_operator import appoint_operator
from canut.people.usecases.register_person import ScreenNameTaken
from canut.reputation.models import Standing

pytestmark = pytest.mark.django_db

LATER = NOON + timedelta(days=1)
TEXT = {"craft": "transcription", "charter_text": "We write what is said.", "decision": "Asked for by all."}


@pytest.fixture
def operator():
    person = a_person("keeper")
    appoint_operator(person_id=person.pk, by=None, at=NOON)
    person.refresh_from_db()
    return person


def a_guild(operator, name="Scribes", **details):
    return found_guild(by=operator, name=name, screen_name=name, at=NOON, **(TEXT | details))


def level_of(person, guild):
    found = Standing.objects.filter(party_id=person.pk, scale="guild", scale_id=guild.pk)
    return found.values_list("value", flat=True).first()


def test_an_operator_founds_a_guild_with_founders_at_their_levels(operator):
    ada, zoe = a_worker("ada"), a_worker("zoe")
    guild = a_guild(operator, founders={"ADA": 3, "Zoe": 1})
    assert {(m.person_id, m.level, m.is_founder) for m in guild.members.all()} == {
        (ada.pk, 3, True),
        (zoe.pk, 1, True),
    }
    assert (level_of(ada, guild), level_of(zoe, guild)) == (Decimal(3), Decimal(1))
    assert Event.objects.filter(name="guild.founded", by_id=operator.pk, subject_id=guild.pk).exists()
    assert Block.objects.filter(member__guild=guild, state="collecting").count() == 2


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", " "),
        ("name", "a" * 121),
        ("craft", ""),
        ("craft", "a\0b"),
        ("charter_text", "  "),
        ("charter_text", "a" * 20_001),
        ("joining", "lottery"),
        ("language", "a" * 13),
        ("decision", ""),
        ("decision", "a\0"),
        ("founders", {"nobody": 1}),
        ("founders", {"Ada": 5}),
        ("founders", {"Ada": 0}),
        ("founders", {"Ada": True}),
        ("founders", {"Ada": 1, "ada ": 2}),
        ("founders", {"Rita": 1}),
    ],
)
def test_a_guild_of_the_wrong_shape_is_refused_whole(operator, field, value):
    a_worker("ada")
    a_requester("rita")
    given = {"name": "Scribes", "screen_name": "Scribes", "founders": {"Ada": 2}} | TEXT | {field: value}
    with pytest.raises(BadInput) as refused:
        found_guild(by=operator, at=NOON, **given)
    assert list(refused.value.facts["errors"]) == [field]
    assert not Member.objects.exists()


def test_only_operators_found_and_change_guilds(operator):
    guild = a_guild(operator)
    worker = a_worker()
    with pytest.raises(OperatorRoleMissing):
        found_guild(by=worker, name="Others", screen_name="Others", at=NOON, **TEXT)
    new = {"craft": "subtitles", "charter_text": "New.", "joining": "invitation", "language": "fr"}
    with pytest.raises(OperatorRoleMissing):
        change_guild(guild_id=guild.pk, by=worker, reason="So.", at=NOON, **new)
    with pytest.raises(BadInput):
        change_guild(guild_id=guild.pk, by=operator, reason=" ", at=NOON, **new)
    change_guild(guild_id=guild.pk, by=operator, reason="Voted on.", at=LATER, **new)
    changed = Event.objects.get(name="guild.changed").data
    assert (changed["before"]["craft"], changed["reason"]) == ("transcription", "Voted on.")
    change_guild(guild_id=guild.pk, by=operator, reason="Again.", at=LATER, **new)
    assert Event.objects.filter(name="guild.changed").count() == 1


def test_a_screen_name_is_one_partys_alone(operator):
    a_worker("scribes")
    with pytest.raises(ScreenNameTaken), transaction.atomic():
        a_guild(operator)


def test_joining_and_leaving_and_coming_back(operator):
    guild, worker = a_guild(operator), a_worker()
    member = join_guild(guild_id=guild.pk, by=worker, at=NOON)
    assert (member.level, level_of(worker, guild)) == (1, Decimal(1))
    assert join_guild(guild_id=guild.pk, by=worker, at=LATER).pk == member.pk
    assert Event.objects.filter(name="guild.joined").count() == 1
    Member.objects.filter(pk=member.pk).update(level=3)  # as reviews would
    leave_guild(guild_id=guild.pk, by=worker, at=LATER)
    leave_guild(guild_id=guild.pk, by=worker, at=LATER)
    assert level_of(worker, guild) is None
    again = join_guild(guild_id=guild.pk, by=worker, at=LATER)
    assert (again.pk, again.left_at, level_of(worker, guild)) == (member.pk, None, Decimal(3))
    assert Block.objects.filter(member=member).count() == 1


def test_strangers_and_the_wrong_role(operator):
    guild, worker, requester = a_guild(operator), a_worker(), a_requester()
    with pytest.raises(WorkerRoleMissing):
        join_guild(guild_id=guild.pk, by=requester, at=NOON)
    with pytest.raises(GuildNotFound):
        join_guild(guild_id=2**62, by=worker, at=NOON)
    with pytest.raises(NotAMember):
        leave_guild(guild_id=guild.pk, by=worker, at=NOON)
    with pytest.raises(NotAMember):
        invite_person(guild_id=guild.pk, by=worker, screen_name=requester.screen_name, at=NOON)


def test_a_guild_by_invitation(operator, django_capture_on_commit_callbacks):
    founder, guest, other = a_worker("ada"), a_worker("guest"), a_worker("other")
    guild = a_guild(operator, joining="invitation", founders={"Ada": 2})
    with pytest.raises(InvitationNeeded):
        join_guild(guild_id=guild.pk, by=guest, at=NOON)
    invitation = invite_person(guild_id=guild.pk, by=founder, screen_name="GUEST", at=NOON)
    assert invite_person(guild_id=guild.pk, by=operator, screen_name="Guest", at=NOON).pk == invitation.pk
    with pytest.raises(InvitationNotFound):
        answer_invitation(invitation_id=invitation.pk, by=other, accept=True, at=LATER)
    answer_invitation(invitation_id=invitation.pk, by=guest, accept=True, at=LATER)
    assert level_of(guest, guild) == Decimal(1)
    with pytest.raises(InvitationNotFound):
        answer_invitation(invitation_id=invitation.pk, by=guest, accept=False, at=LATER)
    with pytest.raises(AlreadyAMember):
        invite_person(guild_id=guild.pk, by=founder, screen_name="guest", at=LATER)
    leave_guild(guild_id=guild.pk, by=guest, at=LATER)
    assert join_guild(guild_id=guild.pk, by=guest, at=LATER).left_at is None


def test_an_invitation_is_told_declined_and_withdrawn(operator):
    founder, guest = a_worker("ada"), a_worker("guest", locale="fr")
    guild = a_guild(operator, founders={"Ada": 2})
    invitation = invite_person(guild_id=guild.pk, by=founder, screen_name="guest", at=NOON)
    assert tell_invited(invitation_id=invitation.pk, at=LATER)
    answer_invitation(invitation_id=invitation.pk, by=guest, accept=False, at=LATER)
    assert not tell_invited(invitation_id=invitation.pk, at=LATER)
    second = invite_person(guild_id=guild.pk, by=founder, screen_name="guest", at=LATER)
    assert second.pk != invitation.pk
    with pytest.raises(InvitationNotFound):
        withdraw_invitation(invitation_id=second.pk, by=guest, at=LATER)
    withdraw_invitation(invitation_id=second.pk, by=founder, at=LATER)
    assert Invitation.objects.get(pk=second.pk).state == InvitationState.WITHDRAWN
    assert not mail.outbox  # mails go by jobs


def test_invitations_are_bounded_and_for_workers(operator):
    founder, requester = a_worker("ada"), a_requester()
    guild = a_guild(operator, founders={"Ada": 2})
    for name in (requester.screen_name, "nobody at all", ""):
        with pytest.raises(PersonNotFound):
            invite_person(guild_id=guild.pk, by=founder, screen_name=name, at=NOON)
    for _number in range(MOST_OPEN):
        invite_person(guild_id=guild.pk, by=founder, screen_name=a_worker().screen_name, at=NOON)
    with pytest.raises(TooManyInvitations):
        invite_person(guild_id=guild.pk, by=founder, screen_name=a_worker().screen_name, at=NOON)


def test_the_database_knows_one_open_invitation(operator):
    founder, guest = a_worker("ada"), a_worker("guest")
    guild = a_guild(operator, founders={"Ada": 2})
    invite_person(guild_id=guild.pk, by=founder, screen_name="guest", at=NOON)
    with pytest.raises(IntegrityError, match="invitation_one_open"), transaction.atomic():
        Invitation.objects.create(guild=guild, person=guest, by=founder, invited_at=NOON)
