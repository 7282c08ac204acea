"""The pages about oneself: who may open and send what, and what they say."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from allauth.usersessions.models import UserSession
from django.test import Client
from django.urls import get_resolver, reverse
from django.utils import translation
from tests.builders import NOON, a_person, a_project, a_requester, a_submission, a_worker, taken

from canut.kernel import clock
from canut.ledger.queries import party_balances
from canut.people import documents
from canut.people.models import OF_OPERATORS, ApiKey, Listing, Person, Scope
from canut.people.usecases.authenticate_key import KeyNotUsable, authenticate_key
from canut.people.usecases.block_person import block_person
from canut.people.usecases.create_key import create_key
from canut.people.usecases.send_mail import send_mail
from canut.rights.obligations import what_is_open
from canut.web.people import urls as people_urls
from canut.web.people.forms import KeyForm
from canut.web.people.mail_folder import read_mail
from canut.work.queries.open_matters import open_matters
from canut.work.usecases.close_project import close_project
from canut.work.usecases.pay_top_ups import pay_top_ups
from canut.work.usecases.report_broken import report_broken

pytestmark = pytest.mark.django_db

PASSWORD = "correct horse"
PUBLIC = ("home", "terms", "privacy", "account_login", "account_signup", "account_reset_password")
OWN = (
    "account",
    "profile",
    "screen_name",
    "roles",
    "keys",
    "consents",
    "usersessions_list",
    "account_email",
    "account_change_password",
    "account_logout",
    "mfa_index",
    "mfa_list_webauthn",
)
GUARDED = ("own_data", "close_account", "mfa_activate_totp", "mfa_add_webauthn")
ON_A_ROW = ("rotate_key", "revoke_key", "unlist", "end_session")
SENT_ONLY = ("preferences", "choose_language")
IN_THE_DEMO = ("mails", "mail")


@pytest.fixture
def signed_in(stranger: Person) -> Client:
    """Return the browser of somebody with every ordinary role, who signed in with their password."""
    return a_browser_of(stranger)


def a_browser_of(person: Person) -> Client:
    browser = Client(HTTP_USER_AGENT=f"Browser of {person.username}")
    browser.post(reverse("account_login"), {"login": person.username, "password": PASSWORD})
    return browser


def proves_it_is_them(browser: Client) -> None:
    """Type the password again, as pages that matter most ask for."""
    browser.post(reverse("account_reauthenticate"), {"password": PASSWORD})


def text_of(response) -> str:
    return re.sub(r"\s+", " ", response.content.decode())


# --- Who may open what ---------------------------------------------------------------------------


def test_every_address_of_this_door_is_in_one_of_the_lists_of_these_tests():
    named = {route.name for route in people_urls.urlpatterns}
    assert named <= {
        *PUBLIC,
        *OWN,
        *GUARDED,
        *ON_A_ROW,
        *SENT_ONLY,
        *IN_THE_DEMO,
        "own_data_file",
        "lists",
        "discard_reset_links",
    }


@pytest.mark.parametrize("name", PUBLIC)
def test_a_visitor_may_read(client, name):
    assert client.get(reverse(name)).status_code == 200


@pytest.mark.parametrize("name", [*OWN, *GUARDED, "lists"])
def test_a_visitor_is_asked_to_sign_in(client, name):
    for answer in (client.get(reverse(name)), client.post(reverse(name))):
        assert answer.status_code == 302
        assert answer.url.startswith(
            (reverse("account_login"), reverse("home"), reverse("account_reauthenticate"))
        )


@pytest.mark.parametrize("name", OWN)
@pytest.mark.parametrize("role", ["worker", "requester", "operator", "stranger"])
def test_whoever_is_signed_in_sees_their_own(request, role, name):
    browser = a_browser_of(request.getfixturevalue(role))
    answer = browser.get(reverse(name))
    assert answer.status_code == 200
    assert answer.context["user"].username in (role, "odile")


@pytest.mark.parametrize("name", GUARDED)
def test_what_matters_most_asks_for_the_password_again(signed_in, name):
    answer = signed_in.get(reverse(name))
    assert (answer.status_code, answer.url.split("?")[0]) == (302, reverse("account_reauthenticate"))
    proves_it_is_them(signed_in)
    assert signed_in.get(reverse(name)).status_code == 200


@pytest.mark.parametrize("role", ["worker", "operator"])
def test_lists_are_a_requester_s(request, role):
    answer = a_browser_of(request.getfixturevalue(role)).get(reverse("lists"))
    assert answer.status_code == 403
    assert "requester_role_missing" in text_of(answer)


@pytest.mark.parametrize("is_operator", [True, False])
def test_scopes_of_those_who_run_the_site_are_offered_to_them_alone(is_operator):
    offered = {name for name, _label in KeyForm(is_operator=is_operator).fields["scopes"].choices}
    assert offered == set(Scope) - (set() if is_operator else set(OF_OPERATORS))


@pytest.mark.parametrize("name", ON_A_ROW)
@pytest.mark.parametrize("role", ["worker", "peer", "operator", None])
def test_nobody_reaches_another_s_key_list_or_session(request, signed_in, stranger, requester, name, role):
    # Given what belongs to `stranger`
    issued = create_key(by=stranger, name="k", scopes=["work"], at=NOON)
    block_person(person_id=requester.pk, by=stranger, at=NOON)
    rows = {
        "rotate_key": issued.key.pk,
        "revoke_key": issued.key.pk,
        "unlist": requester.pk,
        "end_session": UserSession.objects.get(user=stranger).pk,
    }
    # When somebody else sends the form, or a visitor
    browser = a_browser_of(request.getfixturevalue(role)) if role else Client()
    if role:
        proves_it_is_them(browser)
    answer = browser.post(reverse(name, args=[rows[name]]))
    # Then there is no such thing, and all is as it was
    assert answer.status_code == (404 if role else 302)
    authenticate_key(token=issued.token, at=NOON)
    assert Listing.objects.filter(owner_id=stranger.pk).exists()
    assert signed_in.get(reverse("account")).status_code == 200


@pytest.mark.parametrize("name", [*ON_A_ROW, *SENT_ONLY])
def test_what_changes_something_is_never_a_link(signed_in, name):
    args = [1] if name in ON_A_ROW else []
    assert signed_in.get(reverse(name, args=args)).status_code == 405


def test_a_form_sent_from_another_site_is_refused(stranger):
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(stranger)
    answer = browser.post(reverse("roles"), {"worker": "on"})
    assert answer.status_code == 403
    assert "This form has expired" in text_of(answer)


# --- What they do --------------------------------------------------------------------------------


def test_roles_are_chosen_on_the_page(signed_in, stranger):
    signed_in.post(reverse("roles"), {"worker": "on"})
    now = Person.objects.get(pk=stranger.pk)
    assert (now.is_worker, now.is_requester) == (True, False)


def test_the_screen_name_is_changed_and_a_taken_one_is_said_with_what_was_typed_still_there(
    signed_in, worker
):
    answer = signed_in.post(reverse("screen_name"), {"screen_name": worker.screen_name.upper()})
    assert answer.status_code == 422
    assert "Somebody has this screen name" in text_of(answer)
    assert f'value="{worker.screen_name.upper()}"' in text_of(answer)
    assert signed_in.post(reverse("screen_name"), {"screen_name": "Weaver"}).status_code == 302
    assert "From now on you are Weaver here." in text_of(signed_in.get(reverse("account")))


def test_what_one_says_about_oneself_is_kept(signed_in, stranger):
    said = {
        "country": "BE",
        "working_status": "retired",
        "language_1": "nl",
        "language_2": "fr",
        "language_3": "fr",
        "legal_given_name": "Jeanne",
        "legal_family_name": "Canut",
    }
    assert signed_in.post(reverse("profile"), said).status_code == 302
    now = Person.objects.get(pk=stranger.pk)
    assert (now.country, now.languages, now.legal_family_name) == ("BE", ["nl", "fr"], "Canut")
    refused = signed_in.post(reverse("profile"), {**said, "country": "Atlantis"})
    assert refused.status_code == 422


def test_a_key_s_token_is_shown_once(signed_in, stranger):
    proves_it_is_them(signed_in)
    made = signed_in.post(reverse("keys"), {"name": "R script", "scopes": ["results"]})
    token = re.search(r"cnt_[\w-]{43}", made.content.decode()).group()
    assert made.headers["Cache-Control"].startswith("max-age=0, no-cache, no-store")
    assert authenticate_key(token=token, at=NOON.replace(year=2027)).party.pk == stranger.pk
    assert token not in signed_in.get(reverse("keys")).content.decode()


def test_making_a_key_goes_on_where_it_was_once_the_password_is_typed(signed_in):
    asked = signed_in.post(reverse("keys"), {"name": "R script", "scopes": ["results"]})
    assert not ApiKey.objects.exists()
    made = signed_in.post(asked.url, {"password": PASSWORD, "next": reverse("keys")})
    assert "cnt_" in made.content.decode()
    assert ApiKey.objects.get().name == "R script"


def test_a_key_is_renewed_and_revoked_from_the_page(signed_in, stranger):
    proves_it_is_them(signed_in)
    old = create_key(by=stranger, name="k", scopes=["work"], at=NOON)
    page = signed_in.post(reverse("rotate_key", args=[old.key.pk])).content.decode()
    new = re.search(r"cnt_[\w-]{43}", page).group()
    later = NOON.replace(year=2027)
    with pytest.raises(KeyNotUsable):
        authenticate_key(token=old.token, at=later)
    signed_in.post(reverse("revoke_key", args=[authenticate_key(token=new, at=later).key_id]))
    with pytest.raises(KeyNotUsable):
        authenticate_key(token=new, at=later)


def test_a_key_s_last_day_is_a_day_where_its_owner_lives(signed_in, stranger):
    Person.objects.filter(pk=stranger.pk).update(time_zone="Pacific/Auckland")
    proves_it_is_them(signed_in)
    signed_in.post(reverse("keys"), {"name": "k", "scopes": ["work"], "ends_on": "2030-01-31"})
    assert ApiKey.objects.get().expires_at.isoformat().startswith("2030-01-31T10:59:59")
    past = signed_in.post(reverse("keys"), {"name": "k", "scopes": ["work"], "ends_on": "2001-01-31"})
    assert "ends_on" in past.context["form"].errors


def test_somebody_is_blocked_by_screen_name(signed_in, stranger, worker):
    signed_in.post(
        reverse("lists"), {"screen_name": worker.screen_name.lower(), "kind": "block", "reason": "spam"}
    )
    listed = Listing.objects.get()
    assert (listed.owner_id, listed.person_id, listed.kind, listed.reason) == (
        stranger.pk,
        worker.pk,
        "block",
        "spam",
    )
    for name, sentence in (
        ("Nobody Here", "Nobody here has this name"),
        (stranger.screen_name, "your own list"),
    ):
        answer = signed_in.post(reverse("lists"), {"screen_name": name, "kind": "block"})
        assert answer.status_code == 422
        assert sentence in text_of(answer)
    signed_in.post(reverse("unlist", args=[worker.pk]))
    assert not Listing.objects.exists()


def test_sessions_are_listed_and_ended(signed_in, stranger):
    other = a_browser_of(stranger)
    page = text_of(signed_in.get(reverse("usersessions_list")))
    assert page.count("Browser of stranger") == 2
    theirs = UserSession.objects.get(session_key=other.session.session_key)
    signed_in.post(reverse("end_session", args=[theirs.pk]))
    assert other.get(reverse("account")).status_code == 302
    assert signed_in.get(reverse("account")).status_code == 200


def test_every_other_session_is_ended_at_once(signed_in, stranger):
    others = [a_browser_of(stranger) for _browser in range(3)]
    signed_in.post(reverse("usersessions_list"))
    assert [other.get(reverse("account")).status_code for other in others] == [302, 302, 302]
    assert signed_in.get(reverse("account")).status_code == 200


def test_new_terms_are_asked_for_and_agreed_to(signed_in, stranger, monkeypatch):
    assert "have changed" not in text_of(signed_in.get(reverse("account")))
    monkeypatch.setitem(documents.IN_FORCE, "terms", "2030-01")
    assert "have changed" in text_of(signed_in.get(reverse("account")))
    signed_in.post(reverse("consents"), {"document": "terms", "version": "2030-01"})
    assert "have changed" not in text_of(signed_in.get(reverse("account")))
    stale = signed_in.post(reverse("consents"), {"document": "terms", "version": "1999-01"})
    assert (stale.status_code, "not_the_version_in_force" in text_of(stale)) == (409, True)


def test_an_account_is_closed_only_by_typing_its_name(signed_in, stranger):
    proves_it_is_them(signed_in)
    assert signed_in.post(reverse("close_account"), {"screen_name": "Somebody"}).status_code == 422
    assert Person.objects.get(pk=stranger.pk).is_active
    assert signed_in.post(reverse("close_account"), {"screen_name": stranger.screen_name}).status_code == 302
    assert not Person.objects.get(pk=stranger.pk).is_active
    assert signed_in.get(reverse("account")).status_code == 302
    assert a_browser_of(stranger).get(reverse("account")).status_code == 302


def test_with_money_on_it_an_account_stays_open_until_the_money_is_given_up(requester):
    browser = a_browser_of(requester)
    proves_it_is_them(browser)
    assert "I give up the" in text_of(browser.get(reverse("close_account")))
    sent = {"screen_name": requester.screen_name}
    refused = browser.post(reverse("close_account"), sent)
    assert (refused.status_code, "or say that you give it up" in text_of(refused)) == (422, True)
    assert Person.objects.get(pk=requester.pk).is_active
    assert browser.post(reverse("close_account"), sent | {"gives_up_money": "on"}).status_code == 302
    assert not Person.objects.get(pk=requester.pk).is_active
    assert party_balances(requester.pk) == {}


def test_in_the_middle_of_work_nobody_leaves_on_either_side(requester, worker):
    # Given a live project with a task in the worker's hands
    project = a_project(owner=requester)
    taken(worker=worker, project=project)
    assert what_is_open(worker.pk, at=clock.now()) == ["Hand in or give back the 1 task you hold."]
    assert what_is_open(requester.pk, at=clock.now())[0] == "Close your 1 project that is still running."
    # And somebody whose work is handed in still has a decision to wait for
    peer = a_worker("peer")
    a_submission(worker=peer, project=project)
    assert what_is_open(peer.pk, at=clock.now()) == [
        "Wait until the 1 piece of work you handed in is decided."
    ]


def test_nobody_leaves_while_time_on_a_broken_task_is_to_be_paid(worker):
    # Given a closed project that is to pay for such time
    owner, at = a_requester(), clock.now()
    project = a_project(owner=owner, rows=2, expected_seconds=144, at=at)
    held = taken(worker=worker, project=project, at=at)
    report_broken(
        assignment_id=held.pk, kind="missing", words="No picture.", by=worker, at=at + timedelta(minutes=2)
    )
    close_project(project_id=project.pk, by=owner, at=at + timedelta(minutes=2))
    said = what_is_open(worker.pk, at=clock.now())
    assert ["announced to you is paid" in one for one in said] == [True]
    assert "have paid the 1 top-up or report" in what_is_open(owner.pk, at=clock.now())[0]
    # What is owed for longer than a day keeps its worker no more, for nobody knows when it is paid
    assert open_matters(worker.pk, at=at + timedelta(days=2)).to_come == 0
    assert open_matters(owner.pk, at=at + timedelta(days=2)).to_pay == 1
    pay_top_ups(at=at + timedelta(days=1))
    assert open_matters(owner.pk, at=at).to_pay == 0


# --- How they speak ------------------------------------------------------------------------------


def test_a_visitor_switches_language_by_a_cookie_and_a_person_for_good(client, signed_in, stranger):
    client.post(reverse("choose_language"), {"language": "fr", "next": reverse("terms")})
    assert '<html lang="fr">' in text_of(client.get(reverse("home")))
    signed_in.post(reverse("choose_language"), {"language": "fr"})
    assert Person.objects.get(pk=stranger.pk).locale == "fr"
    assert '<html lang="fr">' in text_of(a_browser_of(stranger).get(reverse("account")))


@pytest.mark.parametrize(
    "onward", ["https://elsewhere.example/", "//elsewhere.example", "javascript:alert(1)"]
)
def test_switching_language_sends_nobody_away(client, onward):
    answer = client.post(reverse("choose_language"), {"language": "fr", "next": onward})
    assert answer.url == reverse("home")


def test_times_are_those_of_where_one_is(signed_in, stranger):
    before = text_of(signed_in.get(reverse("consents")))
    assert "12:00" in before  # NOON, in UTC
    signed_in.post(reverse("preferences"), {"locale": "en", "time_zone": "Asia/Tokyo"})
    assert "21:00" in text_of(signed_in.get(reverse("consents")))


def test_the_pages_of_another_person_do_not_inherit_the_zone(signed_in, stranger, client):
    signed_in.post(reverse("preferences"), {"locale": "fr", "time_zone": "Asia/Tokyo"})
    signed_in.get(reverse("account"))
    assert '<html lang="en">' in text_of(client.get(reverse("home")))
    assert translation.get_language() == "en"


@pytest.mark.parametrize("name", [*PUBLIC, *OWN, *GUARDED, "lists"])
def test_pages_hold_no_inline_script_style_or_foreign_address(signed_in, client, name):
    proves_it_is_them(signed_in)
    page = (client if name in PUBLIC else signed_in).get(reverse(name)).content.decode()
    assert not re.search(r"\sstyle=|<style|\son\w+=|javascript:", page)
    scripts = re.findall(r"<script([^>]*)>", page)
    assert all("src=" in script or 'type="application/json"' in script for script in scripts)
    loaded = re.findall(r'(?:src|href|action)="(https?:)?//', page)
    assert loaded == []
    assert page.count("<h1") == 1
    assert '<a class="skip" href="#main">' in page


def test_every_input_has_a_label(signed_in, client):
    proves_it_is_them(signed_in)
    for name in (*PUBLIC, *OWN, *GUARDED, "lists"):
        page = (client if name in PUBLIC else signed_in).get(reverse(name)).content.decode()
        labelled = set(re.findall(r'<label[^>]* for="([^"]+)"', page))
        for tag in re.findall(r"<(?:input|select|textarea)[^>]*>", page):
            if 'type="hidden"' in tag:
                continue
            assert re.search(r'id="([^"]+)"', tag).group(1) in labelled, (name, tag)


def test_what_is_not_here_has_a_page_of_its_own(client):
    answer = client.get("/no/such/page/")
    assert answer.status_code == 404
    assert "There is nothing here" in text_of(answer)


# --- The demo's mails ----------------------------------------------------------------------------


@pytest.fixture
def demo(settings, tmp_path: Path):
    settings.CANUT_MODE = "demo"
    settings.MAIL_DIR = settings.EMAIL_FILE_PATH = tmp_path
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    return settings


def test_a_demo_s_mails_are_a_page_with_links_that_work(demo, client):
    text = "Hello,\n\nfollow http://testserver/terms/ – à bientôt <script>alert(1)</script>"
    assert send_mail(to="a@example.org", subject="Prêt ?", text=text, at=NOON)
    listed = client.get(reverse("mails"))
    assert "Prêt ?" in text_of(listed)
    page = text_of(client.get(re.search(r'href="(/mail/[^"]+)"', listed.content.decode()).group(1)))
    assert '<a href="http://testserver/terms/"' in page
    assert "à bientôt &lt;script&gt;" in page


def test_only_mails_of_the_folder_are_shown(demo, client, tmp_path):
    (tmp_path.parent / "secret.log").write_text("To: x\nDate: Fri, 20 Nov 2026 12:00:00 +0000\n\nsecret")
    assert read_mail(tmp_path, "../secret.log") is None
    for name in ("..%2Fsecret.log", "secret.log", "none.log", "..", "%2e%2e"):
        assert client.get(f"/mail/{name}/").status_code == 404


@pytest.mark.parametrize("mode", ["production", "test"])
def test_elsewhere_nobody_reads_mails(settings, client, mode):
    settings.CANUT_MODE = mode
    assert client.get(reverse("mails")).status_code == 404
    assert client.get(reverse("mail", args=["20261120-1.log"])).status_code == 404


def test_simulated_people_are_sent_nothing_and_pages_say_what_they_are(demo, tmp_path):
    person = a_person("robot", simulated=True, worker=True)
    assert send_mail(to="robot@example.org", subject="s", text="t", at=NOON) is False
    assert not list(tmp_path.iterdir())
    assert "simulated" in text_of(a_browser_of(person).get(reverse("account")))


def test_the_resolver_finds_our_pages_before_those_of_allauth():
    for name in ("account_signup", "usersessions_list"):
        view = get_resolver().resolve(reverse(name)).func
        assert getattr(view, "view_class", view).__module__.startswith("canut.web")
