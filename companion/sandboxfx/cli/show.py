# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""How everything is shown: for people on a terminal, plain in a pipe, as one JSON object."""

import json
import sys

from rich.console import Console
from rich.text import Text

from sandboxfx.errors import SandboxError

WITHOUT_BLOCKS = str.maketrans("█░·", "#-.")


def console() -> Console:
    """Where results for people go: standard output, in colour on a terminal only."""
    return Console(highlight=False, soft_wrap=True)


def error_console() -> Console:
    """Where errors, warnings and progress go: standard error."""
    return Console(stderr=True, highlight=False, soft_wrap=True)


def drawn(text: str) -> str:
    """Returns a drawing as standard output can show it: bars of # where its encoding has no blocks."""
    try:
        text.encode(console().encoding)
    except (UnicodeEncodeError, LookupError):
        return text.translate(WITHOUT_BLOCKS)
    return text


def print_json(answer: dict[str, object]) -> None:
    """Prints the one object that a command with `--json` prints."""
    print(json.dumps(answer), file=sys.stdout)


def tell(error: SandboxError) -> None:
    """Prints an error: sentence, then cure."""
    line = Text.assemble(("sandboxfx: ", "bold red"), error.sentence)
    if error.cure:
        line.append(f" {error.cure}")
    error_console().print(line)
