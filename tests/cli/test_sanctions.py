"""`canut sanctions` lists, and can do nothing else."""

import argparse

import pytest
from tests.builders import a_worker
from tests.justice.sanctioned import an_operator, delivered, in_effect

from canut.cli.sanctions import add_arguments, lines
from canut.justice.sanctions.usecases.answer_sanction import ask_review
from canut.justice.sanctions.usecases.end_sanction import withdraw_sanction
from canut.kernel import clock


@pytest.mark.django_db
def test_sanctions_are_listed_with_who_decided_and_their_state():
    assert lines(ended_too=False) == ["There are no sanctions."]
    by, worker = an_operator("odile"), a_worker("worker")
    made = in_effect(worker, by=by)
    ask_review(sanction_id=made.pk, by=worker, at=clock.now())
    over = delivered(a_worker("other"), "warn", by=by)
    withdraw_sanction(sanction_id=over.pk, reason="A mistake.", by=by, at=clock.now())
    (line,) = lines(ended_too=False)
    assert "Worker  suspend  accounts  by Odile  holds, waits to be looked at again" in line
    assert lines(ended_too=True)[0].endswith("by Odile  withdrawn")
    parser = argparse.ArgumentParser()
    add_arguments(parser)
    assert set(vars(parser.parse_args([]))) == {"all"}
