"""Addresses of qualifications: a requester's own, and what somebody holds of others'."""

from django.urls import path

from canut.web.qualifications import held, views

urlpatterns = [
    path("studio/qualifications/", views.qualifications, name="qualifications"),
    path("studio/qualifications/new/", views.make, name="make_qualification"),
    path("studio/qualifications/<int:qualification_id>/", views.qualification, name="qualification"),
    path("studio/qualifications/<int:qualification_id>/change/", views.change, name="change_qualification"),
    path("studio/qualifications/<int:qualification_id>/retire/", views.retire, name="retire_qualification"),
    path("studio/qualifications/<int:qualification_id>/grant/", views.grant, name="grant_qualification"),
    path(
        "studio/qualifications/<int:qualification_id>/grant-many/",
        views.grant_many,
        name="grant_qualification_to_many",
    ),
    path(
        "studio/qualifications/<int:qualification_id>/revoke/<int:person_id>/",
        views.revoke,
        name="revoke_qualification",
    ),
    path("work/qualifications/", held.held, name="held_qualifications"),
    path("work/qualifications/<int:qualification_id>/give-up/", held.give_up, name="give_up_qualification"),
    path(
        "work/qualifications/<int:qualification_id>/take-back/",
        held.take_back,
        name="take_back_qualification",
    ),
]
