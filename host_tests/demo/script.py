# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""What the demo plays, step by step, and what must come of it."""

from typing import NamedTuple

SWAP, SWAY, CLOUD = "swap (4 instructions)", "sway (47 instructions)", "cloud (1024 instructions)"
TREMOLO, ECHO = "tremolo (20 instructions)", "echo (30 instructions)"
RUNNING = "RUNNING_FROM_RAM, {}"
HEARTBEAT = "red, a dip every 1.0 s"


class Step(NamedTuple):
    """`command`: as typed in the drive's folder, "" for none. `seconds` of device time later, or as soon as the console
    shows `ready`, `expected` must have come true, by aspect (see evidence.py). `story`: one line for who watches.
    """

    title: str
    command: str
    seconds: float
    story: str
    expected: dict[str, str]
    ready: str = ""


STEPS = (
    Step(
        "power-up", "", 15,
        "CircuitPython boots, the chip is found and plays what its pins select.",
        {
            "chip": "RUN",
            "sent": "RETURN_0, EXIT_PRG",
            "console": "FXCore 0x30 at 100 kHz",
            "light": "off",
        },
        ready="at 100 kHz",
    ),
    Step(
        "source", "cp examples/tremolo.fxc output.fxc", 6,
        "A source called output.fxc is assembled by the board and runs at once, from RAM.",
        {
            "chip": RUNNING.format(TREMOLO),
            "sent": "ENTER_PRG, program, EXEC_FROM_RAM",
            "console": "output.fxc: running, 20 instructions",
            "light": f"blue blinks; {HEARTBEAT}",
        },
    ),
    Step(
        "slip", "sed s/sra/srra/ examples/tremolo.fxc > output.fxc", 10,
        "A slip is told with its line and column. The old program plays on.",
        {
            "chip": RUNNING.format(TREMOLO),
            "sent": "nothing",
            "console": "error 1: output.fxc, line 29, column 9: `srra`: unknown instruction; SRA",
            "light": "rapid red blinks; 1 amber blink",
        },
    ),
    Step(
        "mended", "cp examples/echo.fxc output.fxc", 6,
        "The old program plays on until the new one has been checked whole.",
        {
            "chip": RUNNING.format(ECHO),
            "sent": "RETURN_0, EXIT_PRG, ENTER_PRG, program, EXEC_FROM_RAM",
            "console": "output.fxc: running, 30 instructions",
            "light": f"blue blinks; {HEARTBEAT}",
        },
    ),
    Step(
        "stop", "rm output.fxc", 3.5,
        "Without it the chip goes back to the flash slot that its pins select.",
        {"chip": "RUN", "sent": "RETURN_0, EXIT_PRG", "console": "output.fxc is gone: stopped", "light": "off"},
    ),
    Step(
        "slot burn", "cp examples/cloud.hex 3.hex", 8,
        "A file called 0.hex to F.hex is burnt into that flash slot, to stay.",
        {
            "chip": "RUN",
            "sent": "ENTER_PRG, program, WRITE_PRG 3, RETURN_0, EXIT_PRG",
            "slot 3": f"{CLOUD}, burnt once",
            "console": "3.hex: burnt into slot 3, verified",
            "light": "purple blinks; green for 2.0 s; off",
        },
    ),
    Step(
        "skip", "cp examples/cloud.hex 3.hex", 4,
        "Slot 3 already holds this program: the flash is not worn for nothing.",
        {
            "chip": "RUN",
            "sent": "ENTER_PRG, RETURN_0, EXIT_PRG",
            "slot 3": f"{CLOUD}, burnt once",
            "console": "3.hex: slot 3 already holds this program",
            "light": "short green; off",
        },
    ),
    Step(
        "HEX", "cp examples/sway.hex output.hex", 4.5,
        "A HEX file runs as well, as output.hex.",
        {
            "chip": RUNNING.format(SWAY),
            "sent": "ENTER_PRG, program, EXEC_FROM_RAM",
            "console": "output.hex: running, 47 instructions",
            "light": f"blue blinks; {HEARTBEAT}",
        },
    ),
    Step(
        "broken", "head -c 900 examples/swap.hex > output.hex", 10,
        "Half a file may still be on its way: told after 5 s. The old program plays on.",
        {
            "chip": RUNNING.format(SWAY),
            "sent": "nothing",
            "console": "error 1: output.hex, line 7: a record has the wrong length",
            "light": f"{HEARTBEAT}; rapid red blinks; 1 amber blink",
        },
    ),
    Step(
        "recovery", "cp examples/swap.hex output.hex", 5,
        "A good file, and everything is well again.",
        {
            "chip": RUNNING.format(SWAP),
            "sent": "RETURN_0, EXIT_PRG, ENTER_PRG, program, EXEC_FROM_RAM",
            "console": "output.hex: running, 4 instructions",
            "light": f"blue blinks; {HEARTBEAT}",
        },
    ),
)  # fmt: skip
