"""The public list by which an issuer takes credentials back: one bit each, for many at once.

Who looks one up asks for a list of 131,072, so that nobody learns which credential was asked about.

Source: W3C "Bitstring Status List v1.0".
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext_lazy as _
from openbadgeslib.errors import LibOpenBadgesException
from openbadgeslib.ob3.status import decode_encoded_list
from openbadgeslib.ob3.status_list import DEFAULT_SIZE_BITS, build_status_list_credential

from canut.guilds.credentials import proofs, statements
from canut.guilds.credentials.issuers import Issuer
from canut.guilds.credentials.reading import read
from canut.guilds.credentials.refused import CredentialRefused, StatusListRefused

SIZE = DEFAULT_SIZE_BITS
"""Places on one list: the least that the standard allows, for the sake of those who are on it."""
GOOD_FOR = timedelta(days=8)
"""How long a copy may be relied upon, from the midnight before it was fetched."""


@dataclass(frozen=True, slots=True)
class StatusList:
    """Which places of one list are revoked, as its issuer said it."""

    address: str
    bits: bytes
    valid_until: datetime

    def is_revoked(self, index: int) -> bool:
        """Tell whether the credential at this place was taken back. Raises IndexError outside the list."""
        if not 0 <= index < len(self.bits) * 8:
            raise IndexError(index)
        return bool(self.bits[index // 8] & 0x80 >> index % 8)


def status_list_statement(*, did: str, address: str, revoked: Iterable[int], at: datetime) -> dict[str, Any]:
    """Return the unsigned BitstringStatusListCredential that names the revoked places."""
    day = statements.day_of(at)
    document: dict[str, Any] = build_status_list_credential(
        did, address, "revocation", revoked, SIZE, issued=day, valid_until=day + GOOD_FOR
    )
    return document


def as_it_is(*, address: str, revoked: Iterable[int], at: datetime) -> StatusList:
    """Return a list from its issuer's own books, which need no signature and are good for this moment."""
    bits = bytearray(SIZE // 8)
    for index in revoked:
        bits[index // 8] |= 0x80 >> index % 8
    return StatusList(address, bytes(bits), at)


def read_status_list(content: bytes, *, issuer: Issuer, at: datetime) -> StatusList:
    """Return a list that somebody saved, after checking that `issuer` signed it and that it is still good.

    Raises:
        StatusListRefused: it is no status list, was changed, is somebody else's, or is out of date;
            `facts["because"]` has the code of what was found.
    """
    try:
        document, _key = proofs.checked_document(read(content).content, issuer)
    except CredentialRefused as refused:
        raise StatusListRefused(
            _("The status list cannot be relied upon: %(because)s") % {"because": refused},
            because=refused.code,
        ) from refused
    try:
        return _read(document, issuer=issuer, at=at)
    except (KeyError, TypeError, ValueError, AttributeError, LibOpenBadgesException) as error:
        raise StatusListRefused(
            _("The status list cannot be relied upon: it is no list of revocations."), because="not_a_list"
        ) from error


def _read(document: dict[str, Any], *, issuer: Issuer, at: datetime) -> StatusList:
    subject, made_by = document["credentialSubject"], document["issuer"]
    if (made_by if isinstance(made_by, str) else made_by["id"]) != issuer.did:
        raise StatusListRefused(
            _("The status list cannot be relied upon: somebody else made it."), because="another_issuer"
        )
    wrong = (
        "BitstringStatusListCredential" not in document["type"]
        or subject["type"] != "BitstringStatusList"
        or subject["statusPurpose"] != "revocation"
        or subject.get("statusSize", 1) != 1
        or not isinstance(document["id"], str)
    )
    bits = decode_encoded_list(subject["encodedList"])
    if wrong or len(bits) * 8 < SIZE:
        raise ValueError("not a list of revocations")
    begins, ends = proofs.read_moment(document["validFrom"]), proofs.read_moment(document["validUntil"])
    if not begins <= at < ends:
        raise StatusListRefused(
            _("The status list cannot be relied upon: it was good until %(until)s. Fetch it anew.")
            % {"until": f"{ends:%Y-%m-%d}"},
            because="out_of_date",
        )
    return StatusList(document["id"], bits, ends)
