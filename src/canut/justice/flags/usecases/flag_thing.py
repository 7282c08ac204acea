"""A member says that something should not be here; enough who have no tie to each other hide it."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import formats, timezone
from django.utils.translation import gettext as _

from canut.charter.queries import in_force
from canut.discussion.hiding.states import HiddenKind
from canut.justice.flags.counting import is_enough
from canut.justice.flags.models import LONGEST_WORDS, Flag, Matter
from canut.justice.flags.refusals import FlagDecided, FlagsOwn, TooManyFlags
from canut.justice.flags.states import DECIDED, FlagGround, MatterState
from canut.justice.flags.subjects import Flaggable, thing_to_flag
from canut.justice.flags.usecases.settle_hiding import settle_hiding
from canut.kernel.events import record
from canut.kernel.later import later
from canut.kernel.refusals import BadInput
from canut.membership.access import require_member
from canut.people.models import Person


@transaction.atomic
def flag_thing(*, kind: str, subject_id: int, ground: str, words: str = "", by: Person, at: datetime) -> Flag:
    """Flag something that `by` sees. Nobody is told who did: not its author, not who moderates.

    Flagging the same again returns the first flag. With the flag that makes enough members without a tie,
    the thing is hidden for a while.

    Raises:
        NotAMember: only admitted members flag.
        BadInput: an unknown kind or ground, or words that are too long.
        NothingToFlag: there is no such thing, or `by` cannot see it. FlagsOwn: it is their own.
        DutyNotFlagged: it is a review or a jury's task.
        FlagDecided: a person has decided on it. TooManyFlags: `by` has flagged enough for a day.
    """
    words = words.strip()
    _check_shape(kind, ground, words)
    require_member(by, at)
    found = thing_to_flag(HiddenKind(kind), subject_id, by=by, at=at)
    if found.whose_id == by.pk:
        raise FlagsOwn(_("This is your own. You can change it or take it away yourself."))
    Person.objects.select_for_update(no_key=True).get(pk=by.pk)
    matter = _matter_of(found, at=at)
    first = Flag.objects.filter(matter=matter, by=by).first()
    if first is not None:
        return first
    if matter.state in DECIDED:
        raise FlagDecided(
            _("A person has looked at this and decided: %(state)s. The reason: %(reason)s")
            % {"state": MatterState(matter.state).label, "reason": matter.reason},
            state=str(matter.state),
            reason=matter.reason,
        )
    _must_not_be_too_many(by, at=at)

    flag = Flag.objects.create(
        matter=matter, by=by, ground=ground, words=words, episode=matter.episode, at=at
    )
    record(None, "flag.given", matter, at=at, kind=kind, ground=ground)
    if found.between_two:
        later("justice.tell_of_flags", matter_id=matter.pk, what="flagged")
    if matter.state != MatterState.HIDDEN and is_enough(matter, at=at):
        _hide(matter, at=at)
    return flag


def _check_shape(kind: str, ground: str, words: str) -> None:
    errors: dict[str, list[str]] = {}
    if kind not in HiddenKind.values:
        errors["kind"] = [_("Say what it is: a post, a task, a project, a name or pictures.")]
    if ground not in FlagGround.values:
        errors["ground"] = [_("Choose why it should not be here.")]
    if len(words) > LONGEST_WORDS or "\0" in words:
        errors["words"] = [_("At most %(count)s characters.") % {"count": LONGEST_WORDS}]
    if errors:
        raise BadInput(_("Some of what you entered cannot be accepted. Nothing was flagged."), errors=errors)


def _matter_of(found: Flaggable, *, at: datetime) -> Matter:
    matter, _is_new = Matter.objects.get_or_create(
        subject_kind=found.kind,
        subject_id=found.id,
        said=found.said,
        defaults={"whose_id": found.whose_id, "opened_at": at},
    )
    return Matter.objects.select_for_update(no_key=True).get(pk=matter.pk)


def _must_not_be_too_many(by: Person, *, at: datetime) -> None:
    most, day = in_force("flag.most_a_day", at=at), timedelta(days=1)
    latest = Flag.objects.filter(by=by, at__gt=at - day).order_by("-at", "-pk")
    times = list(latest.values_list("at", flat=True)[:most])
    if len(times) < most:
        return
    again_at = times[-1] + day
    shown = formats.date_format(timezone.localtime(again_at), "DATETIME_FORMAT")
    raise TooManyFlags(
        _("You have flagged %(count)s things in 24 hours, which is the limit. You can go on at %(time)s.")
        % {"count": most, "time": shown},
        most_a_day=most,
        again_at=again_at.isoformat(),
    )


def _hide(matter: Matter, *, at: datetime) -> None:
    matter.state, matter.hidden_at = MatterState.HIDDEN, at
    matter.hidden_until = at + timedelta(hours=in_force("flag.hide_hours", at=at))
    matter.save(update_fields=["state", "hidden_at", "hidden_until"])
    settle_hiding(HiddenKind(matter.subject_kind), matter.subject_id, by=None, at=at)
    record(None, "flag.hid", matter, at=at, kind=str(matter.subject_kind))
    later("justice.tell_of_flags", matter_id=matter.pk, what="hidden")
