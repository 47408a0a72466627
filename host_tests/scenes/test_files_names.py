# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""Which names count, what editors and systems leave beside them, and how often the drive is looked at."""

from itertools import pairwise

import pytest

from host_tests.boards.pc_program import IDLE
from host_tests.boards.pedal import LONG, OTHER, SEEN_AGAIN_MS, SONG, UPLOAD_MS, broken
from host_tests.boards.programs.generate import blocks
from host_tests.boards.virtual.drive.device import DeviceView
from host_tests.boards.virtual.usb.mass_storage import TEST_UNIT_READY, MassStorage

OTHER_NAMES = """
    ._output.hex ._3.hex .output.hex output.hex.crswap 3.hex.crswap output.hex.tmp output.hex~ output.hx output
    hex .hex 3.HEX.bak output.bin sub/output.hex sub/3.hex sub/chorus.hex lib/output.hex chorus.txt
""".split()
MISNAMED = "chorus.hex output(1).hex output.hex.txt 10.hex SLOT3.HEX".split()
TOLD_MS = 7000
MINUTE_MS = 60000
RARELY_MS = 2000
LONGEST_TURN_MS = 380  # one write of 4,098 bytes at 100 kHz


@pytest.mark.parametrize("text", [SONG, broken(SONG), ""], ids=["good", "broken", "empty"])
def test_other_names_mean_nothing(playing, text):
    since = playing.note()
    for name in OTHER_NAMES:
        playing.drive.write(name, text)
    playing.run(TOLD_MS)
    assert since.lines == []
    assert since.steps == []


@pytest.mark.parametrize("name", MISNAMED)
@pytest.mark.parametrize("text", [SONG, ""], ids=["a program", "empty"])
def test_a_name_that_is_almost_one_that_counts_is_told_once(pedal, name, text):
    board = pedal(clock_look_ms=4)
    since = board.note()
    for _ in range(2):
        board.drive.write(name, text)
        board.run(2000)
        board.drive.delete(name)
        board.run(2000)
    assert [line for line in since.lines if "name" in line] == [
        f"{name}: not a name I load (output.hex, 0.hex to F.hex)"
    ]
    assert since.steps.count("EXEC_FROM_RAM") == 0
    assert since.errors == []


def test_what_lies_misnamed_on_the_drive_at_power_up_is_told_but_five_at_most_and_no_folder(pedal):
    names = [f"program {number}.hex" for number in range(9)]
    board = pedal({"a folder.hex/": "", **dict.fromkeys(names, SONG)}, clock_look_ms=4)
    board.run(MINUTE_MS)
    told = [line.split(":")[0] for line in board.console.splitlines() if "not a name I load" in line]
    assert sorted(told) == names[:5]


def test_a_name_that_is_gone_at_the_next_look_is_not_told(playing):
    """Programs write beside a file and rename."""
    since = playing.note()
    playing.drive.write("new output.hex", OTHER)
    playing.drive.delete("output.hex")
    playing.drive.rename("new output.hex", "output.hex")
    playing.run(UPLOAD_MS)
    assert playing.plays(OTHER)
    assert "not a name" not in since.text


def test_what_macos_leaves_beside_a_copied_file_is_no_file(pedal):
    board = pedal()
    since = board.note()
    board.drive.write("._output.hex", b"\x00\x05\x16\x07" + bytes(4092))
    board.drive.write("output.hex", SONG)
    board.run(TOLD_MS)
    assert board.plays(SONG)
    assert since.errors == []


def test_a_browser_that_writes_beside_the_file_and_renames_uploads_once(playing):
    since = playing.note()
    playing.drive.write("output.hex.crswap", LONG, pace_ms=500)
    playing.run(2000)
    assert since.steps == []
    playing.drive.rename("output.hex.crswap", "output.hex")
    playing.run(SEEN_AGAIN_MS)
    assert playing.plays(LONG)
    assert since.steps.count("EXEC_FROM_RAM") == 1
    assert since.errors == []


def test_an_editor_that_deletes_before_it_renames_does_not_stop_the_program_in_between(playing):
    since = playing.note()
    playing.drive.write("output.tmp", OTHER)
    playing.drive.delete("output.hex")
    playing.drive.rename("output.tmp", "output.hex")
    playing.run(SEEN_AGAIN_MS)
    assert playing.plays(OTHER)
    assert since.steps.count("EXIT_PRG") == 1
    assert "stopped" not in since.text


def test_a_folder_of_a_files_name_is_no_file_and_no_error(pedal):
    board = pedal({"output.hex/": "", "3.hex/": "", "4.hex/output.hex": SONG})
    since = board.note()
    board.run(TOLD_MS)
    assert since.errors == []
    assert ".hex" not in since.text
    assert since.burns == []
    assert board.chip.running is None


def test_a_folder_does_not_hide_the_other_files(pedal):
    board = pedal({"3.hex/": "", "output.hex": SONG, "4.hex": OTHER})
    board.run(2 * UPLOAD_MS)
    assert board.plays(SONG)
    assert board.slot(4) == blocks(OTHER)


def test_a_folder_that_takes_the_place_of_the_running_file_stops_it(playing):
    since = playing.note()
    playing.drive.delete("output.hex")
    (playing.drive.folder / "output.hex").mkdir()
    playing.run(TOLD_MS)
    assert playing.chip.running is None
    assert since.errors == []


@pytest.fixture
def looks(monkeypatch):
    """When the root directory was listed, and when a file in it was opened."""
    listed: list[float] = []
    opened: list[float] = []

    def listdir(view, path="/"):
        if path == "/":
            listed.append(view._time.now_ms)
        return real_listdir(view, path)

    def open_file(view, name, mode="r"):
        opened.append(view._time.now_ms)
        return real_open(view, name, mode)

    real_listdir, real_open = DeviceView.listdir, DeviceView.open
    monkeypatch.setattr(DeviceView, "listdir", listdir)
    monkeypatch.setattr(DeviceView, "open", open_file)
    return listed, opened


def most_in_a_second(times):
    return max(sum(start <= t < start + 999 for t in times) for start in times)


def test_there_is_one_look_when_the_computer_is_quiet_and_few_whatever_happens(looks, pedal):
    listed, opened = looks
    board = pedal({"output.hex": SONG})
    board.run(2000)
    board.drive.write("3.hex", LONG, pace_ms=150)
    board.drive.write("output.hex", broken(OTHER), order="dir-first", pace_ms=150)
    board.run(TOLD_MS)
    board.drop("output.hex", LONG)
    board.unplug_chip()
    board.run(4000)
    assert most_in_a_second(listed) <= 8
    assert most_in_a_second(opened) <= 8
    assert max(b - a for a, b in pairwise(listed)) < RARELY_MS + LONGEST_TURN_MS


def test_while_the_computer_writes_without_a_pause_there_is_no_look(looks, playing):
    listed, _ = looks
    listed.clear()
    playing.drive.write("3.hex", LONG, block=1, pace_ms=20)
    assert len(listed) <= 1


def test_where_the_computers_use_of_the_drive_cannot_be_seen_there_are_four_looks_a_second(looks, pedal, monkeypatch):
    monkeypatch.setattr(MassStorage, "command", lambda *_: None)
    listed, _ = looks
    board = pedal({"output.hex": SONG})
    board.run(2000)
    listed.clear()
    board.run(5000)
    assert most_in_a_second(listed) == 4
    assert max(b - a for a, b in pairwise(listed)) < LONGEST_TURN_MS + 300


def test_a_host_that_only_asks_whether_the_drive_is_ready_has_nothing_uploaded(playing):
    since = playing.note()
    for _ in range(20):
        playing.mass_storage.command(TEST_UNIT_READY)
        playing.run(500)
    assert since.lines == []
    assert since.steps == []


def test_an_idle_device_reads_its_file_now_and_then_for_changes_that_the_directory_does_not_show(looks, playing):
    _, opened = looks
    opened.clear()
    playing.run(MINUTE_MS)
    assert len(opened) <= 6
    assert all(b - a > 9000 for a, b in pairwise(opened))


def test_no_file_is_read_while_a_pc_program_uses_the_bridge(looks, shared_bus, pc):
    _, opened = looks
    shared_bus.drop("output.hex", SONG)
    shared_bus.run(SEEN_AGAIN_MS)
    opened.clear()
    for _ in range(20):
        assert pc.write(0x50, b"\x00\x11") == IDLE
        shared_bus.run(1000)
    assert opened == []


def test_a_file_that_was_given_up_is_not_read_all_the_time(looks, pedal):
    _, opened = looks
    board = pedal({"output.hex": broken(SONG)})
    board.run(2 * TOLD_MS)
    opened.clear()
    board.run(30000)
    assert len(opened) <= 5
