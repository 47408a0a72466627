# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""One turn of the main loop, and who owns the bus in it."""


class App:
    """The whole device. `pc_turn` is None in the variant without USB HID."""

    def __init__(self, clock, bus, chip, drive, uploader, light, console, pc_turn):
        self._clock = clock
        self._bus = bus
        self._chip = chip
        self._drive = drive
        self._uploader = uploader
        self._light = light
        self._console = console
        self._pc_turn = pc_turn

    def poll(self):
        """One turn: at most one I2C transfer, one slice of a file, one look at the drive, one pixel write."""
        if self._pc_turn is None or not self._pc_turn.poll():
            self._serve_files()
        self._console.poll()

    def shut_down(self):
        """Leaves the chip in RUN mode and gives the pins back. A flash write under way is finished first."""
        if self._pc_turn is not None:
            self._pc_turn.close()  # first of all: nobody looks any more
        # The exception may have hit inside a transfer, with the bus locked: it is opened anew.
        self._bus.close()
        programmer = self._chip.programmer
        programmer.finish()
        while programmer.step():
            pass
        if programmer.outcome is None:  # it hit the sequence of a flash write itself
            programmer.abandon()
            while programmer.step():
                pass
        self._bus.close()

    def _serve_files(self):
        self._uploader.step()
        now = self._clock()
        if self._drive.due(now):
            self._drive.look(now)
            self._uploader.wake()
            if self._pc_turn is not None:
                self._pc_turn.look()
        self._light.step(now)
