"""Situations of badges."""

from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.test import override_settings
from tests.api.calls import Call
from tests.api.scenarios.cast import Cast
from tests.api.scenarios.guilds import guild
from tests.api.scenarios.registry import says

from canut.guilds.credentials.limits import CHECKS_ALLOWED, WITHIN_SECONDS, count_check
from canut.guilds.credentials.models import IssuedCredential, RevokedFor
from canut.guilds.credentials.queries import badge_file
from canut.guilds.credentials.statements import Achievement
from canut.guilds.credentials.usecases.issue_credential import issue_credential
from canut.guilds.credentials.usecases.make_subject_key import make_subject_key
from canut.guilds.credentials.usecases.revoke_credential import revoke_credential
from canut.kernel import clock
from canut.people.usecases.found_body import found_body

NOWHERE = UUID(int=0)
OF_NO_NAME = "https://192.0.2.7"


def badge_of(cast: Cast) -> IssuedCredential:
    """A badge of the worker's, of level 2."""
    guild = found_body(name="G", screen_name="Transcription", by=None, at=cast.at).party
    make_subject_key(by=cast.worker, at=cast.at)
    return issue_credential(
        holder_id=cast.worker.pk,
        guild_id=guild.pk,
        achievement=Achievement("Transcription", "https://canut.example/guilds/3/", 2, "Ten.", "en", 4),
        reviewed=None,
        by=cast.worker,
        at=cast.at,
    )


def _file(cast: Cast, badge: IssuedCredential | UUID) -> Call:
    number = badge.uuid if isinstance(badge, IssuedCredential) else badge
    return cast.get(cast.worker, f"/badges/{number}/file?shape=jwt")


def _checking(content: bytes) -> Call:
    return Call(None, "POST", "/badge-checks", raw=content, content_type="application/octet-stream")


@says("list_badges", "200")
def _(cast: Cast) -> Call:
    badge_of(cast)
    return cast.get(cast.worker, "/badges")


says("get_badge", "200")(lambda cast: cast.get(cast.worker, f"/badges/{badge_of(cast).uuid}"))
says("get_badge", "credential_not_found")(lambda cast: cast.get(cast.worker, "/badges/nonsense"))
says("fetch_badge", "200")(lambda cast: _file(cast, badge_of(cast)))
says("fetch_badge", "credential_not_found")(lambda cast: _file(cast, NOWHERE))


def _having(cast: Cast, *, level: int = 1) -> Call:
    """The worker, who is at level 1 of a guild and has a key, has a level as a badge."""
    make_subject_key(by=cast.worker, at=cast.at)
    return cast.put(cast.worker, f"/guilds/{guild(cast).pk}/membership/badges/{level}")


says("have_a_badge", "200")(_having)
says("have_a_badge", "level_not_held")(lambda cast: _having(cast, level=2))
says("have_a_badge", "worker_role_missing")(lambda cast: _having(cast).but(by=cast.guest))


@says("have_a_badge", "subject_key_missing")
def _(cast: Cast) -> Call:
    return cast.put(cast.worker, f"/guilds/{guild(cast).pk}/membership/badges/1")


@says("have_a_badge", "site_has_no_did")
def _(cast: Cast) -> Call:
    asks = _having(cast)
    settings.SITE_URL = OF_NO_NAME
    return asks


for _operation, _method, _rest in (
    ("take_badge_back", "DELETE", ""),
    ("show_a_badge", "PUT", "/shown"),
    ("hide_a_badge", "DELETE", "/shown"),
):
    says(_operation, "200" if _method == "PUT" else "204")(
        lambda cast, method=_method, rest=_rest: Call(
            cast.worker, method, f"/badges/{badge_of(cast).uuid}{rest}"
        )
    )
    says(_operation, "credential_not_found")(
        lambda cast, method=_method, rest=_rest: Call(cast.worker, method, f"/badges/{NOWHERE}{rest}")
    )


@says("show_a_badge", "badge_taken_back")
def _(cast: Cast) -> Call:
    badge = badge_of(cast)
    revoke_credential(credential_id=badge.uuid, reason=RevokedFor.IN_ERROR, by=None, at=cast.at)
    return cast.put(cast.worker, f"/badges/{badge.uuid}/shown")


@says("fetch_badge", "badge_taken_back")
def _(cast: Cast) -> Call:
    badge = badge_of(cast)
    revoke_credential(credential_id=badge.uuid, reason=RevokedFor.IN_ERROR, by=None, at=cast.at)
    return _file(cast, badge)


@says("fetch_badge", "badge_of_earlier_name")
def _(cast: Cast) -> Call:
    with override_settings(SITE_URL="https://earlier.example"):
        return _file(cast, badge_of(cast))


@says("fetch_badge", "issuer_key_cannot_be_opened")
def _(cast: Cast) -> Call:
    with override_settings(SECRET_KEY="an earlier secret"):
        return _file(cast, badge_of(cast))


@says("fetch_badge", "site_has_no_did")
def _(cast: Cast) -> Call:
    badge = badge_of(cast)
    settings.SITE_URL = OF_NO_NAME  # conftest puts it back
    return _file(cast, badge)


@says("check_badge", "200")
def _(cast: Cast) -> Call:
    badge = badge_of(cast)
    content = badge_file(credential_id=badge.uuid, shape="svg", by=cast.worker, at=cast.at)
    return _checking(content)


says("check_badge", "bad_input")(lambda cast: _checking(b""))
says("check_badge", "request_not_understood")(
    lambda cast: _checking(b"x").but(content_type="multipart/form-data; boundary=\x80")
)


@says("check_badge", "site_has_no_did")
def _(cast: Cast) -> Call:
    settings.SITE_URL = OF_NO_NAME
    return _checking(b"x")


@says("check_badge", "too_many_checks")
def _(cast: Cast) -> Call:
    for at in (clock.now(), clock.now() + timedelta(seconds=WITHIN_SECONDS)):
        for _each in range(CHECKS_ALLOWED):
            count_check("127.0.0.1", at=at)
    return _checking(b"x")
