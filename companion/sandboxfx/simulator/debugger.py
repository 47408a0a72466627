# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""A program step by step: commands in, lines of text out. The command `debug` shows them."""

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from fxasm import decoder
from sandboxfx.errors import USAGE, SandboxError
from sandboxfx.simulator.breakpoints import Breakpoint, parse_breakpoint, parse_value
from sandboxfx.simulator.kernel import cells
from sandboxfx.simulator.machine import Machine
from sandboxfx.simulator.names import CELL_NAMES
from sandboxfx.simulator.samples import FULL_SCALE

HELP = """
step [N]        run one instruction, or N
next [N]        run to the end of the sample, or of N samples
go              run to a breakpoint or to the end of the sound
until SECONDS   run to a time, or to a breakpoint
break PLACE     stop at a line (12), an address (@5), a condition (R3 > 0x100, OUT0 >= 0.5)
breaks          what there is to stop at
delete N        forget a breakpoint
regs [NAME ...] what changed since the last stop, or these registers
list [N]        the program around here
delay PLACE     a delay word: an address (100) or a tap (tape, tape#, tape+100)
set NAME VALUE  change a register (0x1F, 12, 0.25), or a delay word (DEL100)
move CONTROL X  turn a pot (POT0 0.3), press a switch (SW0 1), tap (TAP 1)
quit            leave
"""
CORE = (*(f"R{i}" for i in range(16)), "ACC32", "ACC64", "FLAGS", "USER0", "USER1", *(f"OUT{i}" for i in range(4)))
COUNTS = {"SAMPLECNT", "TAPTEMPO", "MAXTEMPO", "PIN", "SWITCH", "FLAGS", "USER0", "USER1", "BOOTSTAT"}


class Debugger:
    """One session.

    :param machine: before its first sample
    :param sound: the words that go in, samples x 4; silence follows
    """

    def __init__(self, machine: Machine, sound: NDArray[np.int32]) -> None:
        self.machine, self._sound = machine, sound
        self.is_over = False
        self._breakpoints: list[Breakpoint] = []
        self._before = self._snapshot()
        self._commands: dict[str, Callable[[Sequence[str]], list[str]]] = {
            "step": self._step,
            "next": self._next,
            "go": self._go,
            "until": self._until,
            "break": self._break,
            "breaks": self._breaks,
            "delete": self._delete,
            "regs": self._regs,
            "list": self._list,
            "delay": self._delay,
            "set": self._set,
            "move": self._move,
            "help": lambda words: HELP.strip().splitlines(),
            "quit": self._quit,
        }

    def do(self, line: str) -> list[str]:
        """Does one command and returns what there is to say. A command may be cut short: s, n, g, b, r, l, q.

        :raises SandboxError: it makes no sense
        """
        words = line.split()
        if not words or words[0].startswith("#"):
            return []
        name = words[0].lower()
        matching = [command for command in self._commands if command.startswith(name)]
        if name not in self._commands and not matching:
            raise SandboxError("command", f"There is no command {words[0]}.", "Write help for those there are.", USAGE)
        return self._commands[name if name in self._commands else matching[0]](words[1:])

    def where(self) -> str:
        """One line: time, sample, place and instruction."""
        machine = self.machine
        address = machine.pc
        sample = f"{machine.time / machine.rate:.5f} s, sample {machine.time:,}"
        if not machine.in_pass:
            return f"{sample}, before the pass"
        return f"{sample}, @{address} {machine.program.place(address)}: {self._text(address)}"

    def _text(self, address: int) -> str:
        program = self.machine.program
        line = program.lines.get(address)
        if line:
            return " ".join(program.source[line - 1].partition(";")[0].split())
        word = program.words[address]
        return " ".join((decoder.instruction_text(word) or f"{word:08X} (no instruction)").split())

    def _step(self, words: Sequence[str]) -> list[str]:
        for _ in range(_count(words)):
            self._one_step()
        return self._stopped()

    def _next(self, words: Sequence[str]) -> list[str]:
        for _ in range(_count(words)):
            while self._one_step():
                pass
        return self._stopped()

    def _go(self, words: Sequence[str]) -> list[str]:
        return self._run_to(max(len(self._sound), self.machine.time + 1))

    def _until(self, words: Sequence[str]) -> list[str]:
        try:
            seconds = float(words[0])
        except (IndexError, ValueError) as error:
            raise SandboxError("command", "until wants a time.", "Write: until 0.5", USAGE) from error
        return self._run_to(round(seconds * self.machine.rate))

    def _run_to(self, time: int) -> list[str]:
        """Runs until a breakpoint or a sample."""
        addresses = {one.address for one in self._breakpoints}
        conditions = [one for one in self._breakpoints if one.register]
        held = {one for one in conditions if one.holds(self.machine.__getitem__)}
        if not self._breakpoints:
            self._run_blindly(time)
        while self.machine.time < time:
            self._one_step()
            if self.machine.in_pass and self.machine.pc in addresses:
                return self._stopped()
            for one in conditions:
                if not one.holds(self.machine.__getitem__):
                    held.discard(one)
                elif one not in held:
                    return [f"{one.text} holds", *self._stopped()]
        return self._stopped()

    def _run_blindly(self, time: int) -> None:
        """Runs until a sample, in one go."""
        if self.machine.in_pass:
            self.machine.finish_pass()
        start = self.machine.time
        given = self._sound[start:time]
        self.machine.run(np.concatenate((given, np.zeros((max(0, time - start - len(given)), 4), dtype=np.int32))))

    def _one_step(self) -> bool:
        """One instruction; returns whether the pass goes on."""
        self._feed()
        self.machine.step()
        return self.machine.in_pass

    def _feed(self) -> None:
        if not self.machine.in_pass:
            time = self.machine.time
            self.machine.inputs = self._sound[time].tolist() if time < len(self._sound) else (0, 0, 0, 0)

    def _stopped(self) -> list[str]:
        after = self._snapshot()
        changed = [self._shown(name) for name, value in after.items() if value != self._before[name]]
        self._before = after
        return [self.where(), *(f"  {text}" for text in changed)]

    def _snapshot(self) -> dict[str, int]:
        return {name: self.machine[name] for name in CORE}

    def _break(self, words: Sequence[str]) -> list[str]:
        self._breakpoints.append(parse_breakpoint(" ".join(words), self.machine.program))
        return self._breaks(())

    def _breaks(self, words: Sequence[str]) -> list[str]:
        found = [f"{n} {one.text}" + (f": {self._text(one.address)}" if one.address >= 0 else "")
                 for n, one in enumerate(self._breakpoints, 1)]  # fmt: skip
        return found or ["no breakpoints"]

    def _delete(self, words: Sequence[str]) -> list[str]:
        number = _count(words)
        if not 0 < number <= len(self._breakpoints):
            raise SandboxError(
                "command", f"There is no breakpoint {number}.", "Write breaks for those there are.", USAGE
            )
        del self._breakpoints[number - 1]
        return self._breaks(())

    def _regs(self, words: Sequence[str]) -> list[str]:
        names = [word.strip(",").upper() for word in words] or CORE
        return [self._shown(name) for name in names]

    def _shown(self, name: str) -> str:
        value = self.machine[name]
        if name == "ACC64":
            return f"{name} 0x{value & (1 << 64) - 1:016X} {value / (1 << 63):+.9f}"
        if name.startswith(("DEL", "DIR")):
            return f"{name} 0x{value & 0xFFFF:04X} {value / 0x8000:+.5f}"
        shown = f"{value:,}" if name in COUNTS else f"{value / FULL_SCALE:+.9f}"
        return f"{name} 0x{value & 0xFFFFFFFF:08X} {shown}"

    def _list(self, words: Sequence[str]) -> list[str]:
        around = _count(words, 5)
        length = len(self.machine.program.words)
        shown = range(max(0, self.machine.pc - around), min(length, self.machine.pc + around + 1))
        return [f"{'>' if at == self.machine.pc else ' '} @{at:<4} {self._text(at)}" for at in shown]

    def _delay(self, words: Sequence[str]) -> list[str]:
        place = " ".join(words).replace(" ", "")
        address = self._delay_address(place)
        return [f"{place} (address {address}): {self._shown(f'DEL{address}')}"]

    def _delay_address(self, place: str) -> int:
        name, plus, offset = place.partition("+")
        blocks = {block.upper(): span for block, span in self.machine.program.blocks.items()}
        if name.isdecimal():
            base = int(name)
        elif name.rstrip("#").upper() in blocks:
            base = blocks[name.rstrip("#").upper()][name.endswith("#")]
        else:
            cure = f"There are {', '.join(blocks)}." if blocks else "Write an address, 0 to 32767."
            raise SandboxError("command", f"There is no block {name or 'without a name'}.", cure, USAGE)
        address = base + (parse_value(offset) if plus else 0)
        if not 0 <= address < cells.DELAY_WORDS:
            raise SandboxError("command", f"There is no delay address {address}.", "They are 0 to 32767.", USAGE)
        return address

    def _set(self, words: Sequence[str]) -> list[str]:
        if len(words) != 2:
            raise SandboxError("command", "set wants a name and a value.", "Write: set R3 0.25", USAGE)
        name, value = words[0].upper(), parse_value(words[1])
        try:
            self.machine[name] = value
        except OverflowError as error:
            raise SandboxError("value", f"{name}: {error}.", status=USAGE) from error
        if name in CELL_NAMES and name in self._before:
            self._before[name] = self.machine[name]
        return [self._shown(name)]

    def _move(self, words: Sequence[str]) -> list[str]:
        if len(words) != 2:
            raise SandboxError("command", "move wants a control and a position.", "Write: move POT0 0.3", USAGE)
        try:
            position = float(words[1])
        except ValueError as error:
            raise SandboxError("value", f"{words[1]} is no number.", "Write: move POT0 0.3", USAGE) from error
        self.machine.move(words[0], position)
        return [f"{words[0].upper()} {position:g}"]

    def _quit(self, words: Sequence[str]) -> list[str]:
        self.is_over = True
        return []


def _count(words: Sequence[str], default: int = 1) -> int:
    if not words:
        return default
    if not words[0].isdecimal():
        raise SandboxError("command", f"{words[0]} is no number.", "Write a whole number.", USAGE)
    return int(words[0])
