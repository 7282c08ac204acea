"""Somebody leaves. The books stay, without the person's details."""

from collections.abc import Callable, Sequence
from datetime import datetime

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from canut.kernel.events import record
from canut.kernel.refusals import Refusal
from canut.people import rules
from canut.people.models import ApiKey, Listing, Party, Person, PushSubscription, QuietHours
from canut.people.notices.usecases.forget_notices import forget_notices_of


class AccountHasObligations(Refusal):
    code = "account_has_obligations"


class LastOperatorStays(Refusal):
    code = "last_operator_stays"


@transaction.atomic
def close_account(*, by: Person, what_is_open: Callable[[int], Sequence[str]], at: datetime) -> Party:
    """Close `by`'s account for good: no sign-in, no keys, no sessions, no name, no address.

    This room knows neither money nor work, so the caller brings `what_is_open`: a function from a
    party's id to a sentence for each thing that must end first (money owed, work in hand, a live
    project). It is asked once the party's row is locked, so that nothing that points at the party
    can be added between the question and the closing. Country, working status, consents and events
    stay, for the books are explained by them; closing twice is safe.

    Raises:
        AccountHasObligations: something is open; `facts["obligations"]` lists it.
        LastOperatorStays: nobody else would be left to run the site.
    """
    party = Party.objects.select_for_update().get(pk=by.pk)
    person = Person.objects.select_for_update().get(pk=by.pk)
    if party.closed_at is not None:
        return party
    obligations = [str(sentence) for sentence in what_is_open(party.pk)]
    if obligations:
        raise AccountHasObligations(
            _("Your account cannot be closed yet. First: %(obligations)s")
            % {"obligations": " ".join(obligations)},
            obligations=obligations,
        )
    operators = Person.objects.select_for_update().filter(is_operator=True).order_by("pk")
    if person.is_operator and len(operators) == 1:
        raise LastOperatorStays(_("You are the last operator. Appoint another one before you leave."))

    _end_every_way_in(person, at=at)
    forget_notices_of(person.pk)
    _remove_details(person)
    party.screen_name = rules.former_name(party.pk)
    party.hidden_name = ""
    party.closed_at = at
    party.save(update_fields=["screen_name", "hidden_name", "closed_at"])
    record(by, "account.closed", party, at=at)
    return party


def _end_every_way_in(person: Person, *, at: datetime) -> None:
    ApiKey.objects.filter(owner_id=person.pk, revoked_at__isnull=True).update(revoked_at=at)
    for session in UserSession.objects.filter(user=person):
        session.end()
    Authenticator.objects.filter(user=person).delete()
    EmailAddress.objects.filter(user=person).delete()
    PushSubscription.objects.filter(person=person).delete()
    QuietHours.objects.filter(person=person).delete()


def _remove_details(person: Person) -> None:
    Listing.objects.filter(owner_id=person.pk).delete()
    Listing.objects.filter(person_id=person.pk).delete()
    person.set_unusable_password()
    person.username = rules.former_name(person.pk)
    person.email = None
    person.legal_given_name = person.legal_family_name = ""
    person.languages = ["und"]  # "undetermined"; the books do not need to know
    person.time_zone = "UTC"
    person.is_worker = person.is_requester = person.is_operator = False
    person.is_active = False
    person.last_login = None
    person.save(
        update_fields=[
            "password",
            "username",
            "email",
            "legal_given_name",
            "legal_family_name",
            "languages",
            "time_zone",
            "is_worker",
            "is_requester",
            "is_operator",
            "is_active",
            "last_login",
        ]
    )
