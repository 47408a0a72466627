# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""One bus, two masters, on the real interpreter and on the virtual board: files on the drive, and a PC program.

At which step of an upload a report arrives depends on the pace of each board: so the bus is judged by itself, and
sentences, chip and ledger are compared.
"""

from host_tests.boards.pc_program import BUSY, IDLE, PcProgram
from host_tests.boards.pedal import LONG, OTHER, SONG, image, song
from host_tests.boards.virtual.i2c.eeprom import VirtualEeprom
from host_tests.on_emulator.bridge_board import BRIDGE_UP_MS
from host_tests.on_emulator.scene import SHOWN_MS, Play, Scene, compare

EEPROM = 0x50
BRIDGE_TIMEOUT_S = 1
IDLE_MS = 1000 * BRIDGE_TIMEOUT_S + 1500  # the PC program is gone, and the drive has been looked at
SAME = ("states", "lines", "chip", "nvm")
# A PC program's pauses are its own.
PLAY = Play("disk-hid", settings={"SANDBOX_BRIDGE_TIMEOUT": BRIDGE_TIMEOUT_S}, knobs={"pause_percent": 0})
RETURN_0, EXIT_PRG = b"\x0e\x00", b"\x5a\xa5"


def pc_program(scene: Scene) -> PcProgram:
    scene.until("serial number")
    scene.run(BRIDGE_UP_MS)
    scene.board.i2c.attach(EEPROM, VirtualEeprom(lambda: scene.board.now_ms))
    return PcProgram(scene.board)


def await_transfers(scene: Scene, count: int) -> int:
    """Runs until so many transfers with data are done from now on; returns where they begin in the log."""
    start = len(scene.board.i2c.log)
    scene.board.run_until(
        lambda board: sum(bool(done.data) for done in board.i2c.log[start:]) >= count, 5000, poll_ms=0.5
    )
    return start


def test_an_upload_gives_way_at_any_step_and_comes_again() -> None:
    def scenario(scene: Scene) -> None:
        pc = pc_program(scene)
        for number, count in enumerate((1, 3, 6, 9)):
            scene.write("output.hex", song(30 + number, 1024))
            start = await_transfers(scene, count)
            assert pc.write(EEPROM, bytes((0, number))) == IDLE
            *before, eeprom = [done for done in scene.board.i2c.log[start:] if done.data]
            assert (eeprom.addr, eeprom.data) == (EEPROM, bytes((0, number)))
            assert [done.data for done in before[-2:]] == [RETURN_0, EXIT_PRG]
            assert scene.chip.mode == "RUN"
            scene.until("running, 1024 instructions", 20000)
            scene.run(100)
            assert scene.chip.running == image(song(30 + number, 1024))

    compare(scenario, PLAY, SAME)


def test_a_flash_write_is_finished_first_and_a_slot_the_pc_program_burnt_is_burnt_again() -> None:
    def scenario(scene: Scene) -> None:
        pc = pc_program(scene)
        log = scene.board.i2c.log
        scene.write("3.hex", SONG)
        scene.board.run_until(lambda _: any(done.data == b"\x0c\x03" for done in log), 5000, poll_ms=0.5)
        pc.report(EEPROM, b"\x00\x42", 0x06)
        scene.run(50)
        assert pc.status & BUSY
        pc.wait()
        assert scene.chip.slots[3] == image(SONG)
        assert log[-1].addr == EEPROM
        scene.until("burnt into slot 3, verified")
        pc.burn(OTHER, 3)
        scene.run(IDLE_MS)
        scene.write("3.hex", SONG + "\n")
        scene.until("burnt into slot 3, verified")

    trace = compare(scenario, PLAY, SAME)
    assert trace.chip[3][3] == 3  # type: ignore[index]


def test_a_file_waits_while_the_pc_program_works_and_what_that_runs_is_not_pushed_aside() -> None:
    def scenario(scene: Scene) -> None:
        pc = pc_program(scene)
        scene.write("output.hex", SONG)
        scene.until("running, 3 instructions")
        scene.run(4000)
        pc.stop()
        pc.run(OTHER)
        scene.run(IDLE_MS)
        assert scene.chip.running == image(OTHER)
        pc.write(EEPROM, b"\x00\x11")
        start = len(scene.board.i2c.log)
        scene.write("output.hex", LONG)
        scene.run(600)
        assert scene.board.i2c.log[start:] == []
        scene.until("running, 1024 instructions")
        pc.stop()
        pc.run(OTHER)
        scene.run(IDLE_MS)
        scene.delete("output.hex")
        scene.until("stopped")
        assert scene.chip.mode == "RUN"

    compare(scenario, PLAY, SAME)


def test_the_light_flashes_white_when_the_pc_program_does_something() -> None:
    """In the dark, and while a program runs."""

    def scenario(scene: Scene) -> None:
        pc = pc_program(scene)
        for number in range(2):
            assert pc.write(EEPROM, bytes((0, number))) == IDLE
            scene.run(IDLE_MS)
        scene.write("output.hex", SONG)
        scene.until("running, 3 instructions")
        scene.run(SHOWN_MS)
        assert pc.write(EEPROM, b"\x00\x02") == IDLE
        scene.run(IDLE_MS)

    trace = compare(scenario, PLAY)
    assert "white" in trace.states
