# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""What the emulated host learned at enumeration, its control transfers, and its console port."""

from typing import Any

from host_tests.boards.emulator.link import Link


class Usb:
    """`states`: (t_ms, "attached" / "configured" / "detached" / an error)."""

    def __init__(self, link: Link) -> None:
        self._link = link
        self.states: list[tuple[float, str]] = []

    def get(self, key: str) -> Any:
        return self._link.call("usb")[key]

    @property
    def configured(self) -> bool:
        return bool(self.get("configured"))

    @property
    def device_descriptor(self) -> bytes:
        return bytes.fromhex(self.get("device"))

    @property
    def configuration_descriptor(self) -> bytes:
        return bytes.fromhex(self.get("configuration"))

    @property
    def interfaces(self) -> list[dict[str, int]]:
        interfaces: list[dict[str, int]] = self.get("interfaces")
        return interfaces

    @property
    def strings(self) -> list[str]:
        """Manufacturer, product, serial number."""
        strings: list[str] = self.get("strings")
        return strings

    @property
    def vid(self) -> int:
        return int.from_bytes(self.device_descriptor[8:10], "little")

    @property
    def pid(self) -> int:
        return int.from_bytes(self.device_descriptor[10:12], "little")

    def control(
        self, request_type: int, request: int, value: int, index: int, length: int = 0, data: bytes | None = None,
        timeout_ms: float = 1000,
    ) -> bytes:  # fmt: skip
        """Any control transfer; returns what came in."""
        fields = {"data": data.hex()} if data is not None else {"length": length}
        return self._link.transfer(
            f"control request 0x{request_type:02x} 0x{request:02x}", "control", type=request_type, request=request,
            value=value, index=index, timeout=timeout_ms, **fields,
        )  # fmt: skip


class Cdc:
    """The host's end of the serial console."""

    def __init__(self, link: Link) -> None:
        self._link = link
        self._reading = True

    @property
    def reading(self) -> bool:
        """False: a program has the port open and does not read."""
        return self._reading

    @reading.setter
    def reading(self, reads: bool) -> None:
        self._reading = reads
        self._link.call("cdcPause", on=not reads)
