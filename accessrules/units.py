"""Units of measure: a small table, exact in decimals.

A unit is converted by a decimal factor within its own dimension and never rounded. Factors are those of the
SI Brochure (9th edition); the litre is 1 dm³ exactly, the bar 100 kPa exactly. Units whose factor is no finite
decimal, and calendar units of varying length (month, year against day), do not convert into each other.
"""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal, Inexact, localcontext
from functools import cache

__all__ = ["UNITS", "convert", "convertible", "in_base_units", "known", "measures", "without_measures"]

_NUMBER = re.compile(r"[+-]?\d{1,300}(\.\d{1,300})?", re.ASCII)

UNITS: dict[str, tuple[str, Decimal]] = {
    name: (dimension, Decimal(factor))
    for dimension, members in {
        "volume": {"mL": "0.001", "cL": "0.01", "dL": "0.1", "L": "1", "m3": "1000", "cm3": "0.001", "dm3": "1"},
        "length": {"mm": "0.001", "cm": "0.01", "m": "1", "km": "1000"},
        "area": {"mm2": "0.000001", "cm2": "0.0001", "m2": "1"},
        "mass": {"mg": "0.000001", "g": "0.001", "kg": "1", "t": "1000"},
        "power": {"W": "1", "kW": "1000", "MW": "1000000"},
        "energy": {"Wh": "1", "kWh": "1000"},
        "voltage": {"mV": "0.001", "V": "1", "kV": "1000"},
        "current": {"mA": "0.001", "A": "1"},
        "charge": {"mAh": "0.001", "Ah": "1"},
        "frequency": {"Hz": "1", "kHz": "1000", "MHz": "1000000", "GHz": "1000000000"},
        "pressure": {"Pa": "1", "hPa": "100", "kPa": "1000", "MPa": "1000000", "bar": "100000"},
        "temperature": {"°C": "1"},
        "speed": {"km/h": "1"},
        "money": {"CNY": "1"},
        "time": {"min": "60", "h": "3600", "days": "86400", "weeks": "604800"},
        "working time": {"working days": "1"},
        "calendar": {"months": "1", "years": "12"},
        "share": {"%": "1"},
        "count": {"pieces": "1"},
    }.items()
    for name, factor in members.items()
}
_ALIASES = {
    spelling: name
    for name, spellings in {
        "mL": "ml 毫升",
        "L": "l litre litres liter liters 升 公升",
        "m3": "m³ 立方米",
        "cm3": "cm³ 立方厘米",
        "dm3": "dm³",
        "mm": "毫米",
        "cm": "厘米 公分",
        "m": "metre metres meter meters 米",
        "km": "千米 公里",
        "m2": "m² 平方米",
        "mg": "毫克",
        "g": "gram grams 克",
        "kg": "kilogram kilograms 千克 公斤",
        "t": "吨",
        "W": "watt watts 瓦 瓦特",
        "kW": "kilowatt kilowatts 千瓦",
        "MW": "兆瓦",
        "kWh": "千瓦时",
        "mV": "毫伏",
        "V": "volt volts 伏 伏特",
        "kV": "千伏",
        "mA": "毫安",
        "A": "amp amps ampere amperes 安 安培",
        "mAh": "毫安时",
        "Ah": "安时",
        "Hz": "赫 赫兹",
        "MHz": "兆赫",
        "Pa": "帕",
        "kPa": "千帕",
        "MPa": "兆帕",
        "°C": "C ℃ 摄氏度",
        "km/h": "公里/小时 千米/小时",
        "CNY": "元",
        "min": "mins 分钟",
        "h": "hour hours 小时",
        "days": "day 天",
        "weeks": "week 周",
        "months": "month 月 个月",
        "years": "year 年",
        "working days": "工作日",
        "pieces": "piece",
    }.items()
    for spelling in spellings.split()
} | {"working day": "working days"}

_SPELLINGS = {name: name for name in UNITS} | _ALIASES
for _spelling, _name in sorted(_SPELLINGS.items()):
    _SPELLINGS.setdefault(_spelling.casefold(), _name)


@cache
def _measure() -> re.Pattern[str]:
    """A number with a unit. Other letters than Latin ones may follow: Chinese has no spaces (`500升冰箱`)."""
    spellings = "|".join(re.escape(spelling) for spelling in sorted(_SPELLINGS, key=len, reverse=True))
    number = r"(?<![\w.])(\d{1,300}(?:\.\d{1,300})?)"
    return re.compile(rf"{number}\s*({spellings})(?![a-z0-9])", re.ASCII | re.IGNORECASE)


def known(unit: str) -> str | None:
    """The unit's name in the table, or None."""
    name = _ALIASES.get(unit, unit)
    return name if name in UNITS else None


def measures(text: str) -> list[tuple[Decimal, str]]:
    """The measures that stand in a text, each a number with its unit. A unit may be written in other letter case.

    >>> measures("cooker 5 kw, 520升")
    [(Decimal('5'), 'kW'), (Decimal('520'), 'L')]
    """
    found = _measure().finditer(unicodedata.normalize("NFKC", text))
    return [(Decimal(one[1]), _SPELLINGS.get(one[2]) or _SPELLINGS[one[2].casefold()]) for one in found]


def without_measures(text: str) -> str:
    """A text without the measures that stand in it.

    >>> without_measures("500升冰箱"), without_measures("refrigerator 520L")
    ('冰箱', 'refrigerator')
    """
    return " ".join(_measure().sub(" ", unicodedata.normalize("NFKC", text)).split())


def convertible(unit: str, into: str) -> bool:
    """Whether both are units of one dimension.

    >>> convertible("m3", "L"), convertible("kW", "L")
    (True, False)
    """
    a, b = known(unit), known(into)
    return a is not None and b is not None and UNITS[a][0] == UNITS[b][0]


def convert(amount: Decimal, unit: str, into: str) -> Decimal | None:
    """The amount in another unit of the same dimension, exactly; None where no finite decimal says it.

    >>> convert(Decimal("0.5"), "m3", "L") == 500
    True
    >>> convert(Decimal(1), "min", "h") is None
    True
    """
    a, b = known(unit), known(into)
    if a is None or b is None or UNITS[a][0] != UNITS[b][0]:
        return None
    if a == b:
        return amount
    top, bottom = UNITS[a][1], UNITS[b][1]
    with localcontext() as exact:
        exact.prec = len(amount.as_tuple().digits) + 40
        exact.traps[Inexact] = True
        try:
            return amount * top / bottom
        except Inexact:
            return None


def in_base_units(quantity: str) -> tuple[str, Decimal] | None:
    """A text such as "1000 mL" as its dimension and its amount in that dimension's base unit; None for other texts.

    >>> in_base_units("1000 mL") == in_base_units("1 L")
    True
    """
    number, _, unit = quantity.partition(" ")
    name = known(unit.strip())
    if name is None or not _NUMBER.fullmatch(number):
        return None
    dimension, factor = UNITS[name]
    with localcontext() as exact:
        exact.prec = len(number) + 40
        return dimension, (Decimal(number) * factor).normalize()
