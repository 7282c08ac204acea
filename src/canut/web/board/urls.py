"""Addresses of the board."""

from django.urls import path

from canut.web.board import elections, motions, views

urlpatterns = [
    path("board/", views.board, name="board"),
    path("board/elections/", elections.elections, name="board_elections"),
    path("board/elections/<int:election_id>/", elections.election, name="board_election"),
    path("board/elections/<int:election_id>/stand/", elections.stand, name="stand_for_board"),
    path("board/elections/<int:election_id>/withdraw/", elections.withdraw, name="withdraw_from_board"),
    path("board/elections/<int:election_id>/ballot/", elections.cast, name="cast_board_ballot"),
    path("board/elections/<int:election_id>/ballots/", elections.ballots, name="board_ballots"),
    path("board/elections/<int:election_id>/election.json", elections.file, name="board_election_file"),
    path("board/seats/<int:seat_id>/leave/", views.leave, name="leave_board"),
    path("board/seats/<int:seat_id>/recall/", views.petition, name="petition_recall"),
    path("board/recalls/<int:petition_id>/", views.recall, name="board_recall"),
    path("board/recalls/<int:petition_id>/sign/", views.sign, name="sign_recall"),
    path("board/recalls/<int:petition_id>/withdraw/", views.withdraw, name="withdraw_recall"),
    path("board/motions/new/", motions.move, name="move_motion"),
    path("board/motions/<int:motion_id>/", motions.motion, name="board_motion"),
    path("board/motions/<int:motion_id>/vote/", motions.vote, name="vote_on_motion"),
]
