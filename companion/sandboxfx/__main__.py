# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""`python -m sandboxfx`."""

import sys

from sandboxfx.cli.main import main

sys.exit(main())
