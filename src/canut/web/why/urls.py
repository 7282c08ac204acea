"""Addresses of explanations, and of the register of algorithms."""

from django.urls import path

from canut.web.why import views

urlpatterns = [
    path("work/<int:project_id>/why/", views.why, name="why"),
    path("algorithms/", views.algorithms, name="algorithms"),
]
