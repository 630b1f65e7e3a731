"""`python -m sop`: the command line."""

import sys

from sop.cli import main

sys.exit(main())
