"""Addresses of a worker's own work."""

from django.urls import path

from canut.web.frames.on_pages import task_frames
from canut.web.tasks import views

urlpatterns = [
    path("work/", views.my_work, name="my_work"),
    path("work/next/", views.choose, name="next_choice"),
    path("work/<int:assignment_id>/", views.task, name="task"),
    path("work/<int:assignment_id>/hand-in", views.hand_in, name="hand_in"),
    path("work/<int:assignment_id>/draft/", views.draft, name="keep_draft"),
    path("work/<int:assignment_id>/frames/", task_frames, name="task_frames"),
    path("work/<int:assignment_id>/skip/", views.skip, name="skip_task"),
    path("work/<int:assignment_id>/give-back/", views.give_back, name="give_back_task"),
    path("work/<int:assignment_id>/rate/", views.rate, name="rate_requester"),
    path("earnings/", views.earnings, name="earnings"),
    path("pay/", views.pay_figures, name="pay_figures"),
]
