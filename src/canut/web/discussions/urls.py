"""Addresses of facilitated discussions."""

from django.urls import path

from canut.web.discussions import views

urlpatterns = [
    path("guilds/<int:guild_id>/discussions/", views.of_guild, name="guild_discussions"),
    path("guilds/<int:guild_id>/discussions/open/", views.open_in_guild, name="open_guild_discussion"),
    path("proposals/<int:proposal_id>/discussions/", views.of_proposal, name="proposal_discussions"),
    path(
        "proposals/<int:proposal_id>/discussions/open/",
        views.open_about_proposal,
        name="open_proposal_discussion",
    ),
    path("discussions/<int:discussion_id>/", views.discussion, name="discussion"),
    path("discussions/<int:discussion_id>/record/", views.record, name="discussion_record"),
    path("discussions/<int:discussion_id>/record/write/", views.write, name="write_discussion_record"),
    path("discussions/<int:discussion_id>/parts/", views.call, name="call_for_part"),
    path("discussions/<int:discussion_id>/parts/<int:call_id>/", views.answer, name="answer_part_call"),
    path("discussions/<int:discussion_id>/step-down/", views.step_down, name="step_down"),
    path("discussions/<int:discussion_id>/summary/", views.summary, name="write_discussion_summary"),
    path("discussions/<int:discussion_id>/statements/", views.statement, name="put_statement"),
    path("discussions/<int:discussion_id>/statements/<int:number>/", views.mark, name="mark_statement"),
    path("discussions/<int:discussion_id>/naming/", views.naming, name="choose_discussion_naming"),
    path("discussions/<int:discussion_id>/objection/", views.objection, name="object_to_record"),
    path("discussions/<int:discussion_id>/withdraw/", views.withdraw, name="withdraw_discussion"),
]
