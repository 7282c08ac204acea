from django.apps import AppConfig


class HidingConfig(AppConfig):
    name = "canut.discussion.hiding"
    label = "discussion_hiding"
    default_auto_field = "django.db.models.BigAutoField"
