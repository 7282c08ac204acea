"""Pages of guilds: the list, one guild, being in it, inviting, founding and changing."""

import pytest
from django.test import Client
from django.urls import reverse
from tests.builders import NOON, a_person, a_requester, a_worker
from tests.web.pages import browser_of, text_of

from canut.guilds.models import Guild, Invitation, Member
from canut.guilds.queries.guilds import GUILDS_A_PAGE
from canut.guilds.usecases.found_guild import found_guild
from canut.guilds.usecases.join_guild import join_guild
from canut.ledger.models import Kind
from canut.ledger.queries import fund_minor
from canut.people.usecases.appoint_operator import appoint_operator
from canut.people.usecases.close_account import close_account

pytestmark = pytest.mark.django_db

HOSTILE = "<script>alert(1)</script>"


@pytest.fixture
def operator():
    person = a_person("keeper")
    appoint_operator(person_id=person.pk, by=None, at=NOON)
    person.refresh_from_db()
    return person


def a_guild(operator, name="Scribes", **details):
    given = {"craft": "transcription", "charter_text": "We write.", "decision": "Asked for.", **details}
    return found_guild(by=operator, name=name, screen_name=name[:30], at=NOON, **given)


def test_the_list_is_for_everybody_finds_and_goes_on(operator):
    stranger = Client()
    assert "There is no guild yet." in text_of(stranger.get(reverse("guilds")))
    for number in range(GUILDS_A_PAGE + 1):
        a_guild(operator, name=f"Guild {number:02}", craft="subtitles" if number == 7 else "dubbing")
    page = text_of(stranger.get(reverse("guilds")))
    assert "Guild 19" in page
    assert "Guild 20" not in page
    (last,) = Guild.objects.order_by("pk")[GUILDS_A_PAGE - 1 : GUILDS_A_PAGE]
    assert f"?after={last.pk}" in page
    assert "Guild 20" in text_of(stranger.get(reverse("guilds"), {"after": last.pk}))
    found = text_of(stranger.get(reverse("guilds"), {"words": "SUBTITLES"}))
    assert "Guild 07" in found
    assert "Guild 08" not in found
    for nonsense in ({"words": "nothing\0"}, {"after": "x"}, {"after": "9" * 40}):
        assert stranger.get(reverse("guilds"), nonsense).status_code == 200


def test_a_guilds_page_tells_all_and_nothing_is_read_as_html(operator):
    founder = a_worker("ada")
    guild = a_guild(
        operator, craft=HOSTILE, charter_text=HOSTILE, decision=HOSTILE, founders={founder.screen_name: 3}
    )
    page = text_of(Client().get(reverse("guild", args=[guild.pk])))
    assert HOSTILE not in page
    assert "&lt;script&gt;" in page
    assert "Ada" in page
    assert "The guild fund" not in page or "It holds" in page
    assert "Sign in to join." in page
    assert "no approved work" in page
    assert Client().get(reverse("guild", args=[10**30])).status_code == 404


def test_joining_leaving_and_coming_back(operator):
    guild, worker = a_guild(operator), a_worker()
    browser = browser_of(worker)
    address = reverse("guild", args=[guild.pk])
    page = browser.post(reverse("join_guild", args=[guild.pk]), follow=True)
    assert "You are in, at level 1." in text_of(page)
    assert "You are in this guild, at level 1." in text_of(browser.get(address))
    asked = browser.get(reverse("leave_guild", args=[guild.pk]))
    assert "You go on at level 1" in text_of(asked) or "at level 1" in text_of(asked)
    assert Member.objects.get().left_at is None
    browser.post(reverse("leave_guild", args=[guild.pk]))
    assert Member.objects.get().left_at is not None
    assert "Come back" in text_of(browser.get(address))
    assert browser.get(reverse("leave_guild", args=[guild.pk])).status_code == 403
    browser.post(reverse("join_guild", args=[guild.pk]))
    assert Member.objects.get().left_at is None
    assert Client().post(reverse("join_guild", args=[guild.pk])).status_code == 302  # to sign in
    assert Member.objects.count() == 1


def test_inviting_answering_and_withdrawing(operator):
    founder, guest, other = a_worker("ada"), a_worker("guest"), a_worker("other")
    guild = a_guild(operator, joining="invitation", founders={"ada": 1})
    host, invited = browser_of(founder), browser_of(guest)
    invite = reverse("invite_to_guild", args=[guild.pk])
    refused = host.post(invite, {"screen_name": "nobodyy"})
    assert refused.status_code == 422
    assert 'value="nobodyy"' in text_of(refused)
    assert "Nobody who works here has this name." in text_of(refused)
    assert browser_of(other).post(invite, {"screen_name": "guest"}).status_code == 422
    assert not Invitation.objects.exists()
    host.post(invite, {"screen_name": "guest"})
    invitation = Invitation.objects.get()
    assert "Guest" in text_of(host.get(reverse("guild", args=[guild.pk])))
    assert "invites you" in text_of(invited.get(reverse("guilds")))
    answer = reverse("answer_guild_invitation", args=[invitation.pk])
    assert browser_of(other).post(answer, {"answer": "accept"}).status_code == 404
    invited.post(answer, {"answer": "decline"})
    assert invited.post(answer, {"answer": "accept"}).status_code == 404
    host.post(invite, {"screen_name": "Guest"})
    second = Invitation.objects.latest("pk")
    host.post(reverse("withdraw_guild_invitation", args=[second.pk]))
    host.post(invite, {"screen_name": "guest"})
    third = Invitation.objects.latest("pk")
    invited.post(reverse("answer_guild_invitation", args=[third.pk]), {"answer": "accept"})
    assert Member.objects.filter(person=guest, left_at__isnull=True).exists()


def test_an_operator_founds_and_changes_and_what_was_typed_is_kept(operator):
    a_worker("ada")
    keeper, worker = browser_of(operator), browser_of(a_worker())
    typed = {
        "name": "Scribes",
        "screen_name": "Scribes",
        "craft": "transcription",
        "language": "fr",
        "charter_text": "We write what is said.",
        "joining": "open",
        "founders": "Ada, 9",
        "decision": "The assembly of March.",
    }
    assert worker.get(reverse("found_guild")).status_code == 403
    assert worker.post(reverse("found_guild"), typed).status_code == 403
    assert keeper.get(reverse("found_guild")).status_code == 200
    for founders in ("Ada, 9", "Ada", "Ada, x", "Nobody, 1", "Ada, 1\nAda, 2"):
        refused = keeper.post(reverse("found_guild"), typed | {"founders": founders})
        assert refused.status_code == 422
        assert "The assembly of March." in text_of(refused)
    keeper.post(reverse("found_guild"), typed | {"founders": "Ada, 2\n\n"})
    guild = Guild.objects.get()
    assert Member.objects.get().level == 2
    taken = keeper.post(reverse("found_guild"), typed | {"founders": ""})
    assert taken.status_code == 422
    assert "Somebody has this screen name." in text_of(taken)
    new = {"craft": "subtitles", "charter_text": "New.", "joining": "invitation", "language": ""}
    change = reverse("change_guild", args=[guild.pk])
    assert worker.post(change, new | {"reason": "So."}).status_code == 403
    assert keeper.post(change, new | {"reason": ""}).status_code == 422
    keeper.post(change, new | {"reason": "Voted."})
    guild.refresh_from_db()
    assert (guild.craft, guild.joining) == ("subtitles", "invitation")


def test_the_pages_are_in_french(operator):
    guild = a_guild(operator)
    reader = Client(headers={"accept-language": "fr"})
    for address in (reverse("guilds"), reverse("guild", args=[guild.pk])):
        page = text_of(reader.get(address))
        assert '<html lang="fr">' in page
        assert "A guild is a craft" not in page
        assert "What the levels mean" not in page


def test_a_member_of_a_guild_counts_at_the_level_they_are(operator):
    founder, worker = a_worker("ada"), a_worker()
    guild = a_guild(operator, founders={"ada": 4})
    join_guild(guild_id=guild.pk, by=worker, at=NOON)
    page = " ".join(text_of(Client().get(reverse("guild", args=[guild.pk]))).split())
    assert '<th scope="row">4</th><td>1</td>' in page
    assert '<th scope="row">1</th><td>1</td>' in page
    assert '<th scope="row">2</th><td>0</td>' in page
    assert founder.screen_name in page
    close_account(by=worker, what_is_open=lambda _party: [], at=NOON)
    page = " ".join(text_of(Client().get(reverse("guild", args=[guild.pk]))).split())
    assert '<th scope="row">1</th><td>0</td>' in page
    assert "1 member" in text_of(Client().get(reverse("guilds")))


def test_a_requester_gives_to_the_fund_once_and_sees_what_was_wrong(operator):
    guild, giver = a_guild(operator), a_requester(money_minor=10_000)
    browser, address = browser_of(giver), reverse("give_to_guild_fund", args=[guild.pk])
    key = "0" * 32
    for amount in ("", "much", "0", "-3", "100.01", "1.234", "9" * 30):
        refused = browser.post(address, {"amount": amount, "key": key})
        assert refused.status_code == 422, amount
    for _time in range(2):
        browser.post(address, {"amount": "50", "key": key})
    assert fund_minor(Kind.GUILD_FUND, "EUR") == 5_000
    assert "€50.00" in text_of(browser.get(reverse("guild", args=[guild.pk])))
    assert browser_of(a_worker()).post(address, {"amount": "1", "key": key}).status_code == 403
