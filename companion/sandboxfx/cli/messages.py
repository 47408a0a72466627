# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""Errors and warnings of a source, as compilers show them."""

from rich.text import Text

from sandboxfx.assembling import ERROR, Message
from sandboxfx.cli.show import error_console

STYLES = {ERROR: "bold red"}
WARNING_STYLE = "bold magenta"


def print_messages(name: str, lines: list[str], messages: list[Message]) -> None:
    """Prints each message with its line and a caret below what is wrong, on standard error."""
    console = error_console()
    for message in messages:
        for text in message_lines(name, lines, message):
            console.print(text)


def message_lines(name: str, lines: list[str], message: Message) -> list[Text]:
    """Returns the lines of one message: FILE:LINE:COLUMN: kind: sentence, the source's line, the caret."""
    style = STYLES.get(message.kind, WARNING_STYLE)
    head = Text(f"{name}:{message.line}:{message.column}: ", "bold")
    head.append(f"{message.kind}: ", style).append(message.sentence, "not bold")
    line = lines[message.line - 1] if message.line <= len(lines) else ""
    before = "".join("\t" if character == "\t" else " " for character in line[: message.column - 1])
    length = max(1, min(message.length, len(line) - message.column + 1))
    gutter = f"{message.line:>5} | "
    marks = Text(" " * 5 + " | " + before).append("^" + "~" * (length - 1), style)
    return [head, Text(gutter + _shown(line)), marks]


def _shown(line: str) -> str:
    """The line with what a terminal would take for a command made harmless."""
    return "".join(character if character.isprintable() or character == "\t" else "?" for character in line)
