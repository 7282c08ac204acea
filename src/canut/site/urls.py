"""Every address of the site, by room."""

from django.urls import include, path

urlpatterns = [
    path("", include("canut.web.urls")),
    path("", include("canut.api.urls")),
    path("account/", include("allauth.urls")),
]
