# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""A virtual FXCore: the documented programming state machine as an I2C target, with knobs for the undocumented."""

from collections.abc import Callable
from typing import Any, NamedTuple

from host_tests.boards.virtual.fxcore.flash import Flash
from host_tests.boards.virtual.fxcore.knobs import Knobs
from host_tests.boards.virtual.fxcore.parts import (
    ENTER_PRG,
    EXIT_PRG,
    FLASH_ERRORS,
    LOCKED_UP,
    NO_ERROR,
    OFF,
    PROGRAMMING,
    RECEIVED,
    RETURN_0,
    RUN,
    RUNNING_FROM_RAM,
    Image,
)
from host_tests.boards.virtual.fxcore.transfers import Transfers

FLASH_SILENCE_MS = 200.0  # what hosts are known to wait after WRITE_PRG
PAUSES_MS = {"ENTER_PRG": 20.0, "EXIT_PRG": 20.0, "command": 5.0, "block": 10.0}  # shortest known to work


class Event(NamedTuple):
    """Something the chip understood: `step` is a command's name or a block's (CREG, MREG, SFR, PRG)."""

    t_ms: float
    step: str
    data: bytes
    code: int  # the command status it left


class VirtualFXCore:
    """An I2C target for the virtual bus and for the emulator. `now_ms`: the time, for flash and pauses.

    To look at: `mode` (OFF, RUN, PROGRAMMING, RUNNING_FROM_RAM, LOCKED_UP), `state` (0x00, 0x08, 0x10), `running`
    (the Image that runs from RAM, or None), `slots` (an Image or None each), `writes` (burns per slot), `flashing`,
    `history` (Events), `complaints` (what the host did that no known host does), `garbage_reads`.
    To do: power_off(), power_on(), fail_next(step, code), flash_error(slot, code), `knobs` (see there for the table).

    With all 16 slots empty or damaged it is locked up from power_on() on, as the real one is said to be.
    XFER_CMB (03 1B) is answered as unknown: nobody knows the order within its block.
    """

    read_size = 12

    def __init__(
        self,
        address: int = 0x30,
        serial: int = 0x12345678,
        device_id: int = 1,
        now_ms: Callable[[], float] = lambda: 0.0,
        **knobs: Any,
    ) -> None:
        self.address, self.serial, self.device_id, self.now_ms = address, serial, device_id, now_ms
        self.knobs = Knobs(**knobs)
        self.history: list[Event] = []
        self.complaints: list[str] = []
        self.garbage_reads = self._status_reads = 0
        self._flash = Flash(self.knobs, lambda: self.now_ms())
        self._transfers = Transfers(self.knobs, self.complaints.append)
        if self.knobs.nak_byte is not None:  # only then: the emulator asks for each byte, showing all before it
            self.ack = self._ack
        self.mode = OFF
        self.power_on()

    state = property(lambda self: self._transfers.state)
    slots = property(lambda self: self._flash.slots)
    writes = property(lambda self: self._flash.writes)
    flashing = property(lambda self: self._flash.busy)

    @property
    def running(self) -> Image | None:
        return self._transfers.image if self.mode == RUNNING_FROM_RAM else None

    # ---- the bench ----
    def power_off(self) -> None:
        """Loses what is in RAM; a slot being burnt is damaged."""
        self._flash.lose_power()
        self.mode = OFF

    def power_on(self) -> None:
        if self.mode != OFF:
            return
        self.mode = RUN if any(self.slots) else LOCKED_UP
        self._transfers.power_up()
        self._exit_blocked = False
        self._silent_until = self._quiet_since = self._pause_ms = 0.0

    def fail_next(self, step: str, code: int, times: int = 1) -> None:
        """The next `times` executions of `step` end with that command status and have no other effect.

        Steps: ENTER_PRG, XFER_CREG, XFER_MREG, XFER_SFR, XFER_PRG, WRITE_PRG, EXEC_FROM_RAM, RETURN_0 and the blocks
        CREG, MREG, SFR, PRG. 4x resets the state; a flash error of WRITE_PRG leaves the slot damaged.
        """
        self._transfers.scripted.setdefault(step, []).extend([code] * times)

    def flash_error(self, slot: int, code: int) -> None:
        """From now on burning that slot ends with this flash error (1x, 2x, 3x; 0: none) and leaves it damaged."""
        self._flash.errors[slot] = code

    # ---- the wire ----
    def busy(self) -> bool:
        """True: the address is refused."""
        if self.mode in (OFF, LOCKED_UP):
            return True
        waited = self.now_ms() - self._quiet_since
        if self.now_ms() < self._silent_until:
            self.complaints.append("not silent while the flash is written")
        elif waited < self._pause_ms * self.knobs.pause_percent / 100 - 0.001:
            self.complaints.append(f"only {waited:.0f} ms after {self.history[-1].step}")
        return self.flashing and self.knobs.while_flashing == "nak"

    def refuses_read(self) -> bool:
        return self.mode == PROGRAMMING and self.knobs.status == "nak" and self.knobs.status_from == 0

    def _ack(self, data: bytes) -> bool:
        return self.knobs.nak_byte is None or not self.knobs.nak_byte(data)

    def write(self, data: bytes) -> None:
        self._pause_ms = 0.0
        if self.flashing:
            self.complaints.append(f"write {data[:8].hex(' ')} while the flash is busy")
        if self.mode == PROGRAMMING and not (self.flashing and self.knobs.while_flashing == "ignore"):
            self._write_while_programming(bytes(data))
        elif self.mode in (RUN, RUNNING_FROM_RAM):
            self._write_while_running(bytes(data))
        self._quiet_since = self.now_ms()

    def read(self, n: int) -> bytes:
        """The status, whatever n is."""
        self._pause_ms = 0.0
        if self.mode in (OFF, LOCKED_UP) or (self.flashing and self.knobs.while_flashing == "ignore"):
            return b"\xff" * 12
        if self.mode == PROGRAMMING:
            return self._shown_status()
        self.garbage_reads += 1
        return self.knobs.garbage or (b"\xff", b"\x00", b"\x80")[self.garbage_reads % 3] * 12

    # ---- status ----
    def status_bytes(self) -> bytes:
        """The 12 bytes of a chip without vices in programming mode."""
        done = self._transfers
        head = bytes((done.state_byte, done.code)) + done.last_command
        words = self._flash.bits.to_bytes(2, "little") + self.device_id.to_bytes(2, "little")
        return head + words + self.serial.to_bytes(4, "little")

    def _shown_status(self) -> bytes:
        if self._flash.result and not self.flashing:
            self._transfers.code = self._flash.result
        good = self.status_bytes()
        if self.knobs.status_from > 0:
            self.knobs.status_from -= 1
            return good
        self._status_reads += 1
        if self.knobs.status == "id":
            return good[:6] + (self.device_id + self._status_reads & 0xFFFF).to_bytes(2, "little") + good[8:]
        if self.knobs.status == "serial":
            return good[:8] + (self.serial + self._status_reads & 0xFFFFFFFF).to_bytes(4, "little")
        return {"good": good, "00": bytes(12)}.get(self.knobs.status, b"\xff" * 12)

    # ---- writes ----
    def _write_while_running(self, data: bytes) -> None:
        """RUN takes ENTER_PRG; a program that runs from RAM is stopped by RETURN_0 and EXIT_PRG, harmless in RUN."""
        from_ram = self.mode == RUNNING_FROM_RAM
        if data[:2] == ENTER_PRG and len(data) == 3:
            if from_ram:
                self.complaints.append("ENTER_PRG while running from RAM")
            if not from_ram or self.knobs.enter_during_ram_run:
                self._enter(data)
        elif data == RETURN_0:
            if from_ram:
                self.mode = PROGRAMMING
                self._transfers.reset(data)
            self._note("RETURN_0", data)
        elif data == EXIT_PRG:
            if from_ram:
                self.complaints.append("EXIT_PRG without RETURN_0 while running from RAM")
                self.mode = RUN
            self._note("EXIT_PRG", data)
        else:
            self.complaints.append(f"write {data[:8].hex(' ')} in mode {self.mode}")

    def _enter(self, data: bytes) -> None:
        if self.knobs.match_address and data[2] != self.address:
            self.complaints.append(f"ENTER_PRG for address 0x{data[2]:02x}")
            return
        self.mode = PROGRAMMING
        self._transfers.reset(data[:2])
        self._transfers.end("ENTER_PRG", NO_ERROR)
        self._note("ENTER_PRG", data)

    def _write_while_programming(self, data: bytes) -> None:
        self._flash.result = NO_ERROR  # what follows has a status of its own
        if self._transfers.takes(data):
            section = self._transfers.block(data)
            if section:
                self._note(section, data)
        elif data == EXIT_PRG:
            if not self._exit_blocked:
                self.mode = RUN
                self._transfers.reset(data)
            self._note("EXIT_PRG", data)
        elif data[:2] == ENTER_PRG and len(data) == 3:
            self.complaints.append("ENTER_PRG in programming mode")
            self._enter(data)
        else:
            self._command(data)

    def _command(self, data: bytes) -> None:
        name = self._transfers.command(data)
        code = self._transfers.code
        if name == "WRITE_PRG" and (code == NO_ERROR or code in FLASH_ERRORS):
            self._burn(data[1], code)
        elif name == "EXEC_FROM_RAM" and code == NO_ERROR:
            self.mode = RUNNING_FROM_RAM
        elif name == "RETURN_0" and code == NO_ERROR:
            self._exit_blocked = self._exit_blocked and self.knobs.stuck_after_write != "until_return_0"
            self._transfers.reset(data)
        self._note(name, data)

    def _burn(self, slot: int, error: int) -> None:
        self._flash.burn(slot, self._transfers.image, error)
        self._transfers.code = NO_ERROR  # the result shows when the flash is done
        self._silent_until = self.now_ms() + FLASH_SILENCE_MS
        self._exit_blocked = bool(self.knobs.stuck_after_write)

    def _note(self, step: str, data: bytes) -> None:
        self.history.append(Event(self.now_ms(), step, data, self._transfers.code))
        self._pause_ms = PAUSES_MS.get(step, PAUSES_MS["block" if step in RECEIVED else "command"])
