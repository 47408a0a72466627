# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""What the chip plays, to be heard: a plucked string through the simulated chip, as a sound file and its picture."""

from pathlib import Path
from queue import Queue
from threading import Thread

from fxcore.program import PRG, Program
from host_tests.boards.virtual.fxcore.chip import VirtualFXCore
from host_tests.boards.virtual.fxcore.parts import FACTORY_IMAGE, Image
from host_tests.demo.programs import name_of

HEARD = "heard"
RATE = 48000
BARS_SECONDS = 4.6  # two bars of the string
TAIL_SECONDS = 1.4


class Ear:
    """Listens to a chip: each program that it runs from RAM, or that is burnt into a slot, is rendered once.

    `poll` notices, a thread of its own renders, `told` says of each what it has become.

    :param folder: the drive's; the sounds go into its folder heard/
    :param is_loud: plays each one as well
    """

    def __init__(self, chip: VirtualFXCore, folder: Path, is_loud: bool = False) -> None:
        self._chip, self._folder, self._is_loud = chip, folder / HEARD, is_loud
        self._known: set[Image] = {FACTORY_IMAGE}
        self._running: Image | None = None
        self._writes = list(chip.writes)
        self._waiting: Queue[Image] = Queue()
        self._thread: Thread | None = None
        self.told: list[str] = []

    def poll(self) -> None:
        """Looks at what the chip plays now."""
        running = self._chip.running
        if running is not None and running != self._running:
            self._hear(running)
        self._running = running
        for slot, count in enumerate(self._chip.writes):
            image = self._chip.slots[slot]
            if count != self._writes[slot] and image is not None and not self._chip.flashing:
                self._writes[slot] = count
                self._hear(image)

    def finish(self) -> None:
        """Returns when everything that was noticed has been rendered."""
        self._waiting.join()

    def leave(self) -> None:
        """Takes away what is not finished; the thread ends with the process."""
        for path in self._folder.glob("*.part"):
            path.unlink(missing_ok=True)

    def _hear(self, image: Image) -> None:
        if image in self._known:
            return
        self._known.add(image)
        self._waiting.put(image)
        if self._thread is None:
            self._thread = Thread(target=self._work, daemon=True)
            self._thread.start()

    def _work(self) -> None:
        while True:
            image = self._waiting.get()
            try:
                self.told.append(self._render(image))
            except OSError as error:
                self.told.append(f"{name_of(image)} was not heard: {error}")
            finally:
                self._waiting.task_done()

    def _render(self, image: Image) -> str:
        """Writes the sound and its picture, and says so."""
        from sandboxfx.errors import SandboxError
        from sandboxfx.simulator.machine import Machine
        from sandboxfx.simulator.pictures import Picture, usual_probes
        from sandboxfx.simulator.render import Job, render
        from sandboxfx.simulator.soundfile_io import SignalSource, Sink

        name = name_of(image)
        self._folder.mkdir(exist_ok=True)
        sound, picture_file = self._folder / f"{name}.wav", self._folder / f"{name}.png"
        try:
            machine = Machine(program_of(image), RATE)
            for pot in range(6):
                machine.pots[pot] = 0.5
            job = Job(machine, SignalSource("pluck", RATE, BARS_SECONDS), 2, TAIL_SECONDS, usual_probes(machine))
            picture = Picture(picture_file, machine, job.samples, job.channels, job.probes)
            with Sink(sound, RATE, RATE, job.channels, "PCM_16") as sink:
                rendered = render(job, [sink, picture])
            picture.draw()
        except SandboxError as error:
            return f"{name} was not heard: {error.sentence}"
        clipped = ", clipped" if rendered.report.is_clipped else ""
        said = f"{HEARD}/{sound.name} and .png: a plucked string through {name}, {job.samples / RATE:.1f} s{clipped}"
        return said + self._play(sound) if self._is_loud else said

    def _play(self, sound: Path) -> str:
        """Plays a file over the sound card while everything else goes on; says why not."""
        import soundfile

        from sandboxfx.cli.listen import import_sounddevice
        from sandboxfx.errors import SandboxError

        try:
            import_sounddevice().play(*soundfile.read(str(sound)))
        except SandboxError as error:
            return f" ({error.sentence})"
        return ""


def program_of(image: Image) -> Program:
    """The checked program that the chip's blocks are."""
    blocks = image.mreg + image.creg + image.sfr + image.program
    program = Program(blocks)
    program.length = len(blocks)
    program.instructions = (len(blocks) - PRG.offset - 2) // 4
    return program
