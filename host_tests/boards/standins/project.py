# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""A project that asks its firmware for names, values and errors, and says what it gets."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

from host_tests.boards.targets import Memory
from host_tests.boards.virtual.board import REPOSITORY

HERE = Path(__file__).parent
MODULES = (
    "array binascii board builtins busio collections digitalio errno gc io json math memorymap microcontroller"
    " micropython neopixel_write os random re storage struct supervisor sys time traceback usb_cdc usb_hid usb_midi"
    " watchdog"
)


# answers.txt: what the device's code relies on, values and the errors that it catches or that a user gets to see, and
# after "=>" what CircuitPython says to it. The texts of errors that the language itself raises (a bad literal, a
# missing name) are not in it: they are CPython's on the virtual board.
ANSWERS = dict(line.split(" => ") for line in (HERE / "answers.txt").read_text().splitlines())
# names.txt: the public names of modules and objects in CircuitPython.
NAMES = {owner: set(names) for owner, *names in map(str.split, (HERE / "names.txt").read_text().splitlines())}

CODE = """
import binascii, board, busio, digitalio, gc, memorymap, microcontroller, neopixel, os, storage, struct, supervisor
import sys, time, traceback, usb_cdc, usb_hid, usb_midi
from watchdog import WatchDogMode
import failing
from adafruit_bus_device.i2c_device import I2CDevice
supervisor.runtime.autoreload = False
while not supervisor.runtime.serial_connected: pass
time.sleep(2)
ram = memorymap.AddressRange(start=0x20000000, length=0x42000)
dpram = memorymap.AddressRange(start=0x50100000, length=0x1000)
sio = memorymap.AddressRange(start=0xD0000000, length=0x1000)
i2c = busio.I2C(board.GP1, board.GP0)
pin = digitalio.DigitalInOut(board.GP9)
hid = usb_hid.devices[0]
def set_item(thing, key, value): thing[key] = value
def set_attribute(thing, name, value): setattr(thing, name, value)
def read(address, n):
    into = bytearray(n)
    i2c.readfrom_into(address, into)
    return into
def i2c_device(address):
    with busio.I2C(board.GP1, board.GP0) as bus:
        I2CDevice(bus, address)
        return bus.try_lock()
def error_of(what):
    try: what()
    except Exception as error: return error
def nothing(): pass
def deep(n):
    if n: return deep(n - 1)
    raise ValueError("deep")
def chained():
    try: {}["x"]
    except KeyError as e: raise RuntimeError("chained") from e
def trace_of(what):
    try: what()
    except Exception as e: return "".join(traceback.format_exception(e)).splitlines()
def shows(name, thing):
    print("names", name, *(each for each in sorted(dir(thing)) if each[0] != "_" and hasattr(thing, each)))
for name in %r.split():
    shows(name, __import__(name))
OBJECTS = {
    "I2C": i2c, "Pin": pin, "Device": hid, "Serial": usb_cdc.console, "Runtime": supervisor.runtime,
    "nvm": microcontroller.nvm, "watchdog": microcontroller.watchdog, "cpu": microcontroller.cpu,
    "Mount": storage.getmount("/"), "file": open("/data.bin", "rb"), "AddressRange": ram,
}
for name, thing in OBJECTS.items():
    shows(name, thing)
for each in %r:
    try:
        result = repr(eval(each))
    except Exception as e:
        result = "raises " + traceback.format_exception(e)[0].splitlines()[-1]
        if hasattr(e, "errno"):
            result += ", errno %%d" %% e.errno
    print("said", result)
for percent in range(1, 101):
    pixel = neopixel.NeoPixel(board.NEOPIXEL, 1, brightness=percent / 100)
    pixel[0] = 255, 80, 160
    pixel.deinit()
print("DONE")
"""
BRIGHTNESSES = 100
# It begins with a byte order mark, and ends with what a Windows console appends in UTF-16.
SETTINGS = (
    b"\xef\xbb\xbfK0 = 1\n"
    + b"""\
K1 = 5
K2=0x30 # c
K3=-3
K4 = "x" # c
K5=""
K6 = "a\\t\\"\\u0041"
K7 = 1.5
K8 = true
K9 = 'x'
K10 = 007
K11 = "x
K12 = 1 2
K13 = 1_000
K14
K15 =
\vK16 = "\xc3\xa9" # \xe9
K17 = "\xe9"
K18 = "a\0b"
K19 = 1\0
K20\0 = 1
# \0
K21 = 1
"""
    + "K22 = 1\r\n".encode("utf-16")
    + b"K23 = 1\n"
)
LIBRARIES = ("lib/neopixel.py", "lib/adafruit_bus_device/__init__.py", "lib/adafruit_bus_device/i2c_device.py")
FILES = {
    "code.py": CODE % (MODULES, tuple(ANSWERS)),
    "data.bin": b"one\ntwo\n" + bytes(range(256)) * 4,
    "failing.py": "class Thing:\n    def go(self): raise ValueError('deeper')\ndef fail(): Thing().go()\n",
    "settings.toml": SETTINGS,
    **{name: (REPOSITORY / name).read_text() for name in LIBRARIES},
}


class Said(NamedTuple):
    answers: dict[str, str]  # by expression
    names: dict[str, set[str]]  # public ones, by owner
    colours: list[tuple[int, int, int]]  # of the light, at each percentage of brightness


def ask(make_board: Callable[..., Any]) -> Said:
    """What the project says on such a board."""
    with make_board(FILES) as board:
        board.i2c.attach(0x50, Memory())
        board.wait_configured()
        board.drive.mount()
        board.run_until("DONE", 30000)
        lines = [line.split(" ") for line in board.console.splitlines()]
        lit = [colour for _, colour in board.pixel.log if any(colour)]
    said = [" ".join(answer) for kind, *answer in lines if kind == "said"]
    names = {words[0]: set(words[1:]) for kind, *words in lines if kind == "names"}
    return Said(dict(zip(ANSWERS, said, strict=True)), names, lit[-BRIGHTNESSES:])
