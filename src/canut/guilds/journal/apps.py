from django.apps import AppConfig


class JournalConfig(AppConfig):
    name = "canut.guilds.journal"
    label = "guilds_journal"
    default_auto_field = "django.db.models.BigAutoField"
