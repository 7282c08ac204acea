"""Reading about people, for pages, exports and other rooms. Everything comes out frozen."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from allauth.usersessions.models import UserSession
from django.db import connection
from django.db.models import Q, QuerySet
from django.db.models.functions import Lower

from canut.kernel.models import Event
from canut.people import documents
from canut.people.models import ApiKey, Body, Consent, Kind, Listing, ListKind, Party, Person
from canut.people.queries_restrictions import not_shut_out


@dataclass(frozen=True, slots=True)
class WhoIs:
    """All that the other side ever sees of a party."""

    id: int
    screen_name: str
    simulated: bool
    is_closed: bool


@dataclass(frozen=True, slots=True)
class Profile:
    """What a person sees of their own account."""

    id: int
    screen_name: str
    username: str
    email: str | None
    is_worker: bool
    is_requester: bool
    is_operator: bool
    country: str
    working_status: str
    languages: tuple[str, ...]
    time_zone: str
    locale: str
    legal_given_name: str
    legal_family_name: str
    simulated: bool
    joined_at: datetime


@dataclass(frozen=True, slots=True)
class Worker:
    """What rules about work may know of a person."""

    id: int
    screen_name: str
    simulated: bool
    country: str
    working_status: str
    languages: tuple[str, ...]
    may_work: bool


@dataclass(frozen=True, slots=True)
class Key:
    """A key as its owner sees it: never the token."""

    id: int
    name: str
    prefix: str
    scopes: tuple[str, ...]
    created_at: datetime
    expires_at: datetime | None
    revoked_at: datetime | None
    is_replaced: bool

    def is_usable(self, at: datetime) -> bool:
        return self.revoked_at is None and (self.expires_at is None or self.expires_at > at)


@dataclass(frozen=True, slots=True)
class Listed:
    person_id: int
    screen_name: str
    kind: str
    reason: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Session:
    id: int
    started_at: datetime
    ip: str
    browser: str
    is_current: bool


@dataclass(frozen=True, slots=True)
class Agreed:
    document: str
    version: str
    given_at: datetime
    is_in_force: bool


def who_are(party_ids: Collection[int]) -> Mapping[int, WhoIs]:
    """Return what may be shown of each party, by id."""
    rows = Party.objects.filter(pk__in=party_ids).values_list("pk", "screen_name", "simulated", "closed_at")
    return {pk: WhoIs(pk, name, simulated, closed_at is not None) for pk, name, simulated, closed_at in rows}


def names_of_bodies(party_ids: Collection[int]) -> Mapping[int, str]:
    """Return the name of each of these bodies, such as guilds, by id."""
    return dict(Body.objects.filter(pk__in=party_ids).values_list("pk", "name"))


def person_named(screen_name: str) -> WhoIs | None:
    """Return the person with a screen name, whatever the capitals."""
    people = Party.objects.filter(kind=Kind.PERSON).alias(lower_name=Lower("screen_name"))
    party = people.filter(lower_name=screen_name.strip().lower()).first()
    return WhoIs(party.pk, party.screen_name, party.simulated, party.closed_at is not None) if party else None


def is_screen_name_taken(screen_name: str) -> bool:
    """Tell whether a person or a body has a screen name, or has it hidden, whatever the capitals."""
    name = screen_name.strip().lower()
    parties = Party.objects.alias(lower_name=Lower("screen_name"), lower_hidden=Lower("hidden_name"))
    return (
        parties.filter(lower_name=name).exists()
        or parties.exclude(hidden_name="").filter(lower_hidden=name).exists()
    )


def people_named(screen_names: Collection[str]) -> Mapping[str, WhoIs]:
    """Return the people with these screen names, by the name in small letters, whatever the capitals."""
    lower = {name.strip().lower() for name in screen_names if name.isprintable()}
    people = Party.objects.filter(kind=Kind.PERSON).alias(lower_name=Lower("screen_name"))
    return {
        party.screen_name.lower(): WhoIs(
            party.pk, party.screen_name, party.simulated, party.closed_at is not None
        )
        for party in people.filter(lower_name__in=lower)
    }


def profile_of(person_id: int) -> Profile:
    """Return a person's own view of their account."""
    person = Person.objects.select_related("party").get(pk=person_id)
    return Profile(
        id=person.pk,
        screen_name=person.party.screen_name,
        username=person.username,
        email=person.email,
        is_worker=person.is_worker,
        is_requester=person.is_requester,
        is_operator=person.is_operator,
        country=person.country,
        working_status=person.working_status,
        languages=tuple(person.languages),
        time_zone=person.time_zone,
        locale=person.locale,
        legal_given_name=person.legal_given_name,
        legal_family_name=person.legal_family_name,
        simulated=person.party.simulated,
        joined_at=person.date_joined,
    )


def worker(worker_id: int) -> Worker | None:
    """Return what the claim's SQL knows of a worker, or None if there is no such person."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT worker_id, screen_name, simulated, country, working_status, languages, may_work"
            " FROM people_worker_v WHERE worker_id = %s",
            [worker_id],
        )
        row = cursor.fetchone()
    if row is None:
        return None
    number, screen_name, simulated, country, working_status, languages, may_work = row
    return Worker(number, screen_name, simulated, country, working_status, tuple(languages), may_work)


def could_work_at(worker_id: int, *, at: datetime) -> bool | None:
    """Return whether a person could take tasks at a moment; None where that was not kept.

    Roles are told by the events of their choosing, the rest by dates. Whether a sanction barred it is asked
    apart (`was_barred`), for it is told apart.
    """
    person = Person.objects.select_related("party").filter(pk=worker_id).first()
    if person is None or person.activated_at is None or person.activated_at > at:
        return False
    if person.party.closed_at is not None and person.party.closed_at <= at:
        return False
    if not Consent.objects.filter(person=person, document="terms", given_at__lte=at).exists():
        return False
    chosen = Event.objects.filter(
        subject_kind="person", subject_id=worker_id, name__in=("person.registered", "person.roles_chosen")
    ).order_by("at", "pk")
    said = [(event.at, event.data["worker"]) for event in chosen if "worker" in event.data]
    if not any(event.name == "person.roles_chosen" for event in chosen):
        return person.is_worker
    return next((bool(worker) for moment, worker in reversed(said) if moment <= at), None)


def listed_at(*, owner_id: int, person_id: int, at: datetime) -> str | None:
    """Return on which of a requester's lists a person was at a moment, by the events; None for no list."""
    rows = Event.objects.filter(
        subject_kind="listing", by_id=owner_id, data__person_id=person_id, at__lte=at
    ).order_by("at", "pk")
    last = rows.values_list("name", flat=True).last()
    lists = {"person.blocked": ListKind.BLOCK, "person.allowed": ListKind.ALLOW}
    return str(lists[last]) if last in lists else None


def keys_of(owner_id: int) -> Sequence[Key]:
    """Return a party's keys, those in use first, newest first."""
    rows = ApiKey.objects.filter(owner_id=owner_id).order_by("-created_at", "-pk")
    keys = [
        Key(
            id=row.pk,
            name=row.name,
            prefix=row.prefix,
            scopes=tuple(row.scopes),
            created_at=row.created_at,
            expires_at=row.expires_at,
            revoked_at=row.revoked_at,
            is_replaced=row.replaced_by_id is not None,
        )
        for row in rows
    ]
    return sorted(keys, key=lambda key: key.revoked_at is not None)


def listings_of(owner_id: int, kind: str) -> Sequence[Listed]:
    """Return whom a requester has on one of their lists, newest first."""
    rows = Listing.objects.filter(owner_id=owner_id, kind=kind).select_related("person")
    return [
        Listed(row.person_id, row.person.screen_name, row.kind, row.reason, row.created_at)
        for row in rows.order_by("-created_at", "-pk")
    ]


def is_blocked(*, owner_id: int, person_id: int) -> bool:
    """Say whether a requester keeps a person away from their projects."""
    return Listing.objects.filter(owner_id=owner_id, person_id=person_id, kind=ListKind.BLOCK).exists()


def blocks_of(owner_id: int, person_ids: Collection[int]) -> Mapping[int, str]:
    """Return which of these people a requester keeps away, each with what they are told about it."""
    rows = Listing.objects.filter(owner_id=owner_id, person_id__in=person_ids, kind=ListKind.BLOCK)
    return dict(rows.values_list("person_id", "told"))


def lists_of(owner_id: int, person_ids: Collection[int]) -> Mapping[int, str]:
    """Return on which of a requester's lists each of these people is, those on none left out."""
    rows = Listing.objects.filter(owner_id=owner_id, person_id__in=person_ids)
    return dict(rows.values_list("person_id", "kind"))


def told_about_block(*, owner_id: int, person_id: int) -> str | None:
    """Return what a person reads about being kept away by a requester; None if they are not."""
    return blocks_of(owner_id, [person_id]).get(person_id)


def sessions_of(person_id: int, *, current_key: str | None) -> Sequence[Session]:
    """Return the browsers a person is signed in with, this one first, then newest first."""
    person = Person.objects.get(pk=person_id)
    rows = sorted(UserSession.objects.purge_and_list(person), key=lambda row: row.created_at, reverse=True)
    sessions = [
        Session(row.pk, row.created_at, row.ip, row.user_agent, row.session_key == current_key)
        for row in rows
    ]
    return sorted(sessions, key=lambda session: not session.is_current)


def consents_of(person_id: int) -> Sequence[Agreed]:
    """Return what a person agreed to, newest first."""
    rows = Consent.objects.filter(person_id=person_id).order_by("-given_at", "document")
    return [
        Agreed(row.document, row.version, row.given_at, documents.IN_FORCE.get(row.document) == row.version)
        for row in rows
    ]


def consents_missing(person_id: int) -> Sequence[str]:
    """Return the documents whose version in force a person has not agreed to yet."""
    given = set(Consent.objects.filter(person_id=person_id).values_list("document", "version"))
    return [document for document, version in documents.IN_FORCE.items() if (document, version) not in given]


def person_to_sign_in(name: str) -> Person | None:
    """Return the person who signs in with a name or an e-mail address; for the command line."""
    name = name.strip().lower()
    return Person.objects.select_related("party").filter(Q(username=name) | Q(email=name)).first()


def operators(*, without: Collection[int | None] = ()) -> "QuerySet[Person]":
    """Return those who run the site and can sign in now, but for some of them."""
    others = [person_id for person_id in without if person_id is not None]
    rows = Person.objects.filter(is_operator=True, is_active=True).exclude(pk__in=others)
    return not_shut_out(rows.select_related("party").order_by("pk"))
