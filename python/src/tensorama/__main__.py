"""``python -m tensorama``: the program."""

import sys

from .program import main

sys.exit(main())
