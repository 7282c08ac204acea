"""Addresses of the hub of justice, of jury seats and of the justice fund."""

from django.urls import path

from canut.web.juries import fund, views

urlpatterns = [
    path("justice/", views.hub, name="justice"),
    path("justice/seats/", views.seats, name="jury_seats"),
    path("justice/seats/<int:seat_id>/", views.seat, name="jury_seat"),
    path("justice/seats/<int:seat_id>/take/", views.take, name="take_jury_seat"),
    path("justice/seats/<int:seat_id>/decline/", views.decline, name="decline_jury_seat"),
    path("justice/seats/<int:seat_id>/files/<int:number>/", views.fetch, name="jury_seat_file"),
    path("justice/fund/", fund.fund, name="justice_fund"),
    path("justice/fund/give/", fund.give, name="give_to_justice_fund"),
]
