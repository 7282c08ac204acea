from django.apps import AppConfig


class FlagsConfig(AppConfig):
    name = "canut.justice.flags"
    label = "justice_flags"
    default_auto_field = "django.db.models.BigAutoField"
