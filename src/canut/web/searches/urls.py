"""Addresses of saved searches and of notices."""

from django.urls import path

from canut.web.searches import notices, views

urlpatterns = [
    path("searches/", views.searches, name="searches"),
    path("searches/new/", views.save, name="save_search"),
    path("searches/<int:search_id>/", views.change, name="change_search"),
    path("searches/<int:search_id>/delete/", views.drop, name="drop_search"),
    path("searches/stop/<str:token>/", views.stop, name="stop_notices"),
    path("account/notices/", notices.notices, name="notices"),
    path("account/notices/browsers/", notices.add, name="add_browser"),
    path("account/notices/browsers/<int:browser_id>/stop/", notices.drop, name="drop_browser"),
    path("account/notices/worker.js", notices.service_worker, name="push_worker"),
]
