"""Telling authors what was hidden, why, and what they can do; and operators that something waits."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from canut.charter.queries import in_force
from canut.discussion.hiding.states import HiddenKind
from canut.justice.flags.models import Flag, Matter, Objection
from canut.justice.flags.states import FlagGround, MatterState, ObjectionState
from canut.justice.flags.subjects import thing
from canut.people.models import Person
from canut.people.notices.kinds import NoticeKind
from canut.people.notices.usecases.tell import tell
from canut.people.notices.usecases.tell_each import tell_each
from canut.people.notices.words import as_read_by, moment
from canut.people.queries import operators

FOR_OPERATORS = ("flagged", "hidden", "objected")


@transaction.atomic
def tell_of_flags(*, matter_id: int, what: str, at: datetime) -> int:
    """Tell whoever has to know what has happened to a matter; return how many were told. A job.

    `what` is "flagged" (what only two can read), "hidden", "lapsed", "decided", "objected" or "answered".
    Nobody is ever told who flagged.
    """
    matter = Matter.objects.get(pk=matter_id)
    told = 0
    if what in FOR_OPERATORS:
        told += _tell_operators(matter, what, at=at)
    author = Person.objects.select_related("party").filter(pk=matter.whose_id).first()
    if author is not None and what not in ("objected", "flagged"):
        with as_read_by(author):
            said = _to_author(matter, what)
            path, key = f"/justice/flags/{matter.pk}/", _key(matter, what)
            told += bool(said and tell(author, NoticeKind.FLAG, *said, path=path, at=at, key=key))
    return told


def _to_author(matter: Matter, what: str) -> Sequence[str]:
    """Return a subject and what to say with it; nothing if there is nothing to tell any more."""
    found = thing(HiddenKind(matter.subject_kind), matter.subject_id)
    title = found.title if found is not None else str(HiddenKind(matter.subject_kind).label)
    if what == "hidden":
        if matter.hidden_until is None:
            return ()
        return (
            _("Something of yours is hidden for a while"),
            _("%(title)s: members of this site have flagged it, and it is hidden until %(time)s.")
            % {"title": title, "time": moment(matter.hidden_until)},
            _("What they say against it: %(grounds)s") % {"grounds": " ".join(_grounds(matter))},
            _("Until then a person looks at it: it stays hidden, with a reason, or is shown again."),
        )
    if what == "lapsed":
        return (
            _("Something of yours is shown again"),
            _("%(title)s: nobody has confirmed in time that it should be hidden, so it is shown again.")
            % {"title": title},
        )
    if what == "answered":
        return _answered(matter, title)
    if matter.state == MatterState.RESTORED:
        return (
            _("Something of yours is shown again"),
            _("%(title)s: a person has looked at it, and it is shown.") % {"title": title},
            _("The reason: %(reason)s") % {"reason": matter.reason},
        )
    return (
        _("Something of yours stays hidden"),
        _("%(title)s: a person has looked at it, and it stays hidden.") % {"title": title},
        str(FlagGround(matter.ground).label),
        _("The reason: %(reason)s") % {"reason": matter.reason},
        _("If you do not agree, object on this page. Another person answers; else it is shown again."),
    )


def _answered(matter: Matter, title: str) -> Sequence[str]:
    objection = Objection.objects.get(matter=matter)
    if objection.state == ObjectionState.OPEN:
        return ()
    return (
        _("Your objection is answered"),
        _("%(title)s: %(outcome)s.") % {"title": title, "outcome": ObjectionState(objection.state).label},
        _("The answer: %(answer)s") % {"answer": objection.answer} if objection.answer else "",
    )


def _grounds(matter: Matter) -> list[str]:
    given = Flag.objects.filter(matter=matter).values_list("ground", flat=True).distinct()
    return [str(ground.label) for ground in FlagGround if ground.value in set(given)]


def _tell_operators(matter: Matter, what: str, *, at: datetime) -> int:
    until = matter.hidden_until

    def said() -> Sequence[str]:
        if what == "hidden" and until is not None:
            return (
                _("Members have hidden something: please look at it"),
                _("Until %(time)s it stays hidden; then it is shown again unless somebody confirms it.")
                % {"time": moment(until)},
            )
        if what == "flagged":
            return (
                _("A message between two people was flagged: please look at it"),
                _("Nobody else can read it, so it is hidden only if one of you decides so."),
            )
        return (
            _("An author objects to what was hidden: please answer"),
            _("If nobody answers in time, it is shown again."),
        )

    decided_by = matter.decided_by_id if what == "objected" else None
    others = operators(without=[matter.whose_id, decided_by])
    path = f"/justice/flags/queue/{matter.pk}/"
    return tell_each(others, NoticeKind.RUNNING, said, path=path, at=at, key=_key(matter, what))


def _key(matter: Matter, what: str) -> str:
    return f"flag:{matter.pk}:{what}:{matter.episode}"


@transaction.atomic
def tell_flags_count_no_more(*, person_id: int, at: datetime) -> bool:
    """Tell somebody that their flags count no more for a while; return whether they were told. A job."""
    person = Person.objects.select_related("party").get(pk=person_id)
    with as_read_by(person):
        told = tell(
            person,
            NoticeKind.FLAG,
            _("Your flags do not count for now"),
            _(
                "Of what you flagged in the last %(days)s days, those who looked at it have shown more than "
                "%(share)s %% again. Until that changes, your flags hide nothing."
            )
            % {
                "days": in_force("flag.wolf_days", at=at),
                "share": number_format(in_force("flag.wolf_share", at=at) * 100, decimal_pos=0),
            },
            _("What became of each thing you flagged stands on the page of your flags."),
            path="/justice/flags/",
            at=at,
        )
    return told is not None
