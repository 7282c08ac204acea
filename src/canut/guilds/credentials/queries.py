"""Reading: a member's own badges in every shape, what the site publishes, and what it once signed."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any, Literal, get_args
from uuid import UUID

from django.core.cache import cache
from django.utils.translation import gettext_lazy as _

from canut.guilds.credentials import images, issuers, proofs, site, statements, status_lists
from canut.guilds.credentials.access import (
    BadgeTakenBack,
    CredentialNotFound,
    credential_of_holder,
    shown_credential,
)
from canut.guilds.credentials.models import (
    IssuedCredential,
    IssuerKey,
    RevokedFor,
    ShownBadge,
    StatusList,
    SubjectKey,
)
from canut.guilds.credentials.statements import Form
from canut.guilds.credentials.verifying import Verified, verify
from canut.kernel.refusals import NotFound, Refusal
from canut.people.models import Person
from canut.people.queries import WhoIs, who_are

Shape = Literal["json", "jwt", "svg", "png"]
SHAPES: tuple[Shape, ...] = get_args(Shape)
LIST_KEPT_SECONDS = 3600
"""How long a signed status list is kept to be handed out again, for as long as nothing in it changes."""


class StatusListNotFound(NotFound):
    code = "status_list_not_found"


class BadgeOfEarlierName(Refusal):
    """The site had another name when it issued this, and can sign no more as that."""

    code = "badge_of_earlier_name"


@dataclass(frozen=True, slots=True)
class Badge:
    """One of a member's credentials, as their own page shows it. `picture` is an address that holds it.

    `is_current` tells whether it names the key that its holder uses now, and this site as it is called now.
    """

    id: int
    credential_id: UUID
    guild_id: int
    guild_name: str
    level: int
    name: str
    picture: str
    meaning: str
    subject_did: str
    issued_at: datetime
    revoked_at: datetime | None
    revoked_for: RevokedFor | None
    is_current: bool
    is_shown: bool


@dataclass(frozen=True, slots=True)
class ShownBadges:
    """Somebody, and the badges that they show to everybody."""

    who: WhoIs
    badges: Sequence[Badge]


@dataclass(frozen=True, slots=True)
class KeyOfSite:
    """One of the site's keys, for those who run it."""

    multibase: str
    created_at: datetime
    retired_at: datetime | None
    withdrawn_at: datetime | None


# --- A member's own ---------------------------------------------------------------------------------


def badges_of(party_id: int, *, before_id: int | None = None, most: int | None = None) -> list[Badge]:
    """Return a member's credentials, the newest first, revoked ones too. For the member alone.

    At most `most` of them, those before the one of number `before_id`.
    """
    rows = IssuedCredential.objects.filter(holder_id=party_id).order_by("-pk")
    if before_id is not None:
        rows = rows.filter(pk__lt=before_id)
    return _badges(list(rows if most is None else rows[:most]))


def own_badge(credential_id: UUID, *, by: Person) -> Badge:
    """Return one of `by`'s own badges.

    Raises:
        CredentialNotFound: there is none, or it is somebody else's.
    """
    return _badges([credential_of_holder(credential_id, by=by)])[0]


def _badges(rows: Sequence[IssuedCredential]) -> list[Badge]:
    shown = set(ShownBadge.objects.filter(credential__in=rows).values_list("credential_id", flat=True))
    holders = {row.holder_id for row in rows if row.holder_id is not None}
    keys = SubjectKey.objects.filter(party_id__in=holders, ended_at__isnull=True)
    in_use: set[tuple[int | None, str]] = set(keys.values_list("party_id", "did"))
    try:
        site_did = site.signer().did
    except issuers.SiteHasNoDid:
        site_did = ""
    return [_badge(row, in_use=in_use, site_did=site_did, is_shown=row.pk in shown) for row in rows]


def _badge(
    row: IssuedCredential, *, in_use: set[tuple[int | None, str]], site_did: str, is_shown: bool
) -> Badge:
    achievement = row.statement["credentialSubject"]["achievement"]
    return Badge(
        id=row.pk,
        credential_id=row.uuid,
        guild_id=row.guild_id,
        guild_name=achievement["creator"]["name"],
        level=row.level,
        name=row.statement["name"],
        picture=achievement["image"]["id"],
        meaning=achievement["criteria"]["id"],
        subject_did=row.subject_did,
        issued_at=row.issued_at,
        revoked_at=row.revoked_at,
        revoked_for=None if row.revoked_for is None else RevokedFor(row.revoked_for),
        is_current=(row.holder_id, row.subject_did) in in_use and row.statement["issuer"]["id"] == site_did,
        is_shown=is_shown,
    )


def subject_did_of(party_id: int) -> str | None:
    """Return the key that a member's badges are made out to now, None if there is none."""
    row = SubjectKey.objects.filter(party_id=party_id, ended_at__isnull=True).first()
    return row.did if row else None


def badge_file(
    *, credential_id: UUID, shape: Shape, by: Person, at: datetime, form: Form = "data_integrity"
) -> bytes:
    """Return one of `by`'s own badges, signed now with the key in use, in the shape they want.

    `form` says how the credential in an image is signed. "json" is Data Integrity and "jwt" a token
    by nature.

    Raises:
        CredentialNotFound: there is none, or it is somebody else's.
        BadgeTakenBack: it was taken back.
        BadgeOfEarlierName: the site has another name since; `issue_credential` makes a new one.
        IssuerKeyCannotBeOpened, NoIssuerKey, SiteHasNoDid: the site cannot sign now.
    """
    return _file(credential_of_holder(credential_id, by=by), shape=shape, form=form, at=at)


def _file(row: IssuedCredential, *, shape: Shape, form: Form, at: datetime) -> bytes:
    if row.revoked_at is not None:
        raise BadgeTakenBack(_("This badge was taken back, so it cannot be fetched any more."))
    if row.statement["issuer"]["id"] != site.signer().did:
        raise BadgeOfEarlierName(_("This badge is from when the site had another name. Ask for a new one."))
    as_token = shape == "jwt" or (form == "jwt" and shape in ("svg", "png"))
    credential = _signed(row.statement, "jwt" if as_token else "data_integrity", at=at)
    if shape in ("json", "jwt"):
        return credential.encode()
    draw = images.svg_badge if shape == "svg" else images.png_badge
    guild = row.statement["credentialSubject"]["achievement"]["creator"]
    return draw(
        guild_name=guild["name"],
        level=row.level,
        highest=statements.highest_level(row.statement),
        site_name=site.signer().name,
        credential=credential,
    )


def data_of(party_id: int) -> dict[str, Any]:
    """Return everything that this room knows of somebody, for their own export."""
    keys = SubjectKey.objects.filter(party_id=party_id).order_by("pk")
    rows = IssuedCredential.objects.filter(holder_id=party_id).order_by("pk")
    return {
        "subject_keys": [
            {
                "did": key.did,
                "made_here": key.made_here,
                "created_at": key.created_at,
                "ended_at": key.ended_at,
            }
            for key in keys
        ],
        "credentials": [
            {
                "statement": row.statement,
                "issued_at": row.issued_at,
                "revoked_at": row.revoked_at,
                "revoked_for": row.revoked_for,
            }
            for row in rows
        ],
        "badges_shown": [
            {"credential": shown.credential.uuid.urn, "shown_since": shown.shown_since}
            for shown in ShownBadge.objects.filter(holder_id=party_id).select_related("credential")
        ],
    }


# --- What somebody shows to everybody ---------------------------------------------------------------


def badges_shown(person_id: int) -> Sequence[Badge]:
    """Return the badges that somebody shows beside their screen name, those of the highest levels first."""
    shown = ShownBadge.objects.filter(holder_id=person_id, holder__closed_at__isnull=True)
    rows = IssuedCredential.objects.filter(pk__in=shown.values("credential"), revoked_at__isnull=True)
    return _badges(list(rows.order_by("-level", "pk")))


def badges_shown_by(person_id: int) -> ShownBadges:
    """Return somebody with the badges that they show, as `badges_shown` does.

    Raises:
        CredentialNotFound: they show none. Whether there is such a person is not told.
    """
    badges = badges_shown(person_id)
    if not badges:
        raise CredentialNotFound(_("Nobody of this number shows badges here."))
    return ShownBadges(who_are([person_id])[person_id], badges)


def shown_badge_file(
    *, credential_id: UUID, shape: Shape, at: datetime, form: Form = "data_integrity"
) -> bytes:
    """Return a badge that its holder shows to everybody, signed now, for anybody to keep and to check.

    Raises:
        CredentialNotFound: there is none, or it is not shown.
        BadgeOfEarlierName: the site has another name since.
        IssuerKeyCannotBeOpened, NoIssuerKey, SiteHasNoDid: the site cannot sign now.
    """
    return _file(shown_credential(credential_id), shape=shape, form=form, at=at)


# --- What the site publishes ------------------------------------------------------------------------


def did_document() -> dict[str, Any]:
    """Return what belongs at `site.DID_PATH`: the site's DID with every key it ever signed with.

    Raises:
        SiteHasNoDid: the site cannot issue credentials.
    """
    return issuers.did_document(site.signer().did, site.published_keys())


def keys_of_site() -> list[KeyOfSite]:
    """Return the site's keys, the newest first."""
    rows = IssuerKey.objects.order_by("-created_at", "-pk")
    return [KeyOfSite(row.public_multibase, row.created_at, row.retired_at, row.withdrawn_at) for row in rows]


def status_list_file(*, number: int, at: datetime, form: Form = "data_integrity") -> bytes:
    """Return a status list as it is now, signed; what belongs at `site.list_address(number)`.

    Raises:
        StatusListNotFound: there is none of this number.
        IssuerKeyCannotBeOpened, NoIssuerKey, SiteHasNoDid: the site cannot sign now.
    """
    if not StatusList.objects.filter(number=number).exists():
        raise StatusListNotFound(_("There is no status list of this number."))
    address, revoked = site.list_address(number), _revoked(number)
    day, key = statements.day_of(at), issuers.multibase(site.key_in_use().public_key())
    # All that the answer comes of: what is kept is never older than what is known.
    said = json.dumps([address, revoked, day.isoformat(), key, form])
    kept_as = f"status-list:{sha256(said.encode()).hexdigest()}"
    kept: bytes | None = cache.get(kept_as)
    if kept is None:
        statement = status_lists.status_list_statement(
            did=site.signer().did, address=address, revoked=revoked, at=at
        )
        kept = _signed(statement, form, at=at).encode()
        cache.set(kept_as, kept, LIST_KEPT_SECONDS)
    return kept


# --- Checking ---------------------------------------------------------------------------------------


def verify_here(content: bytes, *, at: datetime) -> Verified:
    """Return what a badge says that this site issued: by its own keys and, for revocation, its own books.

    Raises:
        CredentialRefused: one of its subclasses, by what is wrong.
        SiteHasNoDid: the site cannot issue credentials.
    """

    def own_list(address: str) -> status_lists.StatusList | None:
        number = site.list_number(address)
        if number is None or not StatusList.objects.filter(number=number).exists():
            return None
        return status_lists.as_it_is(address=address, revoked=_revoked(number), at=at)

    return verify(content, issuer=site.own_issuer(), status_list_at=own_list, at=at, status_needed=True)


def verify_shown(*, credential_id: UUID, at: datetime) -> Verified:
    """Return what a badge that its holder shows to everybody says, checked as if it had been handed in now.

    Raises:
        CredentialNotFound: there is none, or it is not shown. Else what `shown_badge_file` raises.
    """
    return verify_here(shown_badge_file(credential_id=credential_id, shape="jwt", at=at), at=at)


def _revoked(number: int) -> list[int]:
    rows = IssuedCredential.objects.filter(status_list_id=number, revoked_at__isnull=False)
    return list(rows.order_by("status_index").values_list("status_index", flat=True))


def _signed(statement: dict[str, Any], form: Form, *, at: datetime) -> str:
    did, key = site.signer().did, site.key_in_use()
    if form == "jwt":
        return proofs.signed_token(statement, key, did=did)
    signed = proofs.signed_document(statement, key, did=did, at=statements.day_of(at))
    return json.dumps(signed, ensure_ascii=False, indent=1)
