"""Addresses for programs, and the pages that explain them."""

from django.urls import path

from canut.api.v1 import api

urlpatterns = [
    path("api/v1/", api.urls),
]
