"""Who asks: the holder of the API key that a request shows."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from allauth.account.adapter import get_adapter
from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from ninja.security import HttpBearer

from canut.api.refusals import TooManyAttempts
from canut.kernel import clock
from canut.people.models import Person, Scope
from canut.people.usecases.authenticate_key import KeyNotUsable, authenticate_key

FAILURES_ALLOWED = 100
FAILURES_WITHIN_SECONDS = 600
"""How many requests with unusable keys one network address has in how long; usable keys always pass."""


@dataclass(frozen=True, slots=True)
class Caller:
    """Who acts, with which key, and when: every use case that the request calls gets this one moment."""

    by: Person
    key_id: int
    scopes: Collection[str]
    at: datetime


class Asked(HttpRequest):
    """A request whose key was found good."""

    auth: Caller


class ApiKey(HttpBearer):
    """Lets a request in whose key may be used for `scope`."""

    def __init__(self, scope: Scope) -> None:
        super().__init__()
        self.scope = scope

    def authenticate(self, request: HttpRequest, token: str) -> Caller:
        """Return who holds the key, and speak their language unless the request names one.

        Raises:
            KeyNotUsable: it is unknown, ended or revoked.
            ScopeMissing: it may not be used for this.
            TooManyAttempts: this address showed too many such keys.
        """
        at = clock.now()
        try:
            holder = authenticate_key(token=token.strip(), at=at)
        except KeyNotUsable:
            _count_failure(request)
            raise
        person = holder.party.person
        if "Accept-Language" not in request.headers:
            translation.activate(person.locale)
        timezone.activate(ZoneInfo(person.time_zone))  # the next request begins with the site's own
        holder.ensure_scope(self.scope)
        return Caller(by=person, key_id=holder.key_id, scopes=holder.scopes, at=at)


def _count_failure(request: HttpRequest) -> None:
    key = f"api-key-failures:{address_of(request)}"
    cache.add(key, 0, timeout=FAILURES_WITHIN_SECONDS)
    if cache.incr(key) > FAILURES_ALLOWED:
        raise TooManyAttempts(
            _("Too many requests with unusable keys came from your address. Wait, and check the key."),
            retry_after_seconds=FAILURES_WITHIN_SECONDS,
        )


def address_of(request: HttpRequest) -> str:
    """Return where a request comes from; one word for all of whom that cannot be told."""
    try:
        return str(get_adapter().get_client_ip(request))
    except PermissionDenied:  # over a socket file, or through fewer proxies than the settings trust
        return "unknown"
