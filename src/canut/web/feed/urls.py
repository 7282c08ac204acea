"""Addresses of the feed and of a project as workers see it."""

from django.urls import path

from canut.web.feed import views

urlpatterns = [
    path("feed/", views.feed, name="feed"),
    path("feed/soon/", views.soon, name="opening_soon"),
    path("feed/order/", views.order, name="feed_order"),
    path("projects/<int:project_id>/", views.project, name="project"),
    path("projects/<int:project_id>/take/", views.take, name="take_task"),
]
