"""Who may be what, and who may do what to whom: every verb of this room against every role."""

import itertools

import pytest
from tests.builders import NOON, a_person
from tests.told import told

from canut.kernel.refusals import Refusal
from canut.people import access
from canut.people.models import Consent, Party, Person
from canut.people.queries import worker
from canut.people.usecases.allow_person import allow_person
from canut.people.usecases.appoint_operator import appoint_operator
from canut.people.usecases.block_person import block_person
from canut.people.usecases.change_preferences import change_preferences
from canut.people.usecases.change_profile import change_profile
from canut.people.usecases.change_screen_name import change_screen_name
from canut.people.usecases.choose_roles import choose_roles
from canut.people.usecases.close_account import close_account
from canut.people.usecases.create_key import create_key
from canut.people.usecases.dismiss_operator import LastOperator, dismiss_operator
from canut.people.usecases.found_body import found_body
from canut.people.usecases.give_consent import NotTheVersionInForce, give_consent
from canut.people.usecases.register_person import ScreenNameTaken

pytestmark = pytest.mark.django_db

THINGS_MISSING = ("activated", "terms", "worker", "open")


def somebody_lacking(lacking: set[str]) -> Person:
    """Return a worker who lacks the named things, made by hand where no verb leads there."""
    person = a_person("subject", worker="worker" not in lacking)
    if "open" in lacking:
        close_account(by=person, what_is_open=lambda _party: [], at=NOON)
    if "activated" in lacking:
        Person.objects.filter(pk=person.pk).update(activated_at=None)
    if "terms" in lacking:
        # A consent cannot be taken back, so this one never gave any.
        party = Party.objects.create(kind="person", screen_name="No Terms", created_at=NOON)
        values = Person.objects.filter(pk=person.pk).values().get()
        person = Person.objects.create(
            **values
            | {
                "id": party.pk,
                "party_id": party.pk,
                "username": "noterms",
                "email": "n@example.org",
                "is_active": True,
            }
        )
    return Person.objects.select_related("party").get(pk=person.pk)


@pytest.mark.parametrize(
    "lacking",
    [set(some) for size in (0, 1) for some in itertools.combinations(THINGS_MISSING, size)],
    ids=str,
)
def test_the_rule_in_python_and_the_one_that_sql_reads_are_one(lacking):
    person = somebody_lacking(lacking)
    try:
        access.as_worker(person)
    except Refusal:
        allowed = False
    else:
        allowed = True
    assert allowed is worker(person.pk).may_work is (not lacking)


@pytest.mark.parametrize(
    ("ask", "role", "code"),
    [
        (access.as_worker, "is_worker", "worker_role_missing"),
        (access.as_requester, "is_requester", "requester_role_missing"),
        (access.as_operator, "is_operator", "operator_role_missing"),
    ],
)
def test_without_a_role_the_answer_is_a_stable_code(ask, role, code):
    person = a_person("plain")
    with pytest.raises(Refusal) as refused:
        ask(person)
    assert (refused.value.code, refused.value.status) == (code, 403)
    Person.objects.filter(pk=person.pk).update(**{role: True})
    assert ask(Person.objects.get(pk=person.pk)) == person


def test_a_person_becomes_worker_requester_both_or_neither():
    person = a_person("chooses")
    for is_worker, is_requester in itertools.product((True, False), repeat=2):
        choose_roles(by=person, worker=is_worker, requester=is_requester, at=NOON)
        now = Person.objects.get(pk=person.pk)
        assert (now.is_worker, now.is_requester) == (is_worker, is_requester)


def test_choosing_roles_makes_no_operator():
    person = choose_roles(by=a_person("chooses"), worker=True, requester=True, at=NOON)
    assert not Person.objects.get(pk=person.pk).is_operator


@pytest.mark.parametrize("verb", [appoint_operator, dismiss_operator])
def test_only_an_operator_appoints_or_dismisses(verb, operator, worker, requester, stranger):
    for by in (worker, requester, stranger):
        with pytest.raises(access.OperatorRoleMissing):
            verb(person_id=stranger.pk, by=by, at=NOON)
    verb(person_id=stranger.pk, by=operator, at=NOON)


def test_who_runs_the_site_or_does_no_more_is_told_and_so_is_a_new_key(operator, stranger):
    appoint_operator(person_id=stranger.pk, by=operator, at=NOON)
    dismiss_operator(person_id=stranger.pk, by=operator, at=NOON)
    create_key(by=stranger, name="Results", scopes=["results"], at=NOON)
    said = told(stranger)
    assert [(one.kind, one.mail) for one in said] == [("account", "wanted")] * 3
    assert "run this site now" in said[0].subject
    assert "run this site any more" in said[1].subject
    assert said[2].subject == "A new key for programs: Results"
    assert "– Read progress and results of my projects" in said[2].text


def test_the_last_operator_is_dismissed_from_the_command_line_alone(operator):
    with pytest.raises(LastOperator):
        dismiss_operator(person_id=operator.pk, by=operator, at=NOON)
    assert not dismiss_operator(person_id=operator.pk, by=None, at=NOON).is_operator


@pytest.mark.parametrize("verb", [block_person, allow_person])
def test_lists_are_for_requesters(verb, worker, peer):
    with pytest.raises(access.RequesterRoleMissing):
        verb(person_id=peer.pk, by=worker, at=NOON)


VERBS_ON_ONESELF = {
    "choose_roles": lambda by: choose_roles(by=by, worker=True, requester=True, at=NOON),
    "change_screen_name": lambda by: change_screen_name(by=by, screen_name="Somebody Else", at=NOON),
    "change_preferences": lambda by: change_preferences(by=by, time_zone="UTC", locale="fr"),
    "change_profile": lambda by: change_profile(
        by=by,
        country="DE",
        working_status="other",
        languages=["de"],
        legal_given_name="",
        legal_family_name="",
        at=NOON,
    ),
    "give_consent": lambda by: give_consent(by=by, document="terms", version="1", at=NOON),
    "create_key": lambda by: create_key(by=by, name="k", scopes=["work"], at=NOON),
}


@pytest.mark.parametrize("verb", VERBS_ON_ONESELF)
def test_a_closed_account_does_nothing_any_more(verb):
    person = a_person("gone", worker=True)
    close_account(by=Person.objects.get(pk=person.pk), what_is_open=lambda _party: [], at=NOON)
    with pytest.raises(access.AccountIsClosed):
        VERBS_ON_ONESELF[verb](person)  # `person` is how a request that began before saw them


def test_a_screen_name_is_free_again_once_changed(worker, peer):
    change_screen_name(by=worker, screen_name="Weaver", at=NOON)
    with pytest.raises(ScreenNameTaken):
        change_screen_name(by=peer, screen_name="WEAVER", at=NOON)
    change_screen_name(by=worker, screen_name="weaver", at=NOON)  # one's own, in other capitals
    change_screen_name(by=worker, screen_name="Spinner", at=NOON)
    assert change_screen_name(by=peer, screen_name="Weaver", at=NOON).screen_name == "Weaver"


def test_a_body_and_a_person_cannot_share_a_screen_name(worker):
    with pytest.raises(ScreenNameTaken):
        found_body(name="Guild of weavers", screen_name=worker.screen_name, by=None, at=NOON)
    body = found_body(name="Guild of weavers", screen_name="Weavers", by=None, at=NOON)
    assert body.party.kind == "body"


def test_consent_is_to_the_version_in_force_and_to_no_other(worker):
    with pytest.raises(NotTheVersionInForce):
        give_consent(by=worker, document="terms", version="1066-10", at=NOON)
    before = Consent.objects.filter(person=worker).count()
    given = Consent.objects.get(person=worker, document="terms")
    assert give_consent(by=worker, document="terms", version=given.version, at=NOON) == given
    assert Consent.objects.filter(person=worker).count() == before


def test_what_somebody_says_about_themselves_is_kept(worker):
    change_profile(
        by=worker,
        country="BE",
        working_status="employee",
        languages=["nl", "fr"],
        legal_given_name=" Jeanne ",
        legal_family_name="Canut",
        at=NOON,
    )
    now = Person.objects.get(pk=worker.pk)
    assert (now.country, now.working_status, now.languages) == ("BE", "employee", ["nl", "fr"])
    assert (now.legal_given_name, now.legal_family_name) == ("Jeanne", "Canut")
