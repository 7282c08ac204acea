from django.apps import AppConfig


class BoardConfig(AppConfig):
    name = "canut.governance.board"
    label = "governance_board"
    default_auto_field = "django.db.models.BigAutoField"
