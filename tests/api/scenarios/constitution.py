"""Situations of the constitution."""

from tests.api.calls import Call
from tests.api.scenarios.cast import Cast
from tests.api.scenarios.registry import says


@says("read_constitution", "200")
def _(cast: Cast) -> Call:
    return cast.get(None, "/constitution?at=2030-01-01T00:00:00Z")


@says("read_constitution", "bad_input")
def _(cast: Cast) -> Call:
    return cast.get(None, "/constitution?at=yesterday")


@says("read_article", "200")
def _(cast: Cast) -> Call:
    return cast.get(None, "/constitution/pay")


@says("read_article", "article_not_found")
def _(cast: Cast) -> Call:
    return cast.get(None, "/constitution/nothing")
