"""Addresses of appeals."""

from django.urls import path

from canut.web.cases import views

urlpatterns = [
    path("work/<int:assignment_id>/appeal/", views.appeal, name="appeal"),
    path("justice/rejections/<int:assignment_id>/", views.of_rejection, name="rejection_case"),
    path("justice/cases/", views.cases, name="cases"),
    path("justice/cases/against/", views.against, name="cases_against"),
    path("justice/cases/<int:case_id>/", views.case, name="case"),
    path("justice/cases/<int:case_id>/files/", views.add_file, name="add_case_file"),
    path("justice/cases/<int:case_id>/take-back/", views.take_back, name="take_back_case"),
    path("justice/case-files/<uuid:file_id>/", views.fetch, name="case_file"),
    path("justice/case-files/<uuid:file_id>/remove/", views.remove_file, name="remove_case_file"),
]
