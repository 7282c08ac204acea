"""Situations of accounts, keys, lists and the charter."""

from tests.api.calls import Call, key_of
from tests.api.scenarios.cast import Cast
from tests.api.scenarios.registry import says

from canut.people.models import ApiKey
from canut.people.usecases.block_person import block_person


@says("get_me", "200")
def _(cast: Cast) -> Call:
    return cast.get(cast.worker, "/me")


@says("list_keys", "200")
def _(cast: Cast) -> Call:
    key_of(cast.worker, ["work"])
    return cast.get(cast.worker, "/keys")


@says("rotate_current_key", "201")
def _(cast: Cast) -> Call:
    return cast.post(cast.worker, "/keys/current/rotate")


@says("revoke_one_key", "200")
def _(cast: Cast) -> Call:
    key_of(cast.worker, ["work"])
    return Call(cast.worker, "DELETE", f"/keys/{ApiKey.objects.latest('pk').pk}")


@says("revoke_one_key", "key_not_found")
def _(cast: Cast) -> Call:
    key_of(cast.peer, ["work"])
    return Call(cast.worker, "DELETE", f"/keys/{ApiKey.objects.latest('pk').pk}")


@says("list_listings", "200")
def _(cast: Cast) -> Call:
    block_person(person_id=cast.worker.pk, by=cast.requester, at=cast.at)
    return cast.get(cast.requester, "/listings?kind=block")


@says("put_on_a_list", "201")
def _(cast: Cast) -> Call:
    return cast.post(
        cast.requester, "/listings", {"kind": "block", "person_id": cast.worker.pk, "reason": "Late."}
    )


@says("put_on_a_list", "person_not_found")
def _(cast: Cast) -> Call:
    return cast.post(cast.requester, "/listings", {"kind": "allow", "screen_name": "Nemo"})


@says("put_on_a_list", "not_oneself")
def _(cast: Cast) -> Call:
    return cast.post(cast.requester, "/listings", {"kind": "block", "person_id": cast.requester.pk})


@says("put_on_a_list", "requester_role_missing")
def _(cast: Cast) -> Call:
    return cast.post(cast.worker, "/listings", {"kind": "block", "person_id": cast.peer.pk})


@says("take_off_a_list", "204")
def _(cast: Cast) -> Call:
    block_person(person_id=cast.worker.pk, by=cast.requester, at=cast.at)
    return Call(cast.requester, "DELETE", f"/listings/{cast.worker.pk}")


@says("take_off_a_list", "not_listed")
def _(cast: Cast) -> Call:
    return Call(cast.requester, "DELETE", f"/listings/{cast.worker.pk}")


@says("read_charter", "200")
def _(cast: Cast) -> Call:
    return cast.get(None, "/charter")


@says("read_charter", "bad_input")
def _(cast: Cast) -> Call:
    return cast.get(None, "/charter?at=yesterday")
