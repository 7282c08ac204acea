"""Addresses of proposals."""

from django.urls import path

from canut.web.proposals import acts, views, writing

urlpatterns = [
    path("decide/", views.decide, name="decide"),
    path("proposals/", views.proposals, name="proposals"),
    path("proposals/new/", writing.propose, name="propose"),
    path("proposals/ratification/", acts.ratification, name="ask_ratification"),
    path("proposals/<int:proposal_id>/", views.proposal, name="proposal"),
    path("proposals/<int:proposal_id>/versions/<int:number>/", views.version, name="proposal_version"),
    path("proposals/<int:proposal_id>/amend/", writing.amend, name="amend_proposal"),
    path("proposals/<int:proposal_id>/support/", acts.support, name="support_proposal"),
    path("proposals/<int:proposal_id>/sense/", acts.sense, name="check_sense"),
    path("proposals/<int:proposal_id>/team/", acts.to_team, name="ask_feasibility"),
    path("proposals/<int:proposal_id>/feasibility/", acts.feasibility, name="say_feasibility"),
    path("proposals/<int:proposal_id>/withdraw/", acts.withdraw, name="withdraw_proposal"),
]
