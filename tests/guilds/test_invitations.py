"""What becomes of invitations: who made one learns the answer, and nobody is called again and again."""

from datetime import timedelta

import pytest
from django.urls import reverse
from tests.builders import NOON, a_worker
from tests.guilds.crafts import a_guild, a_member
from tests.told import told
from tests.web.pages import browser_of, text_of

from canut.guilds.models import Invitation
from canut.guilds.queries.invitations import MOST_ANSWERED, answered_lately
from canut.guilds.usecases.answer_invitation import answer_invitation
from canut.guilds.usecases.invite_person import invite_person
from canut.guilds.usecases.tell_invited import tell_invited
from canut.guilds.usecases.withdraw_invitation import withdraw_invitation
from canut.kernel import clock

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


def test_who_invited_learns_who_declined_and_who_accepted_and_nobody_else_does() -> None:
    guild, now = a_guild(), clock.now()
    host = a_member(guild, person=a_worker("Host")).person
    other = a_member(guild, person=a_worker("Other")).person
    for name, accept in (("Yves", True), ("Nora", False)):
        guest = a_worker(name)
        invitation = invite_person(guild_id=guild.pk, by=host, screen_name=name, at=now)
        answer_invitation(invitation_id=invitation.pk, by=guest, accept=accept, at=now)
    seen = answered_lately(host, guild_id=guild.pk, at=now)
    assert [(one.who, one.accepted) for one in seen] == [("Nora", False), ("Yves", True)]
    page = " ".join(text_of(browser_of(host).get(reverse("guild", args=[guild.pk]))).split())
    assert "<bdi>Nora</bdi> · declined" in page
    assert "<bdi>Yves</bdi> · accepted" in page
    assert "declined" not in text_of(browser_of(other).get(reverse("guild", args=[guild.pk])))
    assert answered_lately(other, guild_id=guild.pk, at=now) == []
    assert answered_lately(host, guild_id=guild.pk, at=now + 31 * DAY) == []
    assert answered_lately(host, guild_id=a_guild().pk, at=now) == []


def test_only_the_latest_answers_are_listed() -> None:
    guild = a_guild()
    host = a_member(guild).person
    Invitation.objects.bulk_create(
        Invitation(
            guild=guild, person=a_worker(), by=host, invited_at=NOON, answered_at=NOON, state="declined"
        )
        for _each in range(MOST_ANSWERED + 1)
    )
    assert len(answered_lately(host, guild_id=guild.pk, at=NOON + DAY)) == MOST_ANSWERED


def test_invitations_that_are_taken_back_and_made_anew_call_nobody_again() -> None:
    guild, other, guest = a_guild(), a_guild(), a_worker("Guest")
    host = a_member(guild).person
    a_member(other, person=host)

    def invited(at, *, into=guild, withdraw=True) -> bool:
        invitation = invite_person(guild_id=into.pk, by=host, screen_name="Guest", at=at)
        is_told = tell_invited(invitation_id=invitation.pk, at=at)
        if withdraw:
            withdraw_invitation(invitation_id=invitation.pk, by=host, at=at)
        return is_told

    assert invited(NOON)
    for minutes in range(1, 4):
        assert not invited(NOON + timedelta(minutes=minutes))
    assert invited(NOON + DAY, into=other)
    assert len(told(guest)) == 2
    assert invited(NOON + 31 * DAY, withdraw=False)
    assert "invites you" in text_of(browser_of(guest).get(reverse("guilds")))


def test_an_invitation_taken_back_before_it_was_told_silences_none() -> None:
    guild, guest = a_guild(), a_worker("Guest")
    host = a_member(guild).person
    first = invite_person(guild_id=guild.pk, by=host, screen_name="Guest", at=NOON)
    withdraw_invitation(invitation_id=first.pk, by=host, at=NOON)
    assert not tell_invited(invitation_id=first.pk, at=NOON)
    second = invite_person(guild_id=guild.pk, by=host, screen_name="Guest", at=NOON)
    assert tell_invited(invitation_id=second.pk, at=NOON)
    assert tell_invited(invitation_id=second.pk, at=NOON)  # the job ran twice
    assert len(told(guest)) == 1
