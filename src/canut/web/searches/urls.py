"""Addresses of saved searches."""

from django.urls import path

from canut.web.searches import views

urlpatterns = [
    path("searches/", views.searches, name="searches"),
    path("searches/new/", views.save, name="save_search"),
    path("searches/<int:search_id>/", views.change, name="change_search"),
    path("searches/<int:search_id>/delete/", views.drop, name="drop_search"),
]
