"""`canut operators`: who runs this site; whoever holds the machine appoints the first."""

import argparse

from canut.cli.failure import Failure
from canut.cli.sites import site


def add_arguments(parser: argparse.ArgumentParser) -> None:
    commands = parser.add_subparsers(dest="what", metavar="WHAT")
    for name, does in (("appoint", "Make a person an operator."), ("dismiss", "Take the role back.")):
        command = commands.add_parser(name, help=does, description=does)
        command.add_argument("name", help="The name or e-mail address the person signs in with.")
    parser.epilog = "Without a word it lists them."


def run(options: argparse.Namespace) -> None:
    with site():
        if options.what:
            change(options.what, options.name)
        names = operators()
        print(f"Operators: {', '.join(names)}." if names else "This site has no operator.")


def operators() -> list[str]:
    """Return the names that the site's operators sign in with."""
    from canut.people.models import Person

    return list(
        Person.objects.filter(is_operator=True).order_by("username").values_list("username", flat=True)
    )


def change(what: str, name: str) -> None:
    """Appoint or dismiss the person of this name or address.

    Raises:
        Failure: there is none, or they are not ready for it.
    """
    from canut.kernel import clock
    from canut.kernel.refusals import Refusal
    from canut.people.models import Person
    from canut.people.usecases.appoint_operator import appoint_operator
    from canut.people.usecases.dismiss_operator import dismiss_operator

    field = "email__iexact" if "@" in name else "username__iexact"
    person = Person.objects.filter(**{field: name}).first()
    if person is None:
        raise Failure(f"Nobody signs in as {name} here; they sign up on the site first.")
    use_case = appoint_operator if what == "appoint" else dismiss_operator
    try:
        use_case(person_id=person.pk, by=None, at=clock.now())
    except Refusal as refusal:
        raise Failure(f"{name}: {refusal}") from refusal
