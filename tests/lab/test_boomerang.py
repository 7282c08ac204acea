"""The lab's Boomerang studies: the real rules, right intervals, and nothing shown that is not there."""

import json
import subprocess
import sys
from dataclasses import replace
from decimal import Decimal
from random import Random

import pytest

from canut.cli.main import main
from canut.lab import boomerang, boomerang_newcomers, boomerang_ratings
from canut.lab.boomerang import Compared, run_boomerang
from canut.lab.boomerang_agents import Agents, Rater, drawn_raters, weighed
from canut.lab.boomerang_newcomers import run_newcomers
from canut.lab.boomerang_ratings import reach_by_place, run_study, score_of, standing_from
from canut.lab.boomerang_statistics import interval, ranks, spearman, t_quantile
from canut.lab.boomerang_tables import as_text, verdict
from canut.reputation import rules_cascade, rules_ratings

BEST, MIDDLE, LEAST = Decimal(3), Decimal(2), Decimal(1)
SMALL = Agents(raters=12, workers=15, works_a_round=5, requesters=10, tasks_a_round=3, pairs=10, beats=24)


def a_rater(**changed: float) -> Rater:
    known = {"pressure": 1.0, "candour": 0.5, "stake": 1.0} | changed
    return Rater("strategic", always_best=False, **known)


class TestTheRulesAreTheSites:
    def test_no_rule_is_copied(self) -> None:
        assert boomerang_ratings.standing_toward is rules_ratings.standing_toward
        assert boomerang_ratings.requester_score is rules_ratings.requester_score
        for rule in ("next_threshold", "fallen", "is_newcomer_place", "newcomer_may_enter"):
            assert getattr(boomerang_newcomers, rule) is getattr(rules_cascade, rule)

    def test_a_standing_counts_older_ratings_three_tenths(self) -> None:
        assert standing_from(()) == Decimal("1.99")
        assert standing_from((LEAST,)) == 1
        assert standing_from((LEAST, BEST)) == Decimal("2.54")  # (3 + 0.3 × 1) / 1.3, the newest first
        assert standing_from((BEST, BEST, LEAST)) == Decimal("1.56")  # (1 + 0.9 + 0.27) / 1.39

    def test_a_score_is_the_own_rating_and_a_tenth_of_what_the_others_think(self) -> None:
        assert score_of(None, (0, 0, 0)) == Decimal("1.99")
        assert score_of(MIDDLE, (0, 0, 0)) == 2
        assert score_of(MIDDLE, (1, 0, 3)) == Decimal("1.95")  # 2 + 0.1 × (1.5 − 2)
        assert score_of(None, (1, 0, 3)) == Decimal("1.5")

    def test_one_rating_each_draws_work_three_two_one(self) -> None:
        lane = self.a_lane("requesters", by_ratings=True)
        for rated, level in enumerate((0, 1, 2)):
            lane.keep(0, rated, level)
        assert lane.weights[0][:3] == [3, 2, 1]
        # the fourth of five has no rating: ✓+ would bring 2 × 3 / (3 + 3 + 2 + 1 + 1.99) pieces
        assert lane.brings(0, 3) == pytest.approx([6 / 10.99, 4 / 9.99, 2 / 8.99])

    def test_without_boomerang_no_rating_brings_anything_back(self) -> None:
        for side in ("requesters", "workers"):
            lane = self.a_lane(side, by_ratings=False)
            lane.keep(0, 0, 0)
            assert len(set(lane.brings(0, 1))) == 1
            assert list(lane.meets(0, 1)) == list(self.a_lane(side, by_ratings=False).meets(0, 1))

    def test_a_feed_begins_with_the_best_rated_and_ends_with_the_worst(self) -> None:
        lane = self.a_lane("workers", by_ratings=True, takes=1.0, tasks_a_round=5)
        lane.keep(0, 3, 0)
        lane.keep(0, 1, 2)
        met = lane.meets(0, 1)
        assert (met[0], met[-1]) == (3, 1)
        # others' ratings move an unrated requester by themselves
        lane.keep(1, 2, 1)
        assert lane.meets(0, 1)[1] == 2  # 2.00 stands above 1.99

    def test_ones_own_rating_is_not_among_the_others(self) -> None:
        lane = self.a_lane("workers", by_ratings=True)
        lane.keep(0, 2, 0)
        assert lane._score(0, 2) == 3
        lane.keep(0, 2, 2)  # a later rating replaces the earlier
        lane.keep(1, 2, 0)
        assert lane._score(0, 2) == Decimal("1.1")  # 1 + 0.1 × (3 − 2)
        assert lane._score(1, 2) == Decimal("2.9")

    def test_who_takes_everything_reaches_so_many_places(self) -> None:
        assert reach_by_place(4, takes=1.0, most=2) == (1, 1, 0, 0)
        assert reach_by_place(3, takes=0.5, most=1) == (0.5, 0.25, 0.125)

    @staticmethod
    def a_lane(side: str, *, by_ratings: bool, **changed: float):
        agents = replace(Agents(workers=5, works_a_round=2, requesters=5, raters=2), **changed)
        world = boomerang_ratings._world(agents, side=side, seed=1)
        lane = boomerang_ratings._Drawn if side == "requesters" else boomerang_ratings._Feed
        return lane(world, agents, by_ratings=by_ratings)


class TestARater:
    def test_gives_in_to_pressure_where_nothing_comes_back(self) -> None:
        assert weighed(a_rater(), opinion=2, brings=(0.5, 0.5, 0.5), worth=-2) == 0

    def test_rates_weak_work_low_where_it_would_come_back(self) -> None:
        # ✓+ costs 0.5 of candour and brings 3 × 0.6 of work worth −1; ✓− costs 1 and brings 3 × 0.2
        brings = (0.6, 0.4, 0.2)
        assert weighed(a_rater(stake=3), opinion=2, brings=brings, worth=-1) == 2
        assert weighed(a_rater(stake=1), opinion=2, brings=brings, worth=-1) == 0  # −1.1 against −1.2

    def test_says_what_they_think_where_only_candour_counts(self) -> None:
        rater = a_rater(pressure=0, stake=0)
        assert [weighed(rater, opinion=n, brings=(9, 0, 0), worth=5) for n in range(3)] == [0, 1, 2]

    def test_who_colludes_praises_the_ring_and_nobody_else(self) -> None:
        agents = replace(SMALL, colluders=0.9)
        world = boomerang_ratings._world(agents, side="requesters", seed=1)
        lane = boomerang_ratings._Drawn(world, agents, by_ratings=True)
        number = [rater.kind for rater in world.raters].index("colluding")
        levels = {
            rated: boomerang_ratings._level(
                world, lane, agents, at=(number, rated, 0), worth=0.0, comes_back=True
            )
            for rated in range(agents.workers)
        }
        assert {rated for rated, level in levels.items() if level == 0} == world.ring
        assert set(levels.values()) == {0, 2}
        # a fifth of the workers, from the weaker half
        weaker = sorted(range(agents.workers), key=world.qualities.__getitem__)[: agents.workers // 2]
        assert len(world.ring) == 3
        assert world.ring <= set(weaker)

    def test_the_shares_are_exact(self) -> None:
        drawn = drawn_raters(Agents(colluders=0.2), Random(1))
        kinds = [rater.kind for rater in drawn]
        many = {kind: kinds.count(kind) for kind in ("colluding", "strategic", "honest", "careless")}
        assert many == {"colluding": 8, "strategic": 16, "honest": 8, "careless": 8}

    @pytest.mark.parametrize(
        "wrong", [{"strategic": 0.8, "honest": 0.3}, {"colluders": 1.0}, {"colluders": -0.1}, {"stake": -1.0}]
    )
    def test_agents_that_cannot_be_are_refused(self, wrong) -> None:
        with pytest.raises(ValueError, match=r"add up to at most 1|between 0 and 1|not negative"):
            Agents(**wrong)


class TestStatistics:
    @pytest.mark.parametrize(
        ("freedom", "table", "within"),
        [(4, 2.776, 0.005), (9, 2.262, 0.0006), (29, 2.045, 0.0006), (99, 1.984, 0.0006)],
    )
    def test_the_quantile_is_the_tables(self, freedom, table, within) -> None:
        assert t_quantile(0.975, freedom) == pytest.approx(table, abs=within)

    def test_an_interval_is_the_mean_and_t_standard_errors(self) -> None:
        found = interval(list(range(1, 11)))  # spread 3.0277, its error 0.9574, t 2.2622
        assert (found.mean, found.low, found.high) == pytest.approx((5.5, 3.334, 7.666), abs=0.001)
        assert not found.holds_zero
        assert interval([-1, 1, -1, 1, 0]).holds_zero
        with pytest.raises(ValueError, match="at least 5"):
            interval([1, 2, 3, 4])

    def test_ninety_five_of_a_hundred_intervals_hold_the_truth(self) -> None:
        draw = Random(3)
        held = sum(interval([draw.gauss(0, 1) for _run in range(8)]).holds_zero for _trial in range(2000))
        assert held / 2000 == pytest.approx(0.95, abs=0.015)

    def test_equal_values_share_a_rank(self) -> None:
        assert ranks([10, 30, 10, 20]) == [1.5, 4, 1.5, 3]

    def test_spearman(self) -> None:
        assert spearman([1, 2, 3, 4, 5], [2, 1, 4, 3, 5]) == pytest.approx(0.8)
        assert spearman([1, 1, 2], [1, 2, 3]) == pytest.approx(0.8660, abs=1e-4)
        assert spearman([1, 2, 3], [9, 5, 1]) == pytest.approx(-1)
        assert spearman([3, 3, 3], [1, 2, 3]) == 0  # who rates all alike tells nothing


class TestTheStudies:
    @pytest.mark.parametrize("side", ["requesters", "workers"])
    def test_the_same_seed_gives_the_same(self, side) -> None:
        first, again, other = (run_study(side, "treatment", SMALL, seed=seed) for seed in (1, 1, 2))
        assert first == again != other

    @pytest.mark.parametrize("side", ["requesters", "workers"])
    def test_only_honest_raters_do_not_inflate_with_or_without(self, side) -> None:
        honest = replace(Agents(), strategic=0.0, honest=1.0)
        row = boomerang._ratings_row(side, "honest", honest, range(8))
        assert row.measures["inflated"].control.mean < 0.01
        assert row.measures["inflated"].difference.holds_zero
        # what the sampling does by itself stays far under what strategic raters make of it (2 points, 0.06)
        assert abs(row.measures["predicted"].difference.mean) < 0.012
        assert abs(row.measures["ranked"].difference.mean) < 0.02

    def test_who_does_not_weigh_what_comes_back_gives_nothing_away(self) -> None:
        row = boomerang._ratings_row("requesters", "no stake", replace(Agents(), stake=0.0), range(8))
        assert not row.measures["inflated"].goes(-1)
        assert row.measures["ranked"].difference.holds_zero

    def test_strategic_raters_answer_to_what_comes_back(self) -> None:
        strategic = replace(Agents(), strategic=1.0, honest=0.0)
        for side in ("requesters", "workers"):
            row = boomerang._ratings_row(side, "strategic", strategic, range(6))
            assert all(row.measures[name].goes(way) for name, way in boomerang.PUBLISHED.items())

    def test_where_nothing_comes_back_the_last_round_is_like_the_others(self) -> None:
        bare = boomerang._without_effect_on_control(replace(SMALL, stake=3.0, know_the_last_round=True))
        told = replace(SMALL, stake=3.0, know_the_last_round=True)
        for side in ("requesters", "workers"):
            assert run_study(side, "control", bare, seed=4) == run_study(side, "control", told, seed=4)


class TestNewcomers:
    @pytest.mark.parametrize("policy", ["ladder", "throughput", "share"])
    def test_reserved_places_shorten_the_wait_and_give_more_work(self, policy) -> None:
        row = boomerang._newcomers_row(policy, "scarce", Agents(), range(6))
        assert row.measures["waited"].goes(-1)
        assert row.measures["work"].goes(1)

    def test_where_no_threshold_is_nothing_is_reserved(self) -> None:
        with_them, without = (
            run_newcomers("open", places, SMALL, seed=1) for places in ("reserved", "not reserved")
        )
        assert with_them == without

    def test_the_ladder_and_the_reserved_place_by_hand(self) -> None:
        site = boomerang_newcomers._Site(
            "ladder", Decimal("0.1"), replace(SMALL, projects_a_beat=1.0, places=10, owners=1), seed=1
        )
        site._publish()
        project = site.projects[0]
        assert (project.free, project.reserved) == (9, 1)
        newcomer = boomerang_newcomers._Worker(0.0, came=0, is_newcomer=True)
        site._stand(newcomer)
        assert newcomer.toward == [Decimal("1.99")]
        assert max(worker.toward[0] for worker in site.workers) == 3  # so that 3.0 waits for somebody
        assert project.threshold == 3
        assert not site._comes_in(project, 99, newcomer)  # the first beat
        site._move(project)
        assert (project.beat, project.threshold) == (2, Decimal(2))
        assert site._comes_in(project, 99, newcomer)
        assert (project.free, project.reserved) == (9, 0)
        site._move(project)
        assert project.threshold == Decimal("1.99")
        assert site._comes_in(project, 99, newcomer)  # by standing now
        site._move(project)
        assert project.threshold is None

    def test_one_reserved_place_of_a_project_for_each_newcomer_until_it_has_ended(self) -> None:
        site = boomerang_newcomers._Site(
            "ladder", Decimal("0.1"), replace(SMALL, projects_a_beat=1.0), seed=1
        )
        site._publish()
        project = site.projects[0]
        newcomer = boomerang_newcomers._Worker(0.0, came=0, is_newcomer=True)
        known = boomerang_newcomers._Worker(0.0, came=-1, is_newcomer=False)
        for worker in (newcomer, known):
            site._stand(worker)
        site._move(project)
        assert project.reserved == 2
        assert not site._comes_in(project, 98, known)
        assert [site._comes_in(project, 99, newcomer) for _try in range(2)] == [True, False]
        project.threshold, project.free = None, 0
        assert site._comes_in(project, 98, known)

    def test_the_same_seed_gives_the_same(self) -> None:
        first, again, other = (run_newcomers("share", "reserved", SMALL, seed=seed) for seed in (1, 1, 2))
        assert first == again != other


class TestTheCommand:
    def test_check_leaves_with_0_where_all_is_shown(self, tmp_path, capsys) -> None:
        assert self.code("--strategic", "1", "--honest", "0", out=tmp_path) == 0
        said = capsys.readouterr().out
        assert "All 12 checked intervals exclude 0 and lie in the published direction." in said
        assert "NOT SHOWN" not in said

    def test_check_leaves_with_1_where_it_is_not_and_says_which(self, tmp_path, capsys) -> None:
        assert self.code("--stake", "0", out=tmp_path) == 1
        said = capsys.readouterr().out
        assert "of 12 checked intervals do not show the published direction:" in said
        assert "NOT SHOWN" in said

    def test_without_check_it_leaves_with_0_all_the_same(self, tmp_path) -> None:
        arguments = ["lab", "boomerang", "--brief", "--seeds", "5", "--stake", "0", "--out", str(tmp_path)]
        with pytest.raises(SystemExit) as left:
            main(arguments)
        assert left.value.code == 0

    def test_an_interval_on_the_wrong_side_is_not_shown_either(self) -> None:
        below, above = interval([-3, -2, -2, -2, -1]), interval([1, 2, 2, 2, 3])
        assert Compared(below, above, below).goes(-1)
        assert not Compared(below, above, above).goes(-1)
        assert not Compared(below, above, interval([-1, 0, 0, 0, 1])).goes(-1)

    def test_json_is_for_programs(self, tmp_path, capsys) -> None:
        self.code("--format", "json", out=tmp_path)
        found = json.loads(capsys.readouterr().out)
        assert found["agents"]["colluders"] == 0.2
        assert [(row["raters"], row["checked"]) for row in found["ratings"]] == [
            ("requesters", True),
            ("requesters", True),
            ("workers", True),
            ("workers", True),
        ]
        assert json.loads((tmp_path / "results.json").read_text()) == found

    @pytest.mark.parametrize(
        ("words", "says"),
        [
            (["--seeds", "4"], "at least 5 runs"),
            (["--colluders", "2"], "share of colluders"),
            (["--strategic", "0.9", "--honest", "0.9"], "add up to at most 1"),
        ],
    )
    def test_what_cannot_be_is_refused_in_a_sentence(self, words, says, tmp_path, capsys) -> None:
        with pytest.raises(SystemExit) as left:
            main(["lab", "boomerang", "--out", str(tmp_path / "new"), *words])
        assert left.value.code == 1
        assert says in capsys.readouterr().err
        assert not (tmp_path / "new").exists()

    def test_a_file_in_the_folders_place_is_refused(self, tmp_path, capsys) -> None:
        (tmp_path / "there").write_text("")
        with pytest.raises(SystemExit) as left:
            main(["lab", "boomerang", "--out", str(tmp_path / "there")])
        assert left.value.code == 1
        assert "cannot be made a folder" in capsys.readouterr().err

    @staticmethod
    def code(*words: str, out) -> object:
        with pytest.raises(SystemExit) as left:
            main(["lab", "boomerang", "--brief", "--check", "--seeds", "6", "--out", str(out), *words])
        return left.value.code


@pytest.mark.long
def test_a_whole_run_gives_the_same_tables_and_pictures_again(tmp_path) -> None:
    from canut.lab.boomerang_plots import draw

    written = []
    for name in ("one", "other"):
        boomerang._measured.cache_clear()
        report = run_boomerang(replace(SMALL, colluders=0.2), seeds=range(5), say=lambda _sentence: None)
        folder = tmp_path / name
        folder.mkdir()
        files = draw(report, folder)
        written.append((as_text(report), {path.name: path.read_bytes() for path in files}))
    assert written[0] == written[1]
    text, pictures = written[0]
    assert sorted(pictures) == sorted(
        f"{name}.{kind}"
        for name in ("requesters", "workers", "stakes", "newcomers")
        for kind in ("png", "svg")
    )
    assert all(pictures[name].startswith(b"\x89PNG") for name in pictures if name.endswith("png"))
    assert b"without Boomerang" in pictures["requesters.svg"]
    # what is assumed, every table, and the verdict stand in the text
    for words in (
        "That raters weigh their own consequence is an assumption.",
        "only honest raters",
        "throughput",
    ):
        assert words in text
    assert text.endswith("\n".join(verdict(report)) + "\n")
    assert max(map(len, text.splitlines())) <= 110


def test_nothing_loads_the_drawing_library_before_something_is_drawn() -> None:
    code = "import sys, canut.cli.lab, canut.lab.boomerang, canut.lab.boomerang_plots; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert "canut.lab.boomerang_plots" in loaded
    assert "matplotlib" not in loaded
