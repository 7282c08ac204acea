from django.apps import AppConfig


class ConversationsConfig(AppConfig):
    name = "canut.forums.conversations"
    label = "forums_conversations"
    default_auto_field = "django.db.models.BigAutoField"
