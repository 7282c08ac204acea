from django.apps import AppConfig


class CharterConfig(AppConfig):
    name = "canut.charter"
    label = "charter"
    default_auto_field = "django.db.models.BigAutoField"
