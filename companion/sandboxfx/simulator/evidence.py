# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""What the engine notes while it runs."""

from typing import NamedTuple


class Evidence(NamedTuple):
    """The counts and marks of a run.

    :param samples: passes that are over, `instructions` in all of them, `most_instructions` in one
    :param delay_words: how far into the delay memory the program reached
    :param machine_met: MET_ bits of kernel/cells.py that came up around a pass
    :param met: the same for each instruction
    :param clips: for each instruction, how often its result was saturated
    """

    samples: int
    instructions: int
    most_instructions: int
    delay_words: int
    machine_met: int
    met: tuple[int, ...]
    clips: tuple[int, ...]
