# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""Makes the parts of the board, hands them to the app and polls it for ever."""

# First of all: from now on no request of the host is answered with zeros. The other imports take a second.
import usb_hid

mailbox = None
if usb_hid.devices:
    try:
        from ft260.hid_port import prime

        mailbox = prime()
    except Exception:
        pass  # told where run() imports it again

import os  # noqa: E402
import sys  # noqa: E402
import traceback  # noqa: E402

import board  # noqa: E402
import busio  # noqa: E402
import digitalio  # noqa: E402
import microcontroller  # noqa: E402
import neopixel_write  # noqa: E402
import supervisor  # noqa: E402
import usb_cdc  # noqa: E402
from watchdog import WatchDogMode  # noqa: E402

SDA = board.GP0
SCL = board.GP1
PIXEL = getattr(board, "NEOPIXEL", board.GP16)

WATCHDOG_S = 8
# An exception restarts the program, but not for ever: after three in a row it rests, and the drive stays alive.
RESTARTS = 3
IN_A_ROW_MS = 60000
TICKS_PERIOD = 1 << 29

# Single-cycle I/O block of the RP2040 (datasheet 2.3.1.7): GPIO_IN at offset 4.
SIO_START = 0xD0000000
SIO_LENGTH = 0x1000


class Line:
    """One bus line as an open-drain pin."""

    def __init__(self, pin):
        self._io = digitalio.DigitalInOut(pin)
        self.release()

    def low(self):
        self._io.switch_to_output(False)

    def release(self):
        # The weak pull-down shows a bus without pull-ups as low.
        self._io.switch_to_input(digitalio.Pull.DOWN)

    @property
    def high(self):
        return self._io.value

    def close(self):
        self._io.deinit()


class Hardware:
    """What the app needs of the board; see sandbox/app.py."""

    def __init__(self, settings):
        import neopixel
        from adafruit_bus_device.i2c_device import I2CDevice

        self.clock = supervisor.ticks_ms
        self.device_class = I2CDevice
        self.nvm = microcontroller.nvm
        self.console_port = usb_cdc.console
        if self.console_port is not None:
            self.console_port.write_timeout = 0
        self.listdir = os.listdir
        self.stat = os.stat
        self.open_file = open
        self.lines = line_reader()
        self.led = None
        if hasattr(board, "LED"):
            self.led = digitalio.DigitalInOut(board.LED)
            self.led.switch_to_output()
        self._gpio = []
        order = settings.pixel_order
        self.pixel = neopixel.NeoPixel(PIXEL, 1, brightness=settings.brightness / 100, pixel_order=order)

    @staticmethod
    def open_i2c(hz):
        return busio.I2C(SCL, SDA, frequency=hz)

    @staticmethod
    def rescue():
        from sandbox.rescue import rescue

        sda, scl = Line(SDA), Line(SCL)
        levels = rescue(sda, scl)
        sda.close()
        scl.close()
        return levels

    @staticmethod
    def open_hid(tell):
        from ft260.hid_port import open_port, prime

        return open_port(mailbox or prime(), tell)

    def gpio(self):
        """GP2..GP15, which are the FT260's GPIO0-5 and GPIOA-H."""
        self._gpio = [digitalio.DigitalInOut(getattr(board, "GP{}".format(number))) for number in range(2, 16)]
        return self._gpio

    def close(self):
        self.pixel.deinit()
        for pin in self._gpio:
            pin.deinit()
        if self.led is not None:
            self.led.deinit()


def line_reader():
    """Returns a function that tells the levels of SDA (bit 0) and SCL (bit 1) without a transfer."""
    try:
        from memorymap import AddressRange
    except ImportError:
        return lambda: 3
    sio = AddressRange(start=SIO_START, length=SIO_LENGTH)
    return lambda: sio[4:8][0] & 3


def forget(name):
    """Drops a module of the sandbox that has done its work, for a few KB of RAM."""
    import sandbox

    del sys.modules["sandbox." + name]
    delattr(sandbox, name)


def run(last_words):
    """Runs the app until an exception ends it; leaves the chip in RUN mode."""
    from sandbox.parts import make_app
    from sandbox.settings import Settings

    settings = Settings(os.getenv)
    hardware = Hardware(settings)
    try:
        app = make_app(settings, hardware, last_words)
        del settings, Settings, make_app
        forget("settings")
        forget("parts")
        try:
            while True:
                app.poll()
                microcontroller.watchdog.feed()
        finally:
            app.shut_down()
    finally:
        hardware.close()


microcontroller.watchdog.timeout = WATCHDOG_S
microcontroller.watchdog.mode = WatchDogMode.RESET
microcontroller.watchdog.feed()
restarts = 0
words = []
while restarts <= RESTARTS:
    started = supervisor.ticks_ms()
    try:
        run(words)
    except Exception as error:
        words = "".join(traceback.format_exception(error)).splitlines()
    if (supervisor.ticks_ms() - started) % TICKS_PERIOD > IN_A_ROW_MS:
        restarts = 0
    restarts += 1

from sandbox.rest import rest  # noqa: E402

light = digitalio.DigitalInOut(PIXEL)
light.switch_to_output()
show = neopixel_write.neopixel_write
rest(words, usb_cdc.console, supervisor.ticks_ms, lambda colour: show(light, colour), microcontroller.watchdog.feed)
