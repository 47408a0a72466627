# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""A running Linux with its own hid-ft260 driver, and a model of the device on its USB.

with Linux(model, "6.12", folder) as linux:
    linux.wait_for_bus()
    print(linux.run("i2cdetect -y -r $BUS").output)
"""

import struct
from pathlib import Path
from typing import NamedTuple

from host_tests.on_linux import machine
from host_tests.on_linux.doorbell import Doorbell, GuestError
from host_tests.on_linux.usb_device import Model
from host_tests.on_linux.usbip import Cable

WAIT_FOR_BUS = r"""for i in $(seq 50); do
    bus=$(i2cdetect -l | sed -n 's/^i2c-\([0-9]*\).*FT260.*/\1/p')
    [ -n "$bus" ] && echo $bus && exit
    usleep 100000
done
exit 1"""
MARGIN_MS = 0.02  # so much after something was due the guest asks for it


class Result(NamedTuple):
    """What a command came to: exit status, text, what the kernel said, USB transfers, and the guest's time."""

    status: int
    output: str
    kernel: str
    transfers: list[str]
    ms: float


class Linux:
    """Time passes in the guest only inside run(). Logs are left in `folder`.

    :param driver: another hid-ft260.ko than the kernel's own
    """

    def __init__(self, model: Model, kernel: str, folder: Path, driver: Path | None = None) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.bus = ""
        self._model, self._log = model, (folder / "trace.log").open("w")
        self._bell = Doorbell(folder / "shared")
        self._cable: Cable | None = None
        self._ahead_ms = 0.0  # the model's clock minus the guest's
        self._transfers: list[str] = []
        arguments, inherited = self._bell.qemu_arguments, [self._bell.inherited.fileno()]
        self._folder, self._qemu = folder, machine.start(folder, kernel, driver, arguments, inherited)
        self._bell.started()
        self.now_ms = 0.0
        try:
            self._serve_until_idle()
        except BaseException:
            self.close()
            raise

    def run(self, command: str, limit_ms: float = 60000) -> Result:
        """Runs a shell command in the guest, to its end. $BUS is the number of the I2C bus."""
        self._note(f"### {command if len(command) < 200 else command[:200] + ' ...'}")
        self._transfers, started = [], self.now_ms
        self._bell.answer(f"BUS={self.bus}; {command}".encode())
        result = self._serve_until_idle(started + limit_ms)
        status, length = struct.unpack_from("<iI", result)
        output, kernel = (part.decode(errors="replace") for part in (result[8 : 8 + length], result[8 + length :]))
        self._note("".join(f"    {line}\n" for line in (output + kernel).splitlines()).rstrip())
        return Result(status, output, kernel, self._transfers, self.now_ms - started)

    def wait_for_bus(self) -> Result:
        """Until the driver has made the bridge an I2C bus."""
        found = self.run(WAIT_FOR_BUS)
        if found.status:
            raise GuestError("the driver does not bind")
        self.bus = found.output.strip()
        return found

    def _serve_until_idle(self, limit_ms: float = 60000) -> bytes:
        """Lets the guest run until its shell asks for the next command; returns what it says about the last one."""
        while call := self._bell.wait():
            self.now_ms = call.now_ms
            if call.kind == b"N":
                return call.question
            if call.now_ms > limit_ms:
                raise GuestError(f"the command does not end; see {self._folder / 'trace.log'}")
            self._bell.answer(self._plug_in() if call.kind == b"A" else self._carry(call.question))
        raise GuestError(f"the guest is gone; see {self._folder / 'console.log'}")

    def _plug_in(self) -> bytes:
        self._ahead_ms = self._model.now_ms - self.now_ms
        self._cable = Cable(self._model, self._transfer)
        return b""

    def _carry(self, data: bytes) -> bytes:
        assert self._cable is not None
        wake_ms, answers = self._cable.step(self.now_ms + self._ahead_ms, data)
        return int((wake_ms - self._ahead_ms + MARGIN_MS) * 1e6).to_bytes(8, "little") + answers

    def _transfer(self, model_ms: float, text: str) -> None:
        self._transfers.append(text)
        self._note(f"{model_ms - self._ahead_ms:10.2f} {text}")

    def _note(self, text: str) -> None:
        self._log.write(text + "\n")

    def close(self) -> None:
        self._qemu.kill()
        self._qemu.wait()
        self._bell.close()
        self._log.close()

    def __enter__(self) -> "Linux":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
