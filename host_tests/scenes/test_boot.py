# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""boot.py: what the board is to the computer, and that whatever happens there leaves it reachable."""

import json

import pytest

from host_tests.boards.pedal import SONG
from host_tests.boards.virtual.board import REPOSITORY
from host_tests.boards.virtual.modules.firmware import Mount
from host_tests.scenes.unheard import Unheard
from sandbox.version import VERSION

CDC, CDC_DATA, HID, MASS_STORAGE = 2, 10, 3, 8
CIRCUITPYTHONS_OWN = (0x2E8A, 0x101F)
OTHER_SETTINGS = [
    {"SANDBOX_HID": 0, "SANDBOX_CONSOLE": 0, "SANDBOX_USB_ID": "board", "SANDBOX_DRIVE_LABEL": "PEDAL"},
    {
        "SANDBOX_HID": "wrong",
        "SANDBOX_CONSOLE": 77,
        "SANDBOX_USB_ID": "?",
        "SANDBOX_DRIVE_LABEL": "much:too:long:a:name",
    },
]


def classes(board):
    return {interface["class"] for interface in board.usb.interfaces}


def test_it_is_a_drive_a_console_and_a_hid_device(pedal):
    board = pedal()
    assert board.life.boot_exception is None
    assert classes(board) == {CDC, CDC_DATA, MASS_STORAGE, HID}


def test_midi_is_off_and_so_is_auto_reload(pedal):
    board = pedal()
    assert not board.usb.midi_enabled
    assert not board.autoreload
    started = board.console.count("FXCore Sandbox")
    board.drop("notes.txt", "hello")
    assert board.console.count("FXCore Sandbox") == started


def test_without_hid_there_is_no_hid_interface(pedal):
    board = pedal({"output.hex": SONG}, settings={"SANDBOX_HID": 0})
    board.run(5000)
    assert classes(board) == {CDC, CDC_DATA, MASS_STORAGE}
    assert board.plays(SONG)


def test_without_a_console_the_drive_works_as_ever():
    with Unheard({"output.hex": SONG}, settings={"SANDBOX_CONSOLE": 0}) as board:
        assert classes(board) == {MASS_STORAGE, HID}
        assert board.plays(SONG)
        assert board.exception is None


@pytest.mark.parametrize(
    ("name", "ids", "product"),
    [
        ("sandbox", (0x1209, 0x3911), "SandboxFX"),
        ("ft260", (0x0403, 0x6030), None),
        ("devboard", (0x0403, 0x71D8), None),
        ("board", CIRCUITPYTHONS_OWN, "RP2040-Zero"),
        (None, (0x1209, 0x3911), "SandboxFX"),
    ],
)
def test_the_usb_identity_is_that_of_the_settings(pedal, name, ids, product):
    board = pedal(settings={"SANDBOX_USB_ID": name} if name else {})
    assert (board.usb.vid, board.usb.pid) == ids
    assert product in (None, board.usb.strings[1])


def test_the_label_is_written_once_and_only_if_it_differs(pedal):
    board = pedal(settings={"SANDBOX_DRIVE_LABEL": "PEDAL"}, label="CIRCUITPY")
    assert (board.volume.label, board.volume.label_writes) == ("PEDAL", 1)
    for _ in range(2):
        board.restart()
    assert (board.volume.label, board.volume.label_writes) == ("PEDAL", 1)


def test_a_drive_with_the_default_label_is_not_written_to(pedal):
    board = pedal()
    assert (board.volume.label, board.volume.label_writes) == ("CIRCUITPY", 0)


def test_a_drive_with_another_label_gets_the_default_one(pedal):
    board = pedal(label="NO NAME")
    assert (board.volume.label, board.volume.label_writes) == ("CIRCUITPY", 1)


def test_the_drive_belongs_to_the_computer_after_the_label_was_written(pedal):
    board = pedal(label="NO NAME")
    assert not board.python_may_write()
    board.drop("output.hex", SONG)
    assert board.plays(SONG)


def test_boot_out_txt_is_the_same_whatever_the_settings_say(pedal):
    texts = {pedal(settings=settings).life.boot_out for settings in [{}, *OTHER_SETTINGS]}
    assert len(texts) == 1


def test_boot_out_txt_is_written_at_the_first_start_only(pedal):
    board = pedal()
    first = (board.drive.folder / "boot_out.txt").stat().st_mtime_ns
    board.restart()
    assert (board.drive.folder / "boot_out.txt").stat().st_mtime_ns == first


@pytest.mark.parametrize("module", ["sandbox.settings", "ft260.hid_port", "ft260.descriptor"])
def test_an_exception_in_boot_py_leaves_drive_and_console_even_one_that_was_to_be_off(planter, module):
    """What code.py makes of the broken module is another test's."""
    planter.at_import(module)
    with Unheard(settings={"SANDBOX_CONSOLE": 0}, label="NO NAME") as board:
        assert "RuntimeError: planted" in board.drive.read("boot_out.txt").decode()
        assert board.usb.configured
        assert {MASS_STORAGE, CDC} <= classes(board)


def test_a_label_that_cannot_be_written_leaves_drive_console_and_program(monkeypatch):
    def full(self, label):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Mount, "label", property(lambda self: "NO NAME", full))
    with Unheard({"output.hex": SONG}) as board:
        assert isinstance(board.life.boot_exception, OSError)
        assert {MASS_STORAGE, CDC, HID} <= classes(board)
        assert board.plays(SONG)


def test_the_web_editor_finds_the_file_that_it_looks_for():
    shipped = json.loads((REPOSITORY / "hardware_id.json").read_text())
    assert shipped["device_type"] == "FXCore Sandbox"
    assert shipped["firmware_version"] == VERSION
