"""Addresses of the pages about oneself. Those with allauth's names stand in the place of its own."""

from django.urls import path, re_path

from canut.people.models import Document
from canut.web.people import views

urlpatterns = [
    path("account/", views.account, name="account"),
    path("account/profile/", views.profile, name="profile"),
    path("account/screen-name/", views.screen_name, name="screen_name"),
    path("account/roles/", views.roles, name="roles"),
    path("account/preferences/", views.preferences, name="preferences"),
    path("account/keys/", views.keys, name="keys"),
    path("account/keys/<int:key_id>/rotate/", views.rotate, name="rotate_key"),
    path("account/keys/<int:key_id>/revoke/", views.revoke, name="revoke_key"),
    path("account/lists/", views.lists, name="lists"),
    path("account/lists/<int:person_id>/remove/", views.unlist, name="unlist"),
    path("account/consents/", views.consents, name="consents"),
    path("account/data/", views.own_data, name="own_data"),
    path("account/data/file/", views.own_data_file, name="own_data_file"),
    path("account/close/", views.close, name="close_account"),
    path("account/signup/", views.SignUp.as_view(), name="account_signup"),
    path("account/sessions/", views.sessions, name="usersessions_list"),
    path("account/sessions/<int:session_id>/end/", views.end_one_session, name="end_session"),
    re_path(
        r"^account/password/reset/discard/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        views.discard_reset,
        name="discard_reset_links",
    ),
    path("language/", views.choose_language, name="choose_language"),
    path("terms/", views.document, {"name": Document.TERMS.value}, name="terms"),
    path("privacy/", views.document, {"name": Document.PRIVACY.value}, name="privacy"),
    path("mail/", views.mails, name="mails"),
    path("mail/<str:name>/", views.mail, name="mail"),
]
