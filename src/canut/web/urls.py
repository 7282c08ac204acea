"""Addresses of the pages people read."""

from django.urls import include, path

from canut.web.home import home
from canut.web.source import archive, source

urlpatterns = [
    path("", home, name="home"),
    path("source/", source, name="source"),
    path("source/canut.tar.gz", archive, name="source_archive"),
    path("", include("canut.web.people.urls")),
    path("", include("canut.web.charter.urls")),
    path("", include("canut.web.constitution.urls")),
    path("", include("canut.web.moratoria.urls")),
    path("", include("canut.web.resolution.urls")),
    path("", include("canut.web.log.urls")),
    path("", include("canut.web.why.urls")),
    path("", include("canut.web.sessions.urls")),
    path("", include("canut.web.feed.urls")),
    path("", include("canut.web.searches.urls")),
    path("", include("canut.web.tasks.urls")),
    path("", include("canut.web.files.urls")),
    path("", include("canut.web.journal.urls")),
    path("", include("canut.web.crowd.urls")),
    path("", include("canut.web.qualifications.urls")),
    path("", include("canut.web.credentials.urls")),
    path("", include("canut.web.guilds.urls")),
    path("", include("canut.web.talk.urls")),
    path("", include("canut.web.membership.urls")),
    path("", include("canut.web.votes.urls")),
    path("", include("canut.web.proposals.urls")),
    path("", include("canut.web.board.urls")),
    path("", include("canut.web.replays.urls")),
    path("", include("canut.web.studio.urls")),
    path("", include("canut.web.review.urls")),
    path("", include("canut.web.results.urls")),
    path("", include("canut.web.comparisons.urls")),
    path("", include("canut.web.money.urls")),
    path("", include("canut.web.juries.urls")),
    path("", include("canut.web.flags.urls")),
    path("", include("canut.web.cases.urls")),
    path("", include("canut.web.mediation.urls")),
    path("", include("canut.web.sanctions.urls")),
    path("", include("canut.web.top_ups.urls")),
    path("", include("canut.web.statistics.urls")),
    path("", include("canut.web.webhooks.urls")),
]
