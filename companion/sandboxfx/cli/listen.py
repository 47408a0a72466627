# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""`listen`: a program live, through the sound card."""

import queue
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from rich.console import Console, Group
from rich.live import Live
from rich.progress_bar import ProgressBar
from rich.table import Table
from rich.text import Text

from sandboxfx.cli.machine import (
    FilePath,
    find_source,
    machine_options,
    make_machine,
    read_script,
    tell_unproven,
    unproven_as_json,
)
from sandboxfx.cli.options import json_option
from sandboxfx.cli.show import console, error_console, print_json
from sandboxfx.errors import FAILED, SandboxError

if TYPE_CHECKING:
    from sandboxfx.simulator.live import Session

SCREEN_SECONDS = 0.1
LOOK_SECONDS = 0.15


@click.command()
@click.argument("program", type=FilePath)
@click.argument("sound", metavar="[IN]", required=False)
@click.option("--device", metavar="NAME", help="A sound device, by a part of its name or its number.")
@click.option("--seconds", type=click.FloatRange(0.1), help="End after so many seconds.")
@json_option
@machine_options
def listen(
    program: Path, sound: str | None, device: str | None, seconds: float | None, as_json: bool, **given: Any
) -> None:
    """Play through PROGRAM (source or HEX): what comes into the sound card, or IN over and over.

    IN is a sound file or a test signal, as for render. Keys turn pots and press switches. Save the source, and the new
    program plays.
    """
    import numpy as np

    from sandboxfx.simulator.live import Session
    from sandboxfx.simulator.render import stereo

    sounddevice = import_sounddevice()
    machine = make_machine(program, given)
    for move in read_script(given["script"]):
        machine.move_later(round(move.seconds * machine.rate), move.control, move.value)
    loop = None
    if sound:
        source = find_source(sound, machine.rate, None)
        loop = np.concatenate([stereo(block) for block in source.blocks(machine.rate)])
    machine.twin().run(1)  # numba's time is spent before the sound begins
    session = Session(machine, program, loop, rounding=given["rounding"])
    with _stream(sounddevice, session, device):
        _watch(session, seconds, error_console() if as_json else console())
    if as_json:
        print_json({"ok": True, "drop_outs": session.drop_outs, "unproven": unproven_as_json(machine)})
    else:
        console().print(f"{session.drop_outs:,} drop-outs")
        tell_unproven(machine)


def import_sounddevice() -> Any:
    """The module sounddevice.

    :raises SandboxError: there is no PortAudio, or no sound device
    """
    try:
        import sounddevice
    except (ImportError, OSError) as error:
        cure = "On Debian or Ubuntu: apt install libportaudio2. render needs no sound device."
        raise SandboxError("no-sound", "There is no PortAudio on this computer.", cure) from error
    if not any(one["max_output_channels"] for one in sounddevice.query_devices()):
        raise SandboxError("no-sound", "There is no sound device on this computer.", "render needs none.", FAILED)
    return sounddevice


def _stream(sounddevice: Any, session: "Session", device: str | None) -> Any:
    """The open sound card; the session plays while it is entered."""
    from sandboxfx.simulator.live import BLOCK

    number = int(device) if device and device.isdecimal() else device
    common = {"samplerate": session.machine.rate, "blocksize": BLOCK, "dtype": "float32", "device": number}

    def both(given: Any, wanted: Any, frames: int, clock: Any, status: Any) -> None:
        wanted[:] = session.play(given, bool(status))

    def out(wanted: Any, frames: int, clock: Any, status: Any) -> None:
        wanted[:] = session.play(wanted, bool(status))

    try:
        if session.loop is not None:
            return sounddevice.OutputStream(channels=2, callback=out, **common)
        inputs = min(2, int(sounddevice.query_devices(number, "input")["max_input_channels"]))
        return sounddevice.Stream(channels=(inputs, 2), callback=both, **common)
    except (sounddevice.PortAudioError, ValueError) as error:
        cure = "Name another one with --device, or a file to play instead of an input."
        raise SandboxError("no-sound", f"The sound device cannot be used: {error}.", cure) from error


def _watch(session: "Session", seconds: float | None, screen: Console) -> None:
    """Shows the session, does what keys say, and looks at the source, until its end."""
    end = time.monotonic() + seconds if seconds else float("inf")
    looked = 0.0
    with _keys() as keys, Live(screen_of(session), console=screen, refresh_per_second=10) as live:
        while not session.is_over and time.monotonic() < end:
            with suppress(queue.Empty):
                session.key(keys.get(timeout=SCREEN_SECONDS))
            if time.monotonic() - looked > LOOK_SECONDS:
                looked = time.monotonic()
                session.look()
            live.update(screen_of(session))


@contextmanager
def _keys() -> Iterator["queue.Queue[str]"]:
    """Keys as they are pressed. The thread that waits for the next one ends with the process."""
    keys: queue.Queue[str] = queue.Queue()

    def wait() -> None:
        while True:
            try:
                keys.put(click.getchar())
            except (EOFError, KeyboardInterrupt, OSError):
                keys.put("x")
                return

    if console().is_terminal:
        threading.Thread(target=wait, daemon=True).start()
    yield keys


def screen_of(session: "Session") -> Group:
    """What the terminal shows."""
    from sandboxfx.simulator.live import HELP

    machine = session.machine
    table = Table.grid(padding=(0, 1))
    for title, levels in (("IN", session.levels_in), ("OUT", session.levels_out)):
        for i, level in enumerate(levels):
            colour = "red" if level >= 0.999 else "green"
            bar = ProgressBar(total=1.0, completed=min(1.0, level), width=40, complete_style=colour)
            table.add_row(f"{title}{i}", bar, f"{level:.2f}" + (" clipped" if level >= 0.999 else ""))
    for i, position in enumerate(machine.pots):
        mark = ">" if i == session.pot else " "
        bar = ProgressBar(total=1.0, completed=position, width=40, complete_style="cyan")
        table.add_row(f"{mark} POT{i}", bar, f"{position:.2f}")
    state = f"engine {session.effort:.0%}, {session.drop_outs:,} drop-outs, USER {machine.user[0]} {machine.user[1]}"
    bypass = ", bypassed" if session.is_bypassed else ""
    return Group(
        Text(machine.program.name, "bold"), table, Text(state + bypass), Text(session.message), Text(HELP, "dim")
    )
