"""The command line: one file a verb, which is only imported when the verb is used.

Exit codes: 0 answered; 1 something was found (a failing case); 2 the call, the facts or the files are wrong, and
nothing was written; 3 `decide` answered `undetermined`, `conflict` or `no_rule`.
"""

from __future__ import annotations

import gc
import os

# A command lives for a moment: looking through what it has just loaded for garbage would be a tenth of its time.
gc.set_threshold(50_000, 20, 20)

# Before pydantic is first used: looking for plugins of it reads the metadata of every installed package, which costs
# a short command a tenth of a second. The library itself leaves that to the program that imports it.
os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")

try:
    from accessrules.commands.app import app, main
except KeyboardInterrupt:  # Ctrl-C while Python is still importing
    raise SystemExit(130) from None

__all__ = ["app", "main"]
