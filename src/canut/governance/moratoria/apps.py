from django.apps import AppConfig


class MoratoriaConfig(AppConfig):
    name = "canut.governance.moratoria"
    label = "governance_moratoria"
    default_auto_field = "django.db.models.BigAutoField"
