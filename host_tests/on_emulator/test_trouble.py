# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""Trouble with files, settings and the program itself: told and shown alike by the real interpreter and the virtual
board."""

from host_tests.boards.pedal import LONG, OTHER, SONG, broken
from host_tests.boards.programs.damage import KINDS, damage
from host_tests.boards.programs.generate import random_program
from host_tests.on_emulator.scene import PATTERN_MS, Play, Scene, compare
from uf2.files import device_files

ANY_ORDER = ("bus", "states", "sentences", "chip", "nvm")
SLOTS = "0123456789abcdef"
RESTS_MS = 20000  # four starts, each of which fails
KEPT_BACK_MS = 1500  # CircuitPython writes the last block of a file to flash later


def damaged(kinds: tuple[str, ...]) -> dict[str, str]:
    """A slot file for each kind of damage."""
    program = random_program(5, 40)
    return {f"{slot}.hex": damage(kind, program).text for slot, kind in zip(SLOTS, kinds, strict=False)}


def test_each_kind_of_broken_file_is_told_and_the_old_program_plays_on() -> None:
    """Some are there at power-up, others come over them; which is told first depends on the pace of the board."""
    batches = [damaged(KINDS[at : at + len(SLOTS)]) for at in range(0, len(KINDS), len(SLOTS))]

    def scenario(scene: Scene) -> None:
        scene.until("running, 3 instructions")
        for _ in batches[0]:
            scene.until("error 1: ")
        for batch in batches[1:]:
            for name, text in batch.items():
                scene.write(name, text)
            for _ in batch:
                scene.until("error 1: ")
        scene.write("output.hex", broken(OTHER))
        scene.until("error 1: output.hex")
        scene.run(PATTERN_MS)
        scene.write("output.hex", OTHER)
        scene.until("running, 3 instructions")

    trace = compare(scenario, Play(files={"output.hex": SONG, **batches[0]}), ANY_ORDER)
    assert sum(line.startswith("error 1") for line in trace.lines) == len(KINDS) + 1


def test_half_a_copy_that_stays_is_told_and_runs_when_the_rest_comes() -> None:
    def scenario(scene: Scene) -> None:
        scene.until("running, 3 instructions")
        copy = scene.write("output.hex", LONG, order="dir-first", partial=2)
        scene.until("error 1: output.hex")
        scene.run(PATTERN_MS)
        copy.resume()
        scene.until("running, 1024 instructions", 20000)

    compare(scenario, Play(files={"output.hex": SONG}))


def test_wrong_settings_are_named_and_the_defaults_used() -> None:
    wrong: dict[str, int | str] = {
        "SANDBOX_I2C_HZ": 5,
        "SANDBOX_VERIFY": "perhaps",
        "SANDBOX_BRIGHTNESS": "bright",
        "SANDBOX_REFLASH": 1,
        "SANDBOX_I2C_ADDRESS": "0x30",
        "SANDBOX_DRIVE_LABEL": "a name that is far too long",
        "SANDBOX_USB_ID": "mine",
    }

    def scenario(scene: Scene) -> None:
        scene.until("SANDBOX_VERIFY")
        scene.until("running, 3 instructions")

    compare(scenario, Play(files={"output.hex": SONG}, settings=wrong))


def test_a_terminal_that_is_opened_late_or_does_not_read_stops_nothing() -> None:
    def scenario(scene: Scene) -> None:
        scene.board.run_until(lambda _: scene.chip.running is not None, 15000, poll_ms=50)
        scene.run(1000)
        scene.open_terminal()
        scene.until("running, 3 instructions")
        scene.board.cdc.reading = False
        for text in (OTHER, SONG, OTHER):
            scene.write("output.hex", text)
            scene.run(2500)
        scene.write("output.hex", broken(SONG))
        scene.run(7000)
        scene.board.cdc.reading = True
        scene.until("error 1")

    compare(scenario, Play(files={"output.hex": SONG}, options={"dtr": False}))


def planted(condition: str) -> str:
    """The light's module, which raises an exception when this is true."""
    module = device_files("disk")["sandbox/light.py"].decode()
    line = "    def _pick(self, now):\n"
    trap = f"        if {condition}:\n            raise ValueError('planted')\n"
    assert module.count(line) == 1
    return module.replace(line, line + trap)


def test_an_exception_in_a_module_restarts_the_program_and_its_last_words_are_told() -> None:
    def scenario(scene: Scene) -> None:
        scene.until("serial number")
        scene.write("output.hex", SONG)
        scene.until("ValueError: planted", 30000)
        scene.until("error 5")
        scene.until("running, 3 instructions")

    compare(scenario, Play(files={"sandbox/light.py": planted("not now % 7777")}))


def test_a_program_that_fails_at_each_start_rests_and_tells_each_terminal_why() -> None:
    def scenario(scene: Scene) -> None:
        scene.until("rests", RESTS_MS)
        scene.run(2 * PATTERN_MS)
        for _ in range(3):
            scene.close_terminal()
            scene.run(333)
            scene.open_terminal()
            scene.until("rests")
        scene.write("sandbox/light.py", device_files("disk")["sandbox/light.py"])
        scene.run(KEPT_BACK_MS)
        scene.restart()
        scene.until("running, 3 instructions")

    compare(scenario, Play(files={"output.hex": SONG, "sandbox/light.py": planted("True")}))
