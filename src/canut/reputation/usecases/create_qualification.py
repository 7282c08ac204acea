"""A requester makes a scale of their own, to give workers values on."""

from datetime import datetime

from django.db import transaction
from django.db.models import Value
from django.db.models.functions import Lower
from django.utils.translation import gettext as _

from canut.kernel.events import record
from canut.kernel.refusals import BadInput, Refusal
from canut.people.access import as_requester
from canut.people.models import Party, Person
from canut.reputation.access import qualifications_of
from canut.reputation.models import Qualification
from canut.reputation.rules_qualifications import LONGEST_DESCRIPTION, LONGEST_NAME, kept_line, kept_text


class QualificationNameTaken(Refusal):
    """The caller has one of this name in use. Fact: its `qualification_id`."""

    code = "qualification_name_taken"


@transaction.atomic
def create_qualification(*, by: Person, name: str, description: str = "", at: datetime) -> Qualification:
    """Make a qualification, which nobody holds yet.

    Raises:
        RequesterRoleMissing: `by` is no requester.
        BadInput: something has the wrong shape.
        QualificationNameTaken: `by` has one of this name in use; capitals make no difference.
    """
    as_requester(by)
    kept_name, kept_description = checked(name, description)
    ensure_free(kept_name, by=by)
    made = Qualification.objects.create(
        owner_id=by.pk, name=kept_name, description=kept_description, created_at=at
    )
    record(by, "qualification.created", made, at=at)
    return made


def checked(name: str, description: str) -> tuple[str, str]:
    """Return a name and a description as they are kept.

    Raises:
        BadInput: one of them is too long or cannot be stored, or the name is empty.
    """
    errors = {}
    kept_name, kept_description = kept_line(name), kept_text(description)
    if not kept_name or len(kept_name) > LONGEST_NAME:
        errors["name"] = _("Give it a name of at most %(count)s characters.") % {"count": LONGEST_NAME}
    if kept_description is None or len(kept_description) > LONGEST_DESCRIPTION:
        errors["description"] = _("Describe it in at most %(count)s characters.") % {
            "count": LONGEST_DESCRIPTION
        }
    if errors or kept_name is None or kept_description is None:
        raise BadInput(_("The qualification cannot be kept like this. See each field."), errors=errors)
    return kept_name, kept_description


def ensure_free(name: str, *, by: Person, except_id: int | None = None) -> None:
    """Let changes of one owner's names take turns, and refuse a name that another one in use has.

    Raises:
        QualificationNameTaken
    """
    Party.objects.select_for_update(no_key=True).get(pk=by.pk)
    in_use = qualifications_of(by).filter(retired_at__isnull=True).alias(lower_name=Lower("name"))
    others = in_use.filter(lower_name=Lower(Value(name)))
    if except_id is not None:
        others = others.exclude(pk=except_id)
    if (other := others.first()) is not None:
        raise QualificationNameTaken(
            _("You have a qualification called “%(name)s” already. Choose another name, or retire that one.")
            % {"name": other.name},
            qualification_id=other.pk,
        )
