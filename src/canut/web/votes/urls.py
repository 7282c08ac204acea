"""Addresses of votes."""

from django.urls import path

from canut.web.votes import views

urlpatterns = [
    path("votes/", views.votes, name="votes"),
    path("votes/<int:vote_id>/", views.vote, name="vote"),
    path("votes/<int:vote_id>/ballot/", views.cast, name="cast_ballot"),
    path("votes/<int:vote_id>/ballots/", views.ballots, name="vote_ballots"),
    path("votes/<int:vote_id>/result.json", views.result, name="vote_result"),
]
