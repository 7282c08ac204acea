"""Addresses of the charter's pages, which anybody may read."""

from django.urls import path

from canut.web.charter import views

urlpatterns = [
    path("charter/", views.charter, name="charter"),
    path("charter/<str:name>/", views.parameter, name="charter_parameter"),
    path("charter/<str:name>/law/", views.law, name="charter_law"),
]
