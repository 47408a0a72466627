# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""Options that several commands have in common."""

import click

json_option = click.option("--json", "as_json", is_flag=True, help="Print one JSON object and nothing else.")
