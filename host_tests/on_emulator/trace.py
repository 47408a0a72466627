# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""What a scenario left behind on a board, and how the traces of two boards are compared."""

from collections.abc import Iterator
from difflib import unified_diff
from itertools import zip_longest
from typing import Any, NamedTuple
from zlib import crc32

from host_tests.boards.virtual.board import VirtualBoard
from host_tests.boards.virtual.fxcore.chip import VirtualFXCore
from host_tests.boards.virtual.fxcore.parts import Image
from host_tests.on_emulator.shown import CUT, State, are_alike, states

# What CircuitPython says by itself around the program.
FIRMWARE_SAYS = (
    "Auto-reload is",
    "code.py output:",
    "]0;",
    "soft reboot",
    "Adafruit CircuitPython",
    "Board ID:",
    "UID:",
)
LONGEST = 120  # characters of a line that tells a difference


class Trace(NamedTuple):
    """What a scenario left behind. What is asked again and again counts once: how often depends on the clock."""

    bus: list[str]
    light: list[State]
    lines: list[str]  # sentences on the console
    chip: list[object]  # mode, program that runs, slots, burns per slot, complaints
    nvm: bytes  # the slot ledger

    @property
    def sentences(self) -> list[str]:
        """The lines, where their order says nothing."""
        return sorted(self.lines)

    @property
    def states(self) -> set[str]:
        """What the light said, where its order says nothing."""
        return {state.what for state in self.light} - {"off", CUT.what}


def trace_of(board: Any, chip: VirtualFXCore, starts: list[float]) -> Trace:
    """`starts`: when it got power."""
    ends = [*starts[1:], board.now_ms]
    return Trace(
        _asked_once([str_of(done) for done in board.i2c.log]),
        [state for start, end in zip(starts, ends, strict=True) for state in _light(board, start, end)],
        [line for line in board.console.splitlines() if line and not line.startswith(FIRMWARE_SAYS)],
        [chip.mode, chip.running, chip.slots, chip.writes, chip.complaints],
        nvm_of(board),
    )


def _light(board: Any, start: float, end: float) -> list[State]:
    """In one life of the board: until the program turns to the chip, the light is CircuitPython's own."""
    begin = min((done.t_start_ms for done in board.i2c.log if start <= done.t_start_ms < end), default=end)
    return states([(t_ms, rgb) for t_ms, rgb in board.pixel.log if begin <= t_ms < end], end)


def str_of(done: Any) -> str:
    """A transfer, however the two boards name its parts."""
    if not done.address_ack:
        return f"{done.kind} {done.addr:02x} nobody"
    refused = "" if done.acked == len(done.data) or done.kind == "r" else f" refused after {done.acked}"
    return f"{done.kind} {done.addr:02x} {done.data.hex(' ')}{refused}{'' if done.stop else ' no stop'}"


def _asked_once(transfers: list[str]) -> list[str]:
    """A read or a refused address that comes again counts once, a write each time; "are you there? yes" not at all."""
    told = [one for one in transfers if len(one.split()) > 2]
    return [one for n, one in enumerate(told) if n == 0 or told[n - 1] != one or not _is_question(one)]


def _is_question(transfer: str) -> bool:
    return transfer.startswith("r ") or transfer.endswith("nobody")


def nvm_of(board: Any) -> bytes:
    return bytes(board.nvm.data) if isinstance(board, VirtualBoard) else board.nvm()


def require_same(expected: Trace, real: Trace, aspects: tuple[str, ...] = Trace._fields) -> None:
    """AssertionError with the difference, unless these aspects of both are the same."""
    for aspect in aspects:
        wanted, seen = getattr(expected, aspect), getattr(real, aspect)
        if aspect == "light":
            assert are_alike(wanted, seen), "\n".join(("light: virtual, real", *_side_by_side(wanted, seen)))
        else:
            assert seen == wanted, "\n".join((aspect, *_difference(wanted, seen)))


def _side_by_side(wanted: list[State], seen: list[State]) -> list[str]:
    pairs = zip_longest(wanted, seen, fillvalue=State("nothing"))
    return [f"{' ' if one.is_like(other) else '!'} {one!s:70} {other}" for one, other in pairs]


def _difference(wanted: Any, seen: Any) -> Iterator[str]:
    return unified_diff(_shown(wanted), _shown(seen), "virtual", "real", lineterm="")


def _shown(aspect: Any) -> list[str]:
    """As lines of text, long ones cut."""
    if isinstance(aspect, bytes):
        return aspect.hex(" ", 16).split(" ")
    return [_cut(line) for each in aspect for line in (each if isinstance(each, list) else [each])]


def _cut(each: object) -> str:
    if isinstance(each, Image):
        return f"program {crc32(each.program):08x}, registers {crc32(b''.join(each[:3])):08x}"
    text = str(each)
    if len(text) <= LONGEST:
        return text
    return f"{text[:LONGEST]}... {len(text)} characters, CRC {crc32(text.encode()):08x}"
