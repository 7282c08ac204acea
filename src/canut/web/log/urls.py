"""Addresses of the public log, which anybody may read."""

from django.urls import path

from canut.web.log import views

urlpatterns = [
    path("log/", views.log, name="log"),
    path("log/export.jsonl", views.export_file, name="log_export"),
    path("log/checkpoint", views.checkpoint, name="log_checkpoint"),
    path("log/heads/", views.heads, name="log_heads"),
    path("log/witnesses/", views.register, name="log_register_witness"),
    path("log/witnesses/<int:witness_id>/end/", views.end, name="log_end_witness"),
    path("log/<int:number>/", views.entry, name="log_entry"),
]
