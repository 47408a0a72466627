# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""The command `i2c`: the board's bus, from here."""

import click

from sandboxfx import sync
from sandboxfx.cli.options import board_option, json_option
from sandboxfx.cli.show import console, print_json
from sandboxfx.ft260 import FIRST_ADDRESS, LAST_ADDRESS

FXCORE = 0x30
SLOWEST, FASTEST = 60, 1000


class Number(click.ParamType):
    """An integer, decimal or with 0x, within limits."""

    name = "number"

    def __init__(self, first: int, last: int) -> None:
        self._first, self._last = first, last

    def convert(self, value: object, param: click.Parameter | None, context: click.Context | None) -> int:
        """Returns the integer."""
        try:
            number = value if isinstance(value, int) else int(str(value), 0)
        except ValueError:
            self.fail(f"{value} is no number.", param, context)
        if not self._first <= number <= self._last:
            self.fail(f"{value} is not within {self._first}..{self._last}.", param, context)
        return number


ADDRESS = Number(0, 0x7F)


class Byte(click.ParamType):
    """One byte: two hexadecimal digits, with or without 0x."""

    name = "byte"

    def convert(self, value: object, param: click.Parameter | None, context: click.Context | None) -> int:
        """Returns 0..255."""
        if isinstance(value, int):
            return value
        try:
            number = int(str(value), 16)
        except ValueError:
            number = -1
        if not 0 <= number <= 0xFF:
            self.fail(f"{value} is no byte in hexadecimal.", param, context)
        return number


@click.group()
def i2c() -> None:
    """The board's I2C bus."""


@i2c.command()
@board_option
@json_option
def scan(board: str, as_json: bool) -> None:
    """Show which addresses are acknowledged; nothing is written."""
    with sync.find(board) as found:
        addresses = found.scan()
    if as_json:
        print_json({"ok": True, "addresses": addresses})
        return
    console().print("     " + " ".join(f"{column:X}" for column in range(16)))
    for row in range(FIRST_ADDRESS & 0xF0, LAST_ADDRESS + 1, 16):
        cells = [_cell(row + column, addresses) for column in range(16)]
        note = "   30: FXCore" if row == FXCORE & 0xF0 and FXCORE in addresses else ""
        console().print(f" {row:02X}  {' '.join(cells)}{note}".rstrip())


def _cell(address: int, addresses: list[int]) -> str:
    if not FIRST_ADDRESS <= address <= LAST_ADDRESS:
        return " "
    return "#" if address in addresses else "."


@i2c.command()
@click.argument("address", type=ADDRESS)
@click.argument("count", type=Number(1, 4096))
@click.option("--reg", "register", type=Byte(), multiple=True, help="Write this byte first; may be repeated.")
@board_option
@json_option
def read(address: int, count: int, register: tuple[int, ...], board: str, as_json: bool) -> None:
    """Read COUNT bytes from ADDRESS."""
    with sync.find(board) as found:
        data = found.read(address, count, bytes(register))
    if as_json:
        print_json({"ok": True, "data": data.hex()})
        return
    for start in range(0, len(data), 16):
        console().print(f"{start:04X}  {data[start : start + 16].hex(' ').upper()}")


@i2c.command()
@click.argument("address", type=ADDRESS)
@click.argument("data", type=Byte(), nargs=-1)
@board_option
@json_option
def write(address: int, data: tuple[int, ...], board: str, as_json: bool) -> None:
    """Write bytes, in hexadecimal, to ADDRESS; without any, only the address."""
    with sync.find(board) as found:
        found.write(address, bytes(data))
    if as_json:
        print_json({"ok": True})
    else:
        console().print(f"{len(data)} bytes written")


@i2c.command()
@click.argument("khz", type=Number(SLOWEST, FASTEST), required=False)
@board_option
@json_option
def clock(khz: int | None, board: str, as_json: bool) -> None:
    """Show the clock of this computer's transfers, or set it to KHZ."""
    with sync.find(board) as found:
        if khz:
            found.set_clock(khz)
        now = found.clock_khz()
    if as_json:
        print_json({"ok": True, "khz": now})
    else:
        console().print(f"{now} kHz")
