"""The forums of the three colleges: each its members' own, so that a side can talk before both decide."""

from collections.abc import Mapping
from datetime import datetime

from django.utils.translation import gettext as _

from canut.forums.stands import NotAReader, Stand, why_no_writer
from canut.kernel.refusals import NotFound
from canut.membership.access import require_member
from canut.membership.queries import standing_of
from canut.membership.states import College
from canut.people.models import Person

NUMBERS: Mapping[College, int] = {College.WORKERS: 1, College.REQUESTERS: 2, College.TEAM: 3}
"""Colleges have no rows: these numbers stand for them among the subjects of threads, for good."""

_BY_NUMBER = {number: college for college, number in NUMBERS.items()}


class CollegeNotFound(NotFound):
    code = "college_not_found"


def college_numbered(number: int) -> College:
    """Return the college that a number stands for.

    Raises:
        CollegeNotFound: it stands for none.
    """
    if number not in _BY_NUMBER:
        raise CollegeNotFound(_("There is no such college."))
    return _BY_NUMBER[number]


def college_name(college: College) -> str:
    """Return what the forum of a college is called."""
    return {
        College.WORKERS: _("The workers' forum"),
        College.REQUESTERS: _("The requesters' forum"),
        College.TEAM: _("The team's forum"),
    }[college]


def stand_in_college(number: int, *, by: Person, at: datetime) -> Stand:
    """Return where an admitted person of a college stands in its forum; nobody else reads there.

    It does not matter whether they were active lately: who may not vote just now may still talk.

    Raises:
        CollegeNotFound: there is none of this number. NotAMember: `by` is not admitted.
        NotAReader: they belong to another college, or to none yet.
    """
    college = college_numbered(number)
    require_member(by, at)
    if standing_of(by, at).college != college:
        raise NotAReader(
            _("Only members of this college read and write here. Your membership page says which is yours.")
        )
    return Stand(college_name(college), why_no_writer(by))
