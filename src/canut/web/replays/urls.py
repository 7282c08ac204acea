"""Addresses of replays: what a setting would have changed."""

from django.urls import path

from canut.web.replays import views

urlpatterns = [
    path("replays/", views.replays, name="replays"),
    path("replays/<int:replay_id>/", views.replay, name="replay"),
    path("replays/<int:replay_id>/progress/", views.progress, name="replay_progress"),
    path("replays/<int:replay_id>/report.json", views.report, name="replay_report"),
    path("replays/of/<str:name>/", views.ask, name="ask_replay"),
]
