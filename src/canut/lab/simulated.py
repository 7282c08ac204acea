"""People whom nobody is behind."""

from collections.abc import Sequence
from datetime import datetime

from canut.people.documents import IN_FORCE
from canut.people.models import Person
from canut.people.usecases.activate_person import activate_person
from canut.people.usecases.create_key import create_key
from canut.people.usecases.register_person import register_person


def simulated_person(
    username: str, *, screen_name: str, at: datetime, worker: bool = False, requester: bool = False
) -> Person:
    """Return the simulated person of this name, made and activated if there is none yet.

    They have no password: nobody can sign in as them.
    """
    known = Person.objects.filter(username=username, party__simulated=True).first()
    if known is not None:
        return known
    person = register_person(
        username=username,
        email=f"{username}@lab.invalid",
        password=None,
        screen_name=screen_name,
        country="FR",
        working_status="other",
        languages=["en", "fr"],
        age_stated=18,
        consents=IN_FORCE,
        at=at,
        worker=worker,
        requester=requester,
        simulated=True,
    )
    return activate_person(person_id=person.pk, at=at)


def key_of(person: Person, *, name: str, scopes: Sequence[str], at: datetime) -> str:
    """Return the token of a fresh API key of a simulated person."""
    return create_key(by=person, name=name, scopes=scopes, at=at).token
