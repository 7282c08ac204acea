"""Somebody who need not be signed in ends the mails about new work, by a link in one of them."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from canut.kernel.refusals import NotFound
from canut.people.models import Person
from canut.work.access import news_turn, searches_of
from canut.work.models.searches import Notice
from canut.work.stop_token import worker_of


class StopLinkNotUsable(NotFound):
    code = "stop_link_not_usable"


@transaction.atomic
def stop_notices(*, token: str, at: datetime) -> int:
    """Send the worker whom a token names no mail about new work any more; return how many searches that was.

    Messages in browsers go on: they are stopped there. Doing it twice is safe: the second time returns 0.
    The searches stay; each can be told to send mails again.

    Raises:
        StopLinkNotUsable: this site did not make the token.
    """
    worker_id = worker_of(token)
    worker = Person.objects.filter(pk=worker_id).first() if worker_id else None
    if worker is None:
        raise StopLinkNotUsable(
            _("This link is not whole. Copy all of it from the mail, or change your saved searches here.")
        )
    news_turn(worker)
    mailing = searches_of(worker).order_by()
    stopped = mailing.filter(notice=Notice.BOTH).update(notice=Notice.PUSH, changed_at=at)
    stopped += mailing.filter(notice=Notice.MAIL).update(
        notice=Notice.NONE, next_look_at=None, open_before=[], changed_at=at
    )
    return stopped
