# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""One turn of the main loop, and how the parts are put together."""

from fxcore.errors import Fault
from fxcore.programmer import Programmer
from sandbox import ticks
from sandbox.burner import Burner
from sandbox.bus import Bus
from sandbox.chip import Chip
from sandbox.console import Console
from sandbox.drive import Drive
from sandbox.faults import EXCEPTION
from sandbox.gate import Gate
from sandbox.intake import Intake
from sandbox.ledger import Ledger
from sandbox.light import PURPLE, Light
from sandbox.presence import Presence
from sandbox.reporter import Reporter
from sandbox.runner import Runner
from sandbox.ticks import Timer
from sandbox.uploader import Uploader
from sandbox.version import VERSION

# A pixel write costs 1.5 ms: a burst of PC commands flashes at most ten times a second.
FLASH_INTERVAL = 100


class App:
    """The whole device behind its hardware.

    :param settings: a Settings
    :param hardware: what code.py made of the board: clock, open_i2c, lines, rescue, device_class, pixel, led, nvm,
        console_port, listdir, stat, open_file, gpio, open_hid
    :param last_words: the traceback of the exception that ended the app before this one
    """

    def __init__(self, settings, hardware, last_words=()):
        clock = self._clock = hardware.clock
        self._name = "FXCore 0x{:02X}".format(settings.address)
        self._console = Console(hardware.console_port)
        self._light = Light(hardware.pixel, hardware.led)
        self._reporter = Reporter(clock, self._console, self._light)
        self._announce(settings, last_words)
        self._console.keep_first_lines()
        self._bus = Bus(hardware.open_i2c, hardware.lines, hardware.rescue, hardware.device_class, settings.i2c_hz)
        self._ledger = Ledger(hardware.nvm)
        self._chip = self._make_chip(settings)
        self._drive = Drive(hardware.listdir, hardware.stat, clock())
        self._uploader = self._make_uploader(settings, hardware)
        self._port = hardware.open_hid(self._reporter.say) if settings.hid else None
        self._bridge = self._make_bridge(settings, hardware) if self._port else None
        self._requests = 0
        self._flashed_at = clock()

    def poll(self):
        """One turn: at most one I2C transfer, one slice of a file, one look at the drive, one pixel write."""
        if self._bridge is not None and self._serve_pc():
            self._light.step(self._clock())
            self._port.catch()
        else:
            self._uploader.step()
            if self._drive.step(self._clock()):
                self._uploader.wake()
            self._light.step(self._clock())
        self._console.poll()

    def shut_down(self):
        """Leaves the chip in RUN mode and gives the pins back. A flash write under way is finished first."""
        # The exception may have hit inside a transfer, with the bus locked: it is opened anew.
        self._bus.close()
        programmer = self._chip.programmer
        programmer.withdraw()
        while programmer.step():
            pass
        if programmer.outcome is None:  # it hit the sequence of a flash write itself
            programmer.abandon()
            while programmer.step():
                pass
        self._bus.close()

    def _serve_pc(self):
        """The bridge comes first. Returns True while it is active: then nobody else uses bus or drive."""
        bridge = self._bridge
        self._port.poll(bridge)
        if not bridge.active(self._clock()):
            bridge.poll(self._clock())
            return False
        if self._uploader.give_way():
            bridge.poll(self._clock())
        self._flash()
        return True

    def _flash(self):
        now = self._clock()
        if self._requests != self._bridge.requests and ticks.diff(now, self._flashed_at) >= FLASH_INTERVAL:
            self._requests = self._bridge.requests
            self._flashed_at = now
            self._light.flash(now)

    def _make_chip(self, settings):
        clock, port = self._clock, self._bus.port(settings.address)
        programmer = Programmer(port, Timer(clock), settings.address, settings.verify, settings.pause_percent)
        presence = Presence(self._bus, settings.address)
        return Chip(clock, programmer, presence, self._light, self._reporter, self._name)

    def _make_uploader(self, settings, hardware):
        clock, chip, light, reporter = self._clock, self._chip, self._light, self._reporter
        always = settings.reflash == "always"
        gate = Gate(self._ledger, settings.address, always, lambda: light.work(clock(), PURPLE))
        intake = Intake(hardware.open_file)
        runner = Runner(clock, chip, intake, light, reporter)
        burner = Burner(clock, chip, self._drive, intake, gate, light, reporter)
        return Uploader(clock, chip, self._drive, intake, runner, burner, light, reporter)

    def _make_bridge(self, settings, hardware):
        # Only here: without the bridge its code costs no RAM.
        from ft260.bridge import Bridge
        from ft260.pins import Pins
        from sandbox.pc import PcBus, Traffic

        traffic = Traffic(settings.address, self._chip, self._ledger, self._uploader.forget_withdrawn)
        bus = PcBus(self._bus, settings.address, traffic)
        return Bridge(
            bus, self._port, Pins(hardware.gpio()), settings.bridge_timeout * 1000, settings.ft260_held == 1,
            tell=self._reporter.say,
        )  # fmt: skip

    def _announce(self, settings, last_words):
        variant = "disk and HID" if settings.hid else "disk"
        self._reporter.say("FXCore Sandbox {}, {}".format(VERSION, variant))
        self._reporter.say("{} at {} kHz".format(self._name, settings.i2c_hz // 1000))
        for key, fault in settings.faults:
            self._reporter.fault(fault, key)
        for line in last_words:
            self._reporter.say(line)
        if last_words:
            self._reporter.fault(Fault(EXCEPTION, "restarted"), "")
