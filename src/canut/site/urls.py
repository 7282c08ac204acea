"""Every address of the site, by room."""

from django.urls import include, path

urlpatterns = [
    path("", include("canut.web.urls")),
    path("account/", include("allauth.urls")),
]
