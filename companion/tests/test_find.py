# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""Boards are found by what the system shows of them."""

import json
from pathlib import Path

import pytest

from sandboxfx.drives import Drive, find_drives, mounted_fat
from sandboxfx.errors import SandboxError
from sandboxfx.find import FoundBoard, choose, find_boards, hid_nodes

MOUNTINFO = """\
22 28 0:20 / /sys rw,nosuid - sysfs sysfs rw
98 28 8:17 / /media/user/CIRCUITPY rw,nosuid,nodev - vfat /dev/sdb1 rw,uid=1000
99 28 8:33 / /media/user/my\\040pedal rw shared:7 - vfat /dev/sdc1 rw
"""


def node(system: Path, name: str, uid: str, ids: str = "0003:00001209:00003911") -> None:
    device = system / "class" / "hidraw" / name / "device"
    device.mkdir(parents=True)
    (device / "uevent").write_text(f"DRIVER=hid-generic\nHID_ID={ids}\nHID_NAME=FXCore Sandbox\nHID_UNIQ={uid}\n")


def drive(folder: Path, uid: str = "", firmware: str = "", loader: bool = False) -> Path:
    folder.mkdir()
    if uid:
        (folder / "boot_out.txt").write_text(f"Adafruit CircuitPython 10.0.3\nBoard ID:waveshare\nUID:{uid}\n")
    if firmware:
        identity = {"device_type": "FXCore Sandbox", "firmware_version": firmware}
        (folder / "hardware_id.json").write_text(json.dumps(identity))
    if loader:
        (folder / "INFO_UF2.TXT").write_text("UF2 Bootloader v3.0\n")
    return folder


def test_fat_volumes_are_taken_from_what_linux_says() -> None:
    assert mounted_fat(MOUNTINFO) == [Path("/media/user/CIRCUITPY"), Path("/media/user/my pedal")]


def test_a_bridge_and_a_drive_with_one_number_are_one_board(tmp_path: Path) -> None:
    system = tmp_path / "sys"
    node(system, "hidraw3", "E4617F2B")
    node(system, "hidraw0", "E4610001")
    volumes = [drive(tmp_path / "a", "E4617F2B", "1.0.0"), drive(tmp_path / "b", "E461A10C", "1.1.0")]
    first, second, third = find_boards(system, volumes)
    assert (first.name, first.hid, first.drive) == ("0001", Path("/dev/hidraw0"), None)
    assert (second.name, second.hid, second.firmware) == ("7F2B", Path("/dev/hidraw3"), "1.0.0")
    assert second.drive == Drive(volumes[0], "E4617F2B", "1.0.0")
    assert (third.name, third.hid, third.firmware) == ("A10C", None, "1.1.0")


def test_other_devices_and_other_circuitpython_boards_are_not_ours(tmp_path: Path) -> None:
    system = tmp_path / "sys"
    node(system, "hidraw0", "", "0003:0000046D:0000C52B")
    node(system, "hidraw1", "12345678", "0003:0000046D:0000C52B")
    node(system, "hidraw2", "", "0003:00001209:00003911")
    node(system, "hidraw4", "12345678", "nonsense")
    volumes = [drive(tmp_path / "other", "E4610002"), drive(tmp_path / "stick"), tmp_path / "gone"]
    assert hid_nodes(system) == {}
    assert find_boards(system, volumes) == []


def test_a_boot_loader_is_a_board_without_a_number(tmp_path: Path) -> None:
    volume = drive(tmp_path / "RPI-RP2", loader=True)
    assert find_boards(tmp_path, [volume]) == [FoundBoard("", None, Drive(volume, "", ""))]
    assert find_boards(tmp_path, [volume])[0].name == "boot loader"


@pytest.mark.parametrize("identity", ["", "[]", "no json", '{"device_type": "other", "firmware_version": "9"}'])
def test_a_drive_without_our_identity_has_no_version(tmp_path: Path, identity: str) -> None:
    volume = drive(tmp_path / "a", "E4617F2B")
    (volume / "hardware_id.json").write_text(identity)
    assert find_drives([volume]) == [Drive(volume, "E4617F2B", "")]


ONE, OTHER = FoundBoard("E4617F2B", None, None), FoundBoard("E461A10C", None, None)
LOADER = FoundBoard("", None, Drive(Path("RPI-RP2"), "", ""))


def test_the_only_board_needs_no_name() -> None:
    assert choose([ONE, LOADER]) is ONE
    assert choose([ONE, OTHER], "a10c") is OTHER


@pytest.mark.parametrize(
    ("boards", "wanted", "told"),
    [
        ([], "", "No board found. Is it plugged in?"),
        ([LOADER], "", "No board found, but RPI-RP2 waits for firmware. Copy the UF2 file onto it."),
        ([ONE, OTHER], "", "2 boards found. Name one with --board: 7F2B, A10C."),
        ([ONE, OTHER], "1234", "No board 1234 found. There are: 7F2B, A10C."),
    ],
)
def test_no_board_and_several_boards_are_told(boards: list[FoundBoard], wanted: str, told: str) -> None:
    with pytest.raises(SandboxError) as caught:
        choose(boards, wanted)
    assert f"{caught.value.sentence} {caught.value.cure}" == told
    assert caught.value.status == 3
