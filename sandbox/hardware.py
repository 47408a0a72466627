# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""The board's pins, bus, light, drive and ports, as the app is given them."""

import os

import board
import busio
import digitalio
import microcontroller
import neopixel
import supervisor
import usb_cdc
from adafruit_bus_device.i2c_device import I2CDevice

SDA = board.GP0
SCL = board.GP1
PIXEL = getattr(board, "NEOPIXEL", board.GP16)

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
    """What parts.py needs of the board."""

    def __init__(self, settings):
        self._hid = None
        self.clock = supervisor.ticks_ms
        self.device_class = I2CDevice
        self.nvm = microcontroller.nvm
        self.console_port = usb_cdc.console
        if self.console_port is not None:
            self.console_port.write_timeout = 0
        self.listdir = os.listdir
        self.stat = os.stat
        self.open_file = open
        self.drive_use = drive_use()
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

    def open_hid(self, tell):
        from ft260.hid_port import open_port, prime

        self._hid = open_port(prime(), tell)
        return self._hid

    def gpio(self):
        """GP2..GP15, which are the FT260's GPIO0-5 and GPIOA-H."""
        self._gpio = [digitalio.DigitalInOut(getattr(board, "GP{}".format(number))) for number in range(2, 16)]
        return self._gpio

    def close(self):
        if self._hid is not None:
            self._hid.close()  # first of all: a control request that waits for this program would wait for ever
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


def drive_use():
    """Returns a DriveUse, or None where the USB controller's memory cannot be seen."""
    try:
        from memorymap import AddressRange
    except ImportError:
        return None
    from ft260.layout import DPRAM, DPRAM_SIZE
    from sandbox.drive_use import DriveUse

    return DriveUse(AddressRange(start=DPRAM, length=DPRAM_SIZE))
