"""A folder of rule files into the source form, or one error with every problem of every file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from accessrules.errors import Problem, RuleFileError
from accessrules.reading.declarations import (
    read_decisions,
    read_details,
    read_instruments,
    read_precedence,
    read_ruleset,
    read_vocabulary,
)
from accessrules.reading.draft import Draft
from accessrules.reading.rulefiles import read_rules
from accessrules.reading.wholeset import check_whole
from accessrules.reading.yamlfiles import YamlFile, read_yaml
from accessrules.rules import SourceForm
from accessrules.suggesting import did_you_mean
from accessrules.vocabulary import Vocabulary

__all__ = ["read_files", "read_folder", "shipped_folder"]

_ROLES = {
    "ruleset": "ruleset.yaml",
    "vocabulary": "vocabulary.yaml",
    "details": "details.yaml",
    "instruments": "instruments.yaml",
    "precedence": "precedence.yaml",
}
_FOLDERS = ("vocabulary", "details", "instruments", "decisions", "casebook", "proposals", "registers")


def shipped_folder() -> Path:
    """The rules that come with the package: beside it in a checkout, inside it in a wheel."""
    package = Path(__file__).resolve().parent.parent
    inside = package / "shipped_rules"
    return inside if inside.is_dir() else package.parent / "rules"


def read_folder(folder: Path, most_bytes: int) -> SourceForm:
    """Read a rule set; raises RuleFileError with every problem of every file."""
    draft = Draft()
    return read_files(_files(folder, most_bytes, draft), draft, str(folder))


def read_files(files: Mapping[str, Sequence[YamlFile]], draft: Draft, folder: str = "") -> SourceForm:
    """Read the files of each role (`ruleset`, `vocabulary`, `details`, `instruments`, `precedence`, `decisions`).

    Raises RuleFileError with every problem, those that the draft had before included.
    """
    for role, read in (
        ("ruleset", read_ruleset),
        ("vocabulary", read_vocabulary),
        ("details", read_details),
        ("instruments", read_instruments),
        ("ruleset", read_decisions),
        ("precedence", read_precedence),
        ("decisions", read_rules),
    ):
        for file in files.get(role, ()):
            if file.data is not None:
                read(file, draft)
    check_whole(draft)
    if draft.problems or draft.ruleset is None:
        raise RuleFileError(draft.problems)
    return SourceForm(
        name=draft.ruleset.name,
        version=draft.ruleset.version,
        main=draft.ruleset.main,
        vocabulary=Vocabulary(dict(sorted(draft.facts.items()))),
        organs=draft.organs,
        instruments=dict(sorted(draft.instruments.items())),
        decisions=dict(sorted(draft.decisions.items())),
        rules=dict(sorted(draft.rules.items())),
        authorities=draft.authorities,
        details=draft.details,
        known_until=draft.ruleset.known_until,
        folder=folder,
    )


def _files(folder: Path, most_bytes: int, draft: Draft) -> dict[str, list[YamlFile]]:
    """Every rule file by its role, read; files that cannot be one, and roles without a file, are problems."""
    if not folder.is_dir():
        draft.problems.append(Problem("$", f"there is no folder `{folder}`", "name a folder with `ruleset.yaml` in it"))
        raise RuleFileError(draft.problems)
    files: dict[str, list[YamlFile]] = {}
    for path in sorted(p for p in folder.rglob("*") if p.suffix in (".yaml", ".yml") and not p.is_dir()):
        inside = path.relative_to(folder)
        role = _role(inside.parts)
        if role is None or path.suffix == ".yml":
            known = dict.fromkeys([*_ROLES.values(), *(f"{name}/" for name in _FOLDERS)], ())
            help = "name it `.yaml`" if role else did_you_mean(inside.parts[0], known, "files and folders")
            draft.problems.append(YamlFile(str(path)).problem((), "is not a file of a rule set", help))
        elif role not in ("casebook", "proposals", "registers"):
            files.setdefault(role, []).append(read_yaml(path, str(path), most_bytes))
    for role in ("ruleset", "vocabulary"):
        if role not in files:
            draft.problems.append(
                YamlFile(str(folder / _ROLES[role])).problem((), "is missing", f"a rule set has a `{_ROLES[role]}`")
            )
    kinds = {
        "ruleset": "decision",
        "vocabulary": "fact",
        "details": "detail",
        "instruments": "instrument",
        "decisions": "rule",
    }
    for role, kind in kinds.items():
        for file in files.get(role, ()):
            draft.problems.extend(file.problems)
            if file.data is None:
                draft.broken.add((kind, ""))
                if not file.problems:
                    draft.problems.append(file.problem((), "the file is empty", "write at least its first key"))
        if role in ("ruleset", "vocabulary") and role not in files:
            draft.broken.add((kind, ""))
    for file in files.get("precedence", ()):
        draft.problems.extend(file.problems)
    return files


def _role(parts: tuple[str, ...]) -> str | None:
    stem = parts[0].rsplit(".", 1)[0]
    if len(parts) == 1:
        return stem if stem in _ROLES else None
    return parts[0] if parts[0] in _FOLDERS else None
