"""What others may learn of a dispute: its mediator writes it, both sides look at the wording, all read it."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from canut.charter.queries import in_force
from canut.justice.mediation import rules
from canut.justice.mediation.access import must_be, part_in
from canut.justice.mediation.models import Dispute, Mandate, Precedent, PrecedentAnswer
from canut.justice.mediation.refusals import (
    SummaryChanged,
    SummaryNamesSomebody,
    SummaryNotFound,
    SummaryPublished,
)
from canut.justice.mediation.states import PARTIES, DisputeState, PrecedentState, Side
from canut.justice.mediation.words import checked, checked_summary
from canut.kernel.events import record
from canut.kernel.later import later
from canut.people.models import Person
from canut.people.queries import names_of_bodies, who_are


@transaction.atomic
def write_summary(
    *, dispute_id: int, by: Person, titles: Mapping[str, str], texts: Mapping[str, str], at: datetime
) -> Precedent:
    """Write, as its mediator, what others may learn of a dispute; by language, `en` or `fr` or both.

    Written again, it is another version, and both sides have their days anew. It is refused if it holds the
    screen name of anybody who takes part, or a project's title of several words.

    Raises:
        DisputeNotFound: `by` has no part in it. NotYourPart: `by` does not mediate it.
        BadInput: words are missing or too many. SummaryNamesSomebody: it holds such a name.
        DisputeNotThere: it was neither settled nor ended with a recommendation.
        SummaryPublished: it is published and stays as it is.
    """
    dispute, _side = part_in(dispute_id, by=by, only=(Side.MEDIATOR,))
    tidy = checked_summary(titles, texts)
    found = Precedent.objects.filter(dispute=dispute).first()
    if found is not None and all(getattr(found, name) == words for name, words in tidy.items()):
        return found
    must_be(dispute, DisputeState.SETTLED, DisputeState.RECOMMENDED)
    if found is not None and found.state == PrecedentState.PUBLISHED:
        raise SummaryPublished(_("The summary is published, and stays as it is."))
    _refuse_names(dispute, tidy)
    object_by = at + timedelta(days=in_force("mediation.object_days", at=at))
    if found is None:
        found = Precedent.objects.create(
            dispute=dispute,
            by=by,
            topic=dispute.topic,
            outcome=dispute.state,
            written_at=at,
            object_by=object_by,
            **tidy,
        )
    else:
        found.by, found.version, found.state = by, found.version + 1, PrecedentState.WAITING
        found.written_at, found.object_by = at, object_by
        for name, words in tidy.items():
            setattr(found, name, words)
        found.save(update_fields=["by", "version", "state", "written_at", "object_by", *tidy])
    record(by, "dispute.summary_written", dispute, at=at, version=found.version)
    later("mediation.tell", dispute_id=dispute.pk, what="summary")
    return found


@transaction.atomic
def answer_summary(
    *, dispute_id: int, by: Person, version: int, objects: bool, objection: str = "", at: datetime
) -> Precedent:
    """Say, as a side, that a version of the summary may be published, or what is wrong with its wording.

    Once both sides agree it is published; an objection keeps it from that until it is written anew.

    Raises:
        DisputeNotFound: `by` has no part in it. NotYourPart: `by` mediates it.
        BadInput: an objection without words, or with too many. SummaryNotFound: there is none.
        SummaryChanged: another version took its place, or `by`'s side answered otherwise.
        SummaryPublished: it is published.
    """
    dispute, side = part_in(dispute_id, by=by, only=PARTIES)
    objection = checked(objection=objection)["objection"] if objects else ""
    found = Precedent.objects.filter(dispute=dispute).first()
    if found is None:
        raise SummaryNotFound(_("The mediator has written no summary of this dispute."))
    said = PrecedentAnswer.objects.filter(precedent=found, version=version, side=side).first()
    if said is not None and said.objection == objection:
        return found
    if found.state == PrecedentState.PUBLISHED:
        raise SummaryPublished(_("The summary is published, and stays as it is."))
    if said is not None or version != found.version:
        raise SummaryChanged(
            _("Your side has answered already, or the wording was changed since. Read the latest one."),
            version=found.version,
        )
    PrecedentAnswer.objects.create(
        precedent=found, version=version, side=side, objection=objection, said_at=at
    )
    record(by, "dispute.summary_answered", dispute, at=at, side=str(side), objects=objects)
    if objects and found.state == PrecedentState.WAITING:
        found.state = PrecedentState.OBJECTED
        found.save(update_fields=["state"])
    if objects:
        later("mediation.tell", dispute_id=dispute.pk, what="objected")
    publish_if_unopposed(found, at=at)
    return found


def publish_if_unopposed(summary: Precedent, *, at: datetime) -> bool:
    """Publish a summary, whose dispute is locked, if neither side objects and both had their time."""
    said = PrecedentAnswer.objects.filter(precedent=summary, version=summary.version)
    objections = [one for one in said if one.objection]
    agreed = len(said) - len(objections)
    if summary.state != PrecedentState.WAITING or not rules.may_be_published(
        objections=len(objections), agreed=agreed, object_by=summary.object_by, at=at
    ):
        return False
    summary.state, summary.published_at = PrecedentState.PUBLISHED, at
    summary.save(update_fields=["state", "published_at"])
    record(None, "dispute.summary_published", summary.dispute, at=at)
    later("mediation.tell", dispute_id=summary.dispute_id, what="published")
    return True


def _refuse_names(dispute: Dispute, tidy: Mapping[str, str]) -> None:
    """Raise SummaryNamesSomebody if the words hold a name by which somebody would be known."""
    people = {dispute.complainant_id, *_mediators(dispute)}
    people |= {dispute.other_id} if dispute.other_id is not None else set()
    names = [one.screen_name for one in who_are(people).values()] + list(names_of_bodies(people).values())
    if dispute.project is not None:
        names.append(dispute.project.owner.screen_name)
        if " " in dispute.project.title.strip():  # a title of one word may be any word
            names.append(dispute.project.title)
    fields = {name: rules.names_in(words, names) for name, words in tidy.items()}
    found = {name: held for name, held in fields.items() if held}
    if found:
        sentence = _("This holds a name: %(names)s. Say it without names.")
        raise SummaryNamesSomebody(
            _("A summary holds no names of people or projects. Nothing was kept."),
            fields=sorted(found),
            errors={name: sentence % {"names": ", ".join(held)} for name, held in found.items()},
        )


def _mediators(dispute: Dispute) -> set[int]:
    return set(Mandate.objects.filter(dispute=dispute).values_list("person_id", flat=True))
