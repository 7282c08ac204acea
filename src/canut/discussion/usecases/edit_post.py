"""An author puts a post in other words, or takes it back."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from canut.discussion.access import own_post
from canut.discussion.limits import MOST_EDITS
from canut.discussion.models import EarlierWords, Post
from canut.discussion.place import Place
from canut.discussion.usecases.forget_told import forget_told
from canut.discussion.usecases.write_post import call_by_name, text_to_keep
from canut.kernel.events import record
from canut.kernel.refusals import Refusal


class PostIsWithdrawn(Refusal):
    code = "post_is_withdrawn"


class PostIsFixed(Refusal):
    code = "post_is_fixed"


class TooManyEdits(Refusal):
    code = "too_many_edits"


@transaction.atomic
def edit_post(*, place: Place, number: int, text: str, at: datetime) -> Post:
    """Put one's own post in other words. The earlier ones are kept, and whoever may read it can read them.

    The same words again change nothing.

    Raises:
        PostNotFound: there is none of this number. PostOfAnother: somebody else wrote it.
        PostIsWithdrawn: it was taken back. PostIsFixed: the time to change it is over.
        TooManyEdits: it was changed often enough.
        BadInput: the text is missing or too long. Else why the place's person may not write there.
    """
    post = own_post(place, number, lock=True)
    text = text_to_keep(text, {})
    if post.text == text:
        return post
    if post.withdrawn_at is not None:
        raise PostIsWithdrawn(_("You have taken this post back. Write another one instead."))
    place.require_writing()
    if number <= place.manner.fixed_to:
        raise PostIsFixed(_("What was written before can not be put in other words any more. Write anew."))
    if EarlierWords.objects.filter(post=post).count() >= MOST_EDITS:
        raise TooManyEdits(
            _("A post can be changed %(most)s times. Write another one instead.") % {"most": MOST_EDITS}
        )
    EarlierWords.objects.create(post=post, text=post.text, since=post.edited_at or post.posted_at, until=at)
    post.text, post.edited_at = text, at
    post.save(update_fields=["text", "edited_at"])
    call_by_name(post)
    record(place.person, "post.edited", post, at=at)
    return post


@transaction.atomic
def withdraw_post(*, place: Place, number: int, at: datetime) -> Post:
    """Take one's own post back: its words go, the earlier ones too, and its place in the thread stays.

    What others were told in its words goes too. Repeating it is safe. One may do so even where one may not
    write any more.

    Raises:
        PostNotFound: there is none of this number. PostOfAnother: somebody else wrote it.
    """
    post = own_post(place, number, lock=True)
    if post.withdrawn_at is not None:
        return post
    post.text, post.withdrawn_at = "", at
    post.save(update_fields=["text", "withdrawn_at"])
    EarlierWords.objects.filter(post=post).update(text="")
    forget_told(post)
    post.mentions.all().delete()
    record(place.person, "post.withdrawn", post, at=at)
    return post
