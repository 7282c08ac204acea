import pytest
from tests.builders import a_person

from canut.cli.failure import Failure
from canut.cli.operators import change, operators


def test_whoever_holds_the_machine_appoints_the_first_operator_and_dismisses_the_last(db: None) -> None:
    odile = a_person("odile")
    assert operators() == []
    change("appoint", "Odile")
    assert operators() == ["odile"]
    change("dismiss", str(odile.email).upper())
    assert operators() == []


def test_nobody_of_the_name_is_said_with_the_way_out(db: None) -> None:
    with pytest.raises(Failure, match="Nobody signs in as odile here; they sign up on the site first"):
        change("appoint", "odile")
