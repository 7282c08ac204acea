"""The constitution, which everybody may read."""

from datetime import datetime

from canut_client.calls.base import Calls, moment
from canut_client.models import ArticleWithHistory, Constitution
from canut_client.reading import read


class ConstitutionCalls(Calls):
    def constitution(self, at: datetime | None = None) -> Constitution:
        """Return every article with what it says, now or at a moment. Needs no key."""
        return read(Constitution, self._transport.get("/constitution", at=moment(at)))

    def article(self, key: str) -> ArticleWithHistory:
        """Return one article and all its versions; needs no key. Refused as `article_not_found`."""
        return read(ArticleWithHistory, self._transport.get(f"/constitution/{key}"))
