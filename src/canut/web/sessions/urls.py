"""Addresses of sessions, of sensitive work, and of refusing a project."""

from django.urls import path

from canut.web.sessions import refusing, views

urlpatterns = [
    path("projects/<int:project_id>/session/", views.open_one, name="open_session"),
    path("projects/<int:project_id>/accept-risks/", views.accept, name="accept_risks"),
    path("projects/<int:project_id>/refuse/", refusing.refuse, name="refuse_project"),
    path("sessions/<int:session_id>/close/", views.close, name="close_session"),
    path("sessions/<int:session_id>/break/", views.rest, name="take_break"),
    path("sessions/<int:session_id>/back/", views.back, name="end_break"),
    path("sessions/<int:session_id>/seen/", views.seen, name="note_seen"),
    path("earnings/sessions/", views.history, name="sessions"),
    path("account/sensitive-work/", views.sensitive_work, name="sensitive_work"),
    path("studio/<int:project_id>/hours/", views.hours, name="project_hours"),
    path("studio/<int:project_id>/withdrawal/", refusing.withdrawal, name="withdrawal"),
    path("studio/<int:project_id>/reinstate/", refusing.reinstate, name="reinstate_project"),
]
