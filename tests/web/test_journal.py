"""Pages of a journal and of the portfolio made of it, with scripts off."""

import json
import re
from datetime import timedelta
from html import unescape

import pytest
from django.test import Client
from django.urls import reverse
from tests.builders import ANSWER, NOON, a_project, taken
from tests.guilds.credentials.test_credentials import issued
from tests.guilds.journal.entries import a_chosen_entry, an_entry, handed_in
from tests.guilds.journal.read_pdf import Pdf
from tests.guilds.journal.test_portfolio import a_guild, a_member
from tests.web.pages import browser_of, text_of

from canut.guilds.credentials.queries import verify_here
from canut.guilds.journal.models import Journal, JournalEntry
from canut.guilds.journal.queries import chosen_entries
from canut.guilds.journal.usecases.choose_for_journal import choose_invitations
from canut.guilds.journal.usecases.write_entry import change_entry
from canut.kernel import clock
from canut.people.usecases.found_body import found_body

pytestmark = pytest.mark.django_db

TYPED = {"title": "Cats", "text": "They have whiskers.\r\n\r\nTails too.", "learnt_on": "2026-11-20"}
HOSTILE = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>\u202egnirts {{ form }}"
INVITED = "Note what you learnt</a>"


def hands_in(browser, assignment, **more):
    post = {"answer-label": ANSWER["label"], "active_seconds": "90", "next": "1", "next_was": "1", **more}
    return browser.post(reverse("hand_in", args=[assignment.pk]), post)


# --- Being asked --------------------------------------------------------------------------------------


def test_after_the_last_task_one_is_asked_once_what_one_learnt(requester, worker):
    project = a_project(owner=requester, rows=2, title="Cats <b>", at=clock.now())
    browser = browser_of(worker)
    first = taken(worker=worker, project=project, at=clock.now())
    for assignment in (first, None):
        assignment = assignment or worker.assignments.get(state="held")
        answer = hands_in(browser, assignment)
    assert answer.headers["Location"] == reverse("feed")
    page = text_of(browser.get(reverse("feed")))
    assert "You have handed in 2 tasks of “Cats &lt;b&gt;”." in page
    (invited,) = re.findall(r'<a href="(/journal/new/[^"]*)">Note what you learnt</a>', page)
    assert invited == f"{reverse('write_entry')}?project={project.pk}"
    # The page it leads to says what was done, from the worker's own assignments
    page = text_of(browser.get(invited))
    assert "2 tasks handed in" in page
    assert re.search(r'name="title" value="Cats &lt;b&gt;"', page)
    assert f'<option value="{project.pk}" selected>' in page
    # Not a second time, though nothing was written
    again = a_project(owner=requester, rows=1, title="Dogs", at=clock.now())
    browser.post(reverse("give_back_task", args=[taken(worker=worker, project=again, at=clock.now()).pk]))
    assert INVITED not in text_of(browser.get(reverse("feed")))


def test_who_gives_back_is_asked_if_they_worked_there_and_want_to_be(requester, worker):
    project = a_project(owner=requester, rows=3, title="Cats", at=clock.now())
    browser = browser_of(worker)

    def gives_back():
        assignment = taken(worker=worker, project=project, at=clock.now())
        browser.post(reverse("give_back_task", args=[assignment.pk]))
        return text_of(browser.get(reverse("my_work"))).count(INVITED)

    assert gives_back() == 1  # the page's own link alone: nothing was handed in
    hands_in(browser, taken(worker=worker, project=project, at=clock.now()), next="")
    choose_invitations(by=worker, invites=False)
    assert gives_back() == 1
    choose_invitations(by=worker, invites=True)
    assert gives_back() == 2
    assert gives_back() == 1


def test_the_journal_offers_what_could_be_noted_until_it_is_or_one_is_not_asked(requester, worker):
    project = handed_in(worker, requester, tasks=3, at=NOON - timedelta(days=1))
    browser = browser_of(worker)
    page = text_of(browser.get(reverse("journal")))
    assert "What you could note something about" in page
    assert re.search(r"Label cats</a> .{0,60}3 tasks handed in, 19 November 2026", page)
    browser.post(reverse("journal_invitations"))
    page = text_of(browser.get(reverse("journal")))
    assert "You are not asked any more." in page
    assert "What you could note something about" not in page
    browser.post(reverse("journal_invitations"), {"invites": "1"})
    assert "What you could note something about" in text_of(browser.get(reverse("journal")))
    browser.post(reverse("write_entry"), {**TYPED, "project_id": project.pk})
    assert "What you could note something about" not in text_of(browser.get(reverse("journal")))


# --- Writing, reading, changing, deleting ----------------------------------------------------------------


def test_an_entry_is_written_read_changed_and_deleted(requester, worker):
    project = handed_in(worker, requester)
    browser = browser_of(worker)
    assert "Nothing is written yet." in text_of(browser.get(reverse("journal")))
    answer = browser.post(reverse("write_entry"), {**TYPED, "project_id": project.pk})
    assert answer.headers["Location"] == reverse("journal")
    page = text_of(browser.get(reverse("journal")))
    assert "Written down: Cats." in page
    assert "They have whiskers." in page
    assert "20 November 2026" in page
    entry = JournalEntry.objects.get()
    form = browser.get(reverse("change_entry", args=[entry.pk])).context["form"]
    assert form.initial["text"] == "They have whiskers.\n\nTails too."
    changed = {**TYPED, "title": "Cats again", "based_on": form.initial["based_on"], "project_id": ""}
    browser.post(reverse("change_entry", args=[entry.pk]), changed)
    entry.refresh_from_db()
    assert (entry.title, entry.project_id) == ("Cats again", None)
    assert "Delete “Cats again”?" in text_of(browser.get(reverse("drop_entry", args=[entry.pk])))
    assert JournalEntry.objects.exists()
    browser.post(reverse("drop_entry", args=[entry.pk]))
    page = text_of(browser.get(reverse("journal")))
    assert "Deleted: Cats again." in page
    assert "Nothing is written yet." in page


def test_what_cannot_be_kept_is_said_beside_its_field_and_stays_typed(worker):
    browser = browser_of(worker)
    kept = an_entry(worker)
    for address in (reverse("write_entry"), reverse("change_entry", args=[kept.pk])):
        for wrong, sentence in (
            ({"title": " "}, "This field is required."),
            ({"title": "x\0y"}, "Null characters are not allowed."),
            ({"text": "y" * 4_001}, "in at most 4000 characters. These are 4001."),
            ({"learnt_on": "tomorrow"}, "Enter a valid date."),
            ({"learnt_on": "2999-01-01"}, "Choose today or a day before."),
            ({"project_id": "17"}, "Select a valid choice."),
            ({"project_id": "9" * 40}, "Select a valid choice."),
        ):
            answer = browser.post(address, {**TYPED, "title": "Still typed", **wrong})
            assert answer.status_code == 422
            page = unescape(text_of(answer))
            assert sentence in page
            assert "title" in wrong or 'value="Still typed"' in page
    assert [one.title for one in JournalEntry.objects.all()] == ["Cats"]


def test_a_form_out_of_date_is_refused_with_what_was_typed_and_saves_when_pressed_again(worker):
    entry = an_entry(worker)
    browser = browser_of(worker)
    address = reverse("change_entry", args=[entry.pk])
    before = browser.get(address).context["form"].initial["based_on"]
    change_entry(entry_id=entry.pk, by=worker, at=clock.now(), text="In another window.")
    answer = browser.post(address, {**TYPED, "text": "Mine.", "based_on": before})
    assert answer.status_code == 422
    page = text_of(answer)
    assert "in another window or by a program. Nothing was saved" in page
    assert "Mine.</textarea>" in page
    (now,) = re.findall(r'name="based_on" value="([^"]+)"', page)
    assert browser.post(address, {**TYPED, "text": "Mine.", "based_on": now}).status_code == 302
    entry.refresh_from_db()
    assert entry.text == "Mine."
    for nonsense in ("2026-99-99", "x", "٢", ""):
        assert browser.post(address, {**TYPED, "based_on": nonsense}).status_code in (302, 422)


def test_pages_and_words_to_find(worker):
    for number in range(23):
        an_entry(worker, f"Entry {number}", text="Even" if number % 2 == 0 else "Odd & <b>")
    browser = browser_of(worker)
    page = text_of(browser.get(reverse("journal")))
    assert page.count('<li class="card"') == 20
    (following,) = re.findall(r'rel="next" href="([^"]+)"', page)
    assert text_of(browser.get(unescape(following))).count('<li class="card"') == 3
    assert text_of(browser.get(reverse("journal"), {"words": "odd <b>"})).count('<li class="card"') == 11
    nothing = text_of(browser.get(reverse("journal"), {"words": HOSTILE + "\0"}))
    assert nothing.count('<li class="card"') == 20  # what cannot be stored is looked for nowhere
    nothing = text_of(browser.get(reverse("journal"), {"words": HOSTILE}))
    assert "These words are in no entry." in nothing
    assert "<script>alert" not in nothing
    for before in ("0", "-1", "x", "9" * 30):
        assert browser.get(reverse("journal"), {"before": before}).status_code == 200


# --- The portfolio --------------------------------------------------------------------------------------


def test_entries_are_chosen_and_ordered_by_buttons(worker):
    entries = [an_entry(worker, title) for title in ("One", "Two", "Three")]
    browser = browser_of(worker)
    assert "No entry is chosen yet." in text_of(browser.get(reverse("portfolio")))
    for entry in entries:
        answer = browser.post(
            reverse("place_entry", args=[entry.pk]), {"position": "999", "next": reverse("journal")}
        )
        assert answer.headers["Location"] == reverse("journal")
    page = text_of(browser.get(reverse("portfolio")))
    assert "“Three” is number 3 of the portfolio now." in page
    assert 'aria-label="Move One up"' not in page
    assert 'aria-label="Move Three down"' not in page
    browser.post(reverse("place_entry", args=[entries[2].pk]), {"position": "2"})
    browser.post(reverse("place_entry", args=[entries[0].pk]))
    assert [one.title for one in chosen_entries(worker)] == ["Three", "Two"]
    for nonsense in ("-1", "x", "9" * 30, "0"):
        assert (
            browser.post(
                reverse("place_entry", args=[entries[1].pk]), {"position": nonsense, "next": "//evil"}
            )
            .headers["Location"]
            .startswith(reverse("portfolio"))
        )


@pytest.fixture
def full(worker, requester, settings):
    """A worker with a portfolio of everything that somebody could write, and a badge."""
    settings.SITE_URL = "https://canut.example"
    badge = issued(worker, found_body(name="G", screen_name="Transcribers", by=None, at=NOON).party)
    project = handed_in(worker, requester, tasks=2, title=HOSTILE[:100])
    a_chosen_entry(worker, HOSTILE, text=f"{HOSTILE}\n\nשלום 🐈 {HOSTILE}", project_id=project.pk)
    an_entry(worker, "Hidden", text="For me alone.")
    return badge


def fetched(browser, badge, **more):
    post = {"name": "Wanda <b>", "badges": [str(badge.uuid)], "as": "html", **more}
    return browser.post(reverse("portfolio"), post)


def test_the_page_to_take_along_is_whole_in_itself_and_safe(worker, full):
    answer = fetched(browser_of(worker), full)
    assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
    assert re.fullmatch(
        r'attachment; filename="portfolio-[\d-]+\.html"', answer.headers["Content-Disposition"]
    )
    page = answer.content.decode()
    assert '<html lang="en">' in page
    assert "default-src 'none'; img-src data:; style-src 'sha256-" in page
    assert '<h1 dir="auto">Wanda &lt;b&gt;</h1>' in page
    assert "For me alone" not in page
    assert re.findall(r"<(?:script|link|iframe|object|form|base)\b", page) == []
    assert re.findall(r"\son\w+=(?!alert)", page) == []
    assert re.findall(r' (?:src|href)="(?!data:image/svg)([^"]*)"', page) == [
        "https://canut.example/badges/check/"
    ]
    assert page.count("<img ") == 1
    assert "שלום 🐈 &lt;script&gt;" in page
    assert not Journal.objects.exclude(portfolio_name="").exists()  # the name was for this file alone


def test_the_files_carry_the_signed_badge(worker, full):
    browser = browser_of(worker)
    page = fetched(browser, full).content.decode()
    (picture,) = re.findall(r'src="data:image/svg\+xml;base64,([^"]+)"', page)
    from base64 import b64decode

    assert verify_here(b64decode(picture), at=clock.now()).subject_did == full.subject_did
    said = json.loads(fetched(browser, full, **{"as": "json"}).content)
    assert verify_here(json.dumps(said["badges"][0]["credential"]).encode(), at=clock.now())
    assert said["entries"][0]["title"] == " ".join(HOSTILE.split())
    JournalEntry.objects.filter(writer=worker).update(text="Latin letters & <b>")
    answer = fetched(browser, full, **{"as": "pdf"})
    assert answer.headers["Content-Type"] == "application/pdf"
    pdf = Pdf(answer.content)
    assert pdf.tagged("H1") == ["Wanda <b>"]
    assert pdf.tagged("P")[-1] == "Latin letters & <b>"
    assert json.loads(pdf.attached["portfolio.json"])["name"] == "Wanda <b>"


def test_letters_that_the_pdf_lacks_are_said_before_and_when_it_is_asked_for(worker, full):
    browser = browser_of(worker)
    page = text_of(browser.get(reverse("portfolio")))
    assert "A PDF of ours cannot show some of your letters: <bdi>ש ל ו ם</bdi>." in page
    answer = fetched(browser, full, **{"as": "pdf"})
    assert answer.status_code == 422
    assert "cannot show some of your letters: ש ל ו ם. Fetch the page" in text_of(answer)
    assert 'value="Wanda &lt;b&gt;"' in text_of(answer)


def test_a_preview_shows_what_is_ticked_and_a_name_is_kept_only_if_asked(worker, full):
    browser = browser_of(worker)
    first = text_of(browser.get(reverse("portfolio")))
    assert '<h3 dir="auto">Worker</h3>' in first
    assert first.count("data:image/svg+xml") == 1
    answer = browser.post(reverse("portfolio"), {"name": "Wanda", "as": "preview"})
    page = text_of(answer)
    assert '<h3 dir="auto">Wanda</h3>' in page
    assert "data:image/svg+xml" not in page
    assert "<script>alert" not in page
    assert 'value="Worker"' in text_of(browser.get(reverse("portfolio")))
    browser.post(reverse("portfolio"), {"name": "Wanda", "keeps_name": "on", "as": "html"})
    assert 'value="Wanda"' in text_of(browser.get(reverse("portfolio")))
    browser.post(reverse("portfolio"), {"name": "Wanda", "as": "html"})
    assert 'value="Worker"' in text_of(browser.get(reverse("portfolio")))


@pytest.mark.parametrize(
    "wrong",
    [{"name": "x" * 81}, {"name": "\0"}, {"badges": ["x"]}, {"badges": ["1" * 40]}, {"levels": ["1"]}],
)
def test_nonsense_in_the_form_is_no_fault(worker, full, wrong):
    assert fetched(browser_of(worker), full, **wrong).status_code in (200, 422)


# --- Strangers -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["change_entry", "drop_entry", "place_entry"])
def test_nobody_else_reaches_an_entry(worker, requester, stranger, operator, name):
    entry = a_chosen_entry(worker)
    address = reverse(name, args=[entry.pk])
    methods = ["post"] if name == "place_entry" else ["get", "post"]
    for method in methods:
        for other in (stranger, requester, operator):
            assert getattr(browser_of(other), method)(address, TYPED).status_code == 404
        assert "/login/" in getattr(Client(), method)(address, TYPED).headers["Location"]
    entry.refresh_from_db()
    assert (entry.text, entry.position) == ("They have whiskers.", 1)


def test_strangers_see_their_own_journal_and_their_own_badges_only(worker, stranger, full):
    browser = browser_of(stranger)
    for name in ("journal", "portfolio", "write_entry"):
        page = text_of(browser.get(reverse(name)))
        assert "For me alone" not in page
        assert "Label cats" not in page
        assert "/login/" in Client().get(reverse(name)).headers["Location"]
    answer = fetched(browser, full)
    assert answer.status_code in (200, 422)
    assert b"data:image/svg" not in answer.content
    assert browser.get(reverse("write_entry"), {"project": "1"}).status_code == 200


def test_a_level_is_in_the_portfolio_only_while_it_is_ticked(worker, operator):
    guild = a_guild(operator, "Transcription")
    a_member(guild, worker, level=3)
    browser = browser_of(worker)
    page = text_of(browser.get(reverse("portfolio")))
    assert "Transcription: level 3; no reviews yet" in page
    assert "<bdi>Transcription</bdi>: level 3" in page
    for ticked, count in (([str(guild.pk)], 1), ([], 0)):
        said = browser.post(reverse("portfolio"), {"as": "json", "levels": ticked})
        assert len(json.loads(said.content)["levels"]) == count
    assert browser.post(reverse("portfolio"), {"as": "json", "levels": ["17"]}).status_code == 422
