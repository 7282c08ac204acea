"""Saying no about articles."""

from canut.kernel.refusals import NotFound


class ArticleNotFound(NotFound):
    """The constitution has no article of this key, and never had one."""

    code = "article_not_found"
