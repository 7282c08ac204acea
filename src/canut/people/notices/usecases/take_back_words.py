"""What somebody wrote goes, and with it what others were told in its words."""

from collections.abc import Collection

from canut.people.notices.models import Notice


def take_back_words(*, person_ids: Collection[int], path: str) -> int:
    """Delete what these people were told of what stands at `path`; return how many notices went.

    What has not left is not sent: by mail, where quiet hours or a full week held it, or to a browser.
    """
    return Notice.objects.filter(person_id__in=list(person_ids), path=path).delete()[0]


def leave_words_out(*, person_ids: Collection[int], path: str) -> int:
    """Leave no text in what these people were told of what stands at `path`; return how many notices that is.

    The notice itself stays, and opens that page; what has not left goes without the words.
    """
    rows = Notice.objects.filter(person_id__in=list(person_ids), path=path).exclude(text="")
    return rows.update(text="")
