"""Who is admitted, active and of which college, at any moment: for votes, pages and programs."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.db.models import Count, Q, QuerySet

from canut.membership import rules
from canut.membership.days import college_rule, site_day
from canut.membership.models import ActivityDay, CollegeChoice, Membership
from canut.membership.rules import CollegeName, CollegeRule, Days
from canut.membership.states import College, Way
from canut.membership.wording import say_why
from canut.people.models import Person


@dataclass(frozen=True, slots=True)
class MemberStanding:
    """Where somebody stands as a member at one moment.

    `college` and `is_active` are worked out for everybody; a vote needs `is_admitted` too (`may_vote`).
    Worked, requested and `active_days` count in the college's window; `active_days_in_window` in the window
    of activity of their college, the workers' where they have none. `could_be` holds every college they could
    belong to; `chosen` is what they chose last, and they may choose anew from `may_choose_at` on, None while
    there is nothing to choose. `why` says it all in sentences, in the active language.
    """

    person_id: int
    is_admitted: bool
    way: Way | None
    admitted_at: datetime | None
    college: College | None
    is_active: bool
    worked_days: int
    requested_days: int
    active_days: int
    active_days_in_window: int
    could_be: Sequence[College]
    chosen: College | None
    may_choose_at: datetime | None
    rule: CollegeRule
    why: Sequence[str] = ()

    @property
    def may_vote(self) -> bool:
        return self.is_admitted and self.is_active and self.college is not None


@dataclass(frozen=True, slots=True)
class _Counted:
    college: Days
    worker_days: int
    requester_days: int


_NO_DAYS = _Counted(Days(0, 0, 0), 0, 0)
_NAMES: Mapping[College, CollegeName] = {
    College.WORKERS: "workers",
    College.REQUESTERS: "requesters",
    College.TEAM: "team",
}


def memberships_at(at: datetime) -> "QuerySet[Membership]":
    """Return the memberships that hold at `at`, closed accounts left out, in order of admission."""
    rows = Membership.objects.filter(
        Q(ended_at__isnull=True) | Q(ended_at__gt=at),
        Q(person__party__closed_at__isnull=True) | Q(person__party__closed_at__gt=at),
        admitted_at__lte=at,
    )
    return rows.order_by("admitted_at", "pk")


def is_admitted(person_id: int, *, at: datetime) -> bool:
    """Tell whether somebody is a member at `at`."""
    return memberships_at(at).filter(person_id=person_id).exists()


def standing_of(person: Person, at: datetime) -> MemberStanding:
    """Return where a person stands at `at`, and why, whether they are a member or not."""
    rule = college_rule(at=at)
    membership = memberships_at(at).filter(person=person).first()
    counted = _days([person.pk], rule=rule, at=at).get(person.pk, _NO_DAYS)
    choice = CollegeChoice.objects.filter(person=person, chosen_at__lte=at).order_by("-chosen_at").first()
    could_be = rules.colleges_open(counted.college, in_team=person.is_operator, least_share=rule.least_share)
    chosen = None if choice is None else College(choice.college)
    college, is_active = _placed(counted, chosen=chosen, in_team=person.is_operator, rule=rule)
    may_choose_at = None
    if len(could_be) > 1:
        may_choose_at = at if choice is None else choice.chosen_at + timedelta(days=rule.window_days)
    requesting = college == College.REQUESTERS
    found = MemberStanding(
        person_id=person.pk,
        is_admitted=membership is not None,
        way=None if membership is None else Way(membership.way),
        admitted_at=None if membership is None else membership.admitted_at,
        college=college,
        is_active=is_active,
        worked_days=counted.college.worked,
        requested_days=counted.college.requested,
        active_days=counted.college.active,
        active_days_in_window=counted.requester_days if requesting else counted.worker_days,
        could_be=tuple(College(one) for one in could_be),
        chosen=chosen,
        may_choose_at=may_choose_at,
        rule=rule,
    )
    return replace(found, why=say_why(found))


def electorate(at: datetime) -> Mapping[int, College]:
    """Return who may vote on a question that opens at `at`, by person: admitted, active and of a college."""
    return _electorate(at)


def active_members(at: datetime) -> int:
    """Return how many members are active at `at`: those whose votes and supports count."""
    return len(_electorate(at))


def colleges_of(person_ids: Collection[int], *, at: datetime) -> Mapping[int, College]:
    """Return the college of each of these people who is an active member at `at`; the others are left out."""
    return _electorate(at, person_ids)


def _electorate(at: datetime, person_ids: Collection[int] | None = None) -> Mapping[int, College]:
    rule = college_rule(at=at)
    rows = memberships_at(at)
    if person_ids is not None:
        rows = rows.filter(person_id__in=person_ids)
    in_team = dict(rows.values_list("person_id", "person__is_operator"))
    counted = _days(person_ids, rule=rule, at=at)
    chosen = _choices(person_ids, at=at)
    found: dict[int, College] = {}
    for person_id, is_team in in_team.items():
        college, is_active = _placed(
            counted.get(person_id, _NO_DAYS), chosen=chosen.get(person_id), in_team=is_team, rule=rule
        )
        if college is not None and is_active:
            found[person_id] = college
    return found


def _placed(
    counted: _Counted, *, chosen: College | None, in_team: bool, rule: CollegeRule
) -> tuple[College | None, bool]:
    name = rules.college_of(
        counted.college,
        in_team=in_team,
        least_share=rule.least_share,
        chosen=None if chosen is None else _NAMES[chosen],
    )
    active = rules.is_active(
        name,
        worker_days=counted.worker_days,
        requester_days=counted.requester_days,
        least_days=rule.least_days,
    )
    return (None if name is None else College(name)), active


def _choices(person_ids: Collection[int] | None, *, at: datetime) -> Mapping[int, College]:
    rows = CollegeChoice.objects.filter(chosen_at__lte=at)
    if person_ids is not None:
        rows = rows.filter(person_id__in=person_ids)
    newest = rows.order_by("person_id", "-chosen_at").distinct("person_id")
    return {person_id: College(one) for person_id, one in newest.values_list("person_id", "college")}


def _days(person_ids: Collection[int] | None, *, rule: CollegeRule, at: datetime) -> Mapping[int, _Counted]:
    today = site_day(at)
    rows = ActivityDay.objects.filter(day__lte=today)
    if person_ids is not None:
        rows = rows.filter(person_id__in=person_ids)
    window = Q(day__gte=rules.first_day(today, rule.window_days))
    counts = (
        rows.filter(day__gte=rules.first_day(today, rule.longest_window_days))
        .values("person_id")
        .annotate(
            in_worked=Count("pk", filter=window & Q(worked=True)),
            in_requested=Count("pk", filter=window & Q(requested=True)),
            in_either=Count("pk", filter=window),
            as_worker=Count("pk", filter=Q(day__gte=rules.first_day(today, rule.worker_window_days))),
            as_requester=Count("pk", filter=Q(day__gte=rules.first_day(today, rule.requester_window_days))),
        )
    )
    return {
        one["person_id"]: _Counted(
            Days(one["in_worked"], one["in_requested"], one["in_either"]),
            one["as_worker"],
            one["as_requester"],
        )
        for one in counts
    }
