from django.apps import AppConfig


class FacilitatedConfig(AppConfig):
    name = "canut.discussion.facilitated"
    label = "discussion_facilitated"
    default_auto_field = "django.db.models.BigAutoField"
