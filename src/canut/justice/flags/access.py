"""The only way to a flagged matter on somebody's behalf."""

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from canut.justice.flags.models import Flag, Matter
from canut.justice.flags.refusals import DecidesOwnMatter, MatterNotFound
from canut.justice.flags.states import MatterState
from canut.people.access import as_operator
from canut.people.models import Person

LARGEST_ID = 2**63 - 1


def matter_to_decide(matter_id: int, *, by: Person) -> Matter:
    """Lock and return a matter for a decision by `by`, who runs this site.

    Raises:
        OperatorRoleMissing: they do not. MatterNotFound: there is none of this number.
        DecidesOwnMatter: it is theirs, or they flagged it themselves.
    """
    as_operator(by)
    matter = locked_matter(matter_id)
    if matter.whose_id == by.pk or Flag.objects.filter(matter=matter, by=by).exists():
        raise DecidesOwnMatter(
            _("You had a part in this: it is yours, or you flagged it. Another operator has to decide.")
        )
    return matter


def matter_as_operator_sees(matter_id: int, *, by: Person) -> Matter:
    """Return a matter for `by`, who runs this site.

    Raises:
        OperatorRoleMissing: they do not. MatterNotFound: there is none of this number.
    """
    as_operator(by)
    matter = Matter.objects.filter(pk=min(matter_id, LARGEST_ID)).first()
    if matter is None:
        raise _no_matter()
    return matter


def told_to_author(party_id: int) -> "QuerySet[Matter]":
    """Return the matters about something of a party's that had a consequence.

    A flag that has none is not told: whose it is could be guessed from the moment at which it was given.
    """
    rows = Matter.objects.filter(whose_id=party_id)
    return rows.filter(
        Q(hidden_at__isnull=False) | Q(state=MatterState.CONFIRMED) | Q(objection__isnull=False)
    )


def matter_of_author(matter_id: int, *, by: Person, lock: bool = False) -> Matter:
    """Return a matter that `told_to_author` has, its row locked if asked.

    Raises:
        MatterNotFound: there is none, it is about somebody else's, or it had no consequence.
    """
    rows = told_to_author(by.pk)
    rows = rows.select_for_update(of=("self",), no_key=True) if lock else rows
    matter = rows.filter(pk=min(matter_id, LARGEST_ID)).first()
    if matter is None:
        raise _no_matter()
    return matter


def locked_matter(matter_id: int) -> Matter:
    """Lock and return a matter.

    Raises:
        MatterNotFound: there is none of this number.
    """
    rows = Matter.objects.select_for_update(no_key=True)
    matter = rows.filter(pk=min(matter_id, LARGEST_ID)).first()
    if matter is None:
        raise _no_matter()
    return matter


def _no_matter() -> MatterNotFound:
    return MatterNotFound(_("There is no such matter. The list shows those there are."))
