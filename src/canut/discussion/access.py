"""The only way to a thread or a post on somebody's behalf. Whether they may read it, their place says."""

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from canut.discussion.models import Post, Thread
from canut.discussion.place import Place
from canut.kernel.refusals import NotAllowed, NotFound

LARGEST_NUMBER = 2**31 - 1


class ThreadNotFound(NotFound):
    code = "thread_not_found"


class PostNotFound(NotFound):
    code = "post_not_found"


class PostOfAnother(NotAllowed):
    code = "post_of_another"


def no_thread() -> ThreadNotFound:
    """Return the answer to whoever asks for a thread that there is not, or that is not for them."""
    return ThreadNotFound(_("There is no such thread, or it is not open to you."))


def thread_at(place: Place, *, lock: bool = False) -> Thread:
    """Return the thread of a place, its row locked if asked.

    Raises:
        ThreadNotFound: nobody has written there yet.
    """
    rows: QuerySet[Thread] = Thread.objects.all()
    rows = rows.select_for_update(no_key=True) if lock else rows
    found = None if place.thread_id is None else rows.filter(pk=place.thread_id).first()
    if found is None:
        raise no_thread()
    return found


def post_at(place: Place, number: int, *, lock: bool = False) -> Post:
    """Return a post of a place's thread by its number, its row locked if asked.

    Raises:
        ThreadNotFound: nobody has written there yet.
        PostNotFound: the thread has no post of this number.
    """
    thread = thread_at(place)
    rows = Post.objects.select_for_update(no_key=True) if lock else Post.objects.all()
    found = rows.filter(thread=thread, number=number).first() if 0 < number <= LARGEST_NUMBER else None
    if found is None:
        raise PostNotFound(_("There is no post of this number here."))
    return found


def own_post(place: Place, number: int, *, lock: bool = False) -> Post:
    """Return a post that the place's person wrote, its row locked if asked.

    Raises:
        PostOfAnother: somebody else wrote it. Else what `post_at` raises.
    """
    post = post_at(place, number, lock=lock)
    if post.author_id != place.person.pk:
        raise PostOfAnother(_("Only its author can change a post. You can answer it, or flag it."))
    return post


def own_word(place: Place, *, fixed_to: int) -> int | None:
    """Return the number of what the place's person wrote after the post numbered `fixed_to`, and stands.

    None if there is nothing: where everybody writes once, they have not yet, or have taken it back.
    """
    if place.thread_id is None:
        return None
    mine = Post.objects.filter(thread_id=place.thread_id, author_id=place.person.pk, number__gt=fixed_to)
    standing = mine.filter(withdrawn_at__isnull=True).order_by("number")
    return standing.values_list("number", flat=True).first()
