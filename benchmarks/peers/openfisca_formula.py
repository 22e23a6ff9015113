"""OpenFisca-Core: one vectorised formula that selects among all the rules, as its documentation shows.

Its other way to say tables, parameters looked up by category, walks over the rows one by one and is slower.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

import numpy as np
from openfisca_core.entities import build_entity
from openfisca_core.indexed_enums import Enum, EnumArray
from openfisca_core.periods import DateUnit
from openfisca_core.simulations import SimulationBuilder
from openfisca_core.taxbenefitsystems import TaxBenefitSystem
from openfisca_core.variables import Variable

from benchmarks.peers.peer import LAW, NAMES, SIGNS, ColumnPeer
from benchmarks.problem import FLAGS, PURPOSES, Problem

_ASKED = "2026-01-01"
"""A formula belongs to a period of the whole simulation; the day that each row asks about is an input."""


class OpenFisca(ColumnPeer):
    """Arrow columns in, an EnumArray out; its numbers have 32 bits."""

    package = "OpenFisca-Core"
    gets = "Arrow columns; to its arrays in the time"
    priorities = "order in `select`"
    lacks = f"unknown facts (defaults instead); law of another day for each row; {LAW}"

    def __init__(self, problem: Problem, threads: int = 1) -> None:
        self.texts: dict[str, Any] = {
            "category": _enum("Category", problem.by_category()),
            "purpose": _enum("Purpose", PURPOSES),
            "route": _enum("Route", NAMES),
        }
        self.rules = [rule for own in problem.by_category().values() for rule in own]
        entity = build_entity("product", "products", "A product", is_person=True)
        self.system = TaxBenefitSystem([entity])
        kinds = {"volume": float, "power": int, "day": dt.date, **dict.fromkeys(FLAGS, bool)}
        for name, kind in kinds.items():
            self._add(entity, name, {"value_type": kind})
        for name, texts in self.texts.items():
            formula = {"formula": self._formula} if name == "route" else {}
            default = texts.nothing if name == "route" else next(iter(texts))
            self._add(entity, name, {"value_type": Enum, "possible_values": texts, "default_value": default, **formula})

    def _add(self, entity: Any, name: str, said: dict[str, Any]) -> None:
        """A variable of this name."""
        unit = DateUnit.DAY if "formula" in said else DateUnit.ETERNITY
        shared = {"entity": entity, "definition_period": unit, "label": name}
        if "formula" in said:
            own = said["formula"]
            said = {**said, "formula": lambda product, period, parameters: own(product, period)}
        self.system.add_variable(type(name, (Variable,), {**shared, **said}))

    def _formula(self, product: Any, period: Any) -> Any:
        """The outcome of the first rule that holds."""
        columns = {name: product(name, period) for name in ("category", "volume", "power", "purpose", "day", *FLAGS)}
        masks = []
        for rule in self.rules:
            mask = columns["category"] == self.texts["category"][rule.category]
            for fact, sign, value in rule.tests():
                if fact == "purpose":
                    value = self.texts["purpose"][value]
                mask = mask & SIGNS[sign](columns[fact], np.datetime64(value) if fact == "day" else value)
            masks.append(mask)
        return np.select(masks, [NAMES.index(rule.outcome) for rule in self.rules], NAMES.index("nothing"))

    def decide_rows(self, rows: Any) -> Any:
        """One simulation of all rows."""
        simulation = SimulationBuilder().build_default_simulation(self.system, count=len(rows))
        for name in ("category", "purpose"):
            column, texts = rows[name].combine_chunks(), self.texts[name]
            codes = np.array([texts[text].index for text in column.dictionary.to_pylist()], np.int16)
            simulation.set_input(name, "ETERNITY", EnumArray(codes[column.indices.to_numpy()], texts))
        for name in ("volume", "power", "day", *FLAGS):
            simulation.set_input(name, "ETERNITY", rows[name].to_numpy())
        return simulation.calculate("route", _ASKED)

    def outcomes(self, answer: Any) -> list[str]:
        """From an EnumArray."""
        return [str(text) for text in answer.decode_to_str()]


def _enum(name: str, values: Any) -> Any:
    return Enum(name, {value: value for value in values})
