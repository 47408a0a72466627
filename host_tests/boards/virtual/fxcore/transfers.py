# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""The virtual FXCore's memory of a programming session: commands checked, blocks received, the command status."""

from collections.abc import Callable

from host_tests.boards.virtual.fxcore.knobs import Knobs
from host_tests.boards.virtual.fxcore.parts import (
    COMMANDS,
    EXIT_PRG,
    NO_ERROR,
    NOT_ALLOWED,
    OUT_OF_RANGE,
    PROGRAM_RECEIVED,
    PROGRAM_TOO_LONG,
    RECEIVED,
    REGISTER_WORDS,
    REGISTERS_RECEIVED,
    RESET_IMAGE,
    RETURN_0,
    TRANSFER_FAULT,
    UNKNOWN_COMMAND,
    WRONG_LENGTH,
    WRONG_SUM,
    Image,
    with_sum,
)


class Transfers:
    """`image`: the RAM; `received`: bits of status byte 0; `code`: status byte 1; `last_command`: bytes 2 and 3."""

    def __init__(self, knobs: Knobs, complain: Callable[[str], None]) -> None:
        self._knobs, self._complain = knobs, complain
        self.scripted: dict[str, list[int]] = {}  # step: command statuses it ends with, whatever it does
        self.power_up()

    def power_up(self) -> None:
        """What is in RAM is lost."""
        self.image: Image = RESET_IMAGE
        self.reset(b"\x00\x00")

    def reset(self, last_command: bytes) -> None:
        """STATE0: nothing received, nothing expected, no error. RAM keeps its content."""
        self.received = 0
        self.code = NO_ERROR
        self.last_command = last_command
        self._section, self._expected, self._partial = "", 0, b""

    @property
    def state(self) -> int:
        """STATE0 0x00, STATE1 0x08 (a register block received), STATE2 0x10 (a program received)."""
        return PROGRAM_RECEIVED if self.has_program else REGISTERS_RECEIVED if self.received else 0

    @property
    def has_program(self) -> bool:
        return bool(self.received & PROGRAM_RECEIVED)

    @property
    def state_byte(self) -> int:
        return self.received | (REGISTERS_RECEIVED if self.received & ~PROGRAM_RECEIVED else 0)

    def end(self, step: str, code: int) -> None:
        """Sets the command status that `step` ends with: this one, unless another is scripted. 4x resets the state."""
        scripted = self.scripted.get(step)
        self.code = scripted.pop(0) if scripted else code
        if self.code & 0xF0 == TRANSFER_FAULT:
            self.received = 0

    # ---- commands ----
    def command(self, data: bytes) -> str:
        """Checks a command and begins the transfer it announces; returns its name, also of one that was refused."""
        name = COMMANDS.get(data[0], "")
        self.last_command = data[:2].ljust(2, b"\x00")
        self._expected = 0
        refusal = self._refusal(name, data)
        if refusal:
            self._complain(f"command {data[:8].hex(' ')} refused with {refusal:02X}")
        self.end(name, refusal)
        if self.code == NO_ERROR and name.startswith("XFER_"):
            self._expect(name.removeprefix("XFER_"), data)
        return name or "unknown"

    def _refusal(self, name: str, data: bytes) -> int:
        if not name:
            return UNKNOWN_COMMAND
        if len(data) != 2:
            return WRONG_LENGTH
        words = REGISTER_WORDS.get(name.removeprefix("XFER_"))
        highest = 15 if name == "WRITE_PRG" else 0 if name in ("EXEC_FROM_RAM", "RETURN_0") else 255
        if data[1] > highest or (words is not None and data[1] != words - 1):
            return OUT_OF_RANGE
        if name in ("WRITE_PRG", "EXEC_FROM_RAM") and not self.has_program:
            return NOT_ALLOWED
        return NO_ERROR

    # ---- blocks ----
    def _expect(self, section: str, data: bytes) -> None:
        if section != "PRG" and self.has_program:
            self._complain(f"{section} after the program")
        words = REGISTER_WORDS.get(section) or (data[0] & 3) * 256 + data[1] + 1
        self._section, self._partial, self._expected = section, b"", words * 4 + 2
        self.received &= ~RECEIVED[section]

    def takes(self, data: bytes) -> bool:
        """Is this write the expected block or part of it? RETURN_0 and EXIT_PRG are not, unless they complete it."""
        completes = len(self._partial) + len(data) == self._expected
        return bool(self._expected) and (completes or data not in (RETURN_0, EXIT_PRG))

    def block(self, data: bytes) -> str:
        """Takes it; returns the section when the block is over, else "" (more chunks to come)."""
        self._partial += data
        if self._knobs.chunks and len(self._partial) < self._expected:
            return ""
        block, self._partial = self._partial, b""
        self.end(self._section, self._check(block))
        self._expected = 0
        if self.code == NO_ERROR:
            self.received |= RECEIVED[self._section]
            field = "program" if self._section == "PRG" else self._section.lower()
            self.image = self.image._replace(**{field: block})
        return self._section

    def _check(self, block: bytes) -> int:
        if len(block) != self._expected:
            self._complain(f"{self._section} block of {len(block)} bytes instead of {self._expected}")
            too_long = self._section == "PRG" and len(block) > self._expected
            code = self._knobs.wrong_length
            return PROGRAM_TOO_LONG if too_long and code == TRANSFER_FAULT else code
        if with_sum(block[:-2]) != block:
            self._complain(f"{self._section} block with a wrong sum")
            return WRONG_SUM
        return NO_ERROR
