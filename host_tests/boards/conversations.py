# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""What real FT260 clients say on the wire, byte for byte, and what they must get: a table, and how to play it.

The other side is a bridge with an EEPROM of 256 bytes, content 00..FF, at 0x50, something at 0x30 that takes every
write and reads as 00, 01, ..., and nobody at 0x2A. `play` needs the façade of an emulated board: hid.out, .set_report,
.get_report and .read, run, i2c.log.
"""

from collections.abc import Iterable
from typing import Any, NamedTuple

GET_TRIES = 100
BUSY = 0x01
GAPS_MS = (0, 0.05, 0.1)  # what a fast program needs from an answer to its next report
CHUNK = 60


class Step(NamedTuple):
    """One act of the client, or one thing it must find."""

    kind: str
    data: bytes = b""
    number: int = 0
    mask: int = 0


class Client(NamedTuple):
    """A program: what it is, and what it does. `held`: it wants SANDBOX_FT260_HELD = 1."""

    what: str
    init: list[Step]
    write: list[Step]
    read: list[Step]
    nak: list[Step]
    held: bool = False


# ---- steps ----


def out(text: str, size: int = 0) -> Step:
    """An interrupt OUT packet, zeros added up to `size`."""
    return Step("out", bytes.fromhex(text).ljust(size, b"\0"))


def set_output(text: str, size: int = 0) -> Step:
    """An output report over endpoint 0."""
    return Step("set_output", bytes.fromhex(text).ljust(size, b"\0"))


def feature(text: str, size: int = 0) -> Step:
    """SET_REPORT(Feature)."""
    return Step("feature", bytes.fromhex(text).ljust(size, b"\0"))


def get(answer: str, length: int) -> Step:
    """GET_REPORT(Feature) with this wLength: the whole answer, zeros added."""
    return Step("get", bytes.fromhex(answer).ljust(length, b"\0"), length)


def status(value: int, mask: int = 0xFF) -> Step:
    """GET C0 until the busy bit is clear: then status & mask must be this value, whatever it was before the report."""
    return Step("status", number=value, mask=mask)


def comes(report_id: int, data: bytes) -> Step:
    """The next input report."""
    return Step("in", data, report_id)


def bus(*transfers: str) -> Step:
    """What the bus has acknowledged since the last such step: "w 50 10 5a", or "W 50 10 5a" without a STOP."""
    return Step("bus", "\n".join(transfers).encode())


# ---- the table ----

NOT_BUSY = status(0, 0x01)
IDLE, ADDRESS_NAK = status(0x20), status(0x26)
A0, A1, C0 = "a0 02 60 02 00", "a1 01 02 00 01 01", "c0 20 64 00 00"
BYTES = bytes(range(256))
LONG_DATA = bytes([0x40, *range(127)])  # more than one report holds


def spell(data: Iterable[int]) -> str:
    return bytes(data).hex(" ")


ROUND = BYTES[0x20:] + BYTES[:0x20]
FROM_20_ON = [comes(0xD0 + (min(CHUNK, 256 - at) - 1) // 4, ROUND[at : at + CHUNK]) for at in range(0, 256, CHUNK)]


def chunks(data: bytes, address: int, pad: int = 0) -> list[bytes]:
    """A write as a program sends it that knows the chip: START, middle, STOP; the smallest ID that holds a chunk."""
    parts = [data[at : at + CHUNK] for at in range(0, len(data), CHUNK)]
    last = len(parts) - 1
    reports = []
    for number, part in enumerate(parts):
        flags = 0x02 * (number == 0) | 0x04 * (number == last)
        head = bytes((0xD0 + (len(part) - 1) // 4, address, flags, len(part)))
        reports.append((head + part).ljust(pad, b"\0"))
    return reports


def long_write(pad: int = 0) -> list[Step]:
    """LONG_DATA in as many reports as it takes, zeros added up to `pad`."""
    outs = [Step("out", report) for report in chunks(LONG_DATA, 0x30, pad)]
    return [*outs, IDLE, bus(f"w 30 {spell(LONG_DATA)}")]


CLIENTS = {
    "linux hid-ft260": Client(
        "i2c-tools through the kernel's driver: exact lengths, IDs one step too high, status after each report",
        init=[get(A0, 13), get(A1, 25), get(A0, 13), get(C0, 5), get(C0, 5)],
        write=[
            out("d1 50 06 02 10 5a"), NOT_BUSY, IDLE, bus("w 50 10 5a"),
            out("d1 50 06 01 10"), NOT_BUSY, IDLE, bus("w 50 10"),
            *long_write(),
        ],
        read=[
            out("d1 50 02 01 20"), NOT_BUSY, out("c2 50 07 01 00"), comes(0xD0, BYTES[0x20:0x21]), IDLE,
            bus("W 50 20", "r 50 20"),
            out("d0 50 02 01 60"), NOT_BUSY,
            out("c2 50 03 3c 00"), comes(0xDE, BYTES[0x60:0x9C]), NOT_BUSY,
            out("c2 50 00 3c 00"), comes(0xDE, BYTES[0x9C:0xD8]), NOT_BUSY,
            out("c2 50 04 08 00"), comes(0xD1, BYTES[0xD8:0xE0]), IDLE,
        ],
        nak=[
            out("d1 2a 06 02 10 5a"), NOT_BUSY, ADDRESS_NAK, feature("a1 20"), IDLE,
            out("c2 2a 06 01 00"), comes(0xD0, b"\xff"), ADDRESS_NAK, feature("a1 20"), IDLE,
        ],
    ),
    "web editor": Client(
        "the SandboxFX page over WebHID: everything under D0 with 63 bytes, no look at the status in between",
        init=[feature("a1 20", 64), feature("a1 22 64 00", 64), get(C0, 64)],
        write=[
            out("d0 30 06 03 a5 5a 30", 64), IDLE, bus("w 30 a5 5a 30"),
            out("d0 30 02 3c" + "11" * 60, 64), out("d0 30 04 06 01 02 03 04 05 06", 64),
            bus("w 30" + " 11" * 60 + " 01 02 03 04 05 06"),
        ],
        read=[out("c2 30 06 0c 00", 64), comes(0xD2, BYTES[:12])],
        nak=[out("d0 2a 06 02 0d 00", 64), ADDRESS_NAK],
    ),
    "web editor, 0403:71D8": Client(
        "the same page with a development board's FT260: the smallest ID, not padded",
        init=[feature("a1 20", 64), feature("a1 22 64 00", 64), get(C0, 64)],
        write=[out("d0 30 06 03 a5 5a 30"), bus("w 30 a5 5a 30"), *long_write()],
        read=[out("c2 30 06 0c 00", 64), comes(0xD2, BYTES[:12])],
        nak=[out("d0 2a 06 02 0d 00"), ADDRESS_NAK],
    ),
    "programmer, command line": Client(
        "the chip vendor's programmer: whole reports back to back",
        init=[feature("a1 20", 64), feature("a1 22 64 00", 64), get(C0, 64)],
        write=[out("d0 30 06 02 08 01", 64), bus("w 30 08 01"), *long_write(64)],
        read=[out("c2 30 06 0c 00", 64), comes(0xD2, BYTES[:12])],
        nak=[out("d0 2a 06 02 0d 00", 64), ADDRESS_NAK],
    ),
    "LibFT260": Client(
        "FTDI's library: output reports over endpoint 0, in the declared length",
        init=[get(A0, 64), get(A1, 64), feature("a1 02 01", 64), feature("a1 22 64 00", 64), get(C0, 64)],
        write=[set_output("d0 50 06 02 10 5a", 64), IDLE, bus("w 50 10 5a")],
        read=[
            set_output("d0 50 02 01 20", 64), set_output("c2 50 07 04 00", 64),
            comes(0xD0, BYTES[0x20:0x24]), IDLE,
        ],
        nak=[set_output("c2 2a 06 04 00", 64), comes(0xD0, b"\xff" * 4), ADDRESS_NAK],
    ),
    "ft260hid (Rust)": Client(
        "every report 64 bytes long, status exactly 20 before a read",
        init=[
            feature("a1 02 01", 64), feature("a1 22 90 01", 64), get("c0 20 90 01", 64),
            feature("a1 22 64 00", 64),
        ],
        write=[out("d3 50 06 02 10 5a", 64), NOT_BUSY, IDLE, bus("w 50 10 5a"), *long_write(64)],
        read=[out("d0 50 02 01 20", 64), NOT_BUSY, IDLE, out("c2 50 07 14 00", 64), comes(0xD4, BYTES[0x20:0x34])],
        nak=[out("d0 2a 06 01 10", 64), NOT_BUSY, status(0x04, 0x0C), feature("a1 20", 64)],
    ),
    "FT260_python": Client(
        "fixed IDs that are too large, no padding, no status",
        init=[feature("a1 22 64 00", 64)],
        write=[out("d1 50 06 02 10 5a"), out("d8 30 06 21" + "07" * 33)],
        read=[
            out("d0 50 06 01 20"), out("c2 50 06 02 00"), comes(0xD0, BYTES[0x20:0x22]),
            out("c2 50 06 08 00 00"), comes(0xD1, BYTES[0x22:0x2A]),
        ],
        nak=[out("c2 2a 06 02 00"), comes(0xD0, b"\xff\xff")],
    ),
    "ngyewch/ft260 (Go)": Client(
        "no setting up, blocks for ever on a read without an answer",
        init=[get(A0, 13), get(A1, 26)],
        write=[out("d0 50 06 02 10 5a"), bus("w 50 10 5a")],
        read=[out("d0 50 06 01 20"), out("c2 50 06 3c 00"), comes(0xDE, BYTES[0x20:0x5C])],
        nak=[out("c2 2a 06 3c 00"), comes(0xDE, b"\xff" * 60)],
    ),
    "tank (Go)": Client(
        "wants 40 after a START alone and 20 after a STOP, exactly; IDs from n/4",
        init=[get(A1, 25)],
        write=[out("d1 50 06 04 10 5a 5b 5c"), IDLE, out("df 30 06 3c" + "33" * 60), IDLE],
        read=[out("d0 50 02 01 20"), status(0x40), out("c2 50 06 02 00"), IDLE, comes(0xD0, BYTES[0x20:0x22])],
        nak=[out("d0 2a 06 01 10"), status(0x02, 0x03)],
        held=True,
    ),
    "pimvanpelt/ft260": Client(
        "waits for the idle bit without limit; numbers high byte first, so that a read of 1 asks for 256",
        init=[
            get(A0, 13), get(A1, 26), feature("a1 20"), feature("a1 02 01"), get(C0, 5),
            feature("a1 22 00 64"),
        ],
        write=[status(0x20, 0x20), out("d0 30 06 02 10 5a"), status(0x20, 0x20), bus("w 30 10 5a")],
        read=[out("d0 50 02 01 20"), status(0x20, 0x20), out("c2 50 06 00 01"), *FROM_20_ON],
        nak=[feature("a1 20"), out("c2 2a 06 00 00"), status(0x20, 0x20), ADDRESS_NAK],
    ),
    "bc-bridge": Client(
        "status every ms until bit 0 is clear, fails on any of 1E",
        init=[feature("a1 22 64 00"), out("d0 30 06 01 01"), NOT_BUSY, status(0, 0x1E)],
        write=[out("d0 50 06 02 10 5a"), NOT_BUSY, status(0, 0x1E), bus("w 50 10 5a")],
        read=[out("d0 50 02 01 20"), NOT_BUSY, out("c2 50 06 02 00"), NOT_BUSY, comes(0xD0, BYTES[0x20:0x22])],
        nak=[out("d0 2a 06 01 10"), NOT_BUSY, status(0x06, 0x1E), feature("a1 20"), IDLE],
    ),
    "FT260_I2CDotNet": Client(
        "features padded, clock high byte first, reads without a high length byte, probes with a byte that is missing",
        init=[get(A1, 64), feature("a1 02 01", 64), feature("a1 22 00 64", 64), IDLE],
        write=[status(0x20, 0x60), out("d0 50 06 02 10 5a"), status(0x20, 0x60), bus("w 50 10 5a")],
        read=[out("d0 50 02 01 20"), status(0x20, 0x20), out("c2 50 06 02"), comes(0xD0, BYTES[0x20:0x22])],
        nak=[out("d0 2a 06 01"), ADDRESS_NAK, feature("a1 20", 64), IDLE],
    ),
    "densitometer": Client(
        "padded to the ID's size; register and data back to back without waiting",
        init=[
            get(A0, 64), get(A1, 64), feature("a1 22 90 01"), get("c0 20 90 01", 64),
            feature("a1 0c 01"), feature("a1 0d 00"), feature("a1 07 01"), feature("a1 22 64 00"),
        ],
        write=[out("d0 50 02 01 10 00 00 00"), out("d0 50 04 01 5a 00 00 00"), IDLE, bus("w 50 10 5a")],
        read=[out("d0 50 02 01 20 00 00 00"), out("c2 50 07 02 00"), comes(0xD0, BYTES[0x20:0x22])],
        nak=[out("d0 2a 02 01 20 00 00 00"), out("c2 2a 07 02 00"), comes(0xD0, b"\xff\xff"), ADDRESS_NAK],
    ),
    "printalyzer-timer": Client(
        "a microcontroller as the host: a short setting and the question right behind it, reads of several reports",
        init=[
            get(A0, 13), get(A1, 26), feature("a1 22 90 01"), get("c0 20 90 01", 5),
            feature("a1 0c 01"), feature("a1 0d 00"), feature("a1 07 01"), feature("a1 22 64 00"), get(C0, 5),
        ],
        write=[out("d0 50 02 01 10 00 00 00"), out("d0 50 04 01 5a 00 00 00"), IDLE, bus("w 50 10 5a")],
        read=[
            out("d0 50 02 01 20 00 00 00"), out("c2 50 07 50 00"),
            comes(0xDE, BYTES[0x20:0x5C]), comes(0xD4, BYTES[0x5C:0x70]), IDLE,
        ],
        nak=[out("d0 2a 02 01 20 00 00 00"), out("c2 2a 07 02 00"), comes(0xD0, b"\xff\xff"), ADDRESS_NAK],
    ),
    "PyFT260": Client(
        "resets and sets the clock in short reports, and asks for the status at once, each time",
        init=[feature("a1 20"), IDLE, feature("a1 22 90 01"), get("c0 20 90 01", 5), feature("a1 22 64 00"), IDLE],
        write=[out("d0 50 06 02 10 5a"), IDLE, bus("w 50 10 5a")],
        read=[out("d0 50 02 01 20"), NOT_BUSY, out("c2 50 07 02 00"), comes(0xD0, BYTES[0x20:0x22]), IDLE],
        nak=[out("d0 2a 06 01 10"), ADDRESS_NAK, feature("a1 20"), IDLE, out("d0 30 06 01 10"), IDLE],
    ),
    "FT260_I2C_Master": Client(
        "everything under D0, four bytes at most; numbers high byte first, so that a read of 1 asks for 256; no status",
        init=[feature("a1 22 64 00")],
        write=[out("d0 30 06 02 10 5a"), bus("w 30 10 5a")],
        read=[out("d0 50 06 01 20"), out("c2 50 06 00 01"), *FROM_20_ON],
        nak=[out("d0 2a 06 01 10"), ADDRESS_NAK],
    ),
    "libredxx-ft260": Client(
        "DE with 64 bytes for everything, no status",
        init=[],
        write=[out("de 50 06 02 10 5a", 64), bus("w 50 10 5a")],
        read=[out("de 50 06 01 20", 64), out("c2 50 06 02", 64), comes(0xD0, BYTES[0x20:0x22])],
        nak=[out("c2 2a 06 02", 64), comes(0xD0, b"\xff\xff")],
    ),
}  # fmt: skip


# ---- playing ----


def play(steps: Iterable[Step], board: Any, gap_ms: float = 0) -> None:
    """Plays steps against a board, each so long after the one before; AssertionError says which one went wrong."""
    board.run(20)
    seen = len(board.i2c.log)
    for number, step in enumerate(steps):
        where = f"step {number}, {step.kind} {step.data.hex(' ')}"
        if step.kind == "bus":
            board.run(20)
            assert transfers(board.i2c.log[seen:]) == step.data.decode().split("\n"), where
            seen = len(board.i2c.log)
        else:
            _ACTS[step.kind](step, board, where)
            if gap_ms:
                board.run(gap_ms)


def transfers(log: Iterable[Any]) -> list[str]:
    """The acknowledged ones as `bus` writes them."""
    return [
        f"{done.kind if done.stop else done.kind.upper()} {done.addr:02x} {done.data.hex(' ')}".strip()
        for done in log
        if done.address_ack
    ]


def _out(step: Step, board: Any, where: str) -> None:
    board.hid.out(step.data[0], step.data[1:])


def _set_output(step: Step, board: Any, where: str) -> None:
    board.hid.set_report(2, step.data[0], step.data)


def _feature(step: Step, board: Any, where: str) -> None:
    board.hid.set_report(3, step.data[0], step.data)


def _get(step: Step, board: Any, where: str) -> None:
    assert board.hid.get_report(3, step.data[0], step.number) == step.data, where


def _status(step: Step, board: Any, where: str) -> None:
    found: list[int] = []
    while not found or found[-1] & BUSY:
        assert len(found) < GET_TRIES, (where, found)
        found.append(board.hid.get_report(3, 0xC0, 5)[1])
    assert found[-1] & step.mask == step.number, (where, found)


def _in(step: Step, board: Any, where: str) -> None:
    report = board.hid.read(500)
    assert report is not None, where
    assert report[1:] == (step.number, bytes([len(step.data), *step.data]).ljust(63, b"\0")), where


_ACTS = {
    "out": _out,
    "set_output": _set_output,
    "feature": _feature,
    "get": _get,
    "status": _status,
    "in": _in,
}
