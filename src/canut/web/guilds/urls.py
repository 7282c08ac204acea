"""Addresses of guilds."""

from django.urls import path

from canut.web.guilds import contesting, draws, own, views, voiding

urlpatterns = [
    path("guilds/", views.guilds, name="guilds"),
    path("guilds/new/", views.found, name="found_guild"),
    path("guilds/invitations/<int:invitation_id>/answer/", views.answer, name="answer_guild_invitation"),
    path(
        "guilds/invitations/<int:invitation_id>/withdraw/", views.withdraw, name="withdraw_guild_invitation"
    ),
    path("guilds/<int:guild_id>/", views.guild, name="guild"),
    path("guilds/<int:guild_id>/join/", views.join, name="join_guild"),
    path("guilds/<int:guild_id>/leave/", views.leave, name="leave_guild"),
    path("guilds/<int:guild_id>/give/", views.give, name="give_to_guild_fund"),
    path("guilds/<int:guild_id>/invite/", views.invite, name="invite_to_guild"),
    path("guilds/<int:guild_id>/change/", views.change, name="change_guild"),
    path("guilds/<int:guild_id>/mine/", own.mine, name="guild_mine"),
    path("guilds/<int:guild_id>/mine/decisions/<int:number>/", contesting.contest, name="contest_level"),
    path("guilds/<int:guild_id>/draws/", draws.draws, name="guild_draws"),
    path("guilds/<int:guild_id>/draws.csv", draws.file, {"shape": "csv"}, name="guild_draws_csv"),
    path("guilds/<int:guild_id>/draws.json", draws.file, {"shape": "json"}, name="guild_draws_json"),
    path("guilds/<int:guild_id>/reviews/", voiding.reviews, name="guild_reviews"),
    path("guilds/<int:guild_id>/reviews/<int:review_id>/", voiding.review, name="guild_review"),
]
