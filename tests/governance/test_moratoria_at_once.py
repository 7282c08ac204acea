"""Motions with several people at the same moment: one motion, one vote, one stop, one end."""

from datetime import timedelta

import pytest
from tests.builders import NOON, a_person
from tests.governance.proposing import ratified, the_members
from tests.people.at_once import at_once

from canut.charter.models import CharterEntry, Decision
from canut.governance.ballots.models import Vote
from canut.governance.ballots.usecases.cast_ballot import cast_ballot
from canut.governance.moratoria.models import Motion
from canut.governance.moratoria.usecases.advance_motion import advance_motions
from canut.governance.moratoria.usecases.conclude_motions import conclude_motions
from canut.governance.moratoria.usecases.move_moratorium import move_moratorium
from canut.governance.moratoria.usecases.support_motion import support_motion
from canut.kernel.refusals import Refusal
from canut.people.usecases.appoint_operator import appoint_operator


def said(do, **given):
    try:
        return do(**given)
    except Refusal as refusal:
        return refusal.code


@pytest.mark.slow
def test_each_step_of_a_motion_happens_once_whoever_comes_together(committed):
    operator = appoint_operator(person_id=a_person().pk, by=None, at=NOON)
    people = the_members(4, 3)
    ratified(operator, people, at=NOON)
    # Two workers move the same; one does, and the other is led to it
    moved = at_once(
        lambda person: said(move_moratorium, algorithm="sampling", reason="Rigged.", by=person, at=NOON),
        *people[:2],
    )
    motion = Motion.objects.get()
    assert sorted(str(one) for one in moved) == sorted([str(motion), "moratorium_motion_runs"])
    # All others support it at once, while a job looks for motions to take further: one vote opens
    others = [person for person in people[:4] if person.pk != motion.mover_id]
    at_once(
        lambda person: (
            advance_motions(at=NOON)
            if person is None
            else said(support_motion, motion_id=motion.pk, by=person, at=NOON)
        ),
        *others,
        None,
    )
    motion.refresh_from_db()
    assert (motion.state, Vote.objects.filter(subject_kind="moratorium").count()) == ("vote", 1)
    for person in people[:4]:
        cast_ballot(vote_id=motion.vote_id, by=person, choice="yes", at=NOON)
    # Two runners find the vote ended, and later that of all: each is concluded once
    end, before = NOON + timedelta(days=3), Decision.objects.count()
    at_once(lambda _runner: conclude_motions(at=end), 1, 2)
    at_once(lambda _runner: conclude_motions(at=end + timedelta(days=14)), 1, 2)
    motion.refresh_from_db()
    assert motion.state == "runs_again"
    lines = CharterEntry.objects.filter(parameter="moratorium.sampling", kind="decision").order_by("pk")
    assert [line.new_value for line in lines] == [True, False]
    assert Decision.objects.count() == before + 3
