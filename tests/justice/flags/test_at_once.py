"""Members who flag in the same instant, and two who decide: several connections, one outcome."""

import pytest
from tests.builders import NOON
from tests.justice.flags.flagging import a_post, an_operator, flagged, matter_of, members
from tests.people.at_once import at_once

from canut.discussion.hiding.models import Hidden
from canut.discussion.hiding.queries import is_hidden
from canut.justice.flags.models import Flag, Matter
from canut.justice.flags.refusals import MatterDecided
from canut.justice.flags.states import MatterState
from canut.justice.flags.usecases.decide_matter import decide_matter
from canut.kernel.refusals import Refusal

pytestmark = pytest.mark.usefixtures("committed")


def test_three_members_at_once_hide_a_thing_once():
    post, people = a_post(), members(3)
    at_once(lambda member: flagged(member, post), *people, people[0])
    assert Flag.objects.count() == 3
    assert (Matter.objects.count(), Hidden.objects.count()) == (1, 1)
    assert matter_of(post).state == MatterState.HIDDEN
    assert is_hidden("post", post.pk, NOON)


def test_of_two_who_decide_at_once_one_does():
    post, operators = a_post(), [an_operator(), an_operator()]
    flagged(members(1)[0], post)
    matter = matter_of(post)

    def decide(choice):
        by, hide = choice
        try:
            return decide_matter(
                matter_id=matter.pk,
                by=by,
                hide=hide,
                ground="spam" if hide else "",
                reason="I read it.",
                at=NOON,
            ).state
        except Refusal as refusal:
            return type(refusal)

    found = at_once(decide, (operators[0], True), (operators[1], False))
    assert MatterDecided in found
    assert matter_of(post).state in found
    assert is_hidden("post", post.pk, NOON) is (matter_of(post).state == MatterState.CONFIRMED)
