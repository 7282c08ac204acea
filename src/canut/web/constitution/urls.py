"""Addresses of the constitution's pages."""

from django.urls import path

from canut.web.constitution import views

urlpatterns = [
    path("constitution/", views.constitution, name="constitution"),
    path("constitution/<slug:key>/", views.article, name="constitution_article"),
]
