"""Addresses of appeals."""

from django.urls import path

from canut.web.appeals import views

urlpatterns = [
    path("appeals/", views.queue, name="appeals"),
    path("appeals/<int:appeal_id>/", views.hearing_page, name="hearing"),
]
