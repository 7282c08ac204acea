"""Pages of proposals: the hub, writing, supporting, amending, the team's look, and the vote's end."""

import pytest
from django.test import Client
from django.urls import reverse
from tests.builders import NOON
from tests.governance.proposing import (
    FLOOR,
    LEASE,
    a_draft_of,
    an_idea,
    before_team,
    content,
    feasible,
    ratified,
    the_members,
    voted,
)
from tests.web.pages import browser_of, text_of

from canut.governance.models import Proposal, ProposalVersion
from canut.guilds.models import Guild

pytestmark = pytest.mark.django_db
HOSTILE = "<script>alert(1)</script>"


@pytest.fixture(autouse=True)
def _at_noon(monkeypatch):
    monkeypatch.setattr("canut.kernel.clock.now", lambda: NOON)


@pytest.fixture
def members():
    return the_members()


def test_a_member_writes_an_idea_with_a_setting_and_nothing_typed_is_lost(members):
    browser = browser_of(members[0])
    address = reverse("propose")
    page = text_of(browser.get(address, {"parameter": "pay.floor_hourly_minor"}))
    assert "€15.00 an hour" in page
    assert "New value, in euros" in page
    typed = {
        "language": "en",
        "title": "Raise the floor",
        "text": HOSTILE,
        "setting": "pay.floor_hourly_minor",
        "s0-value": "16,5o",
        "s0-scope": "site:",
    }
    wrong = browser.post(address, typed)
    assert wrong.status_code == 422
    assert "16,5o" in text_of(wrong)
    assert HOSTILE not in text_of(wrong)
    more = browser.post(
        address, typed | {"add_setting": "yes", "which_parameter": "cascade.ladder_thresholds"}
    )
    assert more.status_code == 200
    assert "16,5o" in text_of(more)
    assert "with semicolons" in text_of(more)
    less = browser.post(address, typed | {"remove_setting": "0"})
    assert "It sets nothing yet." in text_of(less)
    # Too far for one decision
    far = browser.post(address, typed | {"s0-value": "90"})
    assert far.status_code == 422
    assert "One decision may move this by" in text_of(far)
    assert not Proposal.objects.exists()
    done = browser.post(address, typed | {"s0-value": "16.50"}, follow=True)
    assert "Your idea is on the list." in text_of(done)
    version = ProposalVersion.objects.get()
    assert version.settings.get().new_value == 1650
    assert HOSTILE not in text_of(done)


def test_every_parameter_can_be_typed(members):
    from canut.charter.parameters import PARAMETERS
    from canut.web.proposals.fields import typed, value_field

    for parameter in PARAMETERS.values():
        field = value_field(parameter)
        shown = field.widget.format_value(field.prepare_value(typed(parameter, parameter.default)))
        shown = shown[0] if isinstance(shown, list) else shown
        assert field.clean(str(shown)) == parameter.default, parameter.name


def test_hostile_forms_are_answered(members):
    browser = browser_of(members[0])
    address = reverse("propose")
    base = {"language": "en", "title": "T", "text": "X", "setting": "pay.floor_hourly_minor"}
    for value in ("\0", "1e400", "NaN", "Infinity", "9" * 500, "", "-1", "1.234", "é"):
        assert browser.post(address, base | {"s0-value": value}).status_code == 422, value
    for fields in (
        {"language": "xx"},
        {"title": "\0"},
        {"s0-value": "16", "s0-scope": "country:ZZ"},
        {"s0-value": "16", "s0-effective_on": "2026-11-21"},
        {"s0-value": "16", "s0-effective_on": "99999-01-01"},
        {"setting": ["nothing", "\0"], "text": ""},
        {"article": ["\0", "x" * 5000, "new"], "s0-value": "16"},
    ):
        assert browser.post(address, base | fields).status_code == 422, fields
    for query in (
        "parameter=nothing",
        "article=%00",
        "brings_back=x",
        "goes_back_on=99999999999999999999999",
    ):
        assert browser.get(f"{address}?{query}").status_code == 404, query
    assert not Proposal.objects.exists()
    for query in ("words=%00", "page=99999999999999999999", "page=x", "show=\0", "mine=yes"):
        assert browser.get(reverse("proposals") + f"?{query}").status_code == 200


def test_the_author_is_hidden_until_an_idea_is_popular(members):
    author, *others = members
    idea = an_idea(author)
    address = reverse("proposal", args=[idea.pk])
    for browser in (Client(), browser_of(others[0])):
        for page in (address, reverse("proposals"), reverse("decide"), address + "versions/1/"):
            assert author.screen_name not in text_of(browser.get(page))
    supporters = [browser_of(person) for person in others[:3]]
    for browser in supporters:
        said = browser.post(reverse("support_proposal", args=[idea.pk]), follow=True)
    assert "it goes on" in text_of(said)
    assert f"<bdi>{author.screen_name}</bdi>" in text_of(Client().get(address))
    assert browser_of(author).post(reverse("support_proposal", args=[idea.pk])).status_code == 409


def test_a_draft_is_talked_about_amended_and_judged(members, operator):
    author, *others = members
    draft = a_draft_of(author, others)
    address = reverse("proposal", args=[draft.pk])
    other = browser_of(others[0])
    silent = other.post(reverse("check_sense", args=[draft.pk]), {"stance": "block", "reason": " "})
    assert silent.status_code == 422
    assert "Say why" in text_of(silent)
    said = other.post(
        reverse("check_sense", args=[draft.pk]), {"stance": "block", "reason": HOSTILE}, follow=True
    )
    assert HOSTILE not in text_of(said)
    assert others[0].screen_name in text_of(said)
    assert other.get(reverse("amend_proposal", args=[draft.pk])).status_code == 403
    own = browser_of(author)
    form = own.get(reverse("amend_proposal", args=[draft.pk]))
    assert 'value="16"' in text_of(form)
    amended = {
        "language": "en",
        "title": "Raise the floor a little",
        "text": "Rents have gone up.",
        "note": "Less.",
        "written_on": "1",
        "setting": "pay.floor_hourly_minor",
        "s0-value": "15.5",
    }
    done = own.post(reverse("amend_proposal", args=[draft.pk]), amended, follow=True)
    assert "Version 2 is there" in text_of(done)
    late = own.post(reverse("amend_proposal", args=[draft.pk]), amended | {"title": "Again"})
    assert late.status_code == 422
    assert "There is a newer version" in text_of(late)
    difference = text_of(other.get(reverse("proposal_version", args=[draft.pk, 2])))
    assert "a little</ins>" in difference
    assert "said of version 1" in text_of(other.get(address))
    assert "1 member blocks it" in text_of(own.get(reverse("ask_feasibility", args=[draft.pk])))
    own.post(reverse("ask_feasibility", args=[draft.pk]))
    team = browser_of(operator)
    assert "Answer for the team" in text_of(team.get(address))
    assert "Drafts that wait for the team" in text_of(team.get(reverse("decide")))
    short = team.post(reverse("say_feasibility", args=[draft.pk]), {"feasible": "no", "reason": "Too dear."})
    assert short.status_code == 422
    assert "Too dear." in text_of(short)
    team.post(
        reverse("say_feasibility", args=[draft.pk]),
        {"feasible": "no", "reason": "Too dear.", "help_text": "Half of it."},
    )
    assert "Half of it." in text_of(Client().get(address))
    assert own.get(reverse("amend_proposal", args=[draft.pk])).status_code == 200


def test_an_adopted_proposal_tells_its_decision_and_can_be_gone_back_on(members, operator):
    ratified(operator, members, at=NOON)
    author, *others = members
    proposal = voted(feasible(author, others, operator), members, at=NOON)
    address = reverse("proposal", args=[proposal.pk])
    page = text_of(Client().get(address))
    assert f"as decision {proposal.decision_number} of the public log" in page
    back = browser_of(others[0]).get(reverse("propose"), {"goes_back_on": proposal.pk})
    assert 'value="15"' in text_of(back)
    assert Client().get(reverse("propose")).status_code == 302


def test_withdrawing_is_asked_about_first(members):
    author, *others = members
    idea = an_idea(author, of=content(FLOOR, LEASE))
    browser = browser_of(author)
    address = reverse("withdraw_proposal", args=[idea.pk])
    assert browser_of(others[0]).get(address).status_code == 403
    assert "Withdraw your proposal?" in text_of(browser.get(address))
    assert "It is withdrawn." in text_of(browser.post(address, follow=True))
    again = browser_of(others[0]).get(reverse("propose"), {"brings_back": idea.pk})
    assert "Raise the floor" in text_of(again)


def test_who_is_no_member_reads_and_is_told_why(stranger, members, operator):
    proposal = before_team(members[0], members[1:])
    browser = browser_of(stranger)
    for name in ("decide", "proposals"):
        assert browser.get(reverse(name)).status_code == 200
        assert Client().get(reverse(name)).status_code == 200
    assert browser.get(reverse("proposal", args=[proposal.pk])).status_code == 200
    assert Client().get(reverse("proposal", args=[10**30])).status_code == 404
    assert Client().get(reverse("proposal_version", args=[proposal.pk, 10**30])).status_code == 404
    assert browser.get(reverse("propose")).status_code == 403
    assert browser.post(reverse("ask_ratification")).status_code == 403
    first = browser_of(operator).post(reverse("ask_ratification"), {"as": "operator"}, follow=True)
    assert "The vote on the constitution is open." in text_of(first)
    assert "Is this constitution ours?" in text_of(Client().get(reverse("decide")))


def test_members_write_amend_and_found_a_guild_through_the_pages(members, operator):
    author, other, *_rest = members
    browser, address = browser_of(author), reverse("propose") + "?founds=guild"
    assert "Propose a guild" in text_of(browser.get(address))
    typed = {
        "language": "en",
        "title": "Scribes, at last",
        "text": "A craft needs its guild.",
        "founds": "guild",
        "guild-name": "Scribes of the wire",
        "guild-screen_name": "Scribes",
        "guild-craft": "transcription",
        "guild-charter_text": HOSTILE,
        "guild-joining": "open",
        "guild-founders": f"{author.screen_name}, 9",
    }
    for change in (
        {},
        {"guild-founders": "Nobody, 1"},
        {"guild-founders": "x"},
        {"guild-name": ""},
        {"guild-screen_name": other.screen_name, "guild-founders": ""},
        {"setting": "pay.floor_hourly_minor", "s0-value": "16", "guild-founders": ""},
        {"guild-craft": "\0", "guild-founders": ""},
    ):
        wrong = browser.post(address, typed | change)
        assert wrong.status_code == 422, change
        assert "A craft needs its guild." in text_of(wrong)
        assert HOSTILE not in text_of(wrong)
    assert not Proposal.objects.exists()
    typed["guild-founders"] = f"{author.screen_name}, 3"
    assert browser.post(address, typed).status_code == 302
    idea = Proposal.objects.get()
    page = text_of(Client().get(reverse("proposal", args=[idea.pk])))
    assert "A guild is founded:" in page
    assert "the level each begins at" in page
    for person in members[1:4]:
        browser_of(person).post(reverse("support_proposal", args=[idea.pk]))
    amend = reverse("amend_proposal", args=[idea.pk])
    assert "Scribes of the wire" in text_of(browser.get(amend))
    amended = typed | {"guild-joining": "invitation", "written_on": "1", "note": "By invitation."}
    assert browser.post(amend, amended).status_code == 302
    assert "whom a member invites" in text_of(Client().get(reverse("proposal_version", args=[idea.pk, 2])))
    # Until the first vote has ended it is the operator's, from then on the members'
    keeper = browser_of(operator)
    assert keeper.get(reverse("found_guild")).status_code == 200
    assert "Found a guild" in text_of(keeper.get(reverse("guilds")))
    ratified(operator, members, at=NOON)
    assert keeper.get(reverse("found_guild")).status_code == 409
    assert "The members decide which guilds there are." in text_of(keeper.get(reverse("guilds")))
    browser.post(reverse("ask_feasibility", args=[idea.pk]))
    keeper.post(reverse("say_feasibility", args=[idea.pk]), {"feasible": "yes"})
    idea = voted(idea, members, at=NOON)
    guild = Guild.objects.get(adopted=idea.decision_number)
    there = text_of(Client().get(reverse("guild", args=[guild.pk])))
    assert f"by the members, as decision {idea.decision_number} of the public log" in there
    assert reverse("guild", args=[guild.pk]) in text_of(Client().get(reverse("proposal", args=[idea.pk])))
