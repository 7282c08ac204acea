from django.apps import AppConfig


class MediationConfig(AppConfig):
    name = "canut.justice.mediation"
    label = "justice_mediation"
    default_auto_field = "django.db.models.BigAutoField"
