# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""However the program ends, control requests are not kept waiting: an exception at every line that runs meanwhile."""

import sys
from collections.abc import Iterator
from pathlib import Path
from types import FrameType, SimpleNamespace
from typing import Any

import pytest

from host_tests.boards.targets import EEPROM, RECORDER
from host_tests.ft260.rig import UsbRig
from sandbox.app import App
from sandbox.pc_turn import PcTurn

ROOT = Path(__file__).parents[2]
FEATURE, OUTPUT = 3, 2
Place = tuple[str, int]


class Planted(BaseException):
    """As KeyboardInterrupt: at any line."""


class Over(Exception):
    """All that the host does has been done."""


@pytest.fixture(autouse=True)
def main(monkeypatch) -> Any:
    """sandbox.main with what it needs of a board."""
    watchdog = SimpleNamespace(feed=lambda: None)
    monkeypatch.setitem(sys.modules, "microcontroller", SimpleNamespace(watchdog=watchdog))
    monkeypatch.setitem(sys.modules, "watchdog", SimpleNamespace(WatchDogMode=SimpleNamespace(RESET=0)))
    monkeypatch.delitem(sys.modules, "sandbox.main", raising=False)
    import sandbox.main as module

    yield module
    del sys.modules["sandbox.main"]


class Program:
    """The app with the real bridge on a fake controller; a host does something between its turns."""

    def __init__(self, main: Any) -> None:
        self.rig = UsbRig(configured=False)
        self._main, self._acts = main, self._host()
        self.look_due = False
        rig = self.rig
        programmer = SimpleNamespace(finish=lambda: None, step=lambda: False, outcome="done")
        uploader = SimpleNamespace(step=lambda: None, wake=lambda: None, give_way=lambda: True)
        light = SimpleNamespace(step=lambda now: None, flash=lambda now: None)
        chip = SimpleNamespace(programmer=programmer, watch_due=lambda now: True, watch=lambda now: None)
        turn = PcTurn(self._clock, rig.bridge, rig.port, uploader, chip, light, 100)
        drive = SimpleNamespace(due=lambda now: self.look_due, look=self._look)
        console = SimpleNamespace(poll=self._let_host_act)
        bus = SimpleNamespace(close=lambda: None)
        self._app = App(self._clock, bus, chip, drive, uploader, light, console, turn)

    @property
    def closed(self) -> bool:
        return self.rig.usb.registers.closed

    def run(self) -> None:
        """As code.py runs it."""
        main, hardware = self._main, SimpleNamespace(close=self.rig.port.close)
        main.open_hardware = lambda: (None, hardware)
        main.make_app = lambda *_: self._app
        main.run([])

    def _clock(self) -> int:
        self.rig.clock.advance(0.25)
        return self.rig.now

    def _look(self, now: int) -> None:
        self.look_due = False

    def _let_host_act(self) -> None:
        self.rig.usb.served()
        if next(self._acts, self) is self:
            raise Over

    def _host(self) -> Iterator[None]:
        """Everything a host can do to the bridge, one act after each turn."""
        usb = self.rig.usb
        usb.configure()
        while not self.closed:
            yield
        for address, flags in ((RECORDER, 6), (RECORDER, 2), (EEPROM, 6)):
            usb.out(bytes((0xD0, address, flags, 1, 1)))
            yield
            yield from self._ask(0xC0)
        usb.out(bytes((0xC2, EEPROM, 6, 100, 0)))
        yield
        for data in (b"\xa1\x22\x64\x00", b"\xb0\x00\x00\x00\x00", bytes((0xD0, RECORDER, 6, 1, 2)), b"\xa1\x20"):
            yield from self._set(data)
            yield from self._ask(0xB0)
        usb.knock(0x80, 6, 1, 0, 18)
        self.look_due = True
        while self.look_due or usb.registers.setup:
            yield

    def _ask(self, report_id: int) -> Iterator[None]:
        usb = self.rig.usb
        usb.knock(0xA1, 1, FEATURE, report_id, 5)
        while usb.registers.setup:
            yield

    def _set(self, data: bytes) -> Iterator[None]:
        usb = self.rig.usb
        usb.knock(0x21, 9, OUTPUT if data[0] >= 0xC2 else FEATURE, data[0], len(data))
        while usb.registers.setup:
            yield
        usb.take_data(data)
        yield


class Tracer:
    """Sees each line of the device that runs while the gate is closed; `plant`: raises there, and at the next lines."""

    def __init__(self, program: Program, plant: Place | None = None, times: int = 0) -> None:
        self.seen: dict[Place, None] = {}
        self._program, self._plant, self._times = program, plant, times

    def __enter__(self) -> "Tracer":
        sys.settrace(self._call)
        return self

    def __exit__(self, *_: object) -> None:
        sys.settrace(None)

    def _call(self, frame: FrameType, event: str, arg: object) -> Any:
        path = Path(frame.f_code.co_filename)
        return self._line if path.parent.name in ("ft260", "sandbox") and path.parent.parent == ROOT else None

    def _line(self, frame: FrameType, event: str, arg: object) -> Any:
        if event == "line" and self._program.closed:
            place = Path(frame.f_code.co_filename).name, frame.f_lineno
            self.seen[place] = None
            if self._times and (self._plant is None or place == self._plant):
                self._plant = None  # the next one comes at once
                self._times -= 1
                raise Planted
        return self._line


def places(main: Any) -> list[Place]:
    program = Program(main)
    with Tracer(program) as tracer, pytest.raises(Over):
        program.run()
    return list(tracer.seen)


def test_the_program_closes_the_gate_and_opens_it_at_its_end(main):
    seen = places(main)
    assert {"port.py", "gate.py", "bridge.py", "controller.py", "pc_turn.py", "app.py", "main.py"} <= {
        f for f, _ in seen
    }
    program = Program(main)
    with pytest.raises(Over):
        program.run()
    assert not program.closed


@pytest.mark.parametrize("times", [1, 2])
def test_an_exception_at_any_line_opens_the_gate(main, times):
    """Twice: also a second Ctrl-C, while the first one is dealt with."""
    for place in places(main):
        program = Program(main)
        with Tracer(program, place, times), pytest.raises(Planted):
            program.run()
        assert not program.closed, place
