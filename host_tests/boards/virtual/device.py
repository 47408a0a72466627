# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""From power-on to power-off: the firmware's own course around boot.py and code.py, in a thread of its own."""

import ctypes
import threading
from typing import Any

from host_tests.boards.virtual import modules
from host_tests.boards.virtual.interpreter import Interpreter, format_exception, stack_of
from host_tests.boards.virtual.machine import Machine
from host_tests.boards.virtual.signals import BoardError, DeviceHang, HardReset, PowerLost, ReloadException

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
    """One power-on: boots, runs, reboots on resets, until PowerLost is thrown into it. Life says what is due."""

    def __init__(self, machine: Machine) -> None:
        self._machine, self._life = machine, machine.life
        self._life.begin()
        machine.started_ms, machine.reset_reason = machine.now_ms, "POWER_ON"
        machine.clock.new_device()
        self.thread = self._life.thread = threading.Thread(target=self._live, name="device", daemon=True)
        self.thread.start()

    # ---- the thread ----
    def _live(self) -> None:
        machine, life = self._machine, self._life
        machine.clock.await_first_turn()
        try:
            while life.dead is None or isinstance(life.dead, HardReset):
                try:
                    life.dead = None
                    life.check()
                    life.run_reason = "STARTUP"
                    self._boot()
                    while True:
                        if not self._run_code():
                            self._wait_for_reload()
                        self._say(RELOADING)
                        machine.time.spend(RELOAD_MS, soft=False)
                except HardReset as reset:
                    life.pending = None
                    machine.after_reset(reset.reason)
        except PowerLost:
            pass
        except BaseException as error:  # noqa: BLE001 - the host's call raises it
            life.failure = error
        finally:
            life.over = True
            machine.clock.end_of_device()

    def _interpreter(self, print_to: Any) -> Interpreter:
        self._machine.pins.release_all()
        return modules.interpreter(self._machine, print_to)

    def _boot(self) -> None:
        machine, life = self._machine, self._life
        machine.power_on_hardware()
        machine.time.spend(BOOT_MS)
        started = machine.now_ms
        life.in_boot = True
        output: list[str] = []
        interpreter = self._interpreter(output.append)
        if interpreter.shows("boot.py"):
            try:
                interpreter.run("boot.py")
            except (Exception, SystemExit, ReloadException, KeyboardInterrupt) as error:  # noqa: BLE001
                life.boot_exception = error
                output.append(format_exception(error))
        life.boot_out = "".join(output).replace("\r\n", "\n")
        written = machine.volume.keep_boot_output(BANNER + life.boot_out.replace("\n", "\r\n"))
        life.in_boot = False
        left = START_USB_MS - BOOT_MS - (machine.now_ms - started)
        machine.time.spend(max(0.0, left) + (BOOT_OUT_MS if written else 0.0))
        machine.usb.attach()
        machine.time.spend(START_CODE_MS)

    def _run_code(self) -> bool:
        """Runs code.py (or what set_next_code_file named) to its end. True: it asked for a reload."""
        machine, life = self._machine, self._life
        life.exception, life.finished = None, False
        interpreter = self._interpreter(machine.cdc.print)
        name, life.next_file = life.next_file or "code.py", None
        machine.usb.new_vm()
        try:
            if interpreter.shows(name):
                interpreter.run(name)
        except ReloadException as reload:
            life.run_reason = str(reload)
            return True
        except (Exception, KeyboardInterrupt) as error:  # noqa: BLE001
            life.exception = error
            life.last_words = format_exception(error)
            self._say(life.last_words)
        except SystemExit:
            pass
        finally:
            self._life.check(soft=False)  # the dead do not get here
            machine.end_of_program()
        life.finished = True
        self._say(DONE + (AUTO_RELOAD if machine.autoreload else NO_RELOAD) + PROMPT)
        return False

    def _wait_for_reload(self) -> None:
        """After the end of code.py: drive and USB live on until Ctrl-D, a reload or a reset."""
        while True:
            try:
                self._life.check()
                self._machine.time.idle()
            except ReloadException as reload:
                self._life.run_reason = str(reload)
                return
            except KeyboardInterrupt:
                continue

    def _say(self, text: str) -> None:
        self._machine.cdc.print(text)

    # ---- called by the host ----
    def hang(self) -> DeviceHang:
        """The device does not come back: says where it is and ends its thread."""
        error = DeviceHang("the device spins without using the board:\n" + stack_of(self.thread))
        self.kill()
        return error

    def kill(self) -> None:
        self._life.dead = self._life.dead or PowerLost()
        thread_id = ctypes.c_ulong(self.thread.ident or 0)
        ctypes.pythonapi.PyThreadState_SetAsyncExc(thread_id, ctypes.py_object(PowerLost))
        self.thread.join(timeout=5)
        if self.thread.is_alive():
            raise BoardError("the device's thread does not end")
