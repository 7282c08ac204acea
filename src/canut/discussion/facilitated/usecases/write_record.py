"""The rapporteur writes what came of it; those who took part may object to how; and who may be named."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from canut.discussion.facilitated.access import discussion_known, require_part, require_state
from canut.discussion.facilitated.going_on import advance_if_due, move, who_took_part
from canut.discussion.facilitated.limits import LONGEST_PIECE, MOST_RECORDS
from canut.discussion.facilitated.models import Discussion, Naming, Objection, Record
from canut.discussion.facilitated.refusals import NamesSomebody, NotItsRound, NotYourPart, TooManyRecords
from canut.discussion.facilitated.rules import names_in
from canut.discussion.facilitated.states import Part, State
from canut.discussion.place import Place
from canut.discussion.rules import shows_something, tidy
from canut.discussion.usecases.edit_post import edit_post
from canut.discussion.usecases.write_post import write_post
from canut.kernel.events import record
from canut.kernel.refusals import BadInput
from canut.people.queries import who_are

PIECES = ("asked", "said", "agreed", "left_open")


@transaction.atomic
def write_record(
    *,
    place: Place,
    asked: str,
    said: str,
    agreed: str,
    left_open: str,
    at: datetime,
    are_no_names: bool = False,
) -> Record:
    """Write what was asked, said, agreed and left open. Those who took part can then object to it.

    While they can, the rapporteur may write it anew, and the time for objections begins again. It names
    nobody who has not agreed; with `are_no_names` the words that look like names are said to be none.

    Raises:
        DiscussionNotFound: there is none. NotYourPart: another is the rapporteur.
        NotItsRound: it is not the time for the record. BadInput: a piece is missing or too long.
        NamesSomebody: it names people who took part and have not agreed.
        TooManyRecords: it was written often enough. Else why the person may not write there.
    """
    place.require_writing()
    discussion = discussion_known(place.subject_id, lock=True)
    advance_if_due(discussion, at=at)
    require_part(discussion, place, Part.RAPPORTEUR)
    pieces = _pieces_to_keep({"asked": asked, "said": said, "agreed": agreed, "left_open": left_open})
    last = discussion.records.order_by("-number").first()
    if last is not None and all(getattr(last, name) == text for name, text in pieces.items()):
        return last
    require_state(discussion, State.RECORDING, State.OBJECTING, at=at)
    number = last.number + 1 if last else 1
    if number > MOST_RECORDS:
        raise TooManyRecords(
            _("A record can be written %(most)s times. What people object to stands beside it.")
            % {"most": MOST_RECORDS}
        )
    people = who_took_part(discussion)
    if not are_no_names:
        _name_nobody(discussion, "\n".join(pieces.values()), people)
    written = Record.objects.create(
        discussion=discussion, number=number, by=place.person, written_at=at, people=len(people), **pieces
    )
    record(place.person, "discussion.recorded", discussion, at=at, number=number)
    move(discussion, State.OBJECTING, by=place.person, at=at)
    return written


@transaction.atomic
def object_to_record(*, place: Place, text: str, at: datetime) -> Objection:
    """Say what the wording of a record gets wrong; it stands beside it. One may put it in other words.

    Raises:
        DiscussionNotFound: there is none. NotItsRound: the record is not open to objections.
        NotYourPart: the place's person did not take part, or wrote it.
        BadInput: the text is missing or too long. TooManyPosts, TooManyEdits: it can not be kept.
        Else why they may not write there.
    """
    place.require_writing()
    discussion = discussion_known(place.subject_id, lock=True)
    require_state(discussion, State.OBJECTING, at=at)
    if place.person.pk == discussion.rapporteur_id:
        raise NotYourPart(_("You wrote the record. Write it anew, if something is wrong in it."))
    if place.person.pk not in {*who_took_part(discussion), discussion.facilitator_id}:
        raise NotYourPart(_("Only those who took part can object to the record."))
    written = discussion.records.latest("number")
    found = Objection.objects.filter(record=written, person=place.person).select_related("post").first()
    if found is not None and found.post.withdrawn_at is None:
        edit_post(place=place, number=found.post.number, text=text, at=at)
        return found
    if found is not None:
        raise NotItsRound(_("You have taken your objection to this record back."), state=discussion.state)
    # The same words about the record as it is now are another objection than about the one before.
    post = write_post(place=place, text=text, at=at, anew=True)
    objection = Objection.objects.create(record=written, person=place.person, post=post)
    record(place.person, "discussion.objected", discussion, at=at, number=written.number)
    return objection


@transaction.atomic
def choose_naming(*, place: Place, may_be_named: bool, at: datetime) -> bool:
    """Keep whether the record may name the place's person; nobody is named unless they say so.

    It can be changed at any time, and holds for a published record too. Repeating it is safe.

    Raises:
        DiscussionNotFound: there is none.
    """
    discussion = discussion_known(place.subject_id, lock=True)
    rows = Naming.objects.filter(discussion=discussion, person=place.person)
    if may_be_named:
        Naming.objects.get_or_create(discussion=discussion, person=place.person, defaults={"since": at})
    else:
        rows.delete()
    return may_be_named


def _pieces_to_keep(given: dict[str, str]) -> dict[str, str]:
    kept = {name: tidy(text) for name, text in given.items()}
    errors: dict[str, object] = {}
    for name, text in kept.items():
        if not shows_something(text):
            errors[name] = _("Write something here; “nothing” is an answer too.")
        elif len(text) > LONGEST_PIECE:
            errors[name] = _("This has %(length)s characters; at most %(most)s fit.") % {
                "length": len(text),
                "most": LONGEST_PIECE,
            }
    if errors:
        raise BadInput(_("Nothing was sent. See what to mend."), errors=errors)
    return kept


def _name_nobody(discussion: Discussion, text: str, people: frozenset[int]) -> None:
    concerned = {*people, discussion.opened_by_id, *filter(None, [discussion.facilitator_id])}
    agreed = set(Naming.objects.filter(discussion=discussion).values_list("person_id", flat=True))
    names = sorted(who.screen_name for who in who_are(concerned - agreed).values() if not who.is_closed)
    found = names_in(text, names)
    if found:
        raise NamesSomebody(
            _(
                "The record names people who have not agreed to that: %(names)s. Leave the names out, or say "
                "that these words are no names."
            )
            % {"names": ", ".join(found)},
            names=list(found),
        )
