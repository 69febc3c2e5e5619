"""All figures of all rounds, against the same sums as somebody at home in polars would write them."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import polars as pl

from services.domain.figures import RoundFigures
from services.publishing import LEAST_FOR_QUESTIONS, round_figures
from services.reading import read_once
from services.register import Register
from services.tables.schema import load_schema
from services.workbook.excel import ExcelFolder
from tests.benchmarks.measuring import Measurement, best_of, in_milliseconds

TIMES = 9
LEAST = 5
TOLERANCE = 1e-9
LEVELS = (1, 2, 3, 4)
GROUP = ("round", "school")


def measure(small: Path, large: Path) -> list[Measurement]:
    """Ours against polars, and ten times the answers against one time."""
    register, register10 = (
        read_once(ExcelFolder(folder), load_schema()).register for folder in (small, large)
    )
    survey = Survey.of(register)
    _refuse_differences(survey.figures(), _all_figures(register))
    ours, theirs, ours10 = best_of(
        [
            lambda: _all_figures(replace(register)),  # another register: nothing is remembered
            survey.figures,
            lambda: _all_figures(replace(register10)),
        ],
        TIMES,
    )
    note = f"{in_milliseconds(ours)}, polars {in_milliseconds(theirs)}"
    note10 = f"{in_milliseconds(ours10)}, {in_milliseconds(ours)}"
    return [
        Measurement("all figures of 7 rounds, against polars", ours / theirs, 2.0, "×", note),
        Measurement("all figures with 10 × the answers, against 1 ×", ours10 / ours, 12.0, "×", note10),
    ]


def _all_figures(register: Register) -> list[RoundFigures]:
    return [round_figures(register, name) for name in register.rounds]


@dataclass(frozen=True, slots=True)
class PolarsFigures:
    """Schools by round, school and area or question; the city by round and area or question."""

    schools: pl.DataFrame
    areas: pl.DataFrame
    questions: pl.DataFrame
    city_areas: pl.DataFrame
    city_questions: pl.DataFrame


@dataclass(frozen=True, slots=True)
class Survey:
    """The answers of all rounds, a row a person, blank where she could not tell; the staff of each school."""

    answers: pl.DataFrame
    staff: pl.DataFrame
    areas: dict[int, list[str]]

    @classmethod
    def of(cls, register: Register) -> "Survey":
        """The same answers as the register's."""
        frames = [
            pl.DataFrame(found.levels, schema=list(found.questions), orient="row")
            .with_columns(pl.all().replace(0, None))
            .insert_column(0, pl.Series("school", list(found.schools)))
            .insert_column(0, pl.lit(name).alias("round"))
            for name, found in register.answers.items()
        ]
        staff = [
            (name, part.school, part.staff)
            for name, parts in register.school_rounds.items()
            for part in parts.values()
        ]
        areas: dict[int, list[str]] = {area.number: [] for area in register.areas}
        for question in register.questions:
            areas[question.area or 0].append(question.id)
        return cls(pl.concat(frames), pl.DataFrame(staff, schema=[*GROUP, "staff"], orient="row"), areas)

    @property
    def questions(self) -> list[str]:
        """The questions, area by area."""
        return [id_ for ids in self.areas.values() for id_ in ids]

    def figures(self) -> PolarsFigures:
        """Everything that `publishing.round_figures` has, for all rounds at once."""
        counted = self.answers.filter(pl.any_horizontal(pl.col(self.questions).is_not_null()))
        schools = (
            counted.group_by(GROUP)
            .len("n")
            .join(self.staff, on=GROUP)
            .with_columns(pl.max_horizontal("n", "staff").alias("staff"))
        )
        areas = _of_areas(counted, schools, self.areas)
        questions = _of_questions(counted, schools, self.questions)
        return PolarsFigures(
            schools,
            areas,
            questions,
            _city_areas(areas, self.areas),
            _city_questions(questions, self.questions),
        )


def _of_areas(counted: pl.DataFrame, schools: pl.DataFrame, areas: dict[int, list[str]]) -> pl.DataFrame:
    given = {nr: pl.sum_horizontal(pl.col(ids).is_not_null()) for nr, ids in areas.items()}
    persons = counted.select(
        *GROUP,
        *(
            pl.when(2 * given[nr] >= len(ids)).then(pl.mean_horizontal(pl.col(ids))).alias(f"level{nr}")
            for nr, ids in areas.items()
        ),
        *(given[nr].alias(f"given{nr}") for nr in areas),
        *(pl.sum_horizontal(pl.col(ids) >= 3).alias(f"secure{nr}") for nr, ids in areas.items()),
    )
    by_school = (
        persons.group_by(GROUP)
        .agg(
            *(pl.col(f"level{nr}").count().alias(f"n{nr}") for nr in areas),
            *(pl.col(f"level{nr}").mean().alias(f"mean{nr}") for nr in areas),
            *(pl.col(f"level{nr}").std().alias(f"sd{nr}") for nr in areas),
            *((pl.col(f"secure{nr}").sum() / pl.col(f"given{nr}").sum()).alias(f"share{nr}") for nr in areas),
        )
        .join(schools, on=GROUP)
    )
    return by_school.with_columns(_error(f"sd{nr}", f"n{nr}").alias(f"se{nr}") for nr in areas)


def _of_questions(counted: pl.DataFrame, schools: pl.DataFrame, ids: Sequence[str]) -> pl.DataFrame:
    by_school = (
        counted.group_by(GROUP)
        .agg(
            *(pl.col(id_).count().alias(f"n{id_}") for id_ in ids),
            *(pl.col(id_).mean().alias(f"mean{id_}") for id_ in ids),
            *(pl.col(id_).std().alias(f"sd{id_}") for id_ in ids),
            *((pl.col(id_) == level).sum().alias(f"{level}{id_}") for id_ in ids for level in LEVELS),
        )
        .join(schools, on=GROUP)
    )
    return by_school.with_columns(
        *(_error(f"sd{id_}", f"n{id_}").alias(f"se{id_}") for id_ in ids),
        *(pl.col(f"{level}{id_}") / pl.col(f"n{id_}") for id_ in ids for level in LEVELS),
        *((1 - pl.col(f"n{id_}") / pl.col("n")).alias(f"unable{id_}") for id_ in ids),
    )


def _error(deviation: str, n: str) -> pl.Expr:
    """The standard error with the finite population in mind."""
    return pl.col(deviation) / pl.col(n).sqrt() * (1 - pl.col(n) / pl.col("staff")).sqrt()


def _city_areas(of_areas: pl.DataFrame, areas: Iterable[int]) -> pl.DataFrame:
    shown = of_areas.filter(pl.col("n") >= LEAST)
    return shown.group_by("round").agg(
        column
        for nr in areas
        for level in [pl.col(f"mean{nr}").filter(pl.col(f"n{nr}") >= LEAST)]
        for column in (
            *_weighted(str(nr)),
            level.mean().alias(f"school{nr}"),
            level.std().alias(f"spread{nr}"),
            level.quantile(0.1, "linear").alias(f"low{nr}"),
            level.quantile(0.9, "linear").alias(f"high{nr}"),
        )
    )


def _city_questions(of_questions: pl.DataFrame, ids: Sequence[str]) -> pl.DataFrame:
    shown = of_questions.filter(pl.col("n") >= LEAST_FOR_QUESTIONS)
    return shown.group_by("round").agg(
        column
        for id_ in ids
        for column in (
            *_weighted(id_),
            *(_mean_of(f"{part}{id_}", id_).alias(f"{part}{id_}") for part in (*LEVELS, "unable")),
        )
    )


def _weighted(name: str) -> tuple[pl.Expr, pl.Expr]:
    """The average member of staff, and its standard error."""
    weight, error = _where_shown("staff", name), _where_shown(f"se{name}", name)
    se = (weight * error).pow(2).sum().sqrt() / weight.sum()
    return _mean_of(f"mean{name}", name).alias(f"mean{name}"), se.alias(f"se{name}")


def _mean_of(column: str, name: str) -> pl.Expr:
    weight = _where_shown("staff", name)
    return (weight * _where_shown(column, name)).sum() / weight.sum()


def _where_shown(column: str, name: str) -> pl.Expr:
    return pl.col(column).filter(pl.col(f"n{name}") >= LEAST)


def _refuse_differences(theirs: PolarsFigures, ours: list[RoundFigures]) -> None:
    """A race between two that compute different things would say nothing."""
    apart = max(
        abs((one or 0.0) - (other or 0.0))
        for figures in ours
        for pairs in (_school_pairs(theirs, figures), _city_pairs(theirs, figures))
        for one, other in pairs
    )
    if apart > TOLERANCE:
        raise AssertionError(f"polars differs by {apart}")


Pair = tuple[float | None, float | None]


def _school_pairs(theirs: PolarsFigures, figures: RoundFigures) -> Iterator[Pair]:
    in_round = pl.col("round") == figures.round.name
    areas, questions = (
        frame.filter(in_round).rows_by_key("school", named=True, unique=True)
        for frame in (theirs.areas, theirs.questions)
    )
    for school in figures.schools:
        for area in school.areas:
            found = areas[school.school]
            yield from ((area.level, found[f"mean{area.area}"]), (area.se, found[f"se{area.area}"]))
            yield area.share_secure, found[f"share{area.area}"]
        for question in school.questions:
            found, id_ = questions[school.school], question.question
            yield from ((question.mean, found[f"mean{id_}"]), (question.se, found[f"se{id_}"]))
            yield question.unable, found[f"unable{id_}"]
            if question.shares:
                yield from ((question.shares[level - 1], found[f"{level}{id_}"]) for level in LEVELS)


def _city_pairs(theirs: PolarsFigures, figures: RoundFigures) -> Iterator[Pair]:
    in_round = pl.col("round") == figures.round.name
    areas = theirs.city_areas.row(by_predicate=in_round, named=True)
    questions = theirs.city_questions.row(by_predicate=in_round, named=True)
    for area in figures.city.areas:
        yield from ((area.level_staff, areas[f"mean{area.area}"]), (area.se, areas[f"se{area.area}"]))
        yield from ((area.spread, areas[f"spread{area.area}"]), (area.low, areas[f"low{area.area}"]))
    for question in figures.city.questions:
        id_ = question.question
        yield from ((question.mean, questions[f"mean{id_}"]), (question.se, questions[f"se{id_}"]))
        if question.shares:
            yield from ((question.shares[level - 1], questions[f"{level}{id_}"]) for level in LEVELS)
