"""The command line from a checkout: `python cli.py decide category=household_refrigerator …`."""

import sys

from accessrules.commands import main

if __name__ == "__main__":
    sys.exit(main())
