"""accessrules: does this product need a production licence, a certification, or nothing, and why?"""

from accessrules.cases import Case
from accessrules.decision import Decision
from accessrules.errors import AccessRulesError, CaseError, Problem, QueryError, RuleFileError
from accessrules.ruleset import RuleSet, load_rules

__all__ = [
    "AccessRulesError",
    "Case",
    "CaseError",
    "Decision",
    "Problem",
    "QueryError",
    "RuleFileError",
    "RuleSet",
    "load_rules",
]
