# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""One turn of the main loop, and how the parts are put together."""

from fxcore.errors import Fault
from fxcore.programmer import Programmer
from sandbox.burner import Burner
from sandbox.bus import Bus
from sandbox.chip import Chip
from sandbox.console import Console
from sandbox.drive import Drive
from sandbox.faults import EXCEPTION
from sandbox.gate import Gate
from sandbox.intake import Intake
from sandbox.ledger import Ledger
from sandbox.light import Light
from sandbox.presence import Presence
from sandbox.reporter import Reporter
from sandbox.runner import Runner
from sandbox.ticks import Timer
from sandbox.uploader import Uploader
from sandbox.version import VERSION


class App:
    """The whole device behind its hardware.

    :param settings: a Settings
    :param hardware: what code.py made of the board: clock, open_i2c, lines, rescue, device_class, pixel, nvm,
        console_port, listdir, stat, open_file
    :param last_words: the traceback of the exception that ended the app before this one
    """

    def __init__(self, settings, hardware, last_words=()):
        clock = hardware.clock
        name = "FXCore 0x{:02X}".format(settings.address)
        self._clock = clock
        self.console = Console(hardware.console_port)
        self.light = Light(hardware.pixel)
        self.bus = Bus(hardware.open_i2c, hardware.lines, hardware.rescue, hardware.device_class, settings.i2c_hz)
        port = self.bus.port(settings.address)
        self.reporter = Reporter(clock, self.console, self.light)
        self._announce(settings, name, last_words)
        programmer = Programmer(port, Timer(clock), settings.address, settings.verify, settings.pause_percent)
        chip = Chip(clock, programmer, Presence(self.bus, settings.address), self.light, self.reporter, name)
        self.drive = Drive(hardware.listdir, hardware.stat, clock())
        gate = Gate(Ledger(hardware.nvm), settings.address, settings.reflash == "always")
        intake = Intake(hardware.open_file)
        runner = Runner(clock, chip, intake, self.light, self.reporter)
        burner = Burner(clock, chip, self.drive, intake, gate, self.light, self.reporter)
        self.uploader = Uploader(clock, chip, self.drive, intake, runner, burner, self.reporter)
        self.programmer = programmer

    def poll(self):
        """One turn: at most one I2C transfer, one slice of a file, one look at the drive, one pixel write."""
        self.uploader.step()
        if self.drive.step(self._clock()):
            self.uploader.wake()
        self.light.step(self._clock())
        self.console.poll()

    def shut_down(self):
        """Leaves the chip in RUN mode and gives the pins back. A flash write under way is finished first."""
        if not (self.programmer.busy and self.programmer.committed):
            self.programmer.leave()
        while self.programmer.step():
            pass
        self.bus.close()

    def _announce(self, settings, name, last_words):
        variant = "disk and HID" if settings.hid else "disk"
        self.reporter.say("FXCore Sandbox {}, {}".format(VERSION, variant))
        self.reporter.say("{} at {} kHz".format(name, settings.i2c_hz // 1000))
        for key, fault in settings.faults:
            self.reporter.fault(fault, key)
        for line in last_words:
            self.reporter.say(line)
        if last_words:
            self.reporter.fault(Fault(EXCEPTION, "restarted"), "")
