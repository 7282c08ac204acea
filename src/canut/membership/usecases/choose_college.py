"""A member who could belong to the workers and to the requesters chooses."""

from datetime import datetime

from django.db import transaction
from django.utils import formats, timezone
from django.utils.translation import gettext as _

from canut.kernel.events import record
from canut.kernel.refusals import BadInput, Refusal
from canut.membership.access import require_member
from canut.membership.models import CollegeChoice
from canut.membership.queries import MemberStanding, standing_of
from canut.membership.states import College
from canut.people.access import person_for_change
from canut.people.models import Person


class NoCollegeToChoose(Refusal):
    code = "no_college_to_choose"


class CollegeChosenLately(Refusal):
    code = "college_chosen_lately"


@transaction.atomic
def choose_college(*, by: Person, college: str, at: datetime) -> MemberStanding:
    """Belong to one of the two colleges, from now on; votes that are open keep `by` where they were.

    Choosing the same again changes nothing.

    Raises:
        NotAMember: `by` is none. BadInput: this is no college one can choose.
        NoCollegeToChoose: `by` belongs to one college alone, or to none.
        CollegeChosenLately: within the days over which colleges are worked out, one chooses once.
    """
    require_member(by, at)
    if college not in (College.WORKERS, College.REQUESTERS):
        raise BadInput(
            _("Choose the workers or the requesters."), errors={"college": [_("Choose one of the two.")]}
        )
    person = person_for_change(by)
    standing = standing_of(person, at)
    if standing.chosen == college:
        return standing
    if standing.may_choose_at is None:
        raise NoCollegeToChoose(
            _("There is nothing to choose: you worked or requested on enough days for one college at most.")
        )
    if standing.may_choose_at > at:
        day = formats.date_format(timezone.localtime(standing.may_choose_at), "DATE_FORMAT")
        raise CollegeChosenLately(
            _("You chose not long ago. You can choose anew from %(day)s on.") % {"day": day},
            may_choose_at=standing.may_choose_at.isoformat(),
        )
    CollegeChoice.objects.create(person=person, college=college, chosen_at=at)
    record(by, "membership.college_chosen", person, at=at, college=str(college))
    return standing_of(person, at)
