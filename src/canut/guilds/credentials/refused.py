"""Why a credential is not believed. Each reason has its own code, so that a program can tell them apart.

A sentence never repeats what the credential says: it came from a stranger, and may be made to be read.
"""

from canut.kernel.refusals import Refusal


class CredentialRefused(Refusal):
    """What was handed in is no credential that we believe. Only its subclasses are raised, by their codes."""

    status = 422


class CredentialTooLarge(CredentialRefused):
    """More bytes, or deeper nested, than any badge is."""

    code = "credential_too_large"


class CredentialMalformed(CredentialRefused):
    """It cannot be read: damaged, cut off, or made to trip the reader."""

    code = "credential_malformed"


class NotABadge(CredentialRefused):
    """It can be read, and is something else."""

    code = "not_a_badge"


class CredentialUnsigned(CredentialRefused):
    """There is no signature, or it was taken off."""

    code = "credential_unsigned"


class CredentialSignedOtherwise(CredentialRefused):
    """It is signed in a way that we do not take, `none` among them, or more than once."""

    code = "credential_signed_otherwise"


class CredentialContextRefused(CredentialRefused):
    """It uses words that are defined by no published context we know, so they could mean anything."""

    code = "credential_context_refused"


class CredentialOfAnotherIssuer(CredentialRefused):
    """It says that somebody else made it than the issuer it is checked against."""

    code = "credential_of_another_issuer"


class CredentialKeyUnknown(CredentialRefused):
    """It names a key that the issuer has not published."""

    code = "credential_key_unknown"


class CredentialKeyWithdrawn(CredentialRefused):
    """It names a key that the issuer has published and taken back, or published for other ends."""

    code = "credential_key_withdrawn"


class CredentialTampered(CredentialRefused):
    """It is not what the issuer signed."""

    code = "credential_tampered"


class CredentialNotYetValid(CredentialRefused):
    code = "credential_not_yet_valid"


class CredentialExpired(CredentialRefused):
    code = "credential_expired"


class CredentialRevoked(CredentialRefused):
    """Its issuer has taken it back."""

    code = "credential_revoked"


class CredentialStatusUnknown(CredentialRefused):
    """Whether it was revoked could not be told, where that was asked for."""

    code = "credential_status_unknown"


class StatusListRefused(CredentialRefused):
    """The list by which it would be checked is not the issuer's, not the right one, or out of date."""

    code = "status_list_refused"


class IssuerDocumentMalformed(CredentialRefused):
    """The file with the issuer's keys is no DID document."""

    code = "issuer_document_malformed"
