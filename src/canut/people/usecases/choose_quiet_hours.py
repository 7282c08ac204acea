"""Somebody says when they want no notices."""

from datetime import time

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from canut.kernel.refusals import BadInput
from canut.people.access import person_for_change
from canut.people.models import Person, QuietHours
from canut.people.notices.usecases.choose_notices import look_again


@transaction.atomic
def choose_quiet_hours(*, by: Person, starts: time | None, ends: time | None) -> QuietHours | None:
    """Keep from when to when `by` is told nothing, by the clock of their zone; neither: at any time.

    It concerns nobody else: no event. What waits to be sent goes by the new hours.

    Raises:
        BadInput: only one of them is given, or both are the same. AccountIsClosed.
    """
    person = person_for_change(by)
    if starts is None and ends is None:
        QuietHours.objects.filter(person=person).delete()
        look_again(person.pk)
        return None
    if starts is None or ends is None:
        sentence = _("Say both when the quiet hours begin and when they end, or neither.")
        raise BadInput(sentence, errors={"starts" if starts is None else "ends": str(sentence)})
    if starts == ends:
        sentence = _("Quiet hours end at another time than they begin.")
        raise BadInput(sentence, errors={"ends": str(sentence)})
    hours, _new = QuietHours.objects.update_or_create(
        person=person, defaults={"starts": starts, "ends": ends}
    )
    look_again(person.pk)
    return hours
