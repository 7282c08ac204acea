"""Addresses of the history of one's work."""

from django.urls import path

from canut.web.history import views

urlpatterns = [
    path("history/", views.history, name="history"),
    path("history/worked/", views.worked, name="worked"),
    path("history/worked/file/", views.worked_file, name="worked_file"),
    path("history/requested/", views.requested, name="requested"),
    path("history/requested/file/", views.requested_file, name="requested_file"),
]
