"""Addresses of a project's review."""

from django.urls import path

from canut.web.review import views

urlpatterns = [
    path("studio/<int:project_id>/review/", views.review, name="review"),
    path("studio/<int:project_id>/review/waiting/", views.waiting, name="review_waiting"),
    path("studio/<int:project_id>/review/approve/", views.approve, name="approve"),
    path("studio/<int:project_id>/review/approve-shown/", views.approve_shown, name="approve_shown"),
    path("studio/<int:project_id>/review/approve-worker/", views.approve_worker, name="approve_worker"),
    path("studio/<int:project_id>/review/return/", views.send_back, name="return"),
    path("studio/<int:project_id>/review/reject/", views.reject, name="reject"),
    path("studio/<int:project_id>/review/rate/", views.rate, name="rate_worker"),
    path("studio/<int:project_id>/review/rate-selected/", views.rate_selected, name="rate_selected"),
    path("studio/<int:project_id>/review/bonus/", views.bonus, name="bonus"),
    path("studio/<int:project_id>/review/block/", views.block, name="block"),
    path("studio/<int:project_id>/review/unblock/", views.unblock, name="unblock"),
]
