"""A member's own pages of a guild, and the draws that everybody sees."""

import csv
import io
import json
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from tests.builders import a_requester, a_worker
from tests.guilds.crafts import a_block_full, a_guild, a_member, done, guild_work, heard
from tests.guilds.reviewed import everything_drawn, review_of
from tests.web.pages import browser_of, text_of
from tests.work.duties import fill_fund

from canut.guilds.models import Block
from canut.guilds.usecases.leave_guild import leave_guild
from canut.guilds.usecases.void_review import void_review
from canut.kernel import clock

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


@pytest.fixture
def guild():
    fill_fund(1_000_000)
    return a_guild()


def mine(guild, **query):
    return reverse("guild_mine", args=[guild.pk], query=query)


def test_a_member_sees_reviews_window_and_why_their_level_is_what_it_is(guild, operator):
    at = clock.now() - timedelta(days=3)
    with everything_drawn():
        author, above, two = (
            a_member(guild, at=at),
            a_member(guild, level=2, at=at),
            a_member(guild, level=3, at=at),
        )
        project = guild_work(guild, at=at)
        browser = browser_of(author.person)
        assert "Nothing yet." in text_of(browser.get(mine(guild)))
        page = text_of(browser.get(mine(guild, show="reviews")))
        assert "Nothing of yours was drawn yet." in page
        assert "the 10 missing reviews must average 3.10 or more" in page
        for number in range(10):
            review_of(author, above.person, 4 if number else 1, project=project, at=at)
        last = review_of(author, two.person, 3, project=project, at=at, advice="<b>Ears</b>")
    done(author.person, project, at=at)
    heard(at=at)
    page = text_of(browser.get(mine(guild)))
    assert "The mean of 10 reviews was 3.70. So the level rose from 1 to 2." in page
    assert "Since the last decision there were 1; 9 are missing. Their mean is 3.00 so far." in page
    assert "<dd>3.64</dd>" in page  # of all eleven
    assert "ready for the next level" in page
    assert "&lt;b&gt;Ears&lt;/b&gt;" in page
    assert "Its review is not there yet." in page
    assert f"name draw {last.item.block.public_id}" in page
    void_review(review_id=last.pk, by=operator, reason="Signed it.", at=clock.now())
    page = text_of(browser.get(mine(guild, show="reviews")))
    assert "an operator has taken it out. The reason: <bdi>Signed it.</bdi>" in page
    assert "Since the last decision there were 0; 10 are missing." in page
    leave_guild(guild_id=guild.pk, by=author.person, at=clock.now())
    assert "You have left this guild." in text_of(browser.get(mine(guild)))


def test_items_come_in_pages_by_the_members_own_numbers(guild):
    at = clock.now() - timedelta(days=3)
    author, project = a_member(guild, at=at), guild_work(guild, at=at)
    for _each in range(2):
        a_block_full(author, project, at=at)
    done(author.person, project, at=at)
    heard(at=at)
    browser = browser_of(author.person)
    first = text_of(browser.get(mine(guild)))
    assert 'id="item-21"' in first
    assert 'id="item-1"' not in first
    assert "the draw is to come" in first
    assert "not drawn" in first
    assert "drawn for review" in first
    second = text_of(browser.get(mine(guild, before=2)))
    assert 'id="item-1"' in second
    assert 'id="item-2"' not in second
    assert "There is nothing earlier." in text_of(browser.get(mine(guild, before=1)))
    for nonsense in ("x", "-1", "9" * 30, str(2**63 - 1)):
        assert browser.get(mine(guild, before=nonsense)).status_code == 200


def test_strangers_and_the_wrong_roles_are_kept_out_of_ones_own_pages(guild):
    for person in (a_worker(), a_requester()):
        answer = browser_of(person).get(mine(guild))
        assert (answer.status_code, "not_a_guild_member" in text_of(answer)) == (403, True)
    assert browser_of(a_worker()).get(reverse("guild_mine", args=[2**70])).status_code == 404
    assert Client().get(mine(guild)).status_code == 302


def test_everybody_sees_draws_and_nobody_a_seed_before_its_draw(guild):
    at = clock.now() - timedelta(days=3)
    author, project = a_member(guild, at=at), guild_work(guild, at=at)
    address, visitor = reverse("guild_draws", args=[guild.pk]), Client()
    block = Block.objects.get(member=author)
    before = text_of(visitor.get(address, {"show": "to-come"}))
    assert block.commitment in before
    assert str(block.public_id) in before
    assert block.seed not in before
    assert "Nothing was drawn yet." in text_of(visitor.get(address))
    a_block_full(author, project, at=at)
    block.refresh_from_db()
    page = text_of(visitor.get(address))
    assert block.seed in page
    assert f"Item {block.drawn_number} of 10" in page
    assert author.person.screen_name not in page
    following = Block.objects.get(member=author, state="collecting")
    as_json = visitor.get(reverse("guild_draws_json", args=[guild.pk])).getvalue().decode()
    as_csv = visitor.get(reverse("guild_draws_csv", args=[guild.pk])).getvalue().decode()
    rows = json.loads(as_json)["draws"]
    assert [(row["draw_id"], row["seed"]) for row in rows] == [
        (str(block.public_id), block.seed),
        (str(following.public_id), None),
    ]
    assert [row["seed"] for row in csv.DictReader(io.StringIO(as_csv))] == [block.seed, ""]
    for content in (page, as_json, as_csv):
        assert following.seed not in content
    for shape in ("guild_draws", "guild_draws_json", "guild_draws_csv"):
        assert visitor.get(reverse(shape, args=[2**70])).status_code == 404
        assert visitor.get(reverse(shape, args=[author.person_id])).status_code == 404
    for nonsense in ("x", "2026-01-01.", "\0", "9999-99-99.x", "2026-01-01.zz"):
        assert visitor.get(address, {"after": nonsense}).status_code == 200


def test_draws_come_in_pages_in_no_order_of_time(guild, monkeypatch):
    monkeypatch.setattr(
        "canut.web.guilds.draws.draws_page.__kwdefaults__", {"drawn": True, "after_place": "", "most": 2}
    )
    at = clock.now() - timedelta(days=3)
    with everything_drawn():
        author, project = a_member(guild, at=at), guild_work(guild, at=at)
        for days in (0, 0, 1):
            done(author.person, project, at=at + timedelta(days=days))
            heard(at=at + timedelta(days=days))
    visitor, address, seen = Client(), reverse("guild_draws", args=[guild.pk]), []
    page = visitor.get(address).context["page"]
    seen += page.draws
    assert page.next_place is not None
    page = visitor.get(address, {"after": page.next_place}).context["page"]
    seen += page.draws
    assert (page.next_place, page.drawn, page.to_come) == (None, 3, 1)
    assert [draw.drawn_on for draw in seen] == sorted((draw.drawn_on for draw in seen), reverse=True)
    same_day = [draw.draw_id for draw in seen[1:]]
    assert same_day == sorted(same_day)


def test_an_operator_finds_a_review_by_its_draw_and_takes_it_out_with_a_reason(guild, operator):
    at = clock.now() - timedelta(days=3)
    with everything_drawn():
        author, above = a_member(guild, at=at), a_member(guild, level=2, at=at)
        project = guild_work(guild, at=at)
        found = review_of(author, above.person, 1, project=project, at=at, advice="Signed, the best.")
        review_of(author, above.person, 2, project=project, at=at, advice="Another one entirely.")
    browser, address = browser_of(operator), reverse("guild_reviews", args=[guild.pk])
    assert "Another one entirely." in text_of(browser.get(address))
    page = text_of(browser.get(address, {"draw": str(found.item.block.public_id)}))
    assert "Signed, the best." in page
    assert "Another one entirely." not in page
    for nonsense in ("x", "\0", "0" * 99):
        assert "for a draw of this id" in text_of(browser.get(address, {"draw": nonsense}))
    one = reverse("guild_review", args=[guild.pk, found.pk])
    page = text_of(browser.get(one))
    assert "What was reviewed" in page
    for person in (author.person, above.person):
        assert person.screen_name not in page
    assert browser.post(one, {"reason": " "}).status_code == 422
    assert "<strong>taken out" not in text_of(browser.get(address))
    assert browser.post(one, {"reason": "It is signed."}, follow=True).status_code == 200
    found.refresh_from_db()
    assert (found.void_reason, found.voided_by_id) == ("It is signed.", operator.pk)
    assert "It is signed." in text_of(browser.get(one))
    assert browser.get(reverse("guild_review", args=[guild.pk, 2**70])).status_code == 404
    for person in (author.person, above.person, a_requester()):
        for door in (address, one):
            answer = browser_of(person).get(door)
            assert (answer.status_code, "operator_role_missing" in text_of(answer)) == (403, True)
