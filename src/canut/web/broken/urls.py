"""Addresses of broken tasks."""

from django.urls import path

from canut.web.broken import views

urlpatterns = [
    path("tasks/<int:assignment_id>/broken/", views.report, name="report_broken"),
    path("studio/<int:project_id>/broken/", views.rows, name="broken_rows"),
    path("studio/<int:project_id>/broken/decide/", views.decide, name="decide_broken_rows"),
    path("studio/<int:project_id>/broken/<int:row_id>/", views.row, name="broken_row"),
    path(
        "studio/<int:project_id>/broken/<int:row_id>/contest/<int:assignment_id>/",
        views.contest,
        name="contest_report",
    ),
]
