"""Addresses of moratoria."""

from django.urls import path

from canut.web.moratoria import views

urlpatterns = [
    path("moratoria/", views.moratoria, name="moratoria"),
    path("moratoria/<int:motion_id>/", views.motion, name="moratorium"),
    path("moratoria/<int:motion_id>/support/", views.support, name="support_moratorium"),
    path("moratoria/<int:motion_id>/withdraw/", views.withdraw, name="withdraw_moratorium"),
]
