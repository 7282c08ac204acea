import pytest
from tests.builders import a_person

from canut.cli.admit import admit
from canut.cli.failure import Failure
from canut.membership.models import Membership


def test_whoever_holds_the_machine_admits_the_first_member(db: None) -> None:
    odile = a_person("odile")
    assert admit("Odile", checked="in-person", note="Met at the town hall.") == "Odile is a member now."
    assert admit(str(odile.email).upper()) == f"{str(odile.email).upper()} is a member already."
    made = Membership.objects.get()
    assert (made.by, made.checked_by, made.note) == (None, "in_person", "Met at the town hall.")


def test_who_cannot_be_admitted_is_said_with_the_reason(db: None) -> None:
    with pytest.raises(Failure, match="Nobody signs in as odile here; they sign up on the site first"):
        admit("odile")
    person = a_person("ada")
    person.activated_at = None
    person.save(update_fields=["activated_at"])
    with pytest.raises(Failure, match="Follow the link in the mail"):
        admit("ada")
    with pytest.raises(Failure, match="in few words"):
        admit(str(a_person("eve").username), note="x" * 201)
