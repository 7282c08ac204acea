from django.apps import AppConfig


class ApiConfig(AppConfig):
    name = "canut.api"
    label = "api"
