# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""board, digitalio, neopixel_write, rainbowio."""

from typing import Any

from host_tests.boards.virtual.machine import Machine
from host_tests.boards.virtual.pins import NEOPIXEL, Pin

NEOPIXEL_WRITE_MS = 1.9
PIN_MS = 0.01
DEINITIALIZED = "Object has been deinitialized and can no longer be used. Create a new object."


class _Constant:
    def __init__(self, name: str) -> None:
        self._name = name

    def __repr__(self) -> str:
        return self._name


def constants(owner: str, names: str) -> Any:
    return type(owner, (), {name: _Constant(f"{owner}.{name}") for name in names.split()})


Direction = constants("digitalio.Direction", "INPUT OUTPUT")
DriveMode = constants("digitalio.DriveMode", "PUSH_PULL OPEN_DRAIN")
Pull = constants("digitalio.Pull", "UP DOWN")


class DigitalInOut:
    _machine: Machine

    def __init__(self, pin: Pin) -> None:
        self._machine.time.spend(PIN_MS)
        self._machine.pins.claim(pin)
        self._pin: Pin | None = pin
        self.switch_to_input()

    def _alive(self) -> Pin:
        self._machine.time.spend(PIN_MS)
        if self._pin is None:
            raise ValueError(DEINITIALIZED)
        return self._pin

    def _only(self, direction: Any, otherwise: str) -> None:
        if self._direction is not direction:
            raise AttributeError(otherwise)

    def deinit(self) -> None:
        if self._pin is not None:
            self._machine.pins.release(self._pin)
            self._pin = None

    def __enter__(self) -> "DigitalInOut":
        return self

    def __exit__(self, *_: object) -> None:
        self.deinit()

    def switch_to_input(self, pull: Any = None) -> None:
        pin = self._alive()
        self._direction, self._mode, self._pull = Direction.INPUT, DriveMode.PUSH_PULL, pull
        self._machine.pins.drive(pin, None)
        self._machine.pins.pull(pin, None if pull is None else int(pull is Pull.UP))

    def switch_to_output(self, value: bool = False, drive_mode: Any = DriveMode.PUSH_PULL) -> None:
        pin = self._alive()
        self._direction, self._mode = Direction.OUTPUT, drive_mode
        self._machine.pins.pull(pin, None)
        self._put(pin, value)

    def _put(self, pin: Pin, value: bool) -> None:
        self._value = bool(value)
        released = self._value and self._mode is DriveMode.OPEN_DRAIN
        self._machine.pins.drive(pin, None if released else int(self._value))

    @property
    def value(self) -> bool:
        return bool(self._machine.pins.level(self._alive().number))

    @value.setter
    def value(self, value: bool) -> None:
        pin = self._alive()
        self._only(Direction.OUTPUT, "Cannot set value when direction is input.")
        self._put(pin, value)

    @property
    def direction(self) -> Any:
        return self._direction

    @direction.setter
    def direction(self, direction: Any) -> None:
        self.switch_to_output() if direction is Direction.OUTPUT else self.switch_to_input()

    @property
    def drive_mode(self) -> Any:
        self._only(Direction.OUTPUT, "Drive mode not used when direction is input.")
        return self._mode

    @drive_mode.setter
    def drive_mode(self, mode: Any) -> None:
        pin = self._alive()
        self._only(Direction.OUTPUT, "Drive mode not used when direction is input.")
        self._mode = mode
        self._put(pin, self._value)

    @property
    def pull(self) -> Any:
        self._only(Direction.INPUT, "Pull not used when direction is output.")
        return self._pull

    @pull.setter
    def pull(self, pull: Any) -> None:
        self._only(Direction.INPUT, "Pull not used when direction is output.")
        self.switch_to_input(pull)


def _colorwheel(pos: float) -> int:
    pos = int(pos) & 255
    if pos < 85:
        return (255 - pos * 3) << 16 | (pos * 3) << 8
    if pos < 170:
        return (255 - (pos - 85) * 3) << 8 | (pos - 85) * 3
    return ((pos - 170) * 3) << 16 | (255 - (pos - 170) * 3)


def make(machine: Machine) -> dict[str, dict[str, Any]]:
    pins: dict[str, Any] = {f"GP{pin.number}": pin for pin in machine.pins.all}
    for number in range(26, 30):
        pins[f"A{number - 26}"] = pins[f"GP{number}_A{number - 26}"] = machine.pins.all[number]
    pins |= {"NEOPIXEL": machine.pins.all[NEOPIXEL], "TX": machine.pins.all[0], "RX": machine.pins.all[1]}
    dio = type("DigitalInOut", (DigitalInOut,), {"_machine": machine})

    def neopixel_write(output: DigitalInOut, data: Any) -> None:
        pin = output._alive()
        machine.time.spend(NEOPIXEL_WRITE_MS)
        if pin.number == NEOPIXEL:
            machine.pixel.frame(machine.now_ms, bytes(data))

    return {
        "board": {**pins, "board_id": "waveshare_rp2040_zero"},
        "digitalio": {"DigitalInOut": dio, "Direction": Direction, "DriveMode": DriveMode, "Pull": Pull},
        "neopixel_write": {"neopixel_write": neopixel_write},
        "rainbowio": {"colorwheel": _colorwheel},
    }
