"""Addresses of top-ups and their contests."""

from django.urls import path

from canut.web.top_ups import views

urlpatterns = [
    path("studio/<int:project_id>/top-ups/", views.top_ups, name="project_top_ups"),
    path("studio/<int:project_id>/top-ups/<int:top_up_id>/contest/", views.contest, name="contest_top_up"),
]
