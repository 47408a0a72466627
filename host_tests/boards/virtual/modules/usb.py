# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""usb_cdc, usb_hid, usb_midi."""

from typing import Any, NamedTuple

from host_tests.boards.virtual.machine import Machine
from host_tests.boards.virtual.modules.firmware import CANNOT_CHANGE


class Serial:
    """usb_cdc.console; binary, no translation of line ends."""

    def __init__(self, machine: Machine) -> None:
        self._machine = machine
        self.timeout: float | None = None

    @property
    def write_timeout(self) -> float | None:
        """Survives a reload."""
        return self._machine.cdc.write_timeout

    @write_timeout.setter
    def write_timeout(self, seconds: float | None) -> None:
        self._machine.cdc.write_timeout = seconds

    @property
    def connected(self) -> bool:
        self._machine.time.spend(0.01)
        return self._machine.cdc.connected

    @property
    def in_waiting(self) -> int:
        self._machine.time.spend(0.01)
        return len(self._machine.cdc.inbox)

    @property
    def out_waiting(self) -> int:
        self._machine.time.spend(0.01)
        return self._machine.cdc.out_waiting

    def write(self, buffer: Any) -> int:
        """With write_timeout 0: what fits now. Without: waits until all is taken, for ever if nobody reads."""
        machine, data = self._machine, buffer.encode() if isinstance(buffer, str) else bytes(buffer)
        machine.time.spend(0.03)
        done = machine.cdc.write(data)
        until = None if self.write_timeout is None else machine.now_ms + self.write_timeout * 1000
        while done < len(data) and (until is None or machine.now_ms < until):
            if until is None and not machine.cdc.reading:
                machine.cdc.blocks_for_ever("usb_cdc.console.write() without write_timeout")
            machine.time.spend(0.25)
            done += machine.cdc.write(data[done:])
        return done

    def read(self, size: int = 1) -> bytes:
        self._machine.time.spend(0.01)
        taken = bytes(self._machine.cdc.inbox[:size])
        del self._machine.cdc.inbox[:size]
        return taken

    def reset_input_buffer(self) -> None:
        self._machine.cdc.inbox.clear()

    def reset_output_buffer(self) -> None:
        pass

    def flush(self) -> None:
        self._machine.time.spend(0.01)


class Made(NamedTuple):
    """What a usb_hid.Device was made of."""

    report_descriptor: bytes
    usage_page: int
    usage: int
    report_ids: tuple[int, ...]
    in_report_lengths: tuple[int, ...]
    out_report_lengths: tuple[int, ...]


class HidDevice:
    """usb_hid.Device; a program sees the usage only."""

    _machine: Machine

    def __init__(
        self, *, report_descriptor: bytes, usage_page: int, usage: int, report_ids: tuple[int, ...],
        in_report_lengths: tuple[int, ...], out_report_lengths: tuple[int, ...],
    ) -> None:  # fmt: skip
        if len(report_ids) > 6:
            raise ValueError("report_ids length must be <= 6")
        if not len(report_ids) == len(in_report_lengths) == len(out_report_lengths):
            raise ValueError("report_ids, in_report_lengths, and out_report_lengths must all be the same length")
        self.usage_page, self.usage = usage_page, usage
        self._made = Made(
            bytes(report_descriptor), usage_page, usage, tuple(report_ids), tuple(in_report_lengths),
            tuple(out_report_lengths),
        )  # fmt: skip

    def _index(self, report_id: int | None) -> int:
        if report_id is None and len(self._made.report_ids) == 1:
            return 0
        if report_id not in self._made.report_ids:
            raise ValueError("Invalid report_id")
        return self._made.report_ids.index(report_id)

    def get_last_received_report(self, report_id: int | None = None) -> bytes | None:
        self._machine.time.spend(0.007)
        return self._machine.hid_interface.take_received(self, self._index(report_id))

    def send_report(self, report: Any, report_id: int | None = None) -> None:
        self._machine.time.spend(0.03)
        k = self._index(report_id)
        if len(report) != self._made.in_report_lengths[k]:
            raise ValueError(f"report length must be {self._made.in_report_lengths[k]}")
        self._machine.hid_interface.send(self._made.report_ids[k], bytes(report))


def _stock(kind: type[HidDevice], page: int, usage: int, report_id: int, in_length: int, out_length: int) -> HidDevice:
    return kind(
        report_descriptor=bytes((5, page, 9, usage, 0xA1, 1, 0x85, report_id, 0xC0)),
        usage_page=page,
        usage=usage,
        report_ids=(report_id,),
        in_report_lengths=(in_length,),
        out_report_lengths=(out_length,),
    )


def make(machine: Machine) -> dict[str, dict[str, Any]]:
    def in_boot() -> None:
        if not machine.life.in_boot:
            raise RuntimeError(CANNOT_CHANGE)

    def cdc_enable(*, console: bool = True, data: bool = False) -> None:
        in_boot()
        machine.usb.console_enabled, machine.usb.data_enabled = console, data

    def hid_enable(devices: Any, boot_device: int = 0) -> None:
        in_boot()
        if len(devices) > 8:
            raise ValueError("devices length must be <= 8")
        machine.usb.hid_devices = list(devices)

    def midi(enabled: bool) -> None:
        in_boot()
        machine.usb.midi_enabled = enabled

    bound = type("Device", (HidDevice,), {"_machine": machine})
    stock = [_stock(bound, *each) for each in ((1, 6, 1, 8, 1), (1, 2, 2, 4, 0), (12, 1, 3, 2, 0))]
    for name, device in zip(("KEYBOARD", "MOUSE", "CONSUMER_CONTROL"), stock, strict=True):
        setattr(bound, name, device)
    if machine.usb.hid_devices is None:
        machine.usb.hid_devices = stock
    for device in machine.usb.hid_devices:
        device._machine = machine
    return {
        "usb_cdc": {
            "Serial": Serial,
            "console": Serial(machine) if machine.usb.console_enabled else None,
            "data": None,
            "enable": cdc_enable,
            "disable": lambda: cdc_enable(console=False, data=False),
        },
        "usb_hid": {
            "Device": bound,
            "devices": tuple(machine.usb.hid_devices),
            "enable": hid_enable,
            "disable": lambda: hid_enable(()),
            "get_boot_device": lambda: 0,
            "set_interface_name": lambda name: None,
        },
        "usb_midi": {"enable": lambda: midi(True), "disable": lambda: midi(False), "ports": ()},
    }
