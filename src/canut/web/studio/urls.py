"""Addresses of the studio."""

from django.urls import path

from canut.web.studio.views import bringing, data, designs, drafts, publishing, running

urlpatterns = [
    path("studio/", drafts.projects, name="projects"),
    path("studio/new/", drafts.new_project, name="new_project"),
    path("studio/gallery/", bringing.gallery, name="gallery"),
    path("studio/gallery/<slug:name>/", bringing.gallery_example, name="gallery_example"),
    path("studio/import/", bringing.import_project, name="import_project"),
    path("studio/<int:project_id>/", running.project, name="studio_project"),
    path("studio/<int:project_id>/live/", running.live, name="project_live"),
    path("studio/<int:project_id>/details/", drafts.details, name="project_details"),
    path("studio/<int:project_id>/design/", designs.design, name="project_design"),
    path("studio/<int:project_id>/design/export/", designs.export_design, name="export_design"),
    path("studio/<int:project_id>/design/import/", bringing.import_into_design, name="import_into_design"),
    path("studio/<int:project_id>/preview/", drafts.preview, name="project_preview"),
    path("studio/<int:project_id>/preview/frame/", drafts.preview_frame, name="preview_frame"),
    path("studio/<int:project_id>/data/", data.data, name="project_data"),
    path("studio/<int:project_id>/data/<int:upload_id>/", data.download, name="project_file"),
    path("studio/<int:project_id>/data/<int:upload_id>/progress/", data.file_progress, name="file_progress"),
    path("studio/<int:project_id>/data/<int:upload_id>/add/", data.add, name="add_rows"),
    path("studio/<int:project_id>/data/<int:upload_id>/remove/", data.remove, name="remove_file"),
    path("studio/<int:project_id>/publish/", publishing.publish, name="project_publish"),
    path("studio/<int:project_id>/publish/least/", publishing.take_least, name="take_least_reward"),
    path("studio/<int:project_id>/publish/schedule/", publishing.schedule, name="schedule_project"),
    path("studio/<int:project_id>/deadline/", publishing.deadline, name="project_deadline"),
    path("studio/<int:project_id>/add-tasks/", publishing.add_paid, name="add_tasks"),
    path("studio/<int:project_id>/pause/", running.pause, name="pause_project"),
    path("studio/<int:project_id>/resume/", running.resume, name="resume_project"),
    path("studio/<int:project_id>/close/", running.close, name="close_project"),
    path("studio/<int:project_id>/duplicate/", running.duplicate, name="duplicate_project"),
]
