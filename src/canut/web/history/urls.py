"""Addresses of the history of one's work."""

from django.urls import path

from canut.web.history import views
from canut.work.history.asked import Role

urlpatterns = [
    path("history/", views.history, name="history"),
    path("history/worked/", views.page_of, {"role": Role.WORKER}, name="worked"),
    path("history/worked/file/", views.file_of, {"role": Role.WORKER}, name="worked_file"),
    path("history/requested/", views.page_of, {"role": Role.REQUESTER}, name="requested"),
    path("history/requested/file/", views.file_of, {"role": Role.REQUESTER}, name="requested_file"),
]
