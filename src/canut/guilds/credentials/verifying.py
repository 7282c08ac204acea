"""Saying of a file that it is a genuine badge in force, or which one thing is wrong with it.

Nothing is fetched. A verifier brings the issuer's keys (their did.json, or the site's own) and, if they want
to know about revocation, a copy of the issuer's status list. The words that credentials use are defined
by contexts that are installed with Canut.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from django.utils.translation import gettext_lazy as _

from canut.guilds.credentials import proofs
from canut.guilds.credentials.issuers import Issuer
from canut.guilds.credentials.reading import Carrier, Token, read
from canut.guilds.credentials.refused import (
    CredentialExpired,
    CredentialMalformed,
    CredentialNotYetValid,
    CredentialOfAnotherIssuer,
    CredentialRevoked,
    CredentialStatusUnknown,
    NotABadge,
)
from canut.guilds.credentials.statements import MOST_LEVELS, Form
from canut.guilds.credentials.status_lists import StatusList

CLOCKS_DIFFER = timedelta(minutes=5)
_LEVELS = {str(level) for level in range(1, MOST_LEVELS + 1)}
BADGE_TYPES = {"OpenBadgeCredential", "AchievementCredential"}


class Status(StrEnum):
    """What is known of revocation."""

    NOT_REVOKED = "not_revoked"
    NOT_CHECKED = "not_checked"  # it may have been revoked: nobody brought the list
    NOT_REVOCABLE = "not_revocable"  # its issuer keeps no list for it


@dataclass(frozen=True, slots=True)
class Verified:
    """A genuine badge, and what it says. Texts are the issuer's, who is whom the caller trusts.

    `level` is None where the badge is about something else than a level. `known_until` is how long
    the copy of the status list may be relied upon.
    """

    carrier: Carrier
    form: Form
    key: str
    credential_id: str
    issuer_did: str
    issuer_name: str
    subject_did: str
    name: str
    level: int | None
    valid_from: datetime
    valid_until: datetime | None
    status: Status
    status_list: str | None
    known_until: datetime | None


def verify(
    content: bytes,
    *,
    issuer: Issuer,
    status_list_at: Callable[[str], StatusList | None],
    at: datetime,
    status_needed: bool = False,
) -> Verified:
    """Return what a badge in a file says, if `issuer` signed it so and it is in force at `at`.

    `status_list_at` returns the list of an address, checked before, or None where it is not at hand.
    `status_needed` refuses a badge of which nobody can tell whether it was revoked.

    Raises:
        CredentialRefused: one of its subclasses, each with a code of its own: the first thing that
            is wrong, in the order file, badge, issuer, key, signature, time, revocation.
    """
    presented = read(content)
    unbelieved = presented.content.payload if isinstance(presented.content, Token) else presented.content
    _ensure_badge(unbelieved)
    _ensure_issuer(unbelieved, issuer)
    document, key = proofs.checked_document(presented.content, issuer)
    try:
        said = _said(document)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise CredentialMalformed(
            _("This badge is signed, but lacks what a badge must say: whose it is, for what, from when on.")
        ) from error
    _ensure_in_force(said["valid_from"], said["valid_until"], at=at)
    status, known_until = _status(said["entries"], status_list_at, needed=status_needed)
    return Verified(
        carrier=presented.carrier,
        form="jwt" if isinstance(presented.content, Token) else "data_integrity",
        key=key,
        credential_id=said["id"],
        issuer_did=issuer.did,
        issuer_name=said["issuer_name"],
        subject_did=said["subject"],
        name=said["name"],
        level=said["level"],
        valid_from=said["valid_from"],
        valid_until=said["valid_until"],
        status=status,
        status_list=said["entries"][0][0] if said["entries"] else None,
        known_until=known_until,
    )


def _ensure_badge(document: dict[str, Any]) -> None:
    types = document.get("type")
    named = {name for name in types if isinstance(name, str)} if isinstance(types, list) else set()
    if "VerifiableCredential" not in named or not named & BADGE_TYPES:
        raise NotABadge(_("This file is signed or signable, but no badge in the sense of Open Badges 3.0."))


def _ensure_issuer(document: dict[str, Any], issuer: Issuer) -> None:
    claimed = document.get("issuer")
    claimed = claimed.get("id") if isinstance(claimed, dict) else claimed
    if claimed != issuer.did:
        raise CredentialOfAnotherIssuer(
            _("This badge does not say that %(issuer)s issued it, whom it was checked against.")
            % {"issuer": issuer.did},
            issuer=issuer.did,
        )


def _ensure_in_force(valid_from: datetime, valid_until: datetime | None, *, at: datetime) -> None:
    if valid_from > at + CLOCKS_DIFFER:
        raise CredentialNotYetValid(
            _("This badge is good from %(day)s on, which is still to come.")
            % {"day": f"{valid_from:%Y-%m-%d}"}
        )
    if valid_until is not None and valid_until <= at - CLOCKS_DIFFER:
        raise CredentialExpired(
            _("This badge was good until %(day)s. Its holder can get a new one if they still have the level.")
            % {"day": f"{valid_until:%Y-%m-%d}"}
        )


def _status(
    entries: list[tuple[str, int]], status_list_at: Callable[[str], StatusList | None], *, needed: bool
) -> tuple[Status, datetime | None]:
    if not entries:
        return Status.NOT_REVOCABLE, None
    known_until = []
    for address, index in entries:
        status_list = status_list_at(address)
        try:
            revoked = None if status_list is None else status_list.is_revoked(index)
        except IndexError as error:
            raise CredentialStatusUnknown(
                _("Whether this badge was revoked cannot be told: its place is not on the list.")
            ) from error
        if revoked:
            raise CredentialRevoked(_("This badge was genuine, and its issuer has taken it back."))
        known_until += [status_list.valid_until] if status_list else []
    if len(known_until) == len(entries):
        return Status.NOT_REVOKED, min(known_until)
    if needed:
        raise CredentialStatusUnknown(
            _("Whether this badge was revoked cannot be told without its issuer's list: %(address)s")
            % {"address": entries[0][0]},
            status_list=entries[0][0],
        )
    return Status.NOT_CHECKED, None


def _said(document: dict[str, Any]) -> dict[str, Any]:
    """Return what a signed badge says. Raises KeyError, TypeError or ValueError if it does not."""
    subject, issuer = document["credentialSubject"], document["issuer"]
    until = document.get("validUntil")
    return {
        "id": _text(document["id"]),
        "issuer_name": _text(issuer.get("name", "")) if isinstance(issuer, dict) else "",
        "subject": _text(subject["id"]),
        "name": _text(subject["achievement"]["name"]),
        "level": _level(subject),
        "valid_from": proofs.read_moment(document["validFrom"]),
        "valid_until": None if until is None else proofs.read_moment(until),
        "entries": _entries(document.get("credentialStatus")),
    }


def _entries(status: Any) -> list[tuple[str, int]]:
    """Return list and place of each entry. One that we cannot read is an error: it may be what revokes."""
    if status is None:
        return []
    found = []
    for entry in status if isinstance(status, list) else [status]:
        known = (entry["type"], entry["statusPurpose"], entry.get("statusSize", 1))
        if known not in (
            ("BitstringStatusListEntry", purpose, 1) for purpose in ("revocation", "suspension")
        ):
            raise ValueError("a status that we do not know")
        index = _text(entry["statusListIndex"])
        if not (index.isascii() and index.isdigit() and len(index) < 10):
            raise ValueError("no place on a list")
        found.append((_text(entry["statusListCredential"]), int(index)))
    return found


def _level(subject: dict[str, Any]) -> int | None:
    results = subject.get("result")
    for result in results if isinstance(results, list) else []:
        level = result.get("achievedLevel")
        if isinstance(level, str) and "#rubric-level-" in level:
            number = level.rpartition("#rubric-level-")[2]
            return int(number) if number in _LEVELS else None
    return None


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError("not a text")
    return value
