# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""The USB cable: hands one end of a socket to vhci-hcd and carries what comes out of it to the host, and back."""

import select
import socket
import time
from pathlib import Path

from host_tests.on_linux.guest.doorbell import Doorbell

ATTACH = Path("/sys/devices/platform/vhci_hcd.0/attach")
PORT, DEVICE, FULL_SPEED = 0, 0x00010002, 2


def main() -> None:
    bell = Doorbell()
    bell.call(b"A")
    mine, theirs = socket.socketpair()
    ATTACH.write_text(f"{PORT} {theirs.fileno()} {DEVICE} {FULL_SPEED}")
    theirs.close()
    wake_ns = 0
    while True:
        wait_ns = max(0, wake_ns - time.monotonic_ns())
        ready, _, _ = select.select([mine], [], [], wait_ns / 1e9)
        answer = bell.call(b"U", mine.recv(65536) if ready else b"")
        wake_ns = int.from_bytes(answer[:8], "little")
        mine.sendall(answer[8:])


if __name__ == "__main__":
    main()
