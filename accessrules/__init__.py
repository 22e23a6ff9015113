"""accessrules: does this product need a production licence, a certification, or nothing, and why?"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from accessrules.cases import Case
    from accessrules.decision import Decision
    from accessrules.errors import AccessRulesError, CaseError, Problem, QueryError, RegisterError, RuleFileError
    from accessrules.portfolio import Portfolio
    from accessrules.ruleset import RuleSet, load_rules

__all__ = [
    "AccessRulesError",
    "Case",
    "CaseError",
    "Decision",
    "Portfolio",
    "Problem",
    "QueryError",
    "RegisterError",
    "RuleFileError",
    "RuleSet",
    "load_rules",
]

_HOMES = {
    "Case": "cases",
    "Decision": "decision",
    "Portfolio": "portfolio",
    "RuleSet": "ruleset",
    "load_rules": "ruleset",
}


def __getattr__(name: str) -> Any:
    """A public name, imported when it is first used: the command line starts, and can be stopped, before that."""
    if name not in __all__:
        raise AttributeError(f"module 'accessrules' has no attribute {name!r}")
    found = getattr(import_module(f"accessrules.{_HOMES.get(name, 'errors')}"), name)
    globals()[name] = found
    return found
