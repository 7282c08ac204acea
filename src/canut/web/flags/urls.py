"""Addresses of flags."""

from django.urls import path

from canut.web.flags import operators, own

urlpatterns = [
    path("justice/flags/", own.mine, name="flags"),
    path("justice/flags/new/<str:kind>/<int:subject_id>/", own.flag, name="flag"),
    path("justice/flags/<int:matter_id>/", own.matter, name="flag_matter"),
    path("justice/flags/<int:matter_id>/object/", own.object_to, name="object_to_hiding"),
    path("justice/flags/queue/", operators.queue, name="flag_queue"),
    path("justice/flags/queue/<int:matter_id>/", operators.matter, name="flag_queue_matter"),
    path("justice/flags/queue/<int:matter_id>/answer/", operators.answer, name="answer_flag_objection"),
]
