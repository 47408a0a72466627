# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""A user who does anything at any time, for a minute.

Files come, change and go, also while something else is going on; the pedal loses its power, alone or with the board;
PC programs run something, stop it, burn, look, or die half way. `host_tests/scenes/left_alone.py` says what must be
true afterwards.
"""

from collections.abc import Callable
from random import Random

from host_tests.boards.note import Note
from host_tests.boards.pc_program import IDLE, PcProgram
from host_tests.boards.pedal import Pedal, broken, image, song
from host_tests.boards.virtual.fxcore.parts import RUNNING_FROM_RAM, Image

MINUTE_MS = 60000
BRIDGE_TIMEOUTS_S = (2, 10)
READY_MS = 10000  # the bridge is ready so long after power-on
OUTPUT = "output.hex"
SLOTS = {"3.hex": 3, "a.hex": 10}
FILES = (OUTPUT, *SLOTS)
OF_FILES = tuple(song(seed, 2 + seed) for seed in range(1, 7))
OF_PC = tuple(song(seed, 2 + seed) for seed in range(7, 10))
SEEN_MS = 2500  # a shorter outage of a chip that plays is not always seen
WRITTEN_MS = 1100  # what the host wrote is in the board's flash by then
GRAIN_MS = 2000  # of FAT times: the same content with the same time is no change
SERVED_MS = 50  # the last request has been
ENTER_PRG = b"\xa5\x5a\x30"
OTHER_TARGET = 0x50
START_ONLY = 0x02


class RandomUser:
    """`board`, whose bridge stays active for `timeout_ms`, and what the user remembers: `changed` (a Note for
    each file's last change), `booted`, `ran` (a PC program's song that began to play, with a Note), `stopped`
    and `burnt` (slot: when a PC program did that), `copies` and `pc_burns` (how often each slot's file was
    copied, or a PC program burnt it), `requests` (when a PC program said something), `unseen` (when an outage
    ended a program that was too short to be seen), `story` in words.
    """

    def __init__(self, seed: int) -> None:
        self._random = Random(seed)
        timeout = self._random.choice(BRIDGE_TIMEOUTS_S)
        self.board = Pedal(settings={"SANDBOX_BRIDGE_TIMEOUT": timeout}, clock_look_ms=2)
        self.timeout_ms = 1000 * timeout
        self.booted = self.board.note()
        self.changed = dict.fromkeys(FILES, self.booted)
        self.ran: tuple[Note, str] | None = None
        self.stopped = 0.0
        self.burnt = dict.fromkeys(SLOTS.values(), 0.0)
        self.copies = dict.fromkeys(SLOTS.values(), 0)
        self.pc_burns = dict.fromkeys(SLOTS.values(), 0)
        self.requests: list[float] = []
        self.unseen = 0.0
        self._written_at = 0.0
        self.story: list[str] = []
        self._back_at: float | None = None

    def live(self) -> None:
        """A minute of it; then the pedal has its power."""
        doings = self._doings()
        while self.board.now_ms < MINUTE_MS:
            self._pass(self._gap())
            self._random.choice(doings)()
        if self._back_at is not None:
            self._pass(self._back_at - self.board.now_ms)

    def file(self, name: str) -> str | None:
        """What the drive holds."""
        path = self.board.drive.folder / name
        return path.read_text() if path.exists() else None

    def _doings(self) -> list[Callable[[], None]]:
        weights: dict[Callable[[], None], int] = {
            self._copy: 6, self._copy_again: 1, self._copy_broken: 2, self._delete: 3, self._outage: 4,
            self._power_cut: 2, self._reset: 1, self._pc_runs: 3, self._pc_stops: 2, self._pc_looks: 2,
            self._pc_dies: 2, self._pc_burns: 2, self._pc_talks_to_others: 1, self._pc_dies_within_a_write: 1,
        }  # fmt: skip
        return [doing for doing, weight in weights.items() for _ in range(weight)]

    def _gap(self) -> float:
        return self._random.choice((0, self._random.uniform(0, 800), self._random.uniform(500, 6000)))

    def _note(self, what: str) -> None:
        self.story.append(f"{self.board.now_ms / 1000:7.3f} {what}")

    def _pass(self, ms: float) -> None:
        """Time passes, and an outage ends in it when it is time."""
        end = self.board.now_ms + ms
        if self._back_at is not None and self._back_at <= end:
            self.board.run(max(0, self._back_at - self.board.now_ms))
            self._give_back()
        self.board.run(max(0, end - self.board.now_ms))

    # ---- the pedal's power, and the board's ----
    def _outage(self) -> None:
        if self._back_at is not None:
            return
        length = self._random.choice((self._random.uniform(10, 400), self._random.uniform(400, 7000)))
        self._back_at = self.board.now_ms + length
        if length < SEEN_MS and self.board.chip.mode == RUNNING_FROM_RAM:
            self.unseen = self.board.now_ms
        if self._random.random() < 0.5:
            self._note(f"the chip is off for {length:.0f} ms")
            self.board.unplug_chip()
        else:
            self._note(f"the pedal is off for {length:.0f} ms")
            self.board.i2c.supply(False)

    def _give_back(self) -> None:
        if self._back_at is not None:
            self._note("it is on again")
        self._back_at = None
        self.board.i2c.supply(True)
        if self.board.chip.address not in self.board.i2c.targets:
            self.board.plug_chip()

    def _power_cut(self) -> None:
        self._wait_for_flash()
        after = self._random.uniform(0, 1500)
        self._note(f"power cut in {after:.0f} ms")
        self.board.cut_power(after_ms=after)
        self._pass(after + 10)
        self.board.power_off()
        if self._back_at is None and self._random.random() < 0.5:
            self._note("of all")
            self.board.i2c.supply(False)
            self.board.i2c.supply(True)
        self.board.power_on()
        self._boots()

    def _wait_for_flash(self) -> None:
        self._pass(max(0, self._written_at + WRITTEN_MS - self.board.now_ms))

    def _reset(self) -> None:
        self._wait_for_flash()
        self._note("reset")
        self.board.reset()
        self._boots()

    def _boots(self) -> None:
        self.booted = self.board.note()
        self.board.come_up()

    # ---- files ----
    def _write(self, name: str, text: str) -> None:
        order = self._random.choice(("fat-first", "data-first", "empty-first"))
        self.board.drive.write(name, text, order=order, pace_ms=self._random.choice((0, 0, 60)))
        self._has_changed(name)

    def _has_changed(self, name: str) -> None:
        self.changed[name] = self.board.note()
        self._written_at = self.board.now_ms

    def _copied(self, name: str, text: str) -> None:
        if self.file(name) == text:
            self._pass(GRAIN_MS)
        if name in SLOTS:
            self.copies[SLOTS[name]] += 1
        self._write(name, text)

    def _copy(self) -> None:
        name, number = self._random.choice(FILES), self._random.randrange(len(OF_FILES))
        self._note(f"song {number} is copied as {name}")
        self._copied(name, OF_FILES[number])

    def _copy_again(self) -> None:
        name = self._random.choice(FILES)
        text = self.file(name)
        if text is not None:
            self._note(f"{name} is copied again")
            self._copied(name, text)

    def _copy_broken(self) -> None:
        name = self._random.choice(FILES)
        self._note(f"{name} is broken")
        self._write(name, broken(self._random.choice(OF_FILES)))

    def _delete(self) -> None:
        name = self._random.choice((OUTPUT, *FILES))
        if self.file(name) is not None:
            self._note(f"{name} is deleted")
            self.board.drive.delete(name)
            self._has_changed(name)

    # ---- PC programs ----
    def _pc(self) -> PcProgram:
        pc = PcProgram(self.board)
        pc.wait(READY_MS)
        self.requests.append(self.board.now_ms)
        return pc

    def _pc_runs(self) -> None:
        number = self._random.randrange(len(OF_PC))
        self._note(f"a PC program runs song {number}")
        pc = self._pc()
        pc.stop()
        pc.run(OF_PC[number])
        self.board.run(SERVED_MS)
        if self.board.plays(OF_PC[number]):
            self.ran = self.board.note(), OF_PC[number]
        self.requests.append(self.board.now_ms)

    def _pc_stops(self) -> None:
        self._note("a PC program stops what plays")
        self._pc().stop()
        self.stopped = self.board.now_ms

    def _pc_looks(self) -> None:
        self._note("a PC program reads the status")
        pc = self._pc()
        pc.stop()
        if pc.write(0x30, ENTER_PRG) == IDLE:
            pc.read(0x30, 12)
        pc.stop()
        self.stopped = self.board.now_ms

    def _pc_dies(self) -> None:
        self._note("a PC program dies in programming mode")
        pc = self._pc()
        if self._random.random() < 0.5:
            pc.stop()
            self.stopped = self.board.now_ms
        if self._random.random() < 0.3:
            pc.load(self._random.choice(OF_PC))
        else:
            pc.write(0x30, ENTER_PRG)

    def _pc_dies_within_a_write(self) -> None:
        self._note("a PC program dies within a write")
        self._pc().report(0x30, b"\x0c", START_ONLY)

    def _pc_burns(self) -> None:
        slot, number = self._random.choice(tuple(SLOTS.values())), self._random.randrange(len(OF_PC))
        self._note(f"a PC program burns song {number} into slot {slot:X}")
        self.pc_burns[slot] += 1
        pc = self._pc()
        pc.stop()
        pc.burn(OF_PC[number], slot)
        self.stopped = self.burnt[slot] = self.board.now_ms
        self.requests.append(self.board.now_ms)

    def _pc_talks_to_others(self) -> None:
        self._note("a PC program talks to another target")
        self._pc().write(OTHER_TARGET, b"\x00")


def is_broken(text: str | None) -> bool:
    return text is not None and text not in OF_FILES


def images() -> dict[Image | None, str]:
    """What can be on the chip, in words."""
    of_files: dict[Image | None, str] = {image(text): f"song {number}" for number, text in enumerate(OF_FILES)}
    return of_files | {image(text): f"the PC's song {number}" for number, text in enumerate(OF_PC)}
