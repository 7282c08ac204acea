"""Addresses of a journal and its portfolio."""

from django.urls import path

from canut.web.journal import portfolios, views

urlpatterns = [
    path("journal/", views.journal, name="journal"),
    path("journal/new/", views.write, name="write_entry"),
    path("journal/invitations/", views.invitations, name="journal_invitations"),
    path("journal/portfolio/", portfolios.portfolio, name="portfolio"),
    path("journal/<int:entry_id>/", views.change, name="change_entry"),
    path("journal/<int:entry_id>/delete/", views.drop, name="drop_entry"),
    path("journal/<int:entry_id>/place/", portfolios.place, name="place_entry"),
]
