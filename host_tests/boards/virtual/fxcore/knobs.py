# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""What nobody documents about the FXCore, and what can be wrong with one, as settings of the virtual chip."""

from collections.abc import Callable, Container
from dataclasses import dataclass


@dataclass
class Knobs:
    """May be changed at any time, except `nak_byte` and `empty`.

    | knob | default | values |
    | --- | --- | --- |
    | wrong_length | 0xFE | status after a block of wrong length: 0xFE, 0x80 or 0x40 (state reset; too long: 0x4F) |
    | chunks | False | True: a block may come in several writes after its command |
    | flash_ms | 200 | how long the flash is busy after WRITE_PRG |
    | while_flashing | "nak" | "nak": address refused; "ignore": writes are lost, status reads FF; "ack": as always |
    | stuck_after_write | "" | EXIT_PRG after WRITE_PRG has no effect: "until_return_0" or "until_reset" |
    | status | "good" | "nak" (FF on the emulator), "ff", "00", "id" or "serial" (another one at each read) |
    | status_from | 0 | how many status reads are good before `status` applies |
    | match_address | True | False: the third byte of ENTER_PRG does not matter |
    | enter_during_ram_run | False | True: ENTER_PRG is accepted while a program runs from RAM |
    | garbage | None | the 12 bytes read outside programming mode; None: in turn 00, a repeated byte, FF |
    | empty | () | slots that hold nothing at first; the others hold FACTORY_IMAGE |
    | dead_bits | () | slots whose status bit never shows |
    | pause_percent | 0 | complain about pauses below this share of the shortest known to work |
    | nak_byte | None | predicate (bytes of this write so far): True refuses the last one |
    """

    wrong_length: int = 0xFE
    chunks: bool = False
    flash_ms: float = 200.0
    while_flashing: str = "nak"
    stuck_after_write: str = ""
    status: str = "good"
    status_from: int = 0
    match_address: bool = True
    enter_during_ram_run: bool = False
    garbage: bytes | None = None
    empty: Container[int] = ()
    dead_bits: Container[int] = ()
    pause_percent: float = 0.0
    nak_byte: Callable[[bytes], bool] | None = None
