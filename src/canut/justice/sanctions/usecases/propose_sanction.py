"""A rule proposes a sanction. It does nothing by itself: a person decides, or the proposal lapses."""

from collections import Counter
from collections.abc import Mapping
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from canut.charter.queries import in_force
from canut.justice.models import Case
from canut.justice.sanctions import rules
from canut.justice.sanctions.access import proposal_as_operator, refuse_own
from canut.justice.sanctions.models import Proposal
from canut.justice.sanctions.refusals import SanctionIncomplete, SanctionProposalClosed
from canut.justice.sanctions.states import Ground, Kind, Pattern, ProposalState
from canut.justice.states import CaseBy, CaseKind, CaseState
from canut.justice.subjects import SUBJECTS
from canut.kernel.events import record
from canut.kernel.later import later
from canut.people.models import Person


@transaction.atomic
def propose_sanction(
    *,
    person_id: int,
    pattern: Pattern,
    kind: Kind,
    ground: Ground,
    facts: Mapping[str, int | str],
    at: datetime,
) -> Proposal | None:
    """Note what a rule found about somebody, for a person to decide; None where it was noted not long ago.

    Whatever became of the last one, the same pattern is proposed again only after as many days as it looks
    back over, so that what was weighed once is not put forward again.
    """
    Person.objects.select_for_update(no_key=True).get(pk=person_id)
    since = at - timedelta(days=in_force("sanction.pattern_days", at=at))
    if Proposal.objects.filter(person_id=person_id, pattern=pattern, made_at__gt=since).exists():
        return None
    made = Proposal.objects.create(
        person_id=person_id,
        pattern=pattern,
        kind=kind,
        ground=ground,
        facts=dict(facts),
        made_at=at,
        lapses_at=at + timedelta(days=in_force("sanction.proposal_days", at=at)),
    )
    record(None, "sanction.proposed", made, at=at, pattern=str(pattern))
    later("justice.tell_of_sanction_proposal", proposal_id=made.pk)
    return made


@transaction.atomic
def set_aside_proposal(*, proposal_id: int, reason: str, by: Person, at: datetime) -> Proposal:
    """Say that nothing follows from a proposal, and why. Saying it twice changes nothing.

    Raises:
        OperatorRoleMissing: `by` does not run the site. SanctionProposalNotFound: there is none.
        SanctionProposalClosed: a sanction was decided, or it lapsed. OwnSanction: it is about `by`.
        SanctionIncomplete: no reason is given.
    """
    proposal = proposal_as_operator(proposal_id, by=by, lock=True)
    if proposal.state == ProposalState.SET_ASIDE:
        return proposal
    if proposal.state != ProposalState.OPEN:
        raise SanctionProposalClosed(
            _("This proposal waits no more: a person decided on it, or it lapsed."), state=proposal.state
        )
    refuse_own(proposal.person_id, by=by)
    reason = reason.replace("\0", "").strip()[:5_000]
    if not reason:
        said = _("Say why nothing follows from it. Those who run the site read this.")
        raise SanctionIncomplete(said, errors={"reason": [said]})
    proposal.state, proposal.closed_at, proposal.closed_by = ProposalState.SET_ASIDE, at, by
    proposal.reason = reason
    proposal.save(update_fields=["state", "closed_at", "closed_by", "reason"])
    record(by, "sanction.proposal_set_aside", proposal, at=at)
    return proposal


@transaction.atomic
def lapse_proposals(*, at: datetime) -> int:
    """Let proposals lapse that nobody took up; return how many. A job."""
    rows = Proposal.objects.filter(state=ProposalState.OPEN, lapses_at__lte=at)
    found = list(rows.select_for_update(of=("self",), no_key=True, skip_locked=True).order_by("pk")[:200])
    for proposal in found:
        proposal.state, proposal.closed_at = ProposalState.LAPSED, at
        proposal.save(update_fields=["state", "closed_at"])
        record(None, "sanction.proposal_lapsed", proposal, at=at)
    return len(found)


def find_patterns(*, at: datetime) -> int:
    """Propose a warning where peers overturn a requester's rejections too often; return how many. A job."""
    days = in_force("sanction.pattern_days", at=at)
    least, share = in_force("sanction.pattern_cases", at=at), in_force("sanction.pattern_share", at=at)
    heard: Counter[int] = Counter()
    fell: Counter[int] = Counter()
    cases = Case.objects.filter(
        kind=CaseKind.REJECTION, decided_by=CaseBy.JURY, decided_at__gt=at - timedelta(days=days)
    )
    for subject_id, state in cases.values_list("subject_id", "state"):
        for person_id in SUBJECTS[CaseKind.REJECTION].other_side(subject_id):
            heard[person_id] += 1
            fell[person_id] += state == CaseState.FALLS
    found = [
        propose_sanction(
            person_id=person_id,
            pattern=Pattern.OVERTURNED_REJECTIONS,
            kind=Kind.WARN,
            ground=Ground.REJECTIONS,
            facts={"heard": heard[person_id], "fell": fell[person_id], "days": days},
            at=at,
        )
        for person_id in sorted(heard)
        if rules.overturned_too_often(
            heard=heard[person_id], fell=fell[person_id], least_cases=least, share=share
        )
    ]
    return sum(one is not None for one in found)
