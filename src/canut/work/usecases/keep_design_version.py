"""Keeping what a requester tried on the way to a design, one version a step, so that each can be undone."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _

from canut.kernel.refusals import Refusal
from canut.people.models import Person
from canut.work.models import DesignVersion, Revision
from canut.work.states import DesignStep

ONE_STRETCH = timedelta(seconds=30)
"""Typing that goes on within this time is one step to be undone."""

MOST_VERSIONS = 500
"""How many a revision keeps; beyond it the oldest without a name go."""


class DesignUnfinished(Refusal):
    code = "design_unfinished"
    status = 422


def refuse_unfinished(revision: Revision) -> None:
    """Raise DesignUnfinished while its editor has typed what is no sound design yet."""
    if revision.versions.filter(number=revision.design_version, is_sound=False).exists():
        raise DesignUnfinished(
            _(
                "The design has something unfinished, which workers would not get. Mend it on the design's "
                "page, or undo it there."
            )
        )


def keep_design_version(
    revision: Revision, design: Mapping[str, Any], *, step: str, is_sound: bool, by: Person, at: datetime
) -> bool:
    """Make `design` the version that counts, behind the present one; those that were undone go.

    Returns whether it differs from the present one; else nothing is done.

    Must run in a transaction that holds the project's row, and before `Revision.design` is changed: the
    first call keeps that as the version from which editing began.
    """
    current = revision.versions.filter(number=revision.design_version).first()
    if current is None:
        current = _add(revision, revision.design, step=DesignStep.BEGUN, is_sound=True, by=by, at=at)
    if current.design == design:
        return False
    revision.versions.filter(number__gt=current.number).delete()
    goes_on = step == current.step == DesignStep.TYPED and current.made_by_id == by.pk
    if goes_on and not current.title and at - current.made_at < ONE_STRETCH:
        current.design, current.is_sound = dict(design), is_sound
        current.save(update_fields=["design", "is_sound"])
        return True
    _add(revision, design, step=step, is_sound=is_sound, by=by, at=at)
    _drop_oldest(revision)
    return True


def _add(
    revision: Revision, design: Mapping[str, Any], *, step: str, is_sound: bool, by: Person, at: datetime
) -> DesignVersion:
    made = DesignVersion.objects.create(
        revision=revision,
        number=revision.design_version + 1,
        design=dict(design),
        is_sound=is_sound,
        step=step,
        made_by=by,
        made_at=at,
    )
    revision.design_version = made.number
    revision.save(update_fields=["design_version"])
    return made


def _drop_oldest(revision: Revision) -> None:
    surplus = revision.versions.count() - MOST_VERSIONS
    if surplus > 0:
        unnamed = revision.versions.filter(title="", number__lt=revision.design_version).order_by("number")
        DesignVersion.objects.filter(pk__in=list(unnamed.values_list("pk", flat=True)[:surplus])).delete()
