# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""CircuitPython for the Waveshare RP2040-Zero on an emulated board; see README.md.

    with Board({"code.py": "print('ready')"}) as board:
        board.run_until("ready")
        print(board.i2c.log)

All times are emulated milliseconds since the first power-on.
"""

import base64
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from host_tests.boards.emulator import inputs
from host_tests.boards.emulator.drive import Drive
from host_tests.boards.emulator.errors import BoardError, BoardTimeout
from host_tests.boards.emulator.hid import Hid
from host_tests.boards.emulator.i2c import I2c
from host_tests.boards.emulator.link import Link
from host_tests.boards.emulator.usb import Cdc, Usb
from host_tests.boards.pixel import Pixel
from host_tests.boards.terminal import plain
from uf2.blocks import read_blocks
from uf2.drive_image import compose
from uf2.flash import DRIVE, END, NVM, SECTOR

# What CircuitPython puts on a drive it formats itself, beside what compose() puts there.
FACTORY_FILES = {
    "sd/placeholder.txt": b"SD cards mounted at /sd will hide this file from Python.\n",
    "settings.toml": b"",
}
Files = Mapping[str, bytes | str]


class Board:
    """drive: a project folder, or name -> content, or None for an empty drive. flash: a whole flash image from
    flash_image() to start from instead, drive and nvm included. nvm: what microcontroller.nvm holds, FF where it ends.
    uf2, bootrom: other files than inputs.py finds.
    host: a PC is connected, not a charger. dtr: a terminal program opens the console.
    xip_model: False leaves out what the flash cache's misses cost.
    on_event(kind, t_ms, fields): called as things happen.
    """

    def __init__(
        self, drive: str | Path | Files | None = None, uf2: str | Path | None = None, bootrom: str | Path | None = None,
        *, xip_model: bool = True, flash: bytes | None = None, nvm: bytes | None = None,
        host: bool = True, dtr: bool = True, pixel_order: str = "GRB",
        wall_limit_s: float = 600, on_event: Callable[[str, float, list[Any]], None] | None = None,
    ) -> None:  # fmt: skip
        rom = inputs.read_bootrom(Path(bootrom) if bootrom else inputs.bootrom())
        image = _flash(Path(uf2) if uf2 else inputs.firmware(), drive, flash, nvm)
        self.console_raw = ""
        self.resets: list[tuple[float, str]] = []
        self._on_event = on_event
        self.link = Link(self._answer, self._record, wall_limit_s)
        self.usb, self.cdc = Usb(self.link), Cdc(self.link)
        self.hid = Hid(self.link, self.usb)
        self.drive, self.i2c, self.pixel = Drive(self.link), I2c(self.link), Pixel(pixel_order)
        try:
            self.link.call(
                "start", flash=base64.b64encode(image).decode(), bootrom=base64.b64encode(rom).decode(),
                xipModel=xip_model, host=host, dtr=dtr,
            )  # fmt: skip
        except BaseException:
            self.close()
            raise

    def __enter__(self) -> "Board":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        self.link.close()

    @property
    def now_ms(self) -> float:
        return self.link.now_ms

    # ---- running ----
    def run(self, ms: float, until: tuple[str, ...] = ()) -> bool:
        """Runs for ms; with until, ends early at the next event of such a kind and returns True."""
        return self.link.run(ms, until)

    def run_until(
        self, what: "str | Callable[[Board], object]", timeout_ms: float = 10000, poll_ms: float = 1, start: int = 0
    ) -> float:
        """Runs until the console (from character `start` on) contains a text, or until what(board) is true, tested
        every poll_ms. Returns the time; raises BoardTimeout."""
        end = self.now_ms + timeout_ms
        met = (lambda board: what in board.console[start:]) if isinstance(what, str) else what
        while not met(self):
            if self.now_ms >= end:
                raise BoardTimeout(f"not met in {timeout_ms} ms: {what!r}; console ends with {self.console[-300:]!r}")
            if isinstance(what, str):
                self.run(end - self.now_ms, until=("console",))
            else:
                self.run(min(poll_ms, end - self.now_ms))
        return self.now_ms

    def wait_configured(self, timeout_ms: float = 10000) -> None:
        """Runs until the host has configured the board."""
        self.run_until(lambda board: board.usb.configured, timeout_ms, poll_ms=5)

    # ---- the console ----
    @property
    def console(self) -> str:
        """Everything printed so far, as UTF-8, without terminal title sequences and carriage returns."""
        return plain(self.console_raw.encode("latin-1").decode(errors="replace"))

    def console_write(self, text: str | bytes) -> None:
        """Types into the console ("\\x03" is Ctrl-C, "\\x04" Ctrl-D)."""
        raw = text.encode() if isinstance(text, str) else bytes(text)
        self.link.transfer("CDC write", "cdcWrite", data=raw.hex())

    def set_dtr(self, on: bool) -> None:
        """A terminal program opens (or closes) the serial port."""
        self.link.transfer("SET_CONTROL_LINE_STATE", "dtr", on=on)

    # ---- the board ----
    def gpio(self, pin: int) -> int:
        """The level on a pin, 0 or 1."""
        return int(self.link.call("gpio", pin=pin))

    def drive_gpio(self, pin: int, level: int | None) -> None:
        """Connects a pin to a level from outside (a pressed button, say); None disconnects it."""
        self.link.call("gpioDrive", pin=pin, level=level)

    def peek(self, address: int, length: int) -> bytes:
        """Bytes of SRAM or of the USB controller's memory as they are now, without the board's help."""
        return bytes.fromhex(self.link.call("peek", address=address, length=length))

    def reset(self) -> None:
        """Presses the RESET button: memory keeps its contents. Within 1 s after start: safe mode."""
        self.link.call("reset", kind="pin")

    def power_cycle(self) -> None:
        """Unplugs and replugs: flash (firmware, drive, nvm) stays, memory is lost. Time goes on."""
        self.link.call("reset", kind="power")

    def cut_power(self, nvm: int) -> None:
        """Plans a power cycle: before the n-th step from now (0: the next) of writing to nvm. A step is the erase of
        its sector, or a page programmed."""
        self.link.call("cutPower", first=NVM, end=NVM + SECTOR, steps=nvm)

    def flash_image(self) -> bytes:
        """The whole 2 MiB flash chip as it is now; what the firmware still caches is not in it."""
        return self._flash_bytes(0, END)

    def nvm(self) -> bytes:
        """What microcontroller.nvm holds, as it is in the flash chip now."""
        return self._flash_bytes(NVM, SECTOR)

    def _flash_bytes(self, offset: int, length: int) -> bytes:
        return base64.b64decode(self.link.call("flash", offset=offset, length=length))

    def stats(self) -> dict[str, float]:
        """Instructions executed, wall seconds since start, emulated seconds."""
        return {**self.link.call("stats"), "emulated": self.now_ms / 1000}

    def _answer(self, question: dict[str, Any]) -> Any:
        return self.i2c.answer(question)

    def _record(self, kind: str, t_ms: float, fields: list[Any]) -> None:
        if kind == "console":
            self.console_raw += fields[0]
        elif kind == "hid":
            self.hid.record(t_ms, bytes.fromhex(fields[0]))
        elif kind == "i2c":
            fields[0] = self.i2c.record(fields[0])
        elif kind == "pixel":
            self.pixel.frame(t_ms, bytes.fromhex(fields[0]))
        elif kind == "usb":
            self.usb.states.append((t_ms, fields[0]))
            if fields[0] == "detached":
                self.drive.forget()
        elif kind == "reset":
            self.resets.append((t_ms, fields[0]))
        if self._on_event:
            self._on_event(kind, t_ms, fields)


def read_folder(folder: str | Path) -> dict[str, bytes]:
    """name -> content for every file of a project folder, without hidden files and byte-code caches."""
    return {name: Path(folder, name).read_bytes() for name in read_names(folder)}


def read_names(folder: str | Path) -> list[str]:
    base = Path(folder)
    if not base.is_dir():
        raise BoardError(f"{folder} is not a folder")
    names = [path.relative_to(base) for path in sorted(base.rglob("*")) if path.is_file()]
    hidden = [name for name in names if any(part.startswith(".") or part == "__pycache__" for part in name.parts)]
    return [name.as_posix() for name in names if name not in hidden]


def _flash(uf2: Path, drive: str | Path | Files | None, flash: bytes | None, nvm: bytes | None) -> bytes:
    """The flash chip at power-on: what was in it, over that the UF2 file, over that nvm and the drive."""
    image = bytearray(flash or b"\xff" * END)
    if nvm is not None:
        image[NVM:DRIVE] = nvm.ljust(SECTOR, b"\xff")
    for block in read_blocks(uf2.read_bytes(), str(uf2)):
        image[block.offset : block.offset + len(block.payload)] = block.payload
    files = read_folder(drive) if isinstance(drive, (str, Path)) else drive
    if flash is None or files is not None:
        encoded = {name: data.encode() if isinstance(data, str) else data for name, data in (files or {}).items()}
        image[DRIVE:] = compose({**FACTORY_FILES, **encoded})
    return bytes(image)
