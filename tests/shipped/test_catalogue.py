"""The licence catalogue by query: what the rules give on a day, beside the official counts."""

from __future__ import annotations

import pytest

from accessrules import load_rules
from tests.shipped.coverage import TABLES, in_backticks
from tests.shipped.test_soundness import leaves

RULES = load_rules()
CATEGORIES = {row[0]: in_backticks(row[2]) for row in TABLES["Categories"]}
"""Each category of the licence catalogue, by its id in docs/coverage.md, with the values that stand for it."""

LICENSED_SIZE = {
    "effective_volume": 600,
    "burner_heat_load": 4,
    "heat_load": 20,
    "heating_water_pressure": "0.2 MPa",
    "water_temperature": 80,
    "rated_voltage": 1000,
    "in_licensed_range": True,
    "holds_production_licence": False,
}
CONVERTED_2018 = {"explosion-proof", "gas-appliances", "refrigeration-equipment"}


def under(value: str) -> list[str]:
    """The leaves that a value of the category takes in."""
    values = RULES.form.vocabulary["category"].values

    def lies(name: str | None) -> bool:
        return name is not None and (name == value or lies(values[name].under))

    return [leaf for leaf in leaves(RULES, "category") if lies(leaf)]


def standing(category: str, day: str) -> str:
    """`licensed` where some product of the category needs the licence, `open` where it may, else `free`."""
    possible = set()
    for leaf in (leaf for value in CATEGORIES[category] for leaf in under(value)):
        decision = RULES.decide({"category": leaf, **LICENSED_SIZE}, as_of=day)
        if decision.outcome == "production_licence":
            return "licensed"
        possible.update(decision.model_dump()["possible"])
    return "open" if "production_licence" in possible else "free"


def count(day: str, merged: bool = False) -> dict[str, set[str]]:
    """The categories by their standing; `merged`: receivers and transmitters are one category, as since 2019."""
    apart = {"satellite-receivers", "radio-tv-transmitters"}
    listed = set(CATEGORIES) - (apart if merged else {"broadcast-transmission"})
    found: dict[str, set[str]] = {"licensed": set(), "open": set(), "free": set()}
    for category in listed:
        found[standing(category, day)].add(category)
    return found


def test_sixty_categories_in_june_2017_and_pesticides_before() -> None:
    assert len(count("2017-06-23")["licensed"]) == 60
    assert count("2017-05-31")["licensed"] - count("2017-06-23")["licensed"] == {"pesticides"}


def test_thirty_eight_categories_in_march_2018_and_mopeds() -> None:
    """Mopeds are counted as converted and yet stay licensed."""
    licensed = count("2018-03-14")["licensed"]
    assert "mopeds" in licensed
    assert len(licensed - {"mopeds"}) == 38


def test_twenty_four_categories_in_2018_lie_in_the_range_that_is_left_open() -> None:
    """Three are counted as cut and yet stay licensed until their conversion; 18 are open, 7 of which were kept."""
    found = count("2018-10-15")
    assert found["licensed"] >= CONVERTED_2018
    sure, left_open = len(found["licensed"] - CONVERTED_2018), len(found["open"])
    assert (sure, left_open) == (17, 18)
    assert sure <= 24 <= sure + left_open


def test_ten_categories_in_2019_and_brake_linings() -> None:
    """Brake linings, part of a category that was cut, stay licensed; large freezers and other Ex products are open."""
    found = count("2019-12-01", merged=True)
    assert "friction-materials" in found["licensed"]
    assert len(found["licensed"] - {"friction-materials"}) == 10
    assert found["open"] == {"explosion-proof", "refrigeration-equipment"}


@pytest.mark.parametrize(("day", "licensed"), [("2024-09-24", 10), ("2024-09-25", 14), ("2026-01-08", 14)])
def test_fourteen_categories_since_2024(day: str, licensed: int) -> None:
    assert len(count(day, merged=True)["licensed"]) == licensed


def test_the_conversion_of_2019_is_known_step_by_step() -> None:
    """Asked in March 2018 nobody knows of the conversion; asked in August 2019 its last day is known."""
    fridge = {"category": "household_refrigerator", "effective_volume": 520}

    def route(known_on: str) -> str | None:
        return RULES.decide(fridge, as_of="2020-10-01", known_on=known_on).outcome

    assert route("2018-03-14") == "production_licence"
    assert route("2019-07-08") == "production_licence"
    assert route("2019-08-01") == "ccc"


@pytest.mark.parametrize(
    ("category", "day", "steps"),
    [
        ("pump", "2018-01-01", {"2017-06-23": "production_licence", "2017-06-24": "no_approval"}),
        ("cement", "2025-01-01", {"2005-07-09": "production_licence", "2026-01-01": "production_licence"}),
        ("wire_rope", "2019-01-01", {"2018-09-29": "production_licence", "2018-09-30": None}),
        ("wire_rope", "2025-01-01", {"2019-09-18": "no_approval", "2024-06-24": "no_approval",
                                     "2024-06-25": "production_licence"}),
        ("power_bank", "2024-08-01", {"2023-03-30": "no_approval", "2023-03-31": "ccc"}),
        ("electric_drill", "2027-01-01", {"2026-01-07": "ccc_declaration", "2026-01-08": "ccc"}),
    ],
)  # fmt: skip
def test_each_step_is_known_from_its_publication_on(category: str, day: str, steps: dict[str, str | None]) -> None:
    """One day asked about, as known on the day before and the day of each publication."""
    asked = {known: RULES.decide({"category": category}, as_of=day, known_on=known).outcome for known in steps}
    assert asked == steps
