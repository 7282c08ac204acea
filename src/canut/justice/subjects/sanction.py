"""A sanction that another person let stand: peers decide whether it does (MECHANISMS 5.5, 6.1).

It goes on meanwhile. If peers let it fall, or none are found to hear it, all it barred is open again.
"""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from canut.charter.queries import in_force
from canut.justice.models import Case
from canut.justice.sanctions.models import Sanction as Decided
from canut.justice.sanctions.states import EFFECTS, GROUNDS, Ended, Ground, Kind
from canut.justice.sanctions.usecases.end_sanction import end
from canut.justice.sanctions.wording import name_of_sanction
from canut.justice.states import CaseBy, CaseKind, CaseState, PoolKind
from canut.justice.subjects.subject import Ids, Passage, Pool, SettledMeanwhile, Shown
from canut.membership.queries import electorate
from canut.people.models import Person
from canut.people.queries_lists import who_block_or_are_blocked
from canut.work.queries.ties import project_ties


class Sanction:
    """Implements `Subject`. Nobody sits who runs the site, ran it when they decided this, or has a tie."""

    def excluded(self, subject_id: int, *, at: datetime) -> Collection[int]:
        found = _found(subject_id)
        touched, review = found.person_id, getattr(found, "review", None)
        decided = {found.decided_by_id} if review is None else {found.decided_by_id, review.reviewer_id}
        operators = Person.objects.filter(is_operator=True).values_list("pk", flat=True)
        since = at - timedelta(days=in_force("flag.tie_days", at=at))
        ties = project_ties([touched, *electorate(at)], since=since)
        tied = {one for pair in ties if touched in pair for one in pair}
        return {touched, *decided, *operators, *tied, *who_block_or_are_blocked([touched])}

    def pools(self, subject_id: int, *, at: datetime) -> Sequence[Pool]:
        return [Pool(PoolKind.MEMBERS)]

    def language(self, subject_id: int) -> str:
        return _found(subject_id).person.locale

    def shown(self, subject_id: int) -> Shown:
        found = _found(subject_id)
        ground, review = Ground(found.ground), getattr(found, "review", None)
        passages = [
            Passage(_("What it does"), str(EFFECTS[Kind(found.kind)])),
            Passage(_("Ground, from the published list"), f"{ground.label}: {GROUNDS[ground].sentence}"),
            Passage(_("Reason"), found.reason),
            Passage(_("Evidence"), found.evidence),
            *(
                Passage(_("What the one it touches answers"), one.words)
                for one in found.answers.order_by("pk")
            ),
            Passage(_("Why another person said that it stands"), "" if review is None else review.reason),
            Passage(_("What the person wants you to know"), _said_in_appeal(subject_id)),
        ]
        return Shown(
            title=name_of_sanction(found),
            question=_("Was it right to decide this sanction?"),
            stands=_("It was right: the sanction stands."),
            falls=_("It was not right: the sanction ends now, and all it barred is open again."),
            works=[],
            passages=[one for one in passages if one.text],
        )

    def other_side(self, subject_id: int) -> Collection[int]:
        return [_found(subject_id).decided_by_id]

    def against(self, person_id: int) -> Ids:
        return Decided.objects.filter(decided_by_id=person_id).values("pk")

    def has_ended(self, subject_id: int) -> bool:
        return _found(subject_id).ended_at is not None

    def settled_by(self, subject_id: int) -> CaseBy:
        return CaseBy.OVERTAKEN if _found(subject_id).ended_how == Ended.RUN_OUT else CaseBy.OTHER_SIDE

    def pays_at(self, subject_id: int) -> datetime | None:
        return None

    def opened(self, subject_id: int, *, words: str, at: datetime) -> None:
        """What was decided never changes, and the case keeps the words of who appeals."""

    def apply(self, subject_id: int, outcome: CaseState, *, heard: bool, reason: str, at: datetime) -> None:
        sanction = Decided.objects.select_for_update(no_key=True).get(pk=subject_id)
        if sanction.ended_at is not None:
            raise SettledMeanwhile
        if outcome == CaseState.FALLS:
            end(sanction, Ended.OVERTURNED, by=None, reason=reason, at=at)

    def closed(self, subject_id: int, *, at: datetime) -> None:
        """Nothing was kept: the sanction goes on as it did."""

    def address(self, subject_id: int) -> str:
        return f"/justice/sanctions/{subject_id}/"


def _said_in_appeal(subject_id: int) -> str:
    said = Case.objects.filter(kind=CaseKind.SANCTION, subject_id=subject_id).order_by("-pk")
    return said.values_list("words", flat=True).first() or ""


def _found(subject_id: int) -> Decided:
    return Decided.objects.select_related("review", "person__party").get(pk=subject_id)
