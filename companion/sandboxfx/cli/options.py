# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""Options that several commands have in common."""

import click

from fxasm.assemble import ROUNDINGS

json_option = click.option("--json", "as_json", is_flag=True, help="Print one JSON object and nothing else.")

board_option = click.option(
    "--board",
    default="",
    envvar="SANDBOXFX_BOARD",
    metavar="NAME",
    help="The last digits of the board's number, where there are several.",
)

rounding_option = click.option(
    "--rounding",
    type=click.Choice(ROUNDINGS),
    default=ROUNDINGS[0],
    show_default=True,
    help="How a fraction becomes a number: rounded down as the vendor's assembler does it, or to the nearest.",
)
