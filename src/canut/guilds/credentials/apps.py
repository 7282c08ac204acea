from django.apps import AppConfig


class CredentialsConfig(AppConfig):
    name = "canut.guilds.credentials"
    label = "guilds_credentials"
    default_auto_field = "django.db.models.BigAutoField"
