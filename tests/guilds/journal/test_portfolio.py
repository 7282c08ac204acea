"""A portfolio as data and as a PDF: what is in it, what is not, and letters of the whole world."""

import json
import re
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from hashlib import sha256
from pathlib import Path
from uuid import uuid4

import pytest
from django.utils import translation
from tests.builders import NOON
from tests.guilds.credentials.test_credentials import issued
from tests.guilds.journal.entries import a_chosen_entry, an_entry, handed_in
from tests.guilds.journal.read_pdf import Pdf
from tests.promises import run

from canut.guilds.credentials.models import IssuerKey
from canut.guilds.credentials.queries import verify_here
from canut.guilds.credentials.usecases.revoke_credential import revoke_credential
from canut.guilds.journal.letters import missing_letters
from canut.guilds.journal.pdf import PortfolioNotInPdf, as_pdf
from canut.guilds.journal.portfolio import Chosen, HeldBadge, Portfolio, Work, as_data, as_json, portfolio_of
from canut.guilds.journal.standings import GuildLevel
from canut.guilds.journal.usecases.choose_for_journal import keep_portfolio_name
from canut.guilds.models import Block, Guild, Item, Member, Review
from canut.people.usecases.found_body import found_body
from canut.work.models import Project

DOCUMENT = Path(__file__).parents[3] / "docs" / "portfolio.md"
CHECK_AT = "https://canut.example/badges/check/"
HOSTILE = "<script>a(1)</script> (Tj) ET \\051 /Annot &amp;"
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108020000009077"
    "53de0000000c4944415408d763f8cfc000000301010018dd8db00000000049454e44ae426082"
)


def a_portfolio(**changes):
    text = "One.\n\nTwo, line one\nline two."
    work = Work("Label cats", 12, 11, date(2026, 11, 3), date(2026, 11, 7))
    given = {
        "name": "Wanda Kowalska",
        "made_on": date(2026, 11, 20),
        "language": "en",
        "site_address": "https://canut.example",
        "entries": [Chosen("Cats", text, text.split("\n\n"), date(2026, 11, 8), work)],
        "levels": [GuildLevel(3, "Transcription", 2, Decimal("3.27"), 24)],
        "badges": [
            HeldBadge(
                uuid4(),
                3,
                "Transcription, level 2",
                2,
                date(2026, 11, 9),
                {"json": b'{"id": "urn:1"}', "png": PNG},
            )
        ],
        "left_out": [],
    }
    return Portfolio(**{**given, **changes})


def entry(title="Cats", text="Whiskers."):
    return Chosen(title, text, text.split("\n\n"), date(2026, 11, 8), None)


def pdf_of(portfolio):
    return Pdf(as_pdf(portfolio, at=NOON, check_at=CHECK_AT))


# --- From the database --------------------------------------------------------------------------------


@pytest.fixture
def badge(worker, settings):
    settings.SITE_URL = "https://canut.example"
    return issued(worker, found_body(name="G", screen_name="Transcribers", by=None, at=NOON).party)


def test_it_holds_what_was_chosen_in_its_order_and_the_badges_signed(worker, requester, badge):
    project = handed_in(worker, requester, tasks=3)
    a_chosen_entry(worker, "Second", project_id=project.pk)
    an_entry(worker, "Not chosen", text="For me alone.")
    a_chosen_entry(worker, "Third")
    keep_portfolio_name(by=worker, name="  Wanda\tKowalska ")
    made = portfolio_of(worker, at=NOON, shapes=("json", "svg"))
    content = as_json(made)
    assert b"For me alone" not in content
    said = json.loads(content)
    assert (said["kind"], said["version"], said["name"]) == ("canut-portfolio", 1, "Wanda Kowalska")
    assert [one["title"] for one in said["entries"]] == ["Second", "Third"]
    assert said["entries"][0]["work"] == {
        "title": "Label cats",
        "tasks_handed_in": 3,
        "tasks_approved": 0,
        "first_on": "2026-11-20",
        "last_on": "2026-11-20",
    }
    (one,) = said["badges"]
    verified = verify_here(json.dumps(one["credential"]).encode(), at=NOON)
    assert (verified.subject_did, one["level"]) == (badge.subject_did, badge.level)
    assert verify_here(made.badges[0].files["svg"], at=NOON).subject_did == badge.subject_did
    # What would tell more than the writer chose: their other names, and the numbers of rows
    for theirs in (f'"{worker.username}"', worker.email, f'"{worker.screen_name}"'):
        assert theirs not in content.decode()


def test_of_duties_neither_numbers_nor_days_are_told(worker, requester):
    project = handed_in(worker, requester, tasks=2)
    a_chosen_entry(worker, project_id=project.pk)
    run("SET LOCAL session_replication_role = replica")  # as if a guild had published it
    Project.objects.filter(pk=project.pk).update(fund="guild_fund", cascade_policy="open")
    run("SET LOCAL session_replication_role = DEFAULT")
    (chosen,) = portfolio_of(worker, at=NOON, shapes=()).entries
    assert chosen.work == Work("Label cats", None, None, None, None)
    assert chosen.facts == ["20 November 2026", "Label cats"]


def test_levels_are_told_with_the_mean_of_the_reviews_that_count(worker, peer, requester, operator):
    guild = a_guild(operator, "Transcription")
    member, reviewer = (a_member(guild, person) for person in (worker, peer))
    for number, verdict in enumerate((4, 3, 3, 1), start=1):
        review = a_review(member, reviewer, number=number, verdict=verdict, requester=requester)
    Review.objects.filter(pk=review.pk).update(voided_at=NOON, voided_by=operator, void_reason="Signed.")
    a_member(a_guild(operator, "Birds"), worker, level=3)
    a_member(a_guild(operator, "Left"), worker, left_at=NOON)
    made = portfolio_of(worker, at=NOON, shapes=("json",))
    assert [(one.guild, one.level, one.mean, one.reviews) for one in made.levels] == [
        ("Birds", 3, None, 0),
        ("Transcription", 2, Decimal("3.33"), 3),
    ]
    assert [one.in_words for one in made.levels] == [
        "level 3; no reviews yet",
        "level 2; mean score 3.33 of 4 in 3 blind reviews",
    ]
    (said,) = as_data(portfolio_of(worker, at=NOON, shapes=("json",), guild_ids={guild.pk}))["levels"]
    assert (said["guild"], said["mean_review_score"], said["reviews"]) == ("Transcription", "3.33", 3)
    assert [one.reviews for one in portfolio_of(peer, at=NOON, shapes=()).levels] == [0]


def a_guild(operator, name):
    body = found_body(name=name, screen_name=name, by=None, at=NOON)
    said = {"craft": name, "charter_text": "Work well.", "decision": "Founded by an operator."}
    return Guild.objects.create(party=body, founded_by=operator, founded_at=NOON, **said)


def a_member(guild, person, *, level=2, **details):
    return Member.objects.create(
        guild=guild, person=person, first_level=1, level=level, joined_at=NOON, **details
    )


def a_review(member, reviewer, *, number, verdict, requester):
    """Return a review that was handed in: of a piece of work of the member's, by the reviewer."""
    work = handed_in(member.person, requester).assignments.get()
    duty = handed_in(reviewer.person, requester).assignments.get()
    block = Block.objects.create(
        member=member,
        number=number,
        size=1,
        commitment=sha256(bytes(32)).hexdigest(),
        seed=bytes(32).hex(),
        opened_at=NOON,
    )
    item = Item.objects.create(
        member=member,
        number=number,
        block=block,
        place=1,
        assignment=work,
        kind="work",
        level=1,
        completed_at=NOON,
    )
    Block.objects.filter(pk=block.pk).update(state="drawn", filled_at=NOON, drawn_at=NOON, drawn_number=1)
    return Review.objects.create(
        item=item,
        guild=member.guild,
        author=member,
        task=duty.task,
        state="done",
        opened_at=NOON,
        lapses_at=NOON + timedelta(days=7),
        ended_at=NOON,
        reviewer=reviewer,
        assignment=duty,
        verdict=verdict,
        would_accept=True,
        advice="Shorter sentences.",
    )


def test_what_is_not_chosen_not_theirs_or_taken_back_is_not_in_it(worker, peer, badge):
    made = portfolio_of(worker, at=NOON, shapes=("json",), name="W", badge_ids=set())
    assert (made.name, list(made.badges)) == ("W", [])
    others = portfolio_of(peer, at=NOON, shapes=("json",), badge_ids={badge.uuid})
    assert (others.name, list(others.badges)) == (peer.screen_name, [])
    revoke_credential(credential_id=badge.uuid, reason="holder_asked", by=worker, at=NOON)
    assert list(portfolio_of(worker, at=NOON, shapes=("json",)).badges) == []


def test_a_badge_that_cannot_be_signed_now_is_left_out_and_said(worker, badge, settings):
    settings.SITE_URL = "https://another.example"
    made = portfolio_of(worker, at=NOON, shapes=("json",))
    assert list(made.badges) == []
    assert "the site had another name" in made.left_out[0]
    assert IssuerKey.objects.exists()


def test_the_document_describes_every_member():
    def members(value):
        if isinstance(value, dict):
            for name, part in value.items():
                yield name
                yield from () if name == "credential" else members(part)
        elif isinstance(value, list):
            for part in value:
                yield from members(part)

    described = set(re.findall(r"^\| `(\w+)`", DOCUMENT.read_text(), re.MULTILINE))
    assert set(members(as_data(a_portfolio()))) == described
    assert "Version 1" in DOCUMENT.read_text()


# --- The PDF ------------------------------------------------------------------------------------------


def test_the_pdf_says_the_same_tagged_titled_and_with_the_data_attached():
    portfolio = a_portfolio()
    pdf = pdf_of(portfolio)
    assert pdf.tagged("H1") == ["Wanda Kowalska"]
    assert pdf.tagged("H2") == ["Levels in guilds", "Badges", "What I learnt"]
    assert pdf.tagged("H3") == ["Cats"]
    assert pdf.tagged("P") == [
        "Portfolio of 20 November 2026",
        "Transcription: level 2; mean score 3.27 of 4 in 24 blind reviews",
        "Transcription, level 2",
        "9 November 2026",
        "The signed badges themselves are in the file portfolio.json that is attached to this one. "
        f"Anybody can\ncheck them: {CHECK_AT}",
        "8 November 2026 · Label cats · 12 tasks handed in · from 3 November 2026 to 7 November 2026",
        "One.",
        "Two, line one\nline two.",
    ]
    assert pdf.untagged == ""
    assert pdf.attached == {"portfolio.json": as_json(portfolio)}
    assert b"/Alt (Transcription, level 2)" in pdf.content
    assert b"/Lang (en)" in pdf.catalog
    assert b"/Marked true" in pdf.catalog
    assert b"/DisplayDocTitle true" in pdf.catalog
    assert b"/Title (Portfolio of Wanda Kowalska)" in pdf.content
    assert b"/CreationDate (D:20261120120000Z)" in pdf.content


def test_the_pdf_is_in_the_language_of_who_fetches_it():
    with translation.override("fr"):
        pdf = pdf_of(a_portfolio(language="fr"))
    assert b"/Lang (fr)" in pdf.catalog
    assert "20 novembre 2026" in pdf.text


def test_what_somebody_writes_is_text_in_the_pdf_and_nothing_else():
    pdf = pdf_of(a_portfolio(name=HOSTILE, entries=[entry(HOSTILE, f"{HOSTILE}\n\n**bold** __line__")]))
    assert [one.replace("\n", " ") for one in pdf.tagged("H1")] == [HOSTILE]
    assert [one.replace("\n", " ") for one in pdf.tagged("H3")] == [HOSTILE]
    assert pdf.tagged("P")[-2:] == [HOSTILE, "**bold** __line__"]
    for name in (b"/JavaScript", b"/JS", b"/OpenAction <<", b"/Launch", b"/URI", b"/Annots"):
        assert name not in pdf.content


def test_a_long_text_goes_on_over_pages_and_loses_nothing():
    words = [f"word{number}" for number in range(400)]
    text = "\n\n".join([" ".join(words), "x" * 900, "\n".join(words[:150])])
    pdf = pdf_of(a_portfolio(entries=[entry(f"Entry {number}", text) for number in range(3)]))
    assert len(pdf.pages) > 9
    assert pdf.untagged == ""
    expected = (" ".join(words) + "x" * 900 + " ".join(words[:150])).replace(" ", "")
    together = "".join(pdf.tagged("P")).replace(" ", "").replace("\n", "")
    assert together.count(expected) == 3


def test_letters_that_the_pdf_has_are_shown_and_pictures_of_faces_replaced():
    text = "Œuvre Ångström, Ελληνικά, Кириллица, ქართული, Հայերեն, Tiếng Việt, ﬁ ½ € — 🎉 1\ufe0f ‏x\u202e"
    (told,) = [one for one in pdf_of(a_portfolio(entries=[entry(text=text)])).tagged("P") if "Œuvre" in one]
    assert told.replace("\n", " ") == (
        "Œuvre Ångström, Ελληνικά, Кириллица, ქართული, Հայերեն, Tiếng Việt, ﬁ ½ € — � 1 x"
    )


@pytest.mark.parametrize("text", ["שלום", "مرحبا", "हिन्दी", "ไทย", "中文", "한국어", "ລາວ", "𐍈𠜎"])
def test_letters_that_would_come_out_wrong_are_refused_by_name(text):
    with pytest.raises(PortfolioNotInPdf, match="shows all of them") as refused:
        pdf_of(a_portfolio(entries=[entry(text=f"Cats: {text}")]))
    assert set(refused.value.facts["characters"]) <= set(text)
    assert refused.value.facts["characters"]
    assert missing_letters("Cats: ∑ 🎉 \u200d\ufe0f") == ""


def test_an_empty_portfolio_is_a_file_all_the_same():
    empty = a_portfolio(entries=[], levels=[], badges=[])
    assert pdf_of(empty).tagged("P") == ["Portfolio of 20 November 2026"]
    assert as_data(empty)["entries"] == []


def test_equal_portfolios_are_equal_files():
    at = datetime(2026, 11, 20, tzinfo=UTC)
    files = {as_pdf(a_portfolio(badges=[]), at=at, check_at=CHECK_AT) for _each in range(2)}
    assert len(files) == 1
