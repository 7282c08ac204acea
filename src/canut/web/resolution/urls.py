"""Addresses of resolution juries."""

from django.urls import path

from canut.web.resolution import views

urlpatterns = [
    path("juries/", views.juries, name="resolutions"),
    path("juries/<int:jury_id>/", views.jury, name="resolution"),
    path("juries/<int:jury_id>/statement/", views.state, name="jury_statement"),
    path("juries/<int:jury_id>/statements/<int:statement_id>/back/", views.say_back, name="jury_say_back"),
    path("juries/<int:jury_id>/said-back/<int:restatement_id>/", views.answer, name="jury_answer"),
    path("juries/<int:jury_id>/wording/", views.wording, name="jury_wording"),
    path("juries/<int:jury_id>/choice/", views.choose, name="jury_choice"),
    path("proposals/<int:proposal_id>/jury/", views.call, name="call_jury"),
]
