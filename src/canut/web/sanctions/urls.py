"""Addresses of sanctions."""

from django.urls import path

from canut.web.sanctions import linked, operators, own

urlpatterns = [
    path("justice/sanctions/", own.mine, name="sanctions"),
    path("justice/sanctions/grounds/", own.grounds, name="sanction_grounds"),
    path("justice/sanctions/link/<str:token>/", linked.linked, name="linked_sanction"),
    path("justice/sanctions/link/<str:token>/statement.txt", linked.statement, name="linked_statement"),
    path("justice/sanctions/link/<str:token>/files/<uuid:file_id>/", linked.file, name="linked_file"),
    path("justice/sanctions/all/", operators.every_one, name="all_sanctions"),
    path("justice/sanctions/new/", operators.decide, name="decide_sanction"),
    path("justice/sanctions/proposals/", operators.proposals, name="sanction_proposals"),
    path("justice/sanctions/proposals/<int:proposal_id>/", operators.proposal, name="sanction_proposal"),
    path("justice/sanctions/<int:sanction_id>/", own.sanction, name="sanction"),
    path("justice/sanctions/<int:sanction_id>/statement.txt", own.statement, name="sanction_statement"),
    path("justice/sanctions/<int:sanction_id>/files/<uuid:file_id>/", own.file, name="sanction_file"),
    path("justice/sanctions/<int:sanction_id>/answer/", own.answer, name="answer_sanction"),
    path("justice/sanctions/<int:sanction_id>/ask-review/", own.ask, name="ask_sanction_review"),
    path("justice/sanctions/<int:sanction_id>/appeal/", own.appeal, name="appeal_sanction"),
    path("justice/sanctions/<int:sanction_id>/review/", operators.review, name="review_sanction"),
    path("justice/sanctions/<int:sanction_id>/withdraw/", operators.withdraw, name="withdraw_sanction"),
]
