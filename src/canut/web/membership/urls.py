"""Addresses of membership and of lots."""

from django.urls import path

from canut.web.membership import invitations, lots, refusals, requests, views

urlpatterns = [
    path("membership/", views.membership, name="membership"),
    path("membership/ask/", views.ask, name="ask_admission"),
    path("membership/ask/withdraw/", views.withdraw, name="withdraw_admission_request"),
    path("membership/college/", views.college, name="choose_college"),
    path("membership/leave/", views.leave, name="leave_membership"),
    path("membership/members/", views.members, name="members"),
    path("membership/requests/", requests.waiting, name="admission_requests"),
    path("membership/requests/<int:request_id>/vouch/", requests.give, name="vouch"),
    path("membership/requests/<int:request_id>/take-back/", requests.take_back, name="take_back_voucher"),
    path("membership/requests/<int:request_id>/check/", requests.check, name="check_identity"),
    path("membership/requests/<int:request_id>/refuse/", requests.refuse, name="refuse_admission"),
    path("membership/refusals/", refusals.refusals, name="admission_refusals"),
    path("membership/refusals/<int:refusal_id>/", refusals.refusal, name="admission_refusal"),
    path("membership/checks/", requests.checks, name="identity_checks"),
    path("membership/invitations/", invitations.made, name="member_invitations"),
    path(
        "membership/invitations/<int:invitation_id>/withdraw/",
        invitations.withdraw,
        name="withdraw_member_invitation",
    ),
    path("membership/invitations/<str:token>/", invitations.invitation, name="member_invitation"),
    path("lots/", lots.lots, name="lots"),
    path("lots/<int:number>/", lots.lot, name="lot"),
    path("lots/<int:number>/answer/", lots.answer, name="answer_seat"),
    path("lots/<int:number>.csv", lots.file, {"shape": "csv"}, name="lot_csv"),
    path("lots/<int:number>.json", lots.file, {"shape": "json"}, name="lot_json"),
]
