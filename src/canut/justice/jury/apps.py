from django.apps import AppConfig


class JuryConfig(AppConfig):
    name = "canut.justice.jury"
    label = "justice_jury"
    default_auto_field = "django.db.models.BigAutoField"
