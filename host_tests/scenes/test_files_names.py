# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""Which names count, what editors and systems leave beside them, and how often the drive is looked at."""

from itertools import pairwise

import pytest

from host_tests.boards.pedal import LONG, OTHER, SEEN_AGAIN_MS, SONG, UPLOAD_MS, broken
from host_tests.boards.programs.generate import blocks
from host_tests.boards.virtual.drive.device import DeviceView

OTHER_NAMES = """
    ._output.hex ._3.hex .output.hex output.hex.crswap 3.hex.crswap output.hex.tmp output.hex~ output.hx output
    output(1).hex output2.hex my_output.hex 10.hex 00.hex g.hex hex .hex output.hex.txt 3.HEX.bak output.bin
    sub/output.hex sub/3.hex lib/output.hex
""".split()
TOLD_MS = 7000
LONGEST_TURN_MS = 380  # one write of 4,098 bytes at 100 kHz


@pytest.mark.parametrize("text", [SONG, broken(SONG), ""], ids=["good", "broken", "empty"])
def test_other_names_mean_nothing(playing, text):
    since = playing.note()
    for name in OTHER_NAMES:
        playing.drive.write(name, text)
    playing.run(TOLD_MS)
    assert since.lines == []
    assert since.steps == []


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
            listed.append(view._board.now_ms)
        return real_listdir(view, path)

    def open_file(view, name, mode="r"):
        opened.append(view._board.now_ms)
        return real_open(view, name, mode)

    real_listdir, real_open = DeviceView.listdir, DeviceView.open
    monkeypatch.setattr(DeviceView, "listdir", listdir)
    monkeypatch.setattr(DeviceView, "open", open_file)
    return listed, opened


def most_in_a_second(times):
    return max(sum(start <= t < start + 999 for t in times) for start in times)


def test_there_are_at_most_four_looks_a_second_whatever_happens(looks, pedal):
    listed, opened = looks
    board = pedal({"output.hex": SONG})
    board.run(2000)
    board.drive.write("3.hex", LONG, pace_ms=150)
    board.drive.write("output.hex", broken(OTHER), order="dir-first", pace_ms=150)
    board.run(TOLD_MS)
    board.drop("output.hex", LONG)
    board.unplug_chip()
    board.run(4000)
    assert most_in_a_second(listed) == 4
    assert most_in_a_second(opened) <= 4
    assert max(b - a for a, b in pairwise(listed)) < LONGEST_TURN_MS + 300


def test_an_idle_device_does_not_read_its_files_again(looks, playing):
    _, opened = looks
    opened.clear()
    playing.run(15000)
    assert opened == []


def test_a_file_that_was_given_up_is_not_read_all_the_time(looks, pedal):
    _, opened = looks
    board = pedal({"output.hex": broken(SONG)})
    board.run(2 * TOLD_MS)
    opened.clear()
    board.run(30000)
    assert len(opened) <= 5
