"""Somebody joins."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from allauth.account.models import EmailAddress
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from canut.kernel.events import record
from canut.kernel.refusals import Refusal
from canut.people import documents, rules
from canut.people.models import Consent, Kind, Locale, Party, Person
from canut.people.promises import broken_promise
from canut.people.shapes import ensure_shape


class ScreenNameTaken(Refusal):
    code = "screen_name_taken"


class UsernameTaken(Refusal):
    """Somebody signs in with this name already."""

    code = "username_taken"


class EmailTaken(Refusal):
    """A door that strangers use must not pass this on: it tells who has an account."""

    code = "email_taken"


class TooYoung(Refusal):
    code = "too_young"
    status = 403


class ConsentMissing(Refusal):
    code = "consent_missing"
    status = 422


_TAKEN: Mapping[str, tuple[type[Refusal], object]] = {
    "party_screen_name_unique": (ScreenNameTaken, _("Somebody has this screen name. Choose another.")),
    "person_username_unique": (UsernameTaken, _("Somebody signs in with this name. Choose another.")),
    "person_email_unique": (EmailTaken, _("Somebody has an account with this e-mail address.")),
}


@transaction.atomic
def register_person(
    *,
    username: str,
    email: str,
    password: str | None,
    screen_name: str,
    country: str,
    working_status: str,
    languages: Sequence[str],
    age_stated: int,
    consents: Mapping[str, str],
    at: datetime,
    time_zone: str = "UTC",
    locale: str = Locale.ENGLISH,
    worker: bool = False,
    requester: bool = False,
    simulated: bool = False,
) -> Person:
    """Make a party and a person, who cannot sign in before `activate_person`.

    There is no `by`: people register themselves (the lab registers its own, `simulated`). `age_stated`
    is the age in years that the person says they have reached. `consents` maps a document to the
    version agreed to and must hold the versions in force. Without a `password` nobody can sign in
    with one until a reset link has set it.

    Raises:
        BadInput: a field has the wrong shape; `facts["errors"]` names each.
        TooYoung: `age_stated` is under what the country asks for.
        ConsentMissing: the terms or the privacy notice in force were not agreed to.
        ScreenNameTaken, UsernameTaken, EmailTaken: somebody has it, whatever the capitals.
    """
    username = username.strip().lower()
    email = email.strip().lower()
    screen_name = rules.tidy_screen_name(screen_name)
    ensure_shape(
        username=username,
        screen_name=screen_name,
        country=country,
        working_status=working_status,
        languages=languages,
        time_zone=time_zone,
        locale=locale,
    )
    if age_stated < rules.smallest_age(country):
        raise TooYoung(
            _("You can join from the age of %(age)s on.") % {"age": rules.smallest_age(country)},
            smallest_age=rules.smallest_age(country),
        )
    if any(consents.get(document) != version for document, version in documents.IN_FORCE.items()):
        raise ConsentMissing(_("Joining needs your agreement to the terms of use and to the privacy notice."))

    try:
        with transaction.atomic():
            party = Party.objects.create(
                kind=Kind.PERSON, screen_name=screen_name, simulated=simulated, created_at=at
            )
            person = Person(
                id=party.pk,
                party=party,
                username=username,
                email=email,
                is_worker=worker,
                is_requester=requester,
                country=country,
                working_status=working_status,
                languages=list(languages),
                time_zone=time_zone,
                locale=locale,
                age_confirmed_at=at,
                date_joined=at,
            )
            person.set_password(password)
            person.save(force_insert=True)
            EmailAddress.objects.create(user=person, email=email, primary=True, verified=False)
    except IntegrityError as error:
        refusal, sentence = _TAKEN.get(broken_promise(error), (None, None))
        if refusal is None:
            raise
        raise refusal(sentence) from error
    Consent.objects.bulk_create(
        Consent(person=person, document=document, version=version, given_at=at)
        for document, version in documents.IN_FORCE.items()
    )
    record(
        person,
        "person.registered",
        person,
        at=at,
        smallest_age=rules.smallest_age(country),
        consents=dict(documents.IN_FORCE),
        worker=worker,
        requester=requester,
    )
    return person
