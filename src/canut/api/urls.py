"""Addresses for programs, and the pages that explain them."""

from django.urls import path

from canut.api.pages_for_people import docs, problem, problems
from canut.api.v1 import api

urlpatterns = [
    path("api/v1/docs", docs, name="api_docs"),
    path("api/v1/", api.urls),
    path("problems/", problems, name="problems"),
    path("problems/<slug:code>", problem, name="problem"),
]
