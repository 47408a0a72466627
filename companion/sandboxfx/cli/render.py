# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""`render`: a sound file through a program, without a chip."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from rich.text import Text

from sandboxfx.cli.machine import FilePath, find_source, machine_options, make_machine, read_script
from sandboxfx.cli.options import json_option
from sandboxfx.cli.show import console, error_console, print_json

if TYPE_CHECKING:
    from sandboxfx.simulator.machine import Machine
    from sandboxfx.simulator.render import Job, Listener, Rendered
    from sandboxfx.simulator.soundfile_io import Source

LONG = 1.0  # seconds that are worth a word beforehand


@click.command()
@click.argument("program", type=FilePath)
@click.argument("sound", metavar="[IN]", default="pluck")
@click.option("-o", "output", type=FilePath, metavar="OUT.wav", help="Where the result goes.")
@click.option("--channels", type=click.IntRange(1, 4), default=2, show_default=True, help="Outputs to write.")
@click.option(
    "--tail", type=click.FloatRange(0, 600), default=2.0, show_default=True, help="Seconds of silence behind."
)
@click.option("--seconds", type=click.FloatRange(0.001, 3600), help="How long a test signal is.")
@click.option("--plot", type=FilePath, metavar="FILE.png|svg", help="Draw what went in, came out and moved.")
@click.option("--probe", metavar="R3,LFO0_S,...", default="", help="Registers to draw and to write with --csv.")
@click.option("--csv", "csv_file", type=FilePath, metavar="FILE.csv", help="Write probes and outputs, a line a sample.")
@json_option
@machine_options
def render(program: Path, sound: str, output: Path | None, channels: int, as_json: bool, **given: Any) -> None:
    """Play IN through PROGRAM (source or HEX) and write what would be heard.

    IN is a sound file (mono to 4 channels, any rate) or a test signal: impulse, sine:440, sweep, noise, or pluck, a
    plucked string that plays four bars.
    """
    from sandboxfx.simulator.pictures import usual_probes
    from sandboxfx.simulator.render import Job

    machine = make_machine(program, given)
    source = find_source(sound, machine.rate, given["seconds"])
    path = output or Path(f"{source.name}-{program.stem}.wav")
    asked = tuple(name.strip().upper() for name in given["probe"].split(",") if name.strip())
    probes = asked or (usual_probes(machine) if given["plot"] or given["csv_file"] else ())
    job = Job(machine, source, channels, given["tail"], probes, read_script(given["script"]))
    rendered, subtype = _write(job, path, given["plot"], given["csv_file"])
    if as_json:
        answer = {"ok": True, "output": str(path), "seconds": rendered.seconds}
        print_json(answer | {"report": rendered.report.as_json()})
    else:
        _tell(rendered, path, source, subtype)


def _write(job: "Job", path: Path, plot: Path | None, csv_file: Path | None) -> tuple["Rendered", str]:
    """Renders into the files; returns what there is to tell, and the sample format."""
    from contextlib import ExitStack

    from sandboxfx.simulator.pictures import Picture
    from sandboxfx.simulator.render import render as run
    from sandboxfx.simulator.soundfile_io import Sink
    from sandboxfx.simulator.table import Table

    with ExitStack() as stack:
        sink = stack.enter_context(Sink(path, job.machine.rate, job.source.rate, job.channels, job.source.subtype))
        listeners: list[Listener] = [sink]
        if csv_file:
            listeners.append(stack.enter_context(Table(csv_file, job.machine.rate, job.channels, job.probes)))
        picture = Picture(plot, job.machine, job.samples, job.channels, job.probes) if plot else None
        if picture:
            listeners.append(picture)
        rendered = run(job, listeners, stack.enter_context(Progress(job.samples, job.machine)))
        if picture:
            picture.draw()
    return rendered, sink.subtype


class Progress:
    """Says how long it will take where that is long, and shows how far it is on a terminal."""

    def __init__(self, samples: int, machine: "Machine") -> None:
        from rich.progress import Progress as Bar

        self._samples, self._machine = samples, machine
        self._bar = Bar(console=error_console(), transient=True)
        self._task = self._bar.add_task("rendering", total=samples, visible=False)
        self._told = False

    def __enter__(self) -> "Progress":
        if error_console().is_terminal:
            self._bar.start()
        return self

    def __call__(self, samples: int, spent: float) -> None:
        """After each block: the samples so far, and the seconds that they took."""
        left = spent / samples * (self._samples - samples)
        self._bar.update(self._task, completed=samples, visible=left > LONG or spent > LONG)
        if not self._told and not self._machine.is_compiled and spent > 0.2:
            self._told = True
            if left > LONG:
                error_console().print(
                    f"without numba this takes about {left:.0f} s more (faster: pip install sandboxfx[fast])",
                    markup=False,
                )

    def __exit__(self, *_: object) -> None:
        self._bar.stop()


def _tell(rendered: "Rendered", path: Path, source: "Source", subtype: str) -> None:
    from sandboxfx.simulator.report import lines

    report = rendered.report
    seconds = report.samples / report.rate
    form = f"{seconds:.1f} s, {len(report.channels)} channels, {source.rate:,.0f} Hz, {subtype}"
    _line("heard", f"{path}  ({form})")
    for title, texts in lines(report).items():
        for i, text in enumerate(texts):
            _line(title if i == 0 else "", text)
    _line("time", f"{rendered.seconds:.2f} s, {seconds / max(1e-9, rendered.seconds):.0f} times real time")


def _line(title: str, text: str) -> None:
    console().print(Text.assemble((f"{title:<10}", "bold"), text))
