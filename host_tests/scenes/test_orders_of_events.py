# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""Orders of events in which two masters, a chip's error or a long time must not leave anything wrong behind."""

import pytest

from fxcore.errors import BUS_STUCK, NO_PULLUPS, Fault
from host_tests.boards.pc_program import BRIDGE_TIMEOUT_MS, IDLE, PcProgram, idle
from host_tests.boards.pedal import OTHER, SEEN_AGAIN_MS, SONG, UPLOAD_MS
from host_tests.boards.programs.generate import random_program, to_hex
from host_tests.boards.virtual.i2c.eeprom import VirtualEeprom

DAYS_MS = 4 * 24 * 3600 * 1000
TICKS = 1 << 29
START_ONLY, START_READ_STOP = 0x02, 0x07


@pytest.fixture
def board(shared_bus):
    return shared_bus


def write_then_read(pc, address, data, count):
    """A write and a read in one transfer, with a repeated START: i2ctransfer w2@.. r12."""
    pc.report(address, data, START_ONLY)
    pc.wait()
    pc.board.hid.out(0xC2, (bytes((address, START_READ_STOP)) + count.to_bytes(2, "little")).ljust(63, b"\0"))
    answer = pc.board.hid.read(timeout_ms=2000)
    assert answer is not None


# ---- what a PC program writes in one transfer with a read ----
def test_a_slot_burnt_in_a_transfer_that_goes_on_with_a_read_is_unknown_afterwards(board, pc):
    board.drop("3.hex", SONG)
    board.run(SEEN_AGAIN_MS)
    pc.load(OTHER)
    write_then_read(pc, 0x30, b"\x0c\x03", 12)
    board.run(300)
    pc.stop()
    idle(board)
    since = board.note()
    board.touch("3.hex")
    assert since.burns == [3]


def test_a_program_started_in_a_transfer_that_goes_on_with_a_read_shows_the_heartbeat(board, pc):
    pc.load(OTHER)
    write_then_read(pc, 0x30, b"\x0d\x00", 12)
    assert board.plays(OTHER)
    since = board.note()
    board.run(1500)
    assert since.colours[-1:] == ["red"]


# ---- a flash error that the chip names before anything was burnt ----
def test_a_flash_error_named_before_write_prg_is_told_and_restarts_nothing(pedal):
    board = pedal()
    board.run(1000)
    board.chip.fail_next("PRG", 0x1F, times=5)
    since = board.note()
    board.drop("3.hex", SONG)
    assert since.burns == []
    assert [line[:7] for line in since.errors] == ["error 4"]
    assert "Traceback" not in since.text


def test_a_flash_error_named_before_write_prg_leaves_what_is_known_of_the_last_burn(pedal):
    board = pedal({"2.hex": OTHER})
    board.run(4000)
    board.chip.fail_next("PRG", 0x1F)
    erased = len(board.nvm.log)
    board.drop("3.hex", SONG)
    assert [kind for _, kind, _, _ in board.nvm.log[erased:] if kind == "erase"] == []
    since = board.note()
    board.touch("2.hex")
    assert since.burns == []


# ---- clocks ----
def test_the_chip_is_looked_for_at_its_own_clock_after_a_pc_program_used_another(board, pc):
    clocks = []
    pc.set_clock(1000)
    pc.run(OTHER)
    board.i2c.on_transaction = lambda sent: clocks.append(board.i2c.frequency)
    idle(board)
    assert set(clocks) == {100_000}


# ---- jobs that gave way and come again ----
def test_the_chip_is_still_introduced_when_a_pc_program_interrupts_the_look_at_it(pedal):
    board = pedal(clock_look_ms=0.2)
    board.i2c.attach(0x50, VirtualEeprom(lambda: board.now_ms))
    since = board.note()
    board.run_until(lambda b: "ENTER_PRG" in [e.step for e in b.chip.history], timeout_ms=5000, poll_ms=0.2)
    PcProgram(board).write(0x50, b"\x00\x11")
    idle(board)
    assert "serial number 12345678" in board.console
    assert since.errors == []


def test_who_does_answer_is_told_although_a_pc_program_interrupted_the_search(board, pc):
    board.unplug_chip()
    board.drive.write("output.hex", SONG)
    board.run_until("error 2", timeout_ms=5000)
    pc.write(0x50, b"\x00\x11")
    idle(board)
    assert "answering: 0x50" in board.console


# ---- the drive after the bridge was active ----
def test_a_program_deleted_while_the_bridge_was_active_is_not_brought_back(board, pc):
    board.drop("output.hex", SONG)
    board.run(SEEN_AGAIN_MS)
    board.drive.write("3.hex", OTHER)
    board.run_until("burnt into slot 3", timeout_ms=5000, poll_ms=0.2)
    assert pc.write(0x50, b"\x00\x11") == IDLE
    board.drive.delete("output.hex")
    since = board.note()
    idle(board)
    assert "EXEC_FROM_RAM" not in since.steps
    assert "running again" not in since.text


def test_a_file_that_is_still_copied_when_the_bridge_falls_idle_is_no_error(board, pc):
    text = to_hex(random_program(9, 600))
    board.drive.write("output.hex", text[:1000])
    board.run(1500)
    assert pc.write(0x50, b"\x00\x11") == IDLE
    since = board.note()
    board.run(BRIDGE_TIMEOUT_MS - 300)
    board.drive.write("output.hex", text[:5000])
    board.run(1000)
    board.drive.write("output.hex", text)
    board.run(UPLOAD_MS)
    assert board.plays(text)
    assert since.errors == []


def test_what_a_pc_program_loads_before_the_first_look_at_the_drive_is_not_pushed_aside(pedal):
    board = pedal({"output.hex": SONG}, clock_look_ms=0.2)
    pc = PcProgram(board)
    pc.wait()
    pc.run(OTHER)
    assert board.plays(OTHER)
    idle(board)
    assert board.plays(OTHER)


# ---- a stop that failed, and a PC program ----
def test_a_late_stop_does_not_hit_the_program_of_a_pc(board, pc):
    board.drop("output.hex", SONG)
    board.run(SEEN_AGAIN_MS)
    board.i2c.fault("nak_data", times=1000)
    board.drive.delete("output.hex")
    board.run_until("error 3", timeout_ms=5000, poll_ms=1)
    board.i2c.clear_faults()
    pc.stop()
    pc.run(OTHER)
    idle(board)
    assert board.plays(OTHER)


def test_a_stop_that_a_pc_program_interrupts_leaves_no_heartbeat_of_what_no_longer_plays(board, pc):
    board.drop("output.hex", SONG)
    board.run(SEEN_AGAIN_MS)
    since = board.note()
    board.drive.delete("output.hex")
    board.run_until(lambda b: since.steps, timeout_ms=3000, poll_ms=0.2)
    assert pc.write(0x50, b"\x00\x11") == IDLE
    board.run(500)
    assert board.chip.running is None
    since = board.note()
    board.run(3000)
    assert since.colours == []


def test_a_burn_that_gave_way_still_says_that_the_pc_programs_program_is_gone(board, pc):
    pc.run(OTHER)
    idle(board)
    since = board.note()
    board.drive.write("3.hex", SONG)
    board.run_until(lambda b: len([s for s in since.transfers if s.data]) > 4, timeout_ms=5000, poll_ms=0.2)
    assert pc.write(0x50, b"\x00\x11") == IDLE
    idle(board)
    assert board.slot(3) is not None
    assert "no longer runs" in since.text


# ---- writes of a PC program that failed ----
def test_a_pc_write_that_failed_half_way_is_not_believed_to_have_done_nothing(board, pc):
    board.i2c.fault("timeout", at_byte=3)
    pc.write(0x30, b"\xa5\x5a\x30")
    assert board.chip.mode == "PROGRAMMING"
    idle(board)
    board.drop("output.hex", SONG)
    assert board.plays(SONG)
    assert board.chip.complaints == []


# ---- burning never by itself a second time ----
def test_always_does_not_repeat_a_burn_that_a_restart_cut_off(pedal):
    board = pedal(settings={"SANDBOX_REFLASH": "always"})
    board.run(1000)
    board.drive.write("3.hex", SONG)
    board.run_until(lambda b: b.chip.flashing, timeout_ms=4000, poll_ms=1)
    for _ in range(3):
        board.restart()
        board.run(4000)
    assert board.chip.writes[3] == 1


# ---- long times: a tick counter that wraps at 2**29 ms says nothing of spans over three days ----
def test_an_error_of_days_ago_goes_out_when_the_user_acts():
    from sandbox.faults import FILE_UNREADABLE
    from sandbox.reporter import Reporter

    class Light:
        number = 0

        def error(self, now, number):
            self.number = number

        def clear_error(self):
            self.number = 0

    now, light = [0], Light()
    console = type("Console", (), {"say": lambda self, text: None})()
    reporter = Reporter(lambda: now[0], console, light)
    reporter.fault(Fault(FILE_UNREADABLE), "output.hex")
    acted = now[0] = DAYS_MS % TICKS
    now[0] += 500
    reporter.user_acted(acted)
    assert light.number == 0


def test_the_drive_is_looked_at_after_days_of_bridge_traffic():
    from sandbox.drive import Drive

    drive = Drive(lambda folder: [], lambda path: (), str, 0)
    drive.look(0)
    assert drive.due(DAYS_MS % TICKS)


# ---- the bus ----
def test_pull_ups_that_come_and_go_are_a_fault_and_no_exception():
    from sandbox.bus import Bus

    def open_i2c(hz):
        raise RuntimeError("No pull up found on SDA or SCL; check your wiring")

    bus = Bus(open_i2c, lambda: 3, lambda: 3, object, 100000)
    with pytest.raises(Fault) as caught:
        bus.acquire(100000)
    assert caught.value.code == NO_PULLUPS


def test_a_locked_bus_is_a_fault_and_no_endless_wait():
    from sandbox.bus import Bus

    class Locked:
        def try_lock(self):
            return False

    bus = Bus(lambda hz: Locked(), lambda: 3, lambda: 3, object, 100000)
    for use in (bus.port(0x30).write, bus.port(0x30).read_into, lambda data: bus.transfer(100000, 0x2A, data, None)):
        with pytest.raises(Fault) as caught:
            use(bytearray(1))
        assert caught.value.code == BUS_STUCK


# ---- a PC program that dies in the middle of a write ----
def test_a_dead_programs_half_write_is_told_and_not_put_before_the_next_programs_read(pedal):
    board = pedal({"output.hex": SONG})
    board.i2c.attach(0x50, VirtualEeprom(lambda: board.now_ms))
    board.run(6000)
    pc = PcProgram(board)
    pc.report(0x30, b"\x0c\x03", START_ONLY)
    board.run(100)
    board.drive.write("output.hex", OTHER)
    board.run(BRIDGE_TIMEOUT_MS + UPLOAD_MS)
    assert board.plays(OTHER)
    assert "bridge: a PC program began a write to 0x30 and never ended it: 2 bytes not sent" in board.console
    since = board.note()
    pc.read(0x50, 1)
    assert [(done.kind, done.addr) for done in since.transfers] == [("r", 0x50)]
