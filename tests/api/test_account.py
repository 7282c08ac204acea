"""One's own account over the API: who I am, my keys, and the languages in which I am refused."""

import pytest
from django.test import Client
from tests.api.calls import Call, key_of
from tests.builders import a_person

from canut.people.models import Person, Scope

pytestmark = pytest.mark.django_db


def test_a_key_says_whose_it_is_and_what_for(worker: Person) -> None:
    me = Call(worker, "GET", "/me", scopes=["account", "work"]).answered().json
    assert me["screen_name"] == "Worker"
    assert me["scopes"] == ["account", "work"]
    assert (me["is_worker"], me["is_requester"]) == (True, False)


def test_without_a_key_the_way_to_get_one_is_said(worker: Person) -> None:
    answer = Call(None, "GET", "/me").answered()
    assert answer.code == "key_missing"
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")
    assert answer.headers["Content-Type"] == "application/problem+json"


def test_unknown_ended_and_revoked_keys_are_refused_alike(worker: Person) -> None:
    token = key_of(worker, ["account"])
    me = Call(None, "GET", "/me", token=token)
    key_id = me.answered().json["key_id"]
    Call(None, "DELETE", f"/keys/{key_id}", token=token).answered()
    assert me.answered().json == me.but(token="cnt_nobody").answered().json
    assert me.answered().code == "key_not_usable"


def test_a_rotated_key_stops_at_once_and_the_new_one_has_the_same_scopes(worker: Person) -> None:
    token = key_of(worker, ["account", "work"])
    issued = Call(None, "POST", "/keys/current/rotate", token=token).answered().json
    assert issued["scopes"] == ["account", "work"]
    assert Call(None, "GET", "/me", token=token).answered().code == "key_not_usable"
    assert Call(None, "GET", "/me", token=issued["token"]).answered().json["key_id"] == issued["id"]


def test_keys_are_listed_without_their_tokens_and_page_by_page(worker: Person) -> None:
    tokens = [key_of(worker, ["account"]) for _key in range(5)]
    call = Call(None, "GET", "/keys?limit=2", token=tokens[0])
    found = []
    cursor = ""
    while True:
        page = call.but(path=f"/keys?limit=2{cursor}").answered().json
        found += [key["id"] for key in page["items"]]
        assert not any(token in str(page) for token in tokens)
        if page["next_cursor"] is None:
            break
        cursor = f"&cursor={page['next_cursor']}"
    assert found == sorted(found, reverse=True)
    assert len(found) == 5


def test_nobody_ends_somebody_elses_key(worker: Person, stranger: Person) -> None:
    key_id = Call(worker, "GET", "/me").answered().json["key_id"]
    assert Call(stranger, "DELETE", f"/keys/{key_id}").answered().code == "key_not_found"


def test_refusals_are_in_the_language_asked_for_else_in_the_owners() -> None:
    jeanne = a_person("jeanne", locale="fr")

    def detail(**headers: str) -> tuple[str, str]:
        answer = Call(jeanne, "GET", "/me", scopes=["work"], headers=headers).answered()
        return answer.json["detail"], answer.headers["Content-Language"]

    english = detail(**{"Accept-Language": "en"})
    assert english[1] == "en"
    assert english[0].startswith("This key may not be used for that.")
    french = detail()
    assert french[1] == "fr"
    assert french[0] != english[0]
    assert detail(**{"Accept-Language": "fr-CA, en;q=0.5"})[1] == "fr"


def test_every_scope_opens_its_own_addresses_alone(worker: Person) -> None:
    answer = Call(worker, "GET", "/me", scopes=[s for s in Scope.values if s != "account"]).answered()
    assert (answer.status, answer.code, answer.json["facts"]) == (403, "scope_missing", {"scope": "account"})


def test_a_bad_key_over_a_connection_without_an_address_is_refused_like_any_other(worker: Person) -> None:
    answer = Client(REMOTE_ADDR="").get("/api/v1/me", headers={"Authorization": "Bearer cnt_of_nobody"})
    assert (answer.status_code, answer.json()["code"]) == (401, "key_not_usable")
