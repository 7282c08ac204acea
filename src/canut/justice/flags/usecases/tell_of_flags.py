"""Telling authors what was hidden, why, and what they can do; and operators that something waits."""

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
from canut.work.usecases.mails import address, as_read_by, mail_to, moment


@transaction.atomic
def tell_of_flags(*, matter_id: int, what: str) -> int:
    """Mail whoever has to know what has happened to a matter; return how many were told. A job.

    `what` is "hidden", "lapsed", "decided", "objected" or "answered". Nobody is ever told who flagged.
    """
    matter = Matter.objects.get(pk=matter_id)
    told = 0
    if what in ("hidden", "objected"):
        told += _tell_operators(matter, what)
    author = Person.objects.select_related("party").filter(pk=matter.whose_id).first()
    if author is not None and what != "objected":
        with as_read_by(author):
            told += _tell_author(matter, author, what)
    return told


def _tell_author(matter: Matter, author: Person, what: str) -> bool:
    found = thing(HiddenKind(matter.subject_kind), matter.subject_id)
    title = found.title if found is not None else str(HiddenKind(matter.subject_kind).label)
    page = address(f"/justice/flags/{matter.pk}/")
    if what == "hidden":
        if matter.hidden_until is None:
            return False
        return mail_to(
            author,
            _("Something of yours is hidden for a while"),
            _("%(title)s: members of this site have flagged it, and it is hidden until %(time)s.")
            % {"title": title, "time": moment(matter.hidden_until)},
            _("What they say against it: %(grounds)s") % {"grounds": " ".join(_grounds(matter))},
            _("Until then a person looks at it: it stays hidden, with a reason, or is shown again."),
            page,
        )
    if what == "lapsed":
        return mail_to(
            author,
            _("Something of yours is shown again"),
            _("%(title)s: nobody has confirmed in time that it should be hidden, so it is shown again.")
            % {"title": title},
            page,
        )
    if what == "answered":
        return _tell_answered(matter, author, title, page)
    if matter.state == MatterState.RESTORED:
        return mail_to(
            author,
            _("Something of yours is shown again"),
            _("%(title)s: a person has looked at it, and it is shown.") % {"title": title},
            _("The reason: %(reason)s") % {"reason": matter.reason},
            page,
        )
    return mail_to(
        author,
        _("Something of yours stays hidden"),
        _("%(title)s: a person has looked at it, and it stays hidden.") % {"title": title},
        str(FlagGround(matter.ground).label),
        _("The reason: %(reason)s") % {"reason": matter.reason},
        _("If you do not agree, object on this page. Another person answers; else it is shown again."),
        page,
    )


def _tell_answered(matter: Matter, author: Person, title: str, page: str) -> bool:
    objection = Objection.objects.get(matter=matter)
    if objection.state == ObjectionState.OPEN:
        return False
    return mail_to(
        author,
        _("Your objection is answered"),
        _("%(title)s: %(outcome)s.") % {"title": title, "outcome": ObjectionState(objection.state).label},
        _("The answer: %(answer)s") % {"answer": objection.answer} if objection.answer else "",
        page,
    )


def _grounds(matter: Matter) -> list[str]:
    given = Flag.objects.filter(matter=matter).values_list("ground", flat=True).distinct()
    return [str(ground.label) for ground in FlagGround if ground.value in set(given)]


def _tell_operators(matter: Matter, what: str) -> int:
    told = 0
    operators = Person.objects.filter(is_operator=True, is_active=True).exclude(pk=matter.whose_id)
    if what == "objected" and matter.decided_by_id is not None:
        operators = operators.exclude(pk=matter.decided_by_id)
    for operator in operators.select_related("party").order_by("pk"):
        with as_read_by(operator):
            told += mail_to(
                operator,
                _("Members have hidden something: please look at it")
                if what == "hidden"
                else _("An author objects to what was hidden: please answer"),
                _("Until %(time)s it stays hidden; then it is shown again unless somebody confirms it.")
                % {"time": moment(matter.hidden_until)}
                if what == "hidden" and matter.hidden_until is not None
                else _("If nobody answers in time, it is shown again."),
                address(f"/justice/flags/queue/{matter.pk}/"),
            )
    return told


@transaction.atomic
def tell_flags_count_no_more(*, person_id: int, at: datetime) -> bool:
    """Mail somebody that their flags count no more for a while; return whether a mail was sent. A job."""
    person = Person.objects.select_related("party").get(pk=person_id)
    with as_read_by(person):
        return mail_to(
            person,
            _("Your flags do not count for now"),
            _(
                "Of what you flagged in the last %(days)s days, those who looked at it have shown more than "
                "%(share)s %% again. Until that changes, your flags hide nothing."
            )
            % {
                "days": in_force("flag.wolf_days", at=at),
                "share": number_format(in_force("flag.wolf_share", at=at) * 100, decimal_pos=0),
            },
            _("What became of each thing you flagged stands on this page:"),
            address("/justice/flags/"),
        )
