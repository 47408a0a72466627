# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""Puts the parts of the app together. Needed once: main.py drops this module afterwards, for its RAM."""

from fxcore.errors import Fault
from fxcore.programmer import Programmer
from sandbox.app import App
from sandbox.burner import Burner
from sandbox.bus import Bus
from sandbox.chip import Chip
from sandbox.chip_reporter import ChipReporter
from sandbox.console import Console
from sandbox.drive import Drive
from sandbox.faults import EXCEPTION
from sandbox.intake import Intake
from sandbox.ledger import Ledger
from sandbox.light import Light
from sandbox.playing import Playing
from sandbox.presence import Presence
from sandbox.reporter import Reporter
from sandbox.runner import Runner
from sandbox.ticks import Timer
from sandbox.uploader import Uploader
from sandbox.version import VERSION


def make_app(settings, hardware, last_words):
    """Returns the App, or what is polled in its place.

    :param settings: a Settings
    :param hardware: a sandbox.hardware.Hardware: clock, open_i2c, lines, rescue, device_class, pixel, led, nvm,
        console_port, listdir, stat, drive_use, open_file, gpio, open_hid
    :param last_words: lines of the traceback that ended the app before this one; none at first
    """
    clock = hardware.clock
    name = "FXCore 0x{:02X}".format(settings.address)
    console = Console(hardware.console_port)
    bus = Bus(hardware.open_i2c, hardware.lines, hardware.rescue, hardware.device_class, settings.i2c_hz)
    port = bus.port(settings.address)
    programmer = Programmer(port, Timer(clock), settings.address, settings.verify, settings.pause_percent)
    playing = Playing()
    light = Light(programmer, playing, hardware.pixel, hardware.led)
    reporter = Reporter(clock, console, light)
    _announce(reporter, name, settings, last_words)
    console.keep_first_lines()
    ledger = Ledger(hardware.nvm)
    chip = Chip(clock, programmer, Presence(bus, settings.address, clock()), playing, ChipReporter(reporter, name))
    drive = Drive(hardware.listdir, hardware.stat, reporter.say, clock(), hardware.drive_use)
    intake = Intake(hardware.open_file, clock, settings.asm_rounding == "nearest")
    runner = Runner(chip, intake, playing, reporter)
    burner = Burner(clock, chip, drive, intake, playing, ledger, settings, reporter)
    uploader = Uploader(clock, chip, playing, drive, intake, runner, burner, reporter)
    port = hardware.open_hid(reporter.say) if settings.hid else None
    pc_turn = None
    if port is not None:
        bridge = _make_bridge(settings, hardware, port, bus, chip, playing, ledger, drive, reporter)
        pc_turn = _make_pc_turn(clock, bridge, port, uploader, chip, light, settings)
    app = App(clock, bus, chip, drive, uploader, light, console, pc_turn)
    if settings.chatter:
        from sandbox.chatter import Chatter

        return Chatter(app, clock, reporter.say, drive, uploader, programmer, pc_turn)
    return app


def _make_bridge(settings, hardware, port, bus, chip, playing, ledger, drive, reporter):
    # Only here: without the bridge its code costs no RAM.
    from ft260.bridge import Bridge
    from ft260.pins import Pins
    from sandbox.pc import PcBus, Traffic

    traffic = Traffic(settings.address, chip, playing, ledger, drive.pass_over_output)
    pc_bus = PcBus(bus, settings.address, traffic)
    timer = Timer(hardware.clock)
    return Bridge(pc_bus, port, Pins(hardware.gpio()), timer, settings.ft260_held == 1, reporter.say)


def _make_pc_turn(clock, bridge, port, uploader, chip, light, settings):
    from sandbox.pc_turn import PcTurn

    return PcTurn(clock, bridge, port, uploader, chip, light, settings.bridge_timeout * 1000)


def _announce(reporter, name, settings, last_words):
    variant = ("disk and HID" if settings.hid else "disk") + (", chatter" if settings.chatter else "")
    reporter.say("FXCore Sandbox {}, {}".format(VERSION, variant))
    reporter.say("{} at {} kHz".format(name, settings.i2c_hz // 1000))
    for key, fault in settings.faults:
        reporter.fault(fault, key)
    for line in last_words:
        reporter.say(line)
    if last_words:
        reporter.fault(Fault(EXCEPTION, "restarted"), "")
