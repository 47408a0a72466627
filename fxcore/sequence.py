# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""What is sent to the chip, in order: read the generators from top to bottom.

Each `yield ms` is a pause during which the caller's loop goes on; between two of them lies at most one I2C
transfer. Pauses are the shortest known to work on real boards.
"""

from fxcore import protocol
from fxcore.errors import SLOT_NOT_SET, STATUS_UNREADABLE, Fault
from fxcore.status import StatusReader

ENTER_PAUSE = 20
COMMAND_PAUSE = 5
BLOCK_PAUSE = 10
EXIT_PAUSE = 20
# The chip burns for up to 200 ms and may not answer meanwhile; then its status is asked for up to a second.
FLASH_SILENCE = 200
FLASH_POLL = 10
# A second: each poll takes its pause, a tick of the clock and 1.2 ms on the wire.
FLASH_POLLS = 84

CHUNK = 32


class Sequence:
    """The command sequences of one chip; every method but the constructor is a generator that may raise Fault.

    `in_run` is True while the chip is known to be in RUN mode; whoever else talks to the chip sets it to False.
    `blind`: the status is not read. `loading`: it is decided to load. `chunked`: blocks go in 32-byte writes, where the
    status proves that they arrived. `committed`: WRITE_PRG has been sent, and must not be sent again by itself.

    :param port: `write(buffer)` and `read_into(buffer)`, one START..STOP each; they raise Fault
    :param int address: 7-bit I2C address, which ENTER_PRG repeats
    :param int pause_percent: scales all pauses but the flash's own time
    """

    def __init__(self, port, address, pause_percent):
        self._port = port
        self._enter_prg = protocol.enter_prg(address)
        self._percent = pause_percent
        self.reader = StatusReader(port)
        self.in_run = False
        self.blind = False
        self.chunked = False
        self.loading = False
        self.committed = False

    def run(self, program):
        """Loads a program into RAM and executes it."""
        self.loading = True
        yield from self._enter()
        yield from self._send_blocks(program)
        yield from self._command(protocol.EXEC_FROM_RAM)

    def burn(self, program, slot, gate):
        """Writes a program into flash slot 0..15; see Programmer.burn. Returns False if the gate did not want it."""
        yield from self._enter()
        if not gate.wants(self._readable_status()):
            yield from self.leave()
            return False
        self.loading = True
        yield from self._send_blocks(program)
        gate.writing(self._readable_status())
        self.committed = True
        self._port.write(protocol.write_prg(slot))
        yield FLASH_SILENCE
        yield from self._await_flash(slot)
        if self.blind:
            yield from self.leave()  # without a status, this is all the proof there is that the chip still lives
            gate.written()
        else:
            gate.written()
            yield from self.leave_quietly()
        return True

    def identify(self):
        """Reads the status in programming mode and leaves."""
        yield from self._enter()
        yield from self.leave()

    def peek(self):
        """Reads the status in whatever mode the chip is; only in programming mode has it one."""
        self.reader.read()
        yield COMMAND_PAUSE

    def leave(self):
        """RETURN_0 and EXIT_PRG: from any mode to RUN."""
        self.in_run = False
        yield from self._command(protocol.RETURN_0)
        yield from self._command(protocol.EXIT_PRG, EXIT_PAUSE)
        self.in_run = True

    def leave_quietly(self):
        """The same, both commands whether the chip takes them or not: `in_run` tells. Begins a step of its own."""
        yield 0
        taken = 0
        for command, pause in ((protocol.RETURN_0, COMMAND_PAUSE), (protocol.EXIT_PRG, EXIT_PAUSE)):
            try:
                self._port.write(command)
                taken += 1
            except Fault:
                pass  # there is a fault to tell already, or the next operation meets this one
            yield self._scaled(pause)
        self.in_run = taken == 2

    def _enter(self):
        if not self.in_run:
            yield from self.leave()
        self.in_run = False
        yield from self._command(self._enter_prg, ENTER_PAUSE)
        if not self.blind:
            self.reader.identify()
            yield 0

    def _send_blocks(self, program):
        for section, received in protocol.TRANSFERS:
            yield from self._command(protocol.xfer(section, program))
            block = program.block(section)
            size = CHUNK if self.chunked and not self.blind else len(block)
            for start in range(0, len(block), size):
                self._port.write(block[start : start + size])
                yield self._scaled(BLOCK_PAUSE)
            if not self.blind:
                self.reader.check(section.name, received)
                yield 0

    def _await_flash(self, slot):
        """Polls the status until it confirms the slot; the last answer within a second decides."""
        for left in range(FLASH_POLLS, -1, -1):
            if self.blind:
                return
            try:
                self._confirm_slot(slot)
                return
            except Fault as fault:
                if fault.code not in (STATUS_UNREADABLE, SLOT_NOT_SET):
                    raise
                if not left:
                    if fault.code == STATUS_UNREADABLE:  # it was readable before: the chip is gone, or has restarted
                        yield FLASH_POLL
                        yield from self.leave()  # raises if it is gone
                    raise fault
            yield FLASH_POLL

    def _confirm_slot(self, slot):
        self.reader.read()
        self.reader.refuse_error("WRITE_PRG")
        if not self.reader.status.slots >> slot & 1:
            raise Fault(SLOT_NOT_SET, "the chip does not confirm slot {:X}".format(slot))

    def _readable_status(self):
        return None if self.blind else self.reader.status

    def _command(self, command, pause=COMMAND_PAUSE):
        self._port.write(command)
        yield self._scaled(pause)

    def _scaled(self, pause):
        return (pause * self._percent + 99) // 100
