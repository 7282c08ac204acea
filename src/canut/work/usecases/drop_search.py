"""A worker deletes a saved search."""

from django.db import transaction

from canut.people.models import Person
from canut.people.notices.kinds import NoticeKind
from canut.people.notices.usecases.choose_notices import forget_choice
from canut.work.access import news_turn, own_search, require_worker
from canut.work.queries.searches import search_topic


@transaction.atomic
def drop_search(*, search_id: int, by: Person) -> str:
    """Delete one of `by`'s searches for good and return its name. It concerns nobody else: no event.

    Raises:
        WorkerRoleMissing: `by` is no worker.
        SearchNotFound: there is none, it is somebody else's, or it was deleted before.
    """
    require_worker(by)
    news_turn(by)
    search = own_search(search_id, by=by)
    forget_choice(by=by, kind=NoticeKind.NEW_WORK, topic=search_topic(search.pk))
    search.delete()
    return search.name
