"""Addresses of results."""

from django.urls import path

from canut.web.results import views

urlpatterns = [
    path("studio/<int:project_id>/results/", views.results, name="results"),
    path("studio/<int:project_id>/results/export/", views.export, name="export_results"),
    path(
        "studio/<int:project_id>/results/<int:computation_id>/progress/",
        views.progress,
        name="results_progress",
    ),
    path("studio/<int:project_id>/results/<int:computation_id>/file/", views.download, name="results_file"),
]
