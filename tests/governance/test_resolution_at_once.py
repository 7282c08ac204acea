"""Two at once: one jury is called, and the last two choices settle it once."""

import pytest
from tests.builders import NOON
from tests.governance.juries import SOON, Conflict, fresh, of_college
from tests.governance.proposing import LEASE, content
from tests.people.at_once import at_once

from canut.governance.models import ProposalVersion
from canut.governance.resolution.models import Jury
from canut.governance.resolution.usecases.call_jury import call_jury
from canut.governance.resolution.usecases.choose import choose_wording, put_wording
from canut.kernel.refusals import Refusal
from canut.membership.models import Lot
from canut.people.models import Person

pytestmark = pytest.mark.usefixtures("committed")


def test_two_who_call_a_jury_call_one_and_the_last_choices_settle_it_once() -> None:
    conflict = Conflict()

    def call(by: Person) -> int:
        return call_jury(proposal_id=conflict.draft.pk, by=by, reason="Why so?", at=NOON).pk

    assert len(set(at_once(call, conflict.author, conflict.blocker))) == 1
    assert Lot.objects.filter(subject_kind="resolution").count() == 3
    jury = conflict.understood()
    workers, requesters, team = (of_college(jury, name) for name in ("workers", "requesters", "team"))
    wording = put_wording(jury_id=jury.pk, by=workers[0], content=content(LEASE, title="Less"), at=SOON)
    for person in (*workers, requesters[0], team[0]):
        choose_wording(jury_id=jury.pk, by=person, wording_id=wording.pk, at=SOON)

    def choose(by: Person) -> str:
        try:
            choose_wording(jury_id=jury.pk, by=by, wording_id=wording.pk, at=SOON)
        except Refusal as refusal:
            return refusal.code
        return "chosen"

    said = at_once(choose, requesters[1], team[1])
    assert sorted(said) == ["chosen", "jury_not_at_this_point"]
    assert fresh(jury).state == "amended"
    assert ProposalVersion.objects.filter(proposal=conflict.draft).count() == 2
    assert Jury.objects.count() == 1
