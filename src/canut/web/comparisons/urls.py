"""Addresses of comparisons of accepted answers."""

from django.urls import path

from canut.web.comparisons import views

urlpatterns = [
    path("studio/<int:project_id>/comparisons/", views.comparisons, name="comparisons"),
    path("studio/<int:project_id>/comparisons/new/", views.ask, name="ask_comparison"),
    path("studio/<int:project_id>/comparisons/scores.csv", views.scores_file, name="comparison_scores"),
]
