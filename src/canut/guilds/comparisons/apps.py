from django.apps import AppConfig


class ComparisonsConfig(AppConfig):
    name = "canut.guilds.comparisons"
    label = "guilds_comparisons"
    default_auto_field = "django.db.models.BigAutoField"
