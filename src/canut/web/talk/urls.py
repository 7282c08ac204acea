"""Addresses of threads and forums."""

from django.urls import path

from canut.web.talk import conversations, posts, views

urlpatterns = [
    path("talk/", views.talk, name="talk"),
    path("talk/own/", posts.own, name="own_posts"),
    path("talk/threads/<int:thread_id>/", views.thread, name="thread"),
    path("talk/threads/<int:thread_id>/newer/", views.newer, name="newer_posts"),
    path("talk/threads/<int:thread_id>/follow/", views.follow, name="follow_thread"),
    path("talk/threads/<int:thread_id>/close/", views.close, name="close_thread"),
    path("talk/threads/<int:thread_id>/posts/<int:number>/", posts.wordings, name="post_wordings"),
    path("talk/threads/<int:thread_id>/posts/<int:number>/edit/", posts.edit, name="edit_post"),
    path("talk/threads/<int:thread_id>/posts/<int:number>/take-back/", posts.take_back, name="withdraw_post"),
    path("talk/threads/<int:thread_id>/posts/<int:number>/tell-all/", conversations.tell, name="tell_all"),
    path(
        "talk/threads/<int:thread_id>/posts/<int:number>/files/<uuid:file_id>/remove/",
        conversations.remove,
        name="remove_message_file",
    ),
    path("talk/conversations/", conversations.conversations, name="conversations"),
    path("talk/files/<uuid:file_id>/", conversations.fetch, name="message_file"),
    path("talk/notes/<int:note_id>/take-back/", conversations.take_back, name="take_note_back"),
    path("projects/<int:project_id>/ask/", conversations.ask, name="ask_alone"),
    path("projects/<int:project_id>/notes/", conversations.notes, name="project_notes"),
    path("projects/<int:project_id>/talk/", views.project, name="project_talk"),
    path("guilds/<int:guild_id>/forum/", views.guild, name="guild_forum"),
    path("colleges/<str:name>/forum/", views.college, name="college_forum"),
]
