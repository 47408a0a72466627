# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""The bridge on a virtual I2C bus, with or without the USB side, for tests that need no interpreter."""

from types import SimpleNamespace
from typing import Any

from ft260 import reports
from ft260.bridge import Bridge
from ft260.endpoint_finder import EndpointFinder
from ft260.gate import Gate
from ft260.port import Port
from ft260.reply_buffers import ReplyBuffers
from host_tests.boards.hand_clock import Clock
from host_tests.boards.targets import EEPROM, RECORDER, Recorder
from host_tests.boards.virtual.i2c import bus as i2c
from host_tests.boards.virtual.i2c.eeprom import VirtualEeprom
from host_tests.ft260.fake_usb_hid import PATIENCE, FakeUsb
from sandbox.ticks import PERIOD, Timer

RESULTS = {i2c.AddressNak: reports.ADDRESS_NAK, i2c.DataNak: reports.DATA_NAK, i2c.Timeout: reports.TIMEOUT}


class BridgeBus:
    """What the bridge wants of a bus, on a virtual one. `calls`: settings and recoveries."""

    def __init__(self, wires: i2c.Bus) -> None:
        self.wires = wires
        self.calls: list[Any] = []
        self.during = lambda: None  # called in each transfer

    def write(self, address: int, data: Any) -> int:
        return self._run(lambda: self.wires.write(address, bytes(data)))

    def read(self, address: int, into: Any) -> int:
        return self._fill(into, lambda: self.wires.read(address, len(into)))

    def write_then_read(self, address: int, data: Any, into: Any) -> int:
        return self._fill(into, lambda: self.wires.write_then_read(address, bytes(data), len(into)))

    def set_clock(self, khz: int) -> None:
        self.calls.append(khz)
        self.wires.frequency = 1000 * khz

    def recover(self) -> None:
        self.calls.append("recover")

    def _fill(self, into: Any, read: Any) -> int:
        if not len(into):
            raise ValueError("buffer length must be >= 1")  # as busio says

        def run() -> None:
            into[:] = read()

        return self._run(run)

    def _run(self, transfer: Any) -> int:
        self.during()
        try:
            transfer()
        except i2c.I2CError as error:
            return RESULTS[type(error)]
        return reports.OK


class FakePins:
    def __init__(self) -> None:
        self.set_to: list[bytes] = []

    def set(self, payload: Any) -> None:
        self.set_to.append(bytes(payload[:4]))

    def state(self) -> bytes:
        return b"\x01\x02\x03\x04"


class FakePort:
    """The port as the bridge sees it. `sent`: input reports in their order."""

    def __init__(self) -> None:
        self.sent: list[tuple[int, bytes]] = []
        self.ready = True
        self.fails = False

    def send(self, report_id: int, payload: Any) -> bool:
        assert self.ready
        if not self.fails:
            self.sent.append((report_id, bytes(payload)))
        return not self.fails


class Rig:
    """A bridge with a FakePort, an EEPROM at 0x50 and a recorder at 0x30."""

    def __init__(self, **options: Any) -> None:
        self.clock = Clock()
        self.wires = i2c.Bus(self.clock)
        self.eeprom = VirtualEeprom(self.clock.now_ms, bytes(range(256)), write_ms=0, page=256)
        self.recorder = Recorder()
        self.wires.attach(EEPROM, self.eeprom)
        self.wires.attach(RECORDER, self.recorder)
        self.bus, self.port, self.pins = BridgeBus(self.wires), self._make_port(), FakePins()
        self.bridge = self._make_bridge(**options)

    def _make_bridge(self, **options: Any) -> Bridge:
        return Bridge(self.bus, self.port, self.pins, Timer(lambda: self.now), **options)

    def _make_port(self) -> Any:
        return FakePort()

    @property
    def now(self) -> int:
        return int(self.clock.now) % PERIOD

    def give(self, *data: int | bytes) -> None:
        """One report, ID first; bytes are joined. Served to its end."""
        self.take(*data)
        self.serve()

    def poll(self, at: float) -> None:
        """One poll of the bridge at this time, if it has something to do."""
        self.clock.now = at
        if self.bridge.busy:
            self.bridge.poll()

    def take(self, *data: int | bytes) -> None:
        report = b"".join(bytes([part]) if isinstance(part, int) else part for part in data)
        self.bridge.take(report)

    def serve(self, polls: int = 1200) -> None:
        for _ in range(polls):
            if not self.bridge.busy:
                return
            self.bridge.poll()

    @property
    def status(self) -> int:
        return self.feature(reports.I2C_STATUS)[0]

    def feature(self, report_id: int) -> bytes:
        """What the host would be told now."""
        return bytes(self.bridge.answer(report_id, False))

    @property
    def on_the_bus(self) -> list[tuple[str, int, bytes, bool]]:
        """(kind, address, data, ended by STOP) of each transfer so far."""
        return [(done.kind, done.address, done.data, done.stop) for done in self.wires.log]


class UsbRig(Rig):
    """The same behind the whole USB side: Port, ReplyBuffers, memory on a FakeUsb, with the façade of a board."""

    def __init__(
        self, memory: bool = True, endpoint: int = 4, configured: bool = True, started: bool = True, **options: Any
    ) -> None:
        self.usb = FakeUsb(endpoint)
        self.told: list[str] = []
        self._memory = memory
        super().__init__(**options)
        self.usb.turn = self.turn
        self.hid = SimpleNamespace(
            out=self._out, set_report=self._set_report, get_report=self._get_report, read=self._read
        )
        self.i2c = SimpleNamespace(log=self.wires.log)
        self._read_so_far = 0
        if configured:
            self.usb.configure()
            self.turns(100 * started)

    def _make_port(self) -> Port:
        usb = self.usb
        devices = {report_id: device for device in usb.devices for report_id in device.report_ids}
        replies = ReplyBuffers(usb.sram if self._memory else None, usb.address_of(usb.devices[0]))
        if not self._memory:
            return Port(devices, replies, lambda: usb.connected)
        finder, gate = EndpointFinder(usb.dpram, usb.sram), Gate(usb.dpram, usb.registers)
        return Port(devices, replies, lambda: usb.connected, finder, gate, self.told.append)

    def restart_program(self) -> None:
        """A new VM, while the host stays as it is."""
        self.usb.new_vm()
        self.port = self._make_port()
        self.bridge = self._make_bridge()
        self.turns(100)

    def turn(self) -> None:
        """One turn of the main loop, 0.2 ms."""
        self.usb.served()
        self.port.receive(self.bridge)
        if self.bridge.busy:
            self.bridge.poll()
        self.port.answer(self.bridge)
        self.clock.advance(0.2)

    def turns(self, count: int) -> None:
        for _ in range(count):
            self.turn()

    def run(self, ms: float) -> None:
        self.turns(int(5 * ms) or 1)

    @property
    def status(self) -> int:
        return self.usb.get_report(0xC0, 5)[1]

    def _out(self, report_id: int, payload: bytes) -> None:
        """The host tries until the board takes it, and goes on at once."""
        for _ in range(PATIENCE):
            if self.usb.out(bytes([report_id]) + payload):
                return
            self.turn()
        raise AssertionError("the board does not take the packet")

    def _set_report(self, kind: int, report_id: int, data: bytes) -> None:
        self.usb.set_report(kind, data)

    def _get_report(self, kind: int, report_id: int, length: int) -> bytes:
        return self.usb.get_report(report_id, length)

    def _read(self, timeout_ms: float = 1000) -> tuple[float, int, bytes] | None:
        for _ in range(int(timeout_ms)):
            if self._read_so_far < len(self.usb.sent):
                report = self.usb.sent[self._read_so_far]
                self._read_so_far += 1
                return self.clock.now, report[0], report[1:]
            self.run(1)
        return None
