"""Addresses of the statistics on justice."""

from django.urls import path

from canut.web.statistics import views

urlpatterns = [
    path("justice/statistics/", views.newest, name="justice_statistics"),
    path("justice/statistics/<int:year>/", views.of_year, name="justice_statistics_year"),
    path("justice/statistics/<int:year>.csv", views.csv_of_year, name="justice_statistics_csv"),
]
