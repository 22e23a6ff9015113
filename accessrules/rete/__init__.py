"""A second engine: durable-rules (Rete, in C) lists the rules that apply to a complete case.

It shares the clauses of the rule files with the index, and nothing that comes after them, so that the two can be held
against each other; it decides nothing. What it can be asked, and what it refuses, stands in docs/rete.md.
"""

from accessrules.errors import ReteError
from accessrules.rete.engine import ReteEngine, compile_rules

__all__ = ["ReteEngine", "ReteError", "compile_rules"]
