from django.apps import AppConfig


class BallotsConfig(AppConfig):
    name = "canut.governance.ballots"
    label = "governance_ballots"
    default_auto_field = "django.db.models.BigAutoField"
