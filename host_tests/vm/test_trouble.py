# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""What goes wrong, on the real interpreter and on the virtual board: the same errors, told and shown alike."""

from host_tests.scenes import OTHER, SONG, broken
from host_tests.vm.scene import Play, Scene, compare
from uf2.files import device_files


def test_a_broken_file_is_told_and_the_old_program_plays_on() -> None:
    def scenario(scene: Scene) -> None:
        scene.until("running, 3 instructions")
        scene.write("output.hex", broken(OTHER))
        scene.until("error 1")
        scene.run(4000)
        scene.write("output.hex", OTHER)
        scene.until("running, 3 instructions")

    compare(scenario, Play(files={"output.hex": SONG}))


def test_a_chip_that_is_absent_at_start_plays_when_it_comes() -> None:
    def scenario(scene: Scene) -> None:
        scene.until("error 2")
        scene.run(4000)
        scene.plug_chip()
        scene.until("running, 3 instructions")

    compare(scenario, Play(files={"output.hex": SONG}, absent=True))


def test_a_chip_that_loses_its_power_plays_again_when_it_is_back() -> None:
    def scenario(scene: Scene) -> None:
        scene.until("running, 3 instructions")
        scene.run(1000)
        scene.unplug_chip()
        scene.until("error 2")
        scene.plug_chip()
        scene.until("running again")

    compare(scenario, Play(files={"output.hex": SONG}))


def test_a_bus_without_power_is_told_and_survived() -> None:
    def scenario(scene: Scene) -> None:
        scene.until("running, 3 instructions")
        scene.run(1000)
        scene.board.i2c.supply(False)
        scene.until("error 2")
        scene.board.i2c.supply(True)
        scene.until("running again")

    compare(scenario, Play(files={"output.hex": SONG}))


def test_a_stuck_line_is_told_and_survived() -> None:
    def scenario(scene: Scene) -> None:
        scene.until("serial number")
        scene.board.i2c.stuck(sda_low=True)
        scene.write("output.hex", SONG)
        scene.until("error 3")
        scene.run(1000)
        scene.board.i2c.stuck()
        scene.until("running, 3 instructions")

    compare(scenario, Play())


def test_wrong_settings_are_named_and_the_defaults_used() -> None:
    wrong: dict[str, int | str] = {
        "SANDBOX_I2C_HZ": 5,
        "SANDBOX_VERIFY": "perhaps",
        "SANDBOX_BRIGHTNESS": "bright",
        "SANDBOX_REFLASH": 1,
    }

    def scenario(scene: Scene) -> None:
        scene.until("SANDBOX_BRIGHTNESS")
        scene.until("SANDBOX_VERIFY")
        scene.until("running, 3 instructions")

    compare(scenario, Play(files={"output.hex": SONG}, settings=wrong))


def test_it_plays_without_any_host() -> None:
    def scenario(scene: Scene) -> None:
        scene.board.run_until(lambda _: scene.chip.running is not None, 15000, poll_ms=50)
        scene.run(1000)

    assert compare(scenario, Play(files={"output.hex": SONG}, options={"host": False})).lines == []


def test_a_terminal_that_does_not_read_stops_nothing() -> None:
    def scenario(scene: Scene) -> None:
        scene.until("serial number")
        scene.board.cdc.reading = False
        scene.write("output.hex", SONG)
        scene.board.run_until(lambda _: scene.chip.running is not None, 5000, poll_ms=20)
        for text in (OTHER, SONG) * 3:
            scene.write("output.hex", text)
            scene.run(2500)
        scene.board.cdc.reading = True
        scene.until("running, 3 instructions")
        scene.run(1000)

    compare(scenario, Play())


def test_an_exception_in_a_module_restarts_the_program_and_its_last_words_are_told() -> None:
    module = device_files("disk")["sandbox/light.py"].decode()
    line = "        colour = self._pick(now)\n"
    trap = "        if not now % 7777:\n            raise ValueError('planted')\n"
    planted = module.replace(line, line + trap)
    assert planted != module

    def scenario(scene: Scene) -> None:
        scene.until("serial number")
        scene.write("output.hex", SONG)
        scene.until("ValueError: planted", 30000)
        scene.until("error 5")
        scene.until("running, 3 instructions")

    compare(scenario, Play(files={"sandbox/light.py": planted}))
