from django.apps import AppConfig


class ReplaysConfig(AppConfig):
    name = "canut.lab.replays"
    label = "lab_replays"
    default_auto_field = "django.db.models.BigAutoField"
