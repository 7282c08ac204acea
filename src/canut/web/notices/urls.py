"""Addresses of notices, of what somebody wants to be told, and of the link that stops a mail."""

from django.urls import path
from django.views.generic import RedirectView

from canut.web.notices import browsers, choices, stop, views

urlpatterns = [
    path("notices/", views.notices, name="notices"),
    path("notices/newer/", views.newer, name="newer_notices"),
    path("notices/<int:notice_id>/", views.open_one, name="open_notice"),
    path("notices/<int:notice_id>/mark/", views.mark, name="mark_notice"),
    path("notices/mark/", views.mark_all, name="mark_notices"),
    path("notices/unmark/", views.unmark_all, name="unmark_notices"),
    path("notices/choices/", choices.choices, name="notice_choices"),
    path("notices/choices/quiet-hours/", choices.quiet_hours, name="quiet_hours"),
    path("notices/choices/limit/", choices.limit, name="mail_limit"),
    path("notices/address/", choices.try_address, name="try_address"),
    path("notices/browsers/", browsers.add, name="add_browser"),
    path("notices/browsers/<int:browser_id>/stop/", browsers.drop, name="drop_browser"),
    path("notices/stop/<str:token>/", stop.stop, name="stop_mails"),
    path("account/notices/", RedirectView.as_view(pattern_name="notice_choices"), name="former_notices"),
    path("account/notices/worker.js", browsers.service_worker, name="push_worker"),
]
