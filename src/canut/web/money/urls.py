"""Addresses of a requester's money."""

from django.urls import path

from canut.web.money import views

urlpatterns = [
    path("money/", views.money, name="money"),
    path("money/deposit/", views.deposit, name="deposit"),
]
