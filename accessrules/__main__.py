"""`python -m accessrules …`: the command line."""

import sys

from accessrules.commands import main

if __name__ == "__main__":
    sys.exit(main())
