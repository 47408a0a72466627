# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""From power-on to power-off: the firmware's own course around boot.py and code.py, in a thread of its own."""

import ctypes
import sys
import threading
import traceback
from typing import TYPE_CHECKING, Any

from host_tests.boards.virtual import modules
from host_tests.boards.virtual.interpreter import Interpreter, format_exception, is_device_code
from host_tests.boards.virtual.signals import BoardError, DeviceHang, HardReset, PowerLost, ReloadException

if TYPE_CHECKING:
    from host_tests.boards.virtual.board import VirtualBoard

# Measured on the emulated board, ms.
BOOT_MS = 200.0  # reset to boot.py
START_USB_MS = 1270.0  # reset to the USB pull-up
BOOT_OUT_MS = 1230.0  # more when boot_out.txt has to be written
START_CODE_MS = 40.0  # pull-up to code.py
RELOAD_MS = 845.0

BANNER = """\
Adafruit CircuitPython 10.0.3 on 2025-10-17; Waveshare RP2040-Zero with rp2040\r
Board ID:waveshare_rp2040_zero\r
UID:0000000000000000\r
boot.py output:\r
"""
RELOADING = "\r\nsoft reboot\r\n"
DONE = "\r\nCode done running.\r\n"
PROMPT = "\r\nPress any key to enter the REPL. Use CTRL-D to reload.\r\n"
NO_RELOAD = "Auto-reload is off.\r\n"
AUTO_RELOAD = "Auto-reload is on. Simply save files over USB to run them or enter REPL to disable.\r\n"


class Device:
    """One power-on: boots, runs, reboots on resets, until PowerLost is thrown into it.

    `pending` is the exception to raise at the device's next chance; hard ones at any hardware access, soft ones only
    where the interpreter looks (not inside a transfer). `exception` ended code.py last, `finished` tells that it ended.
    """

    def __init__(self, board: "VirtualBoard") -> None:
        self.board = board
        self.pending: BaseException | None = None
        self.dead: BaseException | None = None
        self.exception: BaseException | None = None
        self.finished = False
        self.in_boot = False
        self.failure: BaseException | None = None  # to be raised on the host's side
        self.next_file: str | None = None
        self.run_reason = "STARTUP"
        self.last_words: str | None = None  # the traceback of the program before this one
        self.thread = threading.Thread(target=self._live, name="device", daemon=True)
        self.thread.start()

    # ---- called from the stand-ins ----
    def check(self, soft: bool = True) -> None:
        """Raises what is due."""
        if self.dead is not None:
            raise self.dead
        if isinstance(self.pending, (PowerLost, HardReset)):
            self.dead = self.pending
            raise self.dead
        if soft and self.pending is not None:
            error, self.pending = self.pending, None
            raise error

    def fail(self, error: BaseException) -> None:
        """Ends the device; the host's call raises the error."""
        self.failure, self.dead = error, PowerLost()
        raise self.dead

    # ---- the thread ----
    def _live(self) -> None:
        board = self.board
        board.clock.await_first_turn()
        try:
            while self.dead is None or isinstance(self.dead, HardReset):
                try:
                    self.dead = None
                    self.check()
                    self.run_reason = "STARTUP"
                    self._boot()
                    while True:
                        if not self._run_code():
                            self._wait_for_reload()
                        self._say(RELOADING)
                        board.spend(RELOAD_MS, soft=False)
                except HardReset as reset:
                    self.pending = None
                    board.after_reset(reset.reason)
        except PowerLost:
            pass
        except BaseException as error:  # noqa: BLE001 - the host's call raises it
            self.failure = error
        finally:
            board.clock.end_of_device()

    def _interpreter(self, print_to: Any) -> Interpreter:
        self.board.release_pins()
        return modules.interpreter(self.board, print_to)

    def _boot(self) -> None:
        board = self.board
        board.power_on_hardware()
        board.spend(BOOT_MS)
        started = board.now_ms
        self.in_boot = True
        output: list[str] = []
        interpreter = self._interpreter(output.append)
        if interpreter.shows("boot.py"):
            try:
                interpreter.run("boot.py")
            except (Exception, SystemExit, ReloadException, KeyboardInterrupt) as error:  # noqa: BLE001
                board.boot_exception = error
                output.append(format_exception(error))
        board.boot_out = "".join(output).replace("\r\n", "\n")
        written = board.drive.keep_boot_output(BANNER + board.boot_out.replace("\n", "\r\n"))
        self.in_boot = False
        board.spend(max(0.0, START_USB_MS - BOOT_MS - (board.now_ms - started)) + (BOOT_OUT_MS if written else 0.0))
        board.usb.attach()
        board.spend(START_CODE_MS)

    def _run_code(self) -> bool:
        """Runs code.py (or what set_next_code_file named) to its end. True: it asked for a reload."""
        board = self.board
        self.exception, self.finished = None, False
        interpreter = self._interpreter(board.cdc.print)
        name, self.next_file = self.next_file or "code.py", None
        board.usb.new_vm()
        try:
            if interpreter.shows(name):
                interpreter.run(name)
        except ReloadException as reload:
            self.run_reason = str(reload)
            return True
        except (Exception, KeyboardInterrupt) as error:  # noqa: BLE001
            self.exception = error
            self.last_words = format_exception(error)
            self._say(self.last_words)
        except SystemExit:
            pass
        finally:
            self.check(soft=False)  # the dead do not get here
            board.end_of_program()
        self.finished = True
        self._say(DONE + (AUTO_RELOAD if board.autoreload else NO_RELOAD) + PROMPT)
        return False

    def _wait_for_reload(self) -> None:
        """After the end of code.py: drive and USB live on until Ctrl-D, a reload or a reset."""
        while True:
            try:
                self.check()
                self.board.idle()
            except ReloadException as reload:
                self.run_reason = str(reload)
                return
            except KeyboardInterrupt:
                continue

    def _say(self, text: str) -> None:
        self.board.cdc.print(text)

    # ---- called by the host ----
    def stack(self) -> str:
        """Where the device's code is."""
        frame = sys._current_frames().get(self.thread.ident or 0)
        entries = [f for f, _ in traceback.walk_stack(frame) if is_device_code(f)] if frame else []
        return "".join(
            f'  File "{f.f_code.co_filename}", line {f.f_lineno}, in {f.f_code.co_name}\n' for f in reversed(entries)
        )

    def hang(self) -> DeviceHang:
        """The device does not come back: says where it is and ends its thread."""
        error = DeviceHang("the device spins without using the board:\n" + self.stack())
        self.kill()
        return error

    def kill(self) -> None:
        self.dead = self.dead or PowerLost()
        thread_id = ctypes.c_ulong(self.thread.ident or 0)
        ctypes.pythonapi.PyThreadState_SetAsyncExc(thread_id, ctypes.py_object(PowerLost))
        self.thread.join(timeout=5)
        if self.thread.is_alive():
            raise BoardError("the device's thread does not end")
