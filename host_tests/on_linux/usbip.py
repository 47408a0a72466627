# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""USB/IP, as vhci-hcd speaks it (kernel documentation, usb/usbip_protocol): requests in, answers at their time out."""

import struct
from collections.abc import Callable, Iterator

from host_tests.on_linux.usb_device import Model, Requests

CMD_SUBMIT, CMD_UNLINK, RET_SUBMIT, RET_UNLINK = 1, 2, 3, 4
HEADER = 48
EPIPE, ECONNRESET = 32, 104
GET_REPORT, SET_REPORT = (0xA1, 1), (0x21, 9)
KINDS = {1: "input", 2: "output", 3: "feature"}

# How much later a driver learns that its interrupt report has arrived. Debug traces of the driver with a real FT260 on
# a PC: 0.7 to 1.65 ms from handing over a report to the status after it. Up to 1 ms of that is the wait for the turn of
# the endpoint, which the chip has every millisecond; the request for the status takes 0.2 ms. So 0.5 ms are left.
OUT_NOTICED_MS = 0.5


class Cable:
    """The model at the end of a USB/IP connection.

    `trace(text)` is told about each transfer. All times are the model's.
    """

    def __init__(self, model: Model, trace: Callable[[float, str], None]) -> None:
        self._model, self._trace = model, trace
        self._requests = Requests(model)
        self._received = b""
        self._due: list[tuple[float, int, bytes]] = []  # answers: when, to which request, what
        self._polls: list[int] = []  # requests for an input report that wait for one

    def step(self, now_ms: float, received: bytes) -> tuple[float, bytes]:
        """Takes what the host sent; returns when to come again and what to send to it now."""
        self._model.run(now_ms)
        self._collect()
        self._received += received
        for header, data in self._messages():
            self._serve(header, data)
        self._collect()
        ready = [answer for when, _, answer in self._due if when <= now_ms]
        self._due = [entry for entry in self._due if entry[0] > now_ms]
        wake = min([when for when, _, _ in self._due] + [self._model.next_poll_ms()])
        return wake, b"".join(ready)

    def _messages(self) -> Iterator[tuple[bytes, bytes]]:
        while len(self._received) >= HEADER:
            command, _, _, direction, _, _, length = struct.unpack_from(">7I", self._received)
            size = HEADER + (length if command == CMD_SUBMIT and direction == 0 else 0)
            if len(self._received) < size:
                return
            message, self._received = self._received[:size], self._received[size:]
            yield message[:HEADER], message[HEADER:]

    def _serve(self, header: bytes, data: bytes) -> None:
        command, number, _, to_host, endpoint, _, _length = struct.unpack_from(">7I", header)
        if command == CMD_UNLINK:
            self._unlink(number, struct.unpack_from(">I", header, 20)[0])
        elif endpoint == 0:
            answer = self._control(header[40:], data)
            status, sent = (-EPIPE, b"") if answer is None else (0, answer if to_host else b"")
            self._answer(number, status, sent, len(sent) if to_host else len(data))
        elif to_host:
            self._polls.append(number)
            self._model.listen(len(self._polls))
        else:
            self._model.output(data)
            self._trace(self._model.now_ms, f"OUT  {_hex(data)}")
            self._answer(number, 0, b"", len(data), OUT_NOTICED_MS)

    def _control(self, setup: bytes, data: bytes) -> bytes | None:
        request_type, request, value, _, length = struct.unpack("<BBHHH", setup)
        kind, report_id = KINDS.get(value >> 8, "?"), value & 0xFF
        if (request_type, request) == GET_REPORT:
            answer = self._model.get_feature(report_id, length) if kind == "feature" else None
            self._trace(self._model.now_ms, f"GET  {kind} {report_id:02x} of {length} -> {_hex(answer)}")
            return answer
        if (request_type, request) == SET_REPORT:
            taken = self._model.set_report(value >> 8, data)
            self._trace(self._model.now_ms, f"SET  {kind} {_hex(data)}{'' if taken else ' refused'}")
            return b"" if taken else None
        answer = self._requests.answer(request_type, request, value, length)
        what = "stall" if answer is None else f"{len(answer)} bytes"
        self._trace(self._model.now_ms, f"std  {request_type:02x} {request:02x} {value:04x} of {length} -> {what}")
        return answer

    def _answer(self, number: int, status: int, data: bytes, length: int, after_ms: float = 0.0) -> None:
        head = struct.pack(">IIIIIiI20x", RET_SUBMIT, number, 0, 0, 0, status, length)
        self._due.append((self._model.now_ms + after_ms, number, head + data))

    def _collect(self) -> None:
        """Input reports that the host has fetched go to the requests that waited for them."""
        for when, report in self._model.take_inputs():
            self._trace(when, f"IN   {_hex(report)}")
            head = struct.pack(">IIIIIiI20x", RET_SUBMIT, number := self._polls.pop(0), 0, 0, 0, 0, len(report))
            self._due.append((when, number, head + report))

    def _unlink(self, number: int, victim: int) -> None:
        known = [entry[1] for entry in self._due] + self._polls
        self._due = [entry for entry in self._due if entry[1] != victim]
        self._polls = [each for each in self._polls if each != victim]
        self._model.listen(len(self._polls))
        status = -ECONNRESET if victim in known else 0
        self._due.append((0.0, number, struct.pack(">IIIIIi24x", RET_UNLINK, number, 0, 0, 0, status)))


def _hex(data: bytes | None) -> str:
    """Zeros at the end are only counted."""
    if data is None:
        return "stall"
    short = data.rstrip(b"\0")
    rest = len(data) - len(short)
    return f"[{len(data)}] {short.hex(' ')}" + (f" + {rest} x 00" if rest else "")
