"""Addresses of the pages people read."""

from django.urls import include, path

from canut.web.home import home

urlpatterns = [
    path("", home, name="home"),
    path("", include("canut.web.people.urls")),
    path("", include("canut.web.charter.urls")),
]
