"""Addresses of the files that belong to answers."""

from django.urls import path

from canut.web.files import views

urlpatterns = [
    path("work/<int:assignment_id>/files/", views.send, name="send_answer_file"),
    path(
        "work/<int:assignment_id>/shown/<int:number>/<int:file_number>/",
        views.fetch_shown,
        name="shown_file",
    ),
    path("files/<uuid:file_id>/", views.fetch, name="answer_file"),
    path("files/<uuid:file_id>/remove/", views.remove, name="remove_answer_file"),
]
