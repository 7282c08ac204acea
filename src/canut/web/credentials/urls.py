"""Addresses of badges. The first three are named in what the site signs, so they never change."""

from django.urls import path, register_converter

from canut.guilds.credentials import site
from canut.guilds.credentials.queries import SHAPES
from canut.web.credentials import own, public, published


class ShapeConverter:
    """The end of a badge's file name."""

    regex = "|".join(SHAPES)

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(ShapeConverter, "shape")

urlpatterns = [
    path(site.DID_PATH.removeprefix("/"), published.did_document, name="did_document"),
    path("credentials/status/<int:number>", published.status_list, name="status_list"),
    path("guilds/<int:guild_id>/levels/", public.levels, name="guild_levels"),
    path("badges/", own.badges, name="badges"),
    path("badges/key/", own.key, name="badge_key"),
    path("badges/key/make/", own.make_key, name="make_badge_key"),
    path("badges/key/bring/", own.bring_key, name="bring_badge_key"),
    path("badges/get/<int:guild_id>/<int:level>/", own.get, name="get_badge"),
    path("badges/check/", public.check, name="check_badge"),
    path("badges/shown/<uuid:credential_id>.<shape:shape>", public.shown_file, name="shown_badge_file"),
    path("badges/<uuid:credential_id>.<shape:shape>", own.badge_file, name="badge_file"),
    path("badges/<uuid:credential_id>/show/", own.show, name="show_badge"),
    path("badges/<uuid:credential_id>/hide/", own.hide, name="hide_badge"),
    path("badges/<uuid:credential_id>/take-back/", own.take_back, name="take_badge_back"),
    path("people/<int:person_id>/badges/", public.shown_badges, name="shown_badges"),
]
