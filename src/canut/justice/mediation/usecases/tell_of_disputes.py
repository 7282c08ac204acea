"""Telling of disputes: notices say that there is something to read, and nothing of what was said."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from canut.justice.mediation.access import mandate_now, read_by
from canut.justice.mediation.models import Dispute, Look, Mediator, Precedent
from canut.justice.mediation.states import PARTIES, Audience, Side
from canut.people.models import Person
from canut.people.notices.kinds import NoticeKind
from canut.people.notices.usecases.tell import tell
from canut.people.notices.words import as_read_by, moment

ALL = (Side.COMPLAINANT, Side.OTHER, Side.MEDIATOR)

STEPS: Mapping[str, tuple[Sequence[Side], "Promise"]] = {
    "begun": (
        (Side.OTHER,),
        _(
            "Somebody with whom there was work has something to settle with you. Please read what happened, "
            "and answer: most such things are settled in a few words. A complaint can be made from %(time)s."
        ),
    ),
    "direct_ended": (
        (Side.COMPLAINANT,),
        _(
            "The other side thinks that you two will not settle it alone. You can make a complaint now; then "
            "a mediator helps you both."
        ),
    ),
    "complained": (
        (Side.OTHER,),
        _("A complaint was made. Please reply until %(reply)s; after that a mediator is named."),
    ),
    "replied": ((Side.COMPLAINANT,), _("The other side has replied to your complaint.")),
    "mediator": (ALL, _("A mediator is named: %(mediator)s.")),
    "waits": (
        PARTIES,
        _("The mediator does not go on. Another one is named as soon as there is one."),
    ),
    "proposed": (ALL, _("A wording was put to both sides, by which it would be settled.")),
    "agreed": (ALL, _("One side has agreed to the wording by which it would be settled.")),
    "settled": (ALL, _("It is settled: both sides have agreed to the same wording.")),
    "recommended": (
        PARTIES,
        _("The mediator has written what they recommend. Please say whether you follow it."),
    ),
    "answered": (PARTIES, _("A side has said whether it follows the recommendation.")),
    "withdrawn": (ALL, _("It is withdrawn, and has ended.")),
    "lapsed": (PARTIES, _("No complaint was made in time, so it has ended.")),
    "summary": (
        PARTIES,
        _(
            "The mediator has written what others may learn of it, without names. Please read it. It is "
            "published on %(object)s unless a side objects to the wording."
        ),
    ),
    "objected": ((Side.MEDIATOR,), _("A side objects to the wording of the summary.")),
    "published": (PARTIES, _("The summary, without names, is published.")),
}
"""What each step tells, and to whom."""

REMINDERS: Mapping[str, Promise] = {
    "may": _(
        "The time in which you two tried to settle it is over. If it is not settled, you can make a "
        "complaint until %(complain)s."
    ),
    "complain": _("You can make a complaint until %(complain)s. After that it ends."),
    "reply": _("Please reply to the complaint until %(reply)s. After that a mediator is named."),
    "mediate": _(
        "Your time for it runs until %(mediate)s. After that either side can ask for another mediator."
    ),
    "slow": _("The mediator's time is over. You can ask for another one, or give them longer."),
    "slow_too": _("The mediator's time is over. You can ask for another one, or give them longer."),
}


@transaction.atomic
def tell_of_step(*, dispute_id: int, what: str, at: datetime) -> int:
    """Tell those whom a step of a dispute concerns; return how many were told. A job."""
    dispute = Dispute.objects.get(pk=dispute_id)
    sides, sentence = STEPS[what]
    people = (person for side in sides for person in people_of(dispute, side))
    return sum(_tell(person, NoticeKind.DISPUTE, dispute, sentence, at=at) for person in people)


@transaction.atomic
def remind(*, dispute_id: int, kind: str, side: str, at: datetime) -> int:
    """Remind a side of a dispute of a time; return how many were told. A job."""
    dispute = Dispute.objects.get(pk=dispute_id)
    if dispute.ended_at is not None:
        return 0
    people = people_of(dispute, Side(side))
    return sum(_tell(person, NoticeKind.DISPUTE_NEWS, dispute, REMINDERS[kind], at=at) for person in people)


@transaction.atomic
def tell_of_news(*, dispute_id: int, by_side: str, audience: str, at: datetime) -> int:
    """Tell the other readers that somebody wrote or sent something; return how many were told. A job.

    Who was told and has not looked since is not told again.
    """
    dispute = Dispute.objects.get(pk=dispute_id)
    told = 0
    for side in ALL:
        if side == by_side or Audience(audience) not in read_by(side):
            continue
        for person in people_of(dispute, side):
            told += _tell_once(dispute, person, at=at)
    return told


@transaction.atomic
def tell_appointed(*, mediator_id: int, at: datetime) -> bool:
    """Tell somebody that they were appointed; return whether they were told. A job."""
    mediator = Mediator.objects.select_related("person__party").get(pk=mediator_id)
    if mediator.ended_at is not None:
        return False
    with as_read_by(mediator.person):
        told = tell(
            mediator.person,
            NoticeKind.DISPUTE,
            str(_("You are a mediator now")),
            str(
                _(
                    "The people who run this site have appointed you to mediate disputes. You are told of "
                    "each one that is given to you, and you can step aside from it or end the appointment."
                )
            ),
            path="/justice/disputes/",
            at=at,
            key=f"mediator:{mediator_id}",
        )
    return told is not None


@transaction.atomic
def tell_dismissed(*, mediator_id: int, at: datetime) -> bool:
    """Tell somebody that they mediate no more; return whether they were told. A job."""
    mediator = Mediator.objects.select_related("person__party").get(pk=mediator_id)
    with as_read_by(mediator.person):
        told = tell(
            mediator.person,
            NoticeKind.DISPUTE,
            str(_("You are no mediator any more")),
            str(
                _(
                    "The people who run this site have ended your appointment. The disputes that were given "
                    "to you go to other mediators."
                )
            ),
            path="/justice/disputes/",
            at=at,
            key=f"mediator-dismissed:{mediator_id}",
        )
    return told is not None


def people_of(dispute: Dispute, side: Side) -> Sequence[Person]:
    """Return who takes part in a dispute on a side: several where the people who run the site answer."""
    rows = Person.objects.filter(is_active=True).select_related("party").order_by("pk")
    if side == Side.COMPLAINANT:
        return list(rows.filter(pk=dispute.complainant_id))
    mandate = mandate_now(dispute)
    if side == Side.MEDIATOR:
        return list(rows.filter(pk=mandate.person_id)) if mandate else []
    if dispute.other_id is not None:
        return list(rows.filter(pk=dispute.other_id))
    apart = {dispute.complainant_id} | ({mandate.person_id} if mandate else set())
    return list(rows.filter(is_operator=True).exclude(pk__in=apart))


def _tell_once(dispute: Dispute, person: Person, *, at: datetime) -> bool:
    look, _created = Look.objects.select_for_update().get_or_create(dispute=dispute, person=person)
    if look.told_at is not None and (look.seen_at is None or look.seen_at < look.told_at):
        return False
    look.told_at = at
    look.save(update_fields=["told_at"])
    sentence = _("Somebody has written to you, or sent you a file.")
    return _tell(person, NoticeKind.DISPUTE_NEWS, dispute, sentence, at=at)


def _tell(person: Person, kind: NoticeKind, dispute: Dispute, sentence: Promise, *, at: datetime) -> bool:
    with as_read_by(person):
        path = f"/justice/disputes/{dispute.pk}/"
        return tell(person, kind, *_said(dispute, sentence), path=path, at=at) is not None


def _said(dispute: Dispute, sentence: Promise) -> Sequence[str]:
    """Return the subject of a notice and what it says, in the language and zone that are active."""
    mandate = mandate_now(dispute)
    summary = Precedent.objects.filter(dispute=dispute).first()
    times = {
        "time": dispute.direct_until,
        "complain": dispute.complain_by,
        "reply": dispute.reply_by,
        "mediate": mandate.due_at if mandate else None,
        "object": summary.object_by if summary else None,
    }
    values = {name: moment(at) if at else "" for name, at in times.items()}
    values["mediator"] = mandate.person.screen_name if mandate else ""
    return [
        str(_("Dispute %(number)s") % {"number": dispute.pk}),
        str(sentence) % values,
    ]
