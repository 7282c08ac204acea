from django.apps import AppConfig


class NoticesConfig(AppConfig):
    name = "canut.people.notices"
    label = "people_notices"
    default_auto_field = "django.db.models.BigAutoField"
