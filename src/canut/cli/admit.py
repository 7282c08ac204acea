"""`canut admit`: whoever holds the machine lets somebody in as a member, such as the first operators."""

import argparse

from canut.cli.failure import Failure
from canut.cli.sites import site

WAYS = {
    "in-person": "in_person",
    "by-video": "by_video",
    "document-shown": "document_shown",
    "known": "known",
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("name", help="The name or e-mail address the person signs in with.")
    parser.add_argument(
        "--checked", choices=sorted(WAYS), default="known", help="How you made sure who it is (known)."
    )
    parser.add_argument("--note", default="", help="For the people who run the site. No document, no number.")
    parser.epilog = "Members vote. Everybody else is admitted on the site: by members, or by an operator."


def run(options: argparse.Namespace) -> None:
    with site():
        print(admit(options.name, checked=options.checked, note=options.note))


def admit(name: str, *, checked: str = "known", note: str = "") -> str:
    """Admit the person of this name or address; return what was done, in a sentence.

    Raises:
        Failure: there is none, or they are not ready for it.
    """
    from canut.kernel import clock
    from canut.kernel.refusals import Refusal
    from canut.membership.queries import is_admitted
    from canut.membership.usecases.check_identity import check_identity
    from canut.people.models import Person

    field = "email__iexact" if "@" in name else "username__iexact"
    person = Person.objects.filter(**{field: name}).first()
    if person is None:
        raise Failure(f"Nobody signs in as {name} here; they sign up on the site first.")
    at = clock.now()
    if is_admitted(person.pk, at=at):
        return f"{name} is a member already."
    try:
        check_identity(person_id=person.pk, by=None, checked_by=WAYS[checked], note=note, at=at)
    except Refusal as refusal:
        raise Failure(f"{name}: {refusal}") from refusal
    return f"{name} is a member now."
