# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""A render as a picture: what went in, what came out, what the program does to a click, and what moved."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from sandboxfx.errors import USAGE, SandboxError
from sandboxfx.simulator.collecting import Envelope, Floats, Spectra
from sandboxfx.simulator.machine import Machine
from sandboxfx.simulator.names import SFR_CELLS, name_of
from sandboxfx.simulator.samples import FULL_SCALE

if TYPE_CHECKING:
    from matplotlib.axes import Axes

ENDINGS = (".png", ".svg", ".pdf")
COLUMNS = 1600
RESPONSE_SECONDS = 1.0
CLICK = 0.5
# The palette of Okabe and Ito: told apart with every kind of colour blindness. Lines differ in their dashes as well.
BLACK, ORANGE, SKY, GREEN, BLUE, RED, PINK = "#000000 #E69F00 #56B4E9 #009E73 #0072B2 #D55E00 #CC79A7".split()
COLOURS = (BLUE, ORANGE, GREEN, RED, PINK, SKY, BLACK)
DASHES = ("-", "--", "-.", ":", (0, (5, 1)), (0, (3, 1, 1, 1)), (0, (1, 1)))
LOWEST_DB, HIGHEST_DB = -100, 0


class Picture:
    """Listens to a render and draws it.

    :param machine: before its first sample
    :param samples: how many will be rendered, about
    :param outputs: how many outputs count
    :param probes: names of the registers whose values come with each block
    :raises SandboxError: the path's ending is no picture's
    """

    def __init__(self, path: Path, machine: Machine, samples: int, outputs: int, probes: tuple[str, ...]) -> None:
        if path.suffix.lower() not in ENDINGS:
            cure = f"Use {', '.join(ENDINGS)}."
            raise SandboxError("plot", f"{path}: {path.suffix or 'no ending'} is no picture.", cure, USAGE)
        self._path, self._title, self._rate, self._probes = path, machine.program.name, machine.rate, probes
        self._inputs = Envelope(samples, 2, COLUMNS)
        self._outputs = Envelope(samples, outputs, COLUMNS)
        self._traces = Envelope(samples, len(probes), COLUMNS)
        self._spectra = Spectra(samples, 600)
        self._response = impulse_response(machine)[:, :outputs]

    def take(self, inputs: NDArray[np.int32], outputs: NDArray[np.int32], traces: NDArray[np.int64]) -> None:
        """See Listener."""
        self._inputs.take(inputs[:, :2] / FULL_SCALE)
        self._outputs.take(outputs / FULL_SCALE)
        self._traces.take(traces)
        self._spectra.take(outputs[:, 0])

    def draw(self) -> None:
        """Writes the file.

        :raises SandboxError: it cannot be written
        """
        from matplotlib.backends.backend_agg import FigureCanvasAgg
        from matplotlib.figure import Figure

        rows = 4 + (len(self._probes) > 0)
        figure = Figure(figsize=(12, 2.5 * rows), layout="constrained")
        FigureCanvasAgg(figure)
        figure.suptitle(f"{self._title} at {self._rate:,.0f} samples a second", fontsize=13, fontweight="bold")
        layout: list[Any] = [["in"] * 2, ["out"] * 2, ["spectra"] * 2, ["click", "frequency"]]
        axes = figure.subplot_mosaic(layout + ([["probes"] * 2] if self._probes else []))
        self._draw_waves(axes["in"], self._inputs, "IN", "in")
        self._draw_waves(axes["out"], self._outputs, "OUT", "out")
        self._draw_spectra(axes["spectra"])
        self._draw_click(axes["click"])
        self._draw_frequency(axes["frequency"])
        if self._probes:
            self._draw_probes(axes["probes"])
        try:
            figure.savefig(self._path, dpi=100)
        except OSError as error:
            raise SandboxError("file-unwritable", f"{self._path}: {error.strerror}.", "Name another place.") from error

    def _draw_waves(self, axes: "Axes", wave: Envelope, name: str, title: str) -> None:
        """Each channel in a lane of its own, the first one on top."""
        time = wave.seconds(self._rate)
        used = slice(0, wave.used())
        lanes = [-2.2 * i for i in range(wave.low.shape[1])]
        for i, middle in enumerate(lanes):
            low, high = wave.low[used, i] + middle, wave.high[used, i] + middle
            axes.fill_between(time, low, high, color=BLUE, linewidth=0.6)
            for full_scale in (middle - 1, middle + 1):
                axes.axhline(full_scale, color=BLACK, linewidth=0.6, linestyle=":")
        axes.set_yticks(lanes, [f"{name}{i}" for i in range(len(lanes))])
        axes.set(ylim=(lanes[-1] - 1.1, 1.1), xlim=(0, _end(time)), title=f"{title}, full scale dotted")
        axes.set_xlabel("seconds")

    def _draw_spectra(self, axes: "Axes") -> None:
        axes.set(title="OUT0, spectrogram", ylabel="Hz", xlabel="seconds", yscale="log")
        if len(self._spectra.columns) < 2:
            axes.text(0.5, 0.5, "too short for a spectrogram", ha="center", transform=axes.transAxes)
            return
        levels = np.array(self._spectra.columns).T
        time = np.arange(levels.shape[1] + 1) * (self._spectra.step / self._rate)
        frequency = np.linspace(0, self._rate / 2, levels.shape[0])
        picture = axes.pcolormesh(
            time, frequency[1:], levels[2:], cmap="cividis", vmin=LOWEST_DB, vmax=HIGHEST_DB, rasterized=True
        )
        axes.set_ylim(40, self._rate / 2)
        axes.figure.colorbar(picture, ax=axes, label="dB", pad=0.01)

    def _draw_click(self, axes: "Axes") -> None:
        time = np.arange(len(self._response)) / self._rate * 1000
        for i in range(self._response.shape[1]):
            axes.plot(time, self._response[:, i], color=COLOURS[i], linestyle=DASHES[i], linewidth=1, label=f"OUT{i}")
        axes.set(title="impulse response at the start", xlabel="milliseconds", ylabel="1.0 = the impulse")
        heard = np.flatnonzero(np.abs(self._response).max(axis=1) > 1e-3)
        end = time[min(len(time) - 1, int(heard[-1]) * 21 // 20 + 48)] if len(heard) else 1.0
        axes.set_xlim(-0.02 * end, end)
        axes.legend(loc="upper right")

    def _draw_frequency(self, axes: "Axes") -> None:
        frequency = np.fft.rfftfreq(len(self._response), 1 / self._rate)
        for i in range(self._response.shape[1]):
            level = 20 * np.log10(np.maximum(np.abs(np.fft.rfft(self._response[:, i])), 1e-5))
            axes.plot(frequency[1:], level[1:], color=COLOURS[i], linestyle=DASHES[i], linewidth=1, label=f"OUT{i}")
        axes.set(title="frequency response at the start", xscale="log", xlabel="Hz", ylabel="dB")
        axes.set(xlim=(20, self._rate / 2), ylim=(-60, 20))
        axes.grid(True, which="both", linewidth=0.3)
        axes.legend(loc="lower left")

    def _draw_probes(self, axes: "Axes") -> None:
        time = self._traces.seconds(self._rate)
        used = slice(0, self._traces.used())
        for i, name in enumerate(self._probes):
            scale = probe_scale(name)
            low, high = self._traces.low[used, i] / scale, self._traces.high[used, i] / scale
            style: Any = DASHES[i % len(DASHES)]
            colour = COLOURS[i % len(COLOURS)]
            axes.fill_between(time, low, high, color=colour, alpha=0.25, linewidth=0)
            label = name if scale == FULL_SCALE else f"{name} / {scale:,.0f}"
            axes.plot(time, (low + high) / 2, color=colour, linestyle=style, linewidth=1.2, label=label)
        axes.set(title="registers", xlabel="seconds", ylabel="S.31, 1.0 = full scale")
        axes.set_xlim(0, _end(time))
        lowest, highest = axes.dataLim.ymin, axes.dataLim.ymax
        axes.set_ylim(min(1.1 * lowest, -0.05), max(1.1 * highest, 1.05))
        axes.grid(True, linewidth=0.3)
        axes.legend(loc="upper left", bbox_to_anchor=(1.0, 1.0))


def _end(time: Floats) -> float:
    return max(0.001, float(time[-1])) if len(time) else 0.001


def impulse_response(machine: Machine) -> Floats:
    """What the program makes of one sample, from its start, controls as they are; samples x 4, 1.0 is that sample."""
    click = np.zeros((round(machine.rate * RESPONSE_SECONDS), 2))
    click[0] = CLICK
    response: Floats = machine.twin().run(click) / (CLICK * FULL_SCALE)
    return response


def usual_probes(machine: Machine) -> tuple[str, ...]:
    """The LFOs, ramps and pots that the program reads: what a picture shows unasked."""
    read = {name_of(cell) for cell in (*machine.code.xs, *machine.code.ys)}
    moving = [name for name in SFR_CELLS if name in read]
    return tuple(n for n in moving if n.startswith(("LFO", "RAMP", "POT")) and not n.endswith(("_F", "_K")))


def probe_scale(name: str) -> float:
    """What a register's values are divided by: most are S.31, some are counts."""
    if name.startswith(("FLAGS", "SWITCH", "PIN")):
        return 65536.0
    if name.startswith("USER"):
        return 1.0
    if name == "ACC64":
        return float(1 << 63)
    return float(FULL_SCALE)
