"""Addresses of the pages about other people."""

from django.urls import path

from canut.web.crowd import views

urlpatterns = [
    path("studio/people/", views.people, name="people"),
    path("studio/people/<int:person_id>/", views.worker, name="worker"),
    path("studio/people/<int:person_id>/list/", views.put_on_list, name="list_worker"),
    path("studio/rate/", views.rate_work, name="rate_work"),
    path("studio/ratings/", views.of_workers, name="ratings_of_workers"),
    path("work/ratings/", views.of_requesters, name="ratings_of_requesters"),
    path("requesters/<int:requester_id>/", views.requester, name="requester"),
    path("requesters/<int:requester_id>/rate/", views.rate, name="rate_requester_of_all"),
]
