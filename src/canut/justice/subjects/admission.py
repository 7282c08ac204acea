"""A refusal to admit somebody, by its row: members decide whether it stands (MECHANISMS 7.1).

If they let it fall, they have admitted the person. Where nobody is found to hear it, nobody is admitted by
silence, for a vote hangs on it: the request waits again, and another operator decides.
"""

from collections.abc import Collection, Sequence
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from canut.justice.states import CaseBy, CaseState, PoolKind
from canut.justice.subjects.subject import Ids, Passage, Pool, Shown
from canut.membership.queries_refusals import contested_refusal, refusals_by, who_had_a_part_in_refusal
from canut.membership.states import RefusalState
from canut.membership.usecases.refuse_admission import end_refusal_contest
from canut.work.states import HeardBy


class Admission:
    """Implements `Subject`; who was refused is no member while the contest runs."""

    def excluded(self, subject_id: int, *, at: datetime) -> Collection[int]:
        return who_had_a_part_in_refusal(subject_id, at=at)

    def pools(self, subject_id: int, *, at: datetime) -> Sequence[Pool]:
        return [Pool(PoolKind.MEMBERS)]

    def language(self, subject_id: int) -> str:
        return contested_refusal(subject_id).language

    def shown(self, subject_id: int) -> Shown:
        contested = contested_refusal(subject_id)
        passages = [
            Passage(_("Ground of the refusal"), str(contested.ground.label)),
            Passage(_("The operators' reason"), contested.reason),
            Passage(_("What the person wants you to know"), contested.words),
        ]
        if contested.vouchers:
            vouched = ngettext(
                "%(count)s member vouched for the person before they were refused.",
                "%(count)s members vouched for the person before they were refused.",
                contested.vouchers,
            ) % {"count": contested.vouchers}
            passages.append(Passage(_("Who vouched"), vouched))
        return Shown(
            title=_("A refusal to admit somebody as a member"),
            question=_("Was it right to refuse this person as a member?"),
            stands=_("It was right: the person is not admitted. They can ask again."),
            falls=_("It was not right: the person is a member from now on."),
            works=[],
            passages=[one for one in passages if one.text],
        )

    def other_side(self, subject_id: int) -> Collection[int]:
        return [contested_refusal(subject_id).operator_id]

    def against(self, person_id: int) -> Ids:
        return refusals_by(person_id)

    def has_ended(self, subject_id: int) -> bool:
        return contested_refusal(subject_id).is_over

    def settled_by(self, subject_id: int) -> CaseBy:
        return CaseBy.OVERTAKEN  # they were admitted otherwise, or have left

    def pays_at(self, subject_id: int) -> datetime | None:
        return None

    def opened(self, subject_id: int, *, words: str, at: datetime) -> None:
        """The refusal keeps what it is about: what was said in it never changes."""

    def apply(self, subject_id: int, outcome: CaseState, *, heard: bool, reason: str, at: datetime) -> None:
        end_refusal_contest(
            refusal_id=subject_id,
            state=RefusalState.FALLS if outcome == CaseState.FALLS else RefusalState.STANDS,
            by=HeardBy.JURY if heard else HeardBy.NO_PEERS,
            reason=reason,
            at=at,
        )

    def closed(self, subject_id: int, *, at: datetime) -> None:
        end_refusal_contest(refusal_id=subject_id, state=RefusalState.STANDS, by=HeardBy.TAKEN_BACK, at=at)

    def address(self, subject_id: int) -> str:
        return f"/membership/refusals/{subject_id}/"
