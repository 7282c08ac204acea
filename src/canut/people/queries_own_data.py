"""What this room knows of somebody, for their own export. Digests of passwords and keys are left out."""

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession

from canut.kernel.plain_rows import Told, plain_rows
from canut.people.models import (
    ApiKey,
    Consent,
    Listing,
    Person,
    PushSubscription,
    QuietHours,
    Restriction,
)
from canut.people.notices.models import Choice, Letter, Limit, Notice

_OF_A_PERSON = (
    "party__screen_name",
    "username",
    "email",
    "is_worker",
    "is_requester",
    "is_operator",
    "country",
    "working_status",
    "languages",
    "time_zone",
    "locale",
    "legal_given_name",
    "legal_family_name",
    "age_confirmed_at",
    "date_joined",
    "activated_at",
    "last_login",
)


def data_of(party_id: int) -> Told:
    """Return everything that this room knows of somebody."""
    own = {"person_id": party_id}
    return {
        "account": plain_rows(Person.objects.filter(pk=party_id), *_OF_A_PERSON),
        "addresses": plain_rows(EmailAddress.objects.filter(user_id=party_id), "email", "verified"),
        "second_steps": plain_rows(
            Authenticator.objects.filter(user_id=party_id), "type", "created_at", "last_used_at"
        ),
        "browsers_signed_in": plain_rows(
            UserSession.objects.filter(user_id=party_id), "ip", "user_agent", "created_at", "last_seen_at"
        ),
        "consents": plain_rows(Consent.objects.filter(**own), "document", "version", "given_at"),
        "keys": plain_rows(
            ApiKey.objects.filter(owner_id=party_id),
            "name",
            "prefix",
            "scopes",
            "created_at",
            "expires_at",
            "revoked_at",
        ),
        "lists": plain_rows(
            Listing.objects.filter(owner_id=party_id),
            "kind",
            "person__screen_name",
            "reason",
            "told",
            "created_at",
        ),
        "quiet_hours": plain_rows(QuietHours.objects.filter(**own), "starts", "ends"),
        "browsers_that_show_messages": plain_rows(
            PushSubscription.objects.filter(**own), "browser", "endpoint", "created_at"
        ),
        "restrictions": plain_rows(
            Restriction.objects.filter(**own), "bars", "since", "until", "lapses_at", "lifted_at"
        ),
        "notices": plain_rows(
            Notice.objects.filter(**own), "kind", "topic", "subject", "text", "path", "made_at", "read_at"
        ),
        "mails": plain_rows(
            Letter.objects.filter(**own), "address", "state", "made_at", "sent_at", "fault", "failed_at"
        ),
        "choices_of_notices": plain_rows(
            Choice.objects.filter(**own), "kind", "topic", "mail", "push", "stopped_at"
        ),
        "mails_a_week": plain_rows(Limit.objects.filter(**own), "mails_a_week"),
    }
