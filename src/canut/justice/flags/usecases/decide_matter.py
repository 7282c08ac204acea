"""A named person looks at what was flagged: it stays hidden, or it is shown."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from canut.discussion.hiding.states import HiddenKind
from canut.justice.flags.access import matter_to_decide
from canut.justice.flags.counting import trust_of
from canut.justice.flags.models import LONGEST_REASON, Flag, Matter
from canut.justice.flags.refusals import MatterDecided
from canut.justice.flags.states import DECIDED, FlagGround, MatterState
from canut.justice.flags.usecases.settle_hiding import settle_hiding
from canut.kernel.events import record
from canut.kernel.later import later
from canut.kernel.refusals import BadInput
from canut.people.models import Person


@transaction.atomic
def decide_matter(
    *, matter_id: int, by: Person, hide: bool, ground: str = "", reason: str, at: datetime
) -> Matter:
    """Keep a flagged thing hidden on a published ground, or show it; with a reason that its author reads.

    Nobody has to wait for members: what one member flagged can be decided on at once. Deciding the same
    again changes nothing. Members whose flags were mostly wrong are told that theirs count no more.

    Raises:
        OperatorRoleMissing: `by` does not run this site. MatterNotFound: there is none of this number.
        DecidesOwnMatter: it is theirs, or they flagged it.
        BadInput: no ground where it is hidden, or no reason of at most 2,000 characters.
        MatterDecided: somebody else has decided.
    """
    reason = reason.strip()
    _check_shape(ground if hide else "spam", reason)
    matter = matter_to_decide(matter_id, by=by)
    state = MatterState.CONFIRMED if hide else MatterState.RESTORED
    if matter.state in DECIDED:
        if matter.decided_by_id == by.pk and matter.state == state and matter.reason == reason:
            return matter
        raise MatterDecided(
            _("This was decided already: %(state)s.") % {"state": MatterState(matter.state).label},
            state=str(matter.state),
        )
    flaggers = list(Flag.objects.filter(matter=matter).values_list("by_id", flat=True))
    before = trust_of(flaggers, at=at)

    matter.state, matter.decided_by, matter.decided_at = state, by, at
    matter.ground, matter.reason = (ground if hide else ""), reason
    matter.save(update_fields=["state", "decided_by", "decided_at", "ground", "reason"])
    settle_hiding(HiddenKind(matter.subject_kind), matter.subject_id, by=by, at=at)
    record(
        by, "flag.decided", matter, at=at, kind=str(matter.subject_kind), hidden=hide, ground=matter.ground
    )
    if hide or matter.hidden_at is not None:
        later("justice.tell_of_flags", matter_id=matter.pk, what="decided")
    after = trust_of(flaggers, at=at)
    for person_id in flaggers:
        if before[person_id].counts and not after[person_id].counts:
            later("justice.tell_flags_count_no_more", person_id=person_id)
    return matter


def _check_shape(ground: str, reason: str) -> None:
    errors: dict[str, list[str]] = {}
    if ground not in FlagGround.values:
        errors["ground"] = [_("Choose the ground on which it stays hidden.")]
    if not 1 <= len(reason) <= LONGEST_REASON or "\0" in reason:
        errors["reason"] = [_("Say why, in at most %(count)s characters.") % {"count": LONGEST_REASON}]
    if errors:
        raise BadInput(_("Some of what you entered cannot be accepted. Nothing was decided."), errors=errors)
