"""Addresses of disputes, summaries, mediators and reports."""

from django.urls import path

from canut.web.mediation import public, views

urlpatterns = [
    path("justice/disputes/", views.disputes, name="disputes"),
    path("justice/disputes/begin/", views.begin, name="begin_dispute"),
    path("justice/disputes/<int:dispute_id>/", views.dispute, name="dispute"),
    path("justice/disputes/<int:dispute_id>/files/<uuid:file_id>/", views.fetch, name="dispute_file"),
    path(
        "justice/disputes/<int:dispute_id>/files/<uuid:file_id>/take-back/",
        views.take_back,
        name="take_back_dispute_file",
    ),
    path("justice/disputes/<int:dispute_id>/<slug:name>/", views.act, name="dispute_act"),
    path("justice/mediation/summaries/", public.summaries, name="summaries"),
    path("justice/mediation/summaries/<int:precedent_id>/", public.summary, name="summary"),
    path("justice/mediation/mediators/", public.mediators, name="mediators"),
    path("justice/mediation/mediators/appoint/", public.appoint, name="appoint_mediators"),
    path("justice/mediation/mediators/<int:mediator_id>/end/", public.dismiss, name="dismiss_mediator"),
    path("justice/mediation/reports/", public.reports, name="mediation_reports"),
    path("justice/mediation/reports/<int:year>/", public.report, name="mediation_report"),
    path(
        "justice/mediation/reports/<int:year>.csv",
        public.report_file,
        {"shape": "csv"},
        name="mediation_report_csv",
    ),
    path(
        "justice/mediation/reports/<int:year>.json",
        public.report_file,
        {"shape": "json"},
        name="mediation_report_json",
    ),
]
