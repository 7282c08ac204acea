"""A reader follows a thread or not, and has read so far."""

from django.db import transaction

from canut.discussion.access import thread_at
from canut.discussion.models import Reader
from canut.discussion.place import Place


@transaction.atomic
def follow_thread(*, place: Place, follows: bool, from_the_start: bool = False) -> Reader:
    """Tell the place's person of what is new in a thread from now on, or no more. Repeating it is safe.

    With `from_the_start` what is there already is new to them too.

    Raises:
        ThreadNotFound: nobody has written there yet.
    """
    thread = thread_at(place)
    told_to = 0 if from_the_start else thread.posts
    reader, _made = Reader.objects.select_for_update(no_key=True).get_or_create(
        thread=thread, person=place.person, defaults={"follows": follows, "told_to": told_to}
    )
    if reader.follows != follows:
        reader.follows, reader.told_to = follows, told_to
        reader.save(update_fields=["follows", "told_to"])
    return reader


@transaction.atomic
def note_reading(*, place: Place, number: int) -> None:
    """Keep up to which post somebody has read a thread. To go back to an earlier one changes nothing.

    Raises:
        ThreadNotFound: nobody has written there yet.
    """
    thread = thread_at(place)
    number = min(number, thread.posts)
    if number <= 0:
        return
    Reader.objects.get_or_create(thread=thread, person=place.person)
    Reader.objects.filter(thread=thread, person=place.person, read_to__lt=number).update(read_to=number)
