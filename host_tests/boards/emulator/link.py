# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""The emulator process and the line protocol with it; see src/serve.mjs."""

import json
import os
import select
import subprocess
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from host_tests.boards.emulator import node
from host_tests.boards.emulator.errors import BoardError, BoardTimeout, Missing, UsbStall

HERE = Path(__file__).resolve().parent
CORE = HERE / "core" / "rp2040.js"
NOT_INSTALLED = (
    "the emulated chip is not installed: .venv/bin/python -m host_tests.boards.emulator.prepare installs it."
)

Json = dict[str, Any]


class Link:
    """One emulator process.

    `now_ms` is the emulated time of its last line.

    :param answer: called with each question about an I2C target, returns the answer
    :param record: called with (kind, t_ms, fields) for each event
    :param wall_limit_s: how long one request may take in real time
    """

    def __init__(
        self, answer: Callable[[Json], Any], record: Callable[[str, float, list[Any]], None], wall_limit_s: float
    ) -> None:
        if not CORE.is_file():
            raise Missing(NOT_INSTALLED)
        self.now_ms = 0.0
        self._answer, self._record, self._wall_limit = answer, record, wall_limit_s
        self._busy, self._buffer = False, b""
        try:
            self._process = subprocess.Popen(
                [node.name(), str(HERE / "src" / "serve.mjs")], stdin=subprocess.PIPE, stdout=subprocess.PIPE
            )
        except OSError as error:
            raise Missing(f"{node.name()}: {error.strerror}: {node.HELP}.") from error

    def close(self) -> None:
        if self._process.poll() is None:
            self._process.kill()
        self._process.wait()
        for stream in (self._process.stdin, self._process.stdout):
            if stream is not None:
                stream.close()

    def call(self, name: str, **fields: Any) -> Any:
        """One request; emulated time passes inside."""
        if self._busy:
            raise BoardError("an I2C target must not use the board from within a transfer")
        self._busy = True
        failure: Exception | None = None
        try:
            self._send({"do": name, **fields})
            deadline = time.monotonic() + self._wall_limit
            while "ask" in (message := self._receive(deadline)):
                try:
                    answer = self._answer(message)
                except Exception as error:  # noqa: BLE001 - let the transfer end, then report
                    failure, answer = error, "" if message["ask"] == "read" else 0
                self._send({"answer": answer})
        finally:
            self._busy = False
        if failure:
            raise failure
        if "error" in message:
            raise BoardError(message["error"])
        return message["result"]

    def run(self, ms: float, until: Sequence[str] = ()) -> bool:
        """Emulated time passes; with until, ends early at the next event of such a kind and returns True."""
        return bool(self.call("run", ms=ms, until=list(until))["hit"])

    def transfer(self, what: str, name: str, **fields: Any) -> bytes:
        """A host's transfer; its failure is named after `what`."""
        result = self.call(name, **fields)
        if result["status"] != "ok":
            status = result["status"]
            kind = UsbStall if "stall" in status else BoardTimeout if "timeout" in status else BoardError
            raise kind(f"{what}: {status}")
        return bytes.fromhex(result.get("data") or "")

    def _send(self, message: Json) -> None:
        stream = self._process.stdin
        if stream is None or stream.closed:
            raise BoardError("the board is closed")
        try:
            stream.write(json.dumps(message).encode() + b"\n")
            stream.flush()
        except BrokenPipeError:
            raise BoardError("the emulator process has ended") from None

    def _receive(self, deadline: float) -> Json:
        while b"\n" not in self._buffer:
            self._buffer += self._read(max(0.0, deadline - time.monotonic()))
        line, self._buffer = self._buffer.split(b"\n", 1)
        message: Json = json.loads(line)
        self.now_ms = message["now"]
        for kind, t_ms, *fields in message["events"]:
            self._record(kind, t_ms, fields)
        return message

    def _read(self, timeout_s: float) -> bytes:
        stream = self._process.stdout
        if stream is None or stream.closed:
            raise BoardError("the board is closed")
        if not select.select([stream], [], [], timeout_s)[0]:
            self.close()
            raise BoardError(f"the emulator process gave no answer in {self._wall_limit:.0f} s of wall time")
        chunk = os.read(stream.fileno(), 1 << 20)
        if not chunk:
            raise BoardError("the emulator process has ended")
        return chunk
