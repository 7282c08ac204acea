"""Mails about reviews on their pages: wanted or not by the member, stopped by whoever has one."""

import pytest
from tests.builders import NOON, a_worker
from tests.guilds.crafts import a_guild, a_member

from canut.guilds.mail_token import mail_token

pytestmark = pytest.mark.django_db


def test_a_member_chooses_and_the_link_in_a_mail_stops_them_without_signing_in(client):
    guild = a_guild()
    member = a_member(guild)
    stop = f"/guilds/mails/{mail_token(member.pk)}/"
    assert guild.party.name in client.get(stop).content.decode()
    member.refresh_from_db()
    assert member.wants_mails  # reading the page changes nothing
    for _twice in range(2):
        assert client.post(stop, {"List-Unsubscribe": "One-Click"}).status_code == 200
        member.refresh_from_db()
        assert not member.wants_mails
    for bad in ("x", "1:abc", f"{mail_token(member.pk)}x"):
        assert client.get(f"/guilds/mails/{bad}/").status_code == 404
        assert client.post(f"/guilds/mails/{bad}/").status_code == 404

    choose = f"/guilds/{guild.pk}/mails/"
    assert client.post(choose, {"wanted": "yes"}).status_code in (302, 401, 403)
    client.force_login(member.person)
    page = client.get(f"/guilds/{guild.pk}/mine/").content.decode()
    assert "Tell me by mail, once a day" in page
    answer = client.post(choose, {"wanted": "yes"}, follow=True)
    assert "a mail tells you once a day" in answer.content.decode()
    member.refresh_from_db()
    assert member.wants_mails
    assert client.get(choose).status_code == 405
    client.force_login(a_worker(at=NOON))
    assert client.post(choose, {"wanted": "no"}).status_code == 403
    assert client.post(f"/guilds/{10**30}/mails/", {"wanted": "no"}).status_code == 404
