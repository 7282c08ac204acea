"""The lab's study of guilds: the real rules, on people whose skill is known, and a check that can fail."""

import json
import subprocess
import sys
from dataclasses import fields, replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from canut.cli.main import main
from canut.guilds import rules_draws, rules_levels, rules_reviewers
from canut.guilds.rules_reviewers import STAGES, Candidate
from canut.lab import guilds, guilds_played
from canut.lab.guilds import run_guilds
from canut.lab.guilds_people import Members, verdict_of, world_of
from canut.lab.guilds_played import REVIEWER_RULE, Told, Ways, after_windows, hours, may, offered, play
from canut.lab.guilds_tables import as_text, verdict

SMALL = Members(members=30, tasks=100, ring=4)
SEEDS = (1, 2, 3, 4, 5, 6)


def same(first: Told, other: Told) -> bool:
    return all(
        np.array_equal(
            getattr(first, one.name), getattr(other, one.name), equal_nan=one.name in ("right", "off")
        )
        for one in fields(Told)
    )


class TestTheRulesAreTheSites:
    def test_no_rule_is_copied(self) -> None:
        assert guilds_played.level_after is rules_levels.level_after
        assert guilds_played.drawn_number is rules_draws.drawn_number
        assert guilds_played.reviewer_levels is rules_reviewers.reviewer_levels
        assert guilds_played.stage_begins_after is rules_reviewers.stage_begins_after

    def test_a_full_window_leads_where_the_rule_says(self) -> None:
        after, why = after_windows()
        names = [guilds_played.WHYS[number] for number in why[2]]
        assert after[2, [10, 11, 30, 31, 39, 40]].tolist() == [1, 2, 2, 3, 3, 4]
        assert [names[total] for total in (10, 11, 30, 31, 39, 40)] == [
            "fall",
            "stay",
            "stay",
            "rise_one",
            "rise_one",
            "rise_two",
        ]

    @given(draw=st.randoms(use_true_random=False))
    def test_who_may_review_is_whom_the_rule_names(self, draw) -> None:
        many, level = draw.choice([3, 12, 30]), draw.randint(1, 4)
        tall = draw.choice([[1], [1, 2], [1, 2, 3, 4], [2, 2, 2, 3]])
        candidates = [
            Candidate(
                number,
                draw.choice(tall),
                busy=draw.randint(0, 2),
                done_30_days=draw.randint(0, 2),
                is_author=draw.random() < 0.1,
                was_reviewed_by_author=draw.random() < 0.4,
            )
            for number in range(many)
        ]
        levels = np.array([[one.level for one in candidates]], np.int16)
        asked = {
            "levels": levels,
            "item_level": np.array([level], np.int16),
            "barred": np.array([[one.is_author for one in candidates]]),
            "owed": np.array([[one.was_reviewed_by_author for one in candidates]]),
        }
        for stage in STAGES:
            named = rules_reviewers.eligible(stage, candidates, item_level=level, rule=REVIEWER_RULE)
            assert np.flatnonzero(may(stage, **asked)[0]).tolist() == [one.id for one in named]
        rule = rules_reviewers.first_offers(candidates, item_level=level, rule=REVIEWER_RULE, seed=b"")
        found = offered(
            may(0, **asked),
            busy=np.array([[one.busy for one in candidates]], np.int16),
            done=np.array([[one.done_30_days for one in candidates]], np.int16),
            lots=np.array([[draw.random() for _member in range(many)]], np.float32),
        )
        chosen = [candidates[number] for number in np.flatnonzero(found[0])]
        # the same but for ties, which chance breaks
        assert sorted((one.busy, one.done_30_days) for one in chosen) == sorted(
            (one.busy, one.done_30_days) for one in rule
        )

    def test_the_circle_widens_when_the_rule_says(self) -> None:
        assert hours(Ways()) == [(0, 2), (2, 24), (24, 48), (48, 168)]
        assert hours(Ways(least_busy=False))[1] == (0, 24)


class TestThePeople:
    def test_a_verdict_goes_by_the_level_of_who_did_the_work(self) -> None:
        pieces = [-1.5, -0.5, 0.5, 1.5, 2.5]
        assert verdict_of(pieces, 1).tolist() == [1, 2, 3, 4, 4]
        assert verdict_of(pieces, 2).tolist() == [1, 1, 2, 3, 4]
        assert verdict_of(pieces, 4).tolist() == [1, 1, 1, 1, 2]

    def test_requesters_reject_the_share_they_are_said_to(self) -> None:
        people = replace(SMALL, members=200, tasks=1000, requesters=((1.0, 0.05),))
        rejected = 1 - world_of(people, (1, 2)).accepted[:, -1] / people.tasks
        assert rejected.mean() == pytest.approx(0.05, abs=0.005)
        # and the weakest more than the best
        skill = world_of(people, (1, 2)).skill
        assert rejected[skill < -1].mean() > 10 * rejected[skill > 1].mean()

    def test_a_ring_is_of_the_weaker_half(self) -> None:
        world = world_of(SMALL, SEEDS)
        assert world.ring.sum(axis=1).tolist() == [4] * 6
        for skill, ring in zip(world.skill, world.ring, strict=True):
            assert skill[ring].max() <= np.median(skill)

    @pytest.mark.parametrize(
        ("wrong", "says"),
        [
            ({"members": 5}, "at least 10"),
            ({"tasks": 99}, "at least 100 tasks"),
            ({"ring": 0}, "at least one"),
            ({"ring": 16}, "weaker half"),
            ({"lazy": 1.1}, "between 0 and 1"),
            ({"recognised": float("nan")}, "between 0 and 1"),
            ({"requesters": ((1.0, 0.0),)}, "nothing and everything"),
            ({"tasks_for_one": 0}, "at least one task"),
        ],
    )
    def test_people_that_cannot_be_are_refused(self, wrong, says) -> None:
        with pytest.raises(ValueError, match=says):
            replace(SMALL, **wrong)


class TestAGuild:
    def test_what_becomes_of_a_seed_does_not_depend_on_the_others(self) -> None:
        colluding = replace(SMALL, collude=True)
        together, alone = play(colluding, Ways(), (1, 2, 3)), play(colluding, Ways(), (2,))
        assert same(together, play(colluding, Ways(), (1, 2, 3)))
        for one in fields(Told):
            found, other = getattr(together, one.name)[1], getattr(alone, one.name)[0]
            assert np.array_equal(found, other, equal_nan=one.name in ("right", "off"))
        assert not same(alone, play(colluding, Ways(), (3,)))

    def test_one_of_ten_items_is_reviewed_and_each_verdict_counts_once(self) -> None:
        guild = guilds_played._Guilds(SMALL, Ways(), SEEDS)
        told = guild.played()
        drawn = told.stages.sum(axis=1)
        assert drawn.tolist() == guild.block.sum(axis=1).tolist()
        items = guild.block.sum(axis=1) * 10 + guild.fill.sum(axis=1)
        assert (guild.fill < 10).all()
        submissions = SMALL.members * SMALL.tasks
        assert (items > submissions).all()  # first-level reviews are items too
        assert (items < submissions + drawn).all()  # and reviews of reviews are not
        assert guild.counts.sum(axis=1).tolist() == (drawn - told.stages[:, -1]).tolist()
        decisions = (guild.counts - guild.window_count).sum(axis=1) // 10
        assert decisions.tolist() == told.whys.sum(axis=(1, 2)).tolist()
        assert (told.moved <= told.whys).all()

    def test_nobody_reviews_their_own_work_nor_back_within_the_days(self) -> None:
        guild = guilds_played._Guilds(replace(SMALL, members=60), Ways(), SEEDS)
        guild.played()
        met = guild.reviewed_on > -1000
        assert not met[:, range(60), range(60)].any()
        # the whole run is shorter than the days; so few are both ways only where others were too few
        assert (met & met.swapaxes(1, 2)).sum() < 0.02 * met.sum()
        free = guilds_played._Guilds(replace(SMALL, members=60), Ways(reciprocity=False), SEEDS)
        free.played()
        met = free.reviewed_on > -1000
        assert (met & met.swapaxes(1, 2)).sum() > 0.05 * met.sum()

    def test_reviews_by_clear_eyes_tell_skill_and_by_closed_ones_nothing(self) -> None:
        sharp = replace(SMALL, eye_spread=0.01, bias_spread=0.0, lazy=0.0, work_spread=0.3)
        row = guilds._order_row("sharp", sharp, play(sharp, Ways(), SEEDS))
        assert row.correlations[100]["score"].low > 0.85
        blind = replace(SMALL, lazy=1.0)
        row = guilds._order_row("blind", blind, play(blind, Ways(), SEEDS))
        assert row.correlations[100]["score"].holds_zero
        assert row.leads[100].high < 0

    def test_who_sees_better_the_better_they_are_is_seen_in_who_is_right(self) -> None:
        told = play(replace(Members(), tasks=200, eye_falls=0.8, lazy=0.0), Ways(), SEEDS)
        above, level = np.nanmean(told.right, axis=0)
        assert above > level + 0.1

    def test_friends_change_nothing_where_they_know_nothing(self) -> None:
        knowing = replace(SMALL, collude=True, recognised=0.0)
        found, without = play(knowing, Ways(), SEEDS), play(SMALL, Ways(), SEEDS)
        assert np.array_equal(found.levels, without.levels)
        assert np.array_equal(found.sums, without.sums)

    def test_a_ring_gains_where_no_rule_stops_it(self) -> None:
        members = replace(Members(), tasks=200)
        stopped = guilds._ring_row("all", members, Ways(), SEEDS, leaves=False)
        free = guilds._ring_row("none", members, Ways(False, False, False), SEEDS, leaves=False)
        assert stopped.last.high < 0.5
        assert free.last.low > 1.5
        assert free.beyond.mean > 0.5


class TestTheCommand:
    def test_check_leaves_with_0_where_all_is_shown(self, tmp_path, capsys) -> None:
        assert self.code("--rejected", "0.001", out=tmp_path) == 0
        said = capsys.readouterr().out
        assert "the mean score leads the acceptance rate by 0." in said
        assert "NOT SHOWN" not in said

    def test_check_leaves_with_1_where_acceptance_tells_as_much(self, tmp_path, capsys) -> None:
        assert self.code("--rejected", "0.2", out=tmp_path) == 1
        said = capsys.readouterr().out
        assert "NOT SHOWN:\n  At 100 tasks the mean score leads the acceptance rate by −0." in said

    @pytest.mark.long
    def test_check_leaves_with_1_where_a_ring_gains_too_much(self, tmp_path, capsys) -> None:
        words = [
            "--recognised",
            "1",
            "--tasks",
            "400",
            "--members",
            "100",
            "--ring",
            "10",
            "--rejected",
            "0.001",
        ]
        assert self.code(*words, out=tmp_path) == 1
        assert "A ring of 10 that leaves all other reviews gains 1." in capsys.readouterr().out

    def test_without_check_it_leaves_with_0_all_the_same(self, tmp_path) -> None:
        assert self.code("--rejected", "0.2", out=tmp_path, check=False) == 0

    def test_json_is_for_programs(self, tmp_path, capsys) -> None:
        self.code("--format", "json", "--rejected", "0.2", out=tmp_path)
        found = json.loads(capsys.readouterr().out)
        assert found["members"]["ring"] == 4
        assert found["failed"]
        assert [row["leaves"] for row in found["rings"] if row["is_checked"]] == [False, True]
        assert json.loads((tmp_path / "results.json").read_text()) == found

    @pytest.mark.parametrize(
        ("words", "says"),
        [
            (["--seeds", "4"], "at least 5 runs"),
            (["--members", "3"], "at least 10 members"),
            (["--tasks", "50"], "at least 100 tasks"),
            (["--ring", "0"], "at least one member"),
            (["--rejected", "1"], "nothing and everything"),
        ],
    )
    def test_what_cannot_be_is_refused_in_a_sentence(self, words, says, tmp_path, capsys) -> None:
        with pytest.raises(SystemExit) as left:
            main(["lab", "guilds", "--out", str(tmp_path / "new"), *words])
        assert left.value.code == 1
        assert says in capsys.readouterr().err
        assert not (tmp_path / "new").exists()

    @staticmethod
    def code(*words: str, out, check: bool = True) -> object:
        small = ["--seeds", "5", "--members", "40", "--tasks", "100", "--ring", "4", "--brief"]
        with pytest.raises(SystemExit) as left:
            main(["lab", "guilds", *small, *(["--check"] if check else []), "--out", str(out), *words])
        return left.value.code


@pytest.mark.long
def test_a_whole_run_says_what_is_assumed_and_found_and_draws_it(tmp_path) -> None:
    from canut.lab.guilds_plots import draw

    report = run_guilds(SMALL, seeds=range(5), say=lambda _sentence: None)
    text = as_text(report)
    for words in ("All this is assumed", "each task for another requester", "none of the three", "level 4"):
        assert words in text
    assert text.endswith("\n".join(verdict(report)) + "\n")
    assert max(map(len, text.splitlines())) <= 110
    files = {path.name: path.read_bytes() for path in draw(report, tmp_path)}
    assert sorted(files) == sorted(
        f"{name}.{kind}" for name in ("order", "levels", "rings", "blindness") for kind in ("png", "svg")
    )
    assert all(files[name].startswith(b"\x89PNG") for name in files if name.endswith("png"))
    assert b"acceptance rate" in files["order.svg"]


def test_nothing_loads_the_drawing_library_before_something_is_drawn() -> None:
    code = "import sys, canut.cli.lab, canut.lab.guilds, canut.lab.guilds_plots; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert "canut.lab.guilds_plots" in loaded
    assert "matplotlib" not in loaded
