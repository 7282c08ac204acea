from django.apps import AppConfig


class GuildsConfig(AppConfig):
    name = "canut.guilds"
    label = "guilds"
    default_auto_field = "django.db.models.BigAutoField"
