"""How a task, an answer and a decision are shown, to whoever may see them."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from canut.charter.queries import in_force
from canut.people.queries import WhoIs
from canut.work.designs.items import Item, Occasion, Question, ShownItem, Told, WorkSeen
from canut.work.designs.schema import Design
from canut.work.models import Decision, Project, Revision, Submission
from canut.work.rules import hourly_minor, paid_seconds
from canut.work.states import Ground, Outcome, PayBasis, ProjectKind, Risk


@dataclass(frozen=True, slots=True)
class Offer:
    """What a worker is promised for one task, on its page and in its preview; amounts in minor units."""

    title: str
    requester: WhoIs
    is_volunteer: bool
    currency: str
    reward_minor: int
    expected_seconds: int
    lease_seconds: int
    by_the_hour: bool = False
    hour_minor: int = 0
    risk_names: Sequence[str] = ()
    break_seconds: int = 0

    @property
    def hourly_minor(self) -> int:
        """What an hour of paid time pays, with the breaks that the price of sensitive work covers."""
        if self.by_the_hour:
            return self.hour_minor
        return hourly_minor(
            reward_minor=self.reward_minor, seconds=self.expected_seconds + self.break_seconds
        )


@dataclass(frozen=True, slots=True)
class Ruling:
    """What was decided about one submission: `ground` is a sentence, `rework_minor` what rework pays."""

    outcome: str
    at: datetime
    by_id: int | None
    automatic: bool
    ground: str
    evidence: str
    reason: str
    rework_minor: int


@dataclass(frozen=True, slots=True)
class HandedIn:
    """One submission: what was answered, in how much active time, and what was decided about it.

    A rejection that was overturned has both rulings, in this order.
    """

    id: int
    attempt: int
    items: Sequence[ShownItem]
    submitted_at: datetime
    active_seconds: int | None
    rulings: Sequence[Ruling]

    @property
    def returned(self) -> Ruling | None:
        return next((ruling for ruling in self.rulings if ruling.outcome == Outcome.RETURNED), None)

    @property
    def rejected(self) -> Ruling | None:
        return next((ruling for ruling in self.rulings if ruling.outcome == Outcome.REJECTED), None)


def offer_of(project: Project, revision: Revision, requester: WhoIs) -> Offer:
    """Return what a task of the revision promises; of a draft too, for its preview."""
    by_the_hour = project.pay_basis == PayBasis.HOUR
    expected = revision.expected_seconds
    share = in_force("pay.risk_break_share", at=project.published_at or project.changed_at)
    return Offer(
        title=project.title,
        requester=requester,
        is_volunteer=project.kind == ProjectKind.VOLUNTEER,
        currency=project.currency,
        reward_minor=revision.reward_minor,
        expected_seconds=revision.expected_seconds,
        lease_seconds=revision.lease_seconds,
        by_the_hour=by_the_hour,
        hour_minor=revision.hourly_minor,
        risk_names=[str(Risk(risk).label) for risk in project.risks],
        break_seconds=0 if by_the_hour else paid_seconds(expected, project.risks, share) - expected,
    )


def shown_items(design: Design, occasion: Occasion, *, answer: Mapping[str, object]) -> Sequence[ShownItem]:
    """Return the items as the worker met them, with what the worker answered.

    What the worker's own answers hid is left out.
    """
    shown: list[ShownItem] = []
    for page in design.pages:
        if page.begins is None or _is_shown(page.begins, answer):
            items = [page.begins, *page.items] if page.begins else page.items
            shown += [_shown(item, occasion, answer) for item in items if _is_shown(item, answer)]
    return shown


def loads_of(shown: Iterable[HandedIn]) -> dict[str, list[str]]:
    """Return what a page that shows these must be let load from elsewhere, by directive of its policy."""
    return loads_of_items(item for handed in shown for item in handed.items)


def loads_of_items(items: Iterable[ShownItem]) -> dict[str, list[str]]:
    """Return the same for a page that shows these items, and the work that they show."""
    parts = [part for item in items for part in _parts(item) if _is_elsewhere(part)]
    kinds = {"img-src": ("image", "regions"), "media-src": ("audio", "video")}
    return {name: ["https:"] for name, of in kinds.items() if any(part.kind in of for part in parts)}


def _parts(item: ShownItem) -> Iterator[Told]:
    yield from (*item.seen, *item.told)
    work = item.texts.get("work")
    if isinstance(work, WorkSeen):
        for inner in work.items:
            yield from _parts(inner)


def _is_elsewhere(part: Told) -> bool:
    return part.url.lower().startswith("https:")


def _is_shown(item: Item, answer: Mapping[str, object]) -> bool:
    return item.shown_if is None or item.shown_if.holds(answer)


def handed_in(
    submissions: Sequence[Submission],
    *,
    design: Design,
    row: Mapping[str, object],
    seed: int,
    works: Mapping[int, WorkSeen] | None = None,
    covers_pictures: bool = False,
) -> Sequence[HandedIn]:
    """Return submissions of one assignment, first attempt first, with their rulings read beforehand.

    `submission.decisions` should be prefetched where several assignments are shown. `works` is the work
    of others that the task shows, by its number (`queries.shown_work`). `covers_pictures`: they are hidden.
    """
    occasion = Occasion(row=row, seed=seed, works=works or {}, covers_pictures=covers_pictures)
    return [
        HandedIn(
            id=submission.pk,
            attempt=submission.attempt,
            items=shown_items(design, occasion, answer=submission.answer),
            submitted_at=submission.submitted_at,
            active_seconds=submission.active_seconds,
            rulings=[_ruling(one) for one in sorted(submission.decisions.all(), key=lambda one: one.pk)],
        )
        for submission in sorted(submissions, key=lambda one: one.attempt)
    ]


def _ruling(decision: Decision) -> Ruling:
    return Ruling(
        outcome=decision.outcome,
        at=decision.decided_at,
        by_id=decision.decided_by_id,
        automatic=decision.automatic,
        ground=str(Ground(decision.ground).label) if decision.ground else "",
        evidence=decision.evidence,
        reason=decision.reason,
        rework_minor=decision.rework_minor,
    )


def _shown(item: Item, occasion: Occasion, answer: Mapping[str, object]) -> ShownItem:
    texts, seen = item.drawn(occasion), item.seen(occasion)
    if not isinstance(item, Question):
        return ShownItem(texts, seen, is_question=False, label="", told=(), answers=(), stored="")
    given = answer.get(item.name)
    told = item.told(given, occasion)
    answers = [part.said for part in told]
    values = given if isinstance(given, list) else [] if given is None else [given]
    stored = [str(value) for value in values if isinstance(value, str | int | float)]
    return ShownItem(
        texts=texts,
        seen=seen,
        is_question=True,
        label=occasion.fill(item.label),
        told=told,
        answers=answers,
        stored=", ".join(stored) if _differ(stored, answers) else "",
    )


def _differ(stored: Sequence[str], words: Sequence[str]) -> bool:
    return [value.casefold() for value in stored] != [word.casefold() for word in words]
