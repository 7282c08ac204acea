from django.apps import AppConfig


class SanctionsConfig(AppConfig):
    name = "canut.justice.sanctions"
    label = "justice_sanctions"
    default_auto_field = "django.db.models.BigAutoField"
