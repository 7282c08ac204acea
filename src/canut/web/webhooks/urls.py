"""Addresses of webhooks."""

from django.urls import path

from canut.web.webhooks import views

urlpatterns = [
    path("account/webhooks/", views.webhooks, name="webhooks"),
    path("account/webhooks/<int:endpoint_id>/", views.webhook, name="webhook"),
    path("account/webhooks/<int:endpoint_id>/secret/", views.secret, name="webhook_secret"),
    path("account/webhooks/<int:endpoint_id>/try/", views.try_out, name="try_webhook"),
    path("account/webhooks/<int:endpoint_id>/again/", views.all_again, name="webhook_all_again"),
    path("account/webhooks/<int:endpoint_id>/delete/", views.drop, name="drop_webhook"),
    path(
        "account/webhooks/<int:endpoint_id>/messages/<int:message_id>/",
        views.message,
        name="webhook_message",
    ),
]
