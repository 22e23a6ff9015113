"""Proposals: a rule set as it would be if a draft were law, without loading it again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from accessrules.editing import edited
from accessrules.errors import Problem, RuleFileError
from accessrules.reading.proposalfiles import read_proposal
from accessrules.reading.yamlfiles import YamlFile, read_yaml
from accessrules.rules import SourceForm
from accessrules.ruleset import MOST_BYTES, RuleSet

__all__ = ["propose"]


def propose(rules: RuleSet, proposal: str | Path | Mapping[str, Any]) -> RuleSet:
    """The rule set with a proposal applied (see `RuleSet.propose`); raises RuleFileError with every problem."""
    if isinstance(proposal, Mapping):
        file = YamlFile("proposal", dict(proposal))
        name, form = _of_mapping(rules, file)
    elif isinstance(proposal, (str, Path)):
        file = read_yaml(Path(proposal), str(proposal), MOST_BYTES)
        name, form = read_proposal(file, rules.form, lambda: rules.fingerprint)
    else:
        raise RuleFileError([Problem("$", f"`{proposal}` is no proposal", "give the path of a file, or a mapping")])
    return RuleSet(
        form,
        most_steps=rules.most_steps,
        drafts=rules.drafts.with_one(name, frozenset(rules.form.rules.keys() - form.rules.keys()), file),
        index=edited(rules.index, form),
    )


def _of_mapping(rules: RuleSet, file: YamlFile) -> tuple[str, SourceForm]:
    """As from a file, but what is wrong has no line: its path says where it is."""
    try:
        return read_proposal(file, rules.form, lambda: rules.fingerprint)
    except RuleFileError as wrong:
        nowhere = file.place(())
        raise RuleFileError(replace(p, place=None) if p.place == nowhere else p for p in wrong.problems) from None
