"""What a rule set knows of the proposals that are applied to it, beside the rules that they leave."""

from __future__ import annotations

from dataclasses import dataclass

from accessrules.reading.yamlfiles import YamlFile

__all__ = ["Drafts"]


@dataclass(frozen=True, slots=True)
class Drafts:
    """The proposals that a rule set has in it.

    - `names`: their ids, sorted.
    - `struck`: the ids of the rules that they struck out: the casebook may still expect them, in vain.
    - `files`: what they say, in the order in which they were applied; the casebook reads their cases.
    """

    names: tuple[str, ...] = ()
    struck: frozenset[str] = frozenset()
    files: tuple[YamlFile, ...] = ()

    def with_one(self, name: str, struck: frozenset[str], file: YamlFile) -> Drafts:
        """These, and one more."""
        return Drafts(tuple(sorted((*self.names, name))), self.struck | struck, (*self.files, file))
