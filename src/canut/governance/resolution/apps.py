from django.apps import AppConfig


class ResolutionConfig(AppConfig):
    name = "canut.governance.resolution"
    label = "governance_resolution"
    default_auto_field = "django.db.models.BigAutoField"
