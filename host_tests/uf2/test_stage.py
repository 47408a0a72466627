# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""`make drive` writes the device, the whole device and nothing but the device, and respects what is the user's."""

import errno
import json
import os
import re
import tomllib
from collections import namedtuple
from pathlib import Path

import pytest

from sandbox.settings import SETTINGS as SETTINGS_TABLE
from sandbox.version import VERSION
from uf2 import files, stage
from uf2.compiled import compile_files
from uf2.files import ROOT, StageError, device_files, set_values
from uf2.variants import DEFAULT, VARIANTS

LIBRARIES = """
lib/adafruit_bus_device/__init__.py lib/adafruit_bus_device/i2c_device.py lib/adafruit_bus_device/spi_device.py
lib/adafruit_hid/__init__.py lib/adafruit_hid/consumer_control.py lib/adafruit_hid/consumer_control_code.py
lib/adafruit_hid/keyboard.py lib/adafruit_hid/keyboard_layout_base.py lib/adafruit_hid/keyboard_layout_us.py
lib/adafruit_hid/keycode.py lib/adafruit_hid/mouse.py lib/neopixel.py
""".split()
DRIVE_BYTES = 1 << 20

SMALL_TREE = {
    "boot.py": "boot = 1\n",
    "code.py": "code = 1\n",
    "hardware_id.json": "{}\n",
    "settings.toml": "# all\nSANDBOX_HID = 1  # the bridge\nSANDBOX_CHATTER = 0\n# SANDBOX_BRIGHTNESS = 30\n",
    "fxcore/__init__.py": "",
    "fxcore/errors.py": "x = 1\n",
    "fxcore/__pycache__/errors.cpython-311.pyc": "junk",
    "fxcore/._errors.py": "junk",
    "ft260/__init__.py": "",
    "fxasm/__init__.py": "",
    "sandbox/__init__.py": "",
    "sandbox/app.py": "app = 1\n",
    "lib/neopixel.py": "pixel = 1\n",
    "lib/adafruit_hid/__init__.py": "hid = 1\n",
    "lib/adafruit_bus_device/__init__.py": "bus = 1\n",
    "lib/adafruit_hid-1.dist-info/METADATA": "junk",
    "examples/echo.fxc": "; echo\n",
    "examples/echo.hex": ":00000001FF\n",
    "examples/echo.lst": "junk",
    "host_tests/test_x.py": "junk",
    "companion/sandboxfx/x.py": "junk",
    "conftest.py": "junk",
}


def plant(root: Path, tree: dict[str, str]) -> None:
    for name, text in tree.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)


def holds(folder: Path) -> dict[str, str]:
    return {p.relative_to(folder).as_posix(): p.read_text() for p in sorted(folder.rglob("*")) if p.is_file()}


@pytest.fixture
def source(tmp_path, monkeypatch):
    """A small source tree in the place of the real one."""
    root = tmp_path / "source"
    plant(root, SMALL_TREE)
    monkeypatch.setattr(files, "ROOT", root)
    monkeypatch.setattr(stage, "ROOT", root)
    return root


@pytest.fixture
def drive(tmp_path):
    folder = tmp_path / "a drive"
    folder.mkdir()
    return folder


def test_the_device_is_exactly_these_files():
    own = {
        f"{folder}/{name}"
        for package in ("boot.py", "code.py", "sandbox", "fxcore", "ft260", "fxasm")
        for folder, _, names in os.walk(ROOT / package)
        for name in names
        if name.endswith(".py") and not name.startswith(".")
    }
    top = {"boot.py", "code.py", "settings.toml", "hardware_id.json"}
    examples = {f"examples/{name}.{kind}" for name in ("chorus", "echo", "tremolo") for kind in ("fxc", "hex")}
    named = {Path(name).relative_to(ROOT).as_posix() for name in own} - files.PC_MODULES
    assert set(device_files()) == named | top | set(LIBRARIES) | examples


def test_the_device_fits_its_drive_with_room_for_the_user():
    clusters = sum(-(-len(content) // 512) for content in device_files().values())
    assert clusters * 512 < DRIVE_BYTES // 2


def test_code_py_is_written_last():
    assert list(device_files())[-1] == "code.py"


def test_the_variants_differ_in_settings_alone():
    devices = {name: device_files(name) for name in VARIANTS}
    for name, device in devices.items():
        settings = tomllib.loads(device.pop("settings.toml").decode())
        assert {**VARIANTS[DEFAULT], **settings}.items() >= VARIANTS[name].items()
    assert all(device == devices[DEFAULT] for device in devices.values())
    assert len({tuple(values.items()) for values in VARIANTS.values()}) == len(VARIANTS)


def test_what_most_people_want_are_the_defaults_and_needs_no_line():
    defaults = {f"SANDBOX_{key}": default for _, key, default, _ in SETTINGS_TABLE}
    assert VARIANTS[DEFAULT].items() <= defaults.items()
    assert device_files()["settings.toml"] == (ROOT / "settings.toml").read_bytes()


def test_the_web_editor_finds_the_device_and_its_version():
    card = json.loads((ROOT / "hardware_id.json").read_text())
    assert card["device_type"] == "FXCore Sandbox"
    assert card["firmware_version"] == VERSION
    assert set(card) == {"device_type", "firmware_version", "device_id", "hardware_info", "timestamp"}
    assert set(card["hardware_info"]) == {"manufacturer", "model", "serial_number"}


def test_the_file_for_the_web_editor_invents_nothing_that_differs_from_board_to_board():
    card = json.loads((ROOT / "hardware_id.json").read_text())
    assert (card["hardware_info"]["serial_number"], card["timestamp"]) == ("", "")


def test_an_empty_folder_becomes_the_device_and_nothing_else(source, drive):
    report = stage.stage(drive)
    left_out = ("__pycache__", "._", "dist-info", "host_tests", "companion", "conftest", ".lst")
    assert holds(drive) == {
        name: text for name, text in SMALL_TREE.items() if not any(part in name for part in left_out)
    }
    assert (len(report.written), report.unchanged, report.removed) == (15, [], [])


def test_a_second_run_writes_nothing_and_a_change_only_itself(source, drive):
    stage.stage(drive)
    before = {path: path.stat().st_mtime_ns for path in drive.rglob("*.py")}
    assert stage.stage(drive).written == []
    (source / "sandbox/app.py").write_text("app = 2\n")
    report = stage.stage(drive)
    assert (report.written, len(report.unchanged)) == (["sandbox/app.py"], 14)
    after = {path: path.stat().st_mtime_ns for path in drive.rglob("*.py")}
    assert {path.name for path in after if after[path] != before[path]} <= {"app.py"}
    assert (drive / "sandbox/app.py").read_text() == "app = 2\n"


def test_what_the_user_put_on_the_drive_stays(source, drive):
    mine = {
        "boot_out.txt": "x",
        "output.hex": ":00000001FF",
        "3.HEX": "",
        "lib/mine.py": "",
        "lib/neopixel.mpy": "",
        "notes/a": "",
    }
    plant(drive, mine)
    stage.stage(drive)
    assert mine.items() <= holds(drive).items()


def test_compiled_modules_take_the_place_of_source_and_give_it_back(source, drive):
    plant(drive, {"lib/mine.py": "", "boot_out.txt": "x"})
    stage.stage(drive)
    report = stage.stage(drive, compiled=True)
    assert "lib/neopixel.py" in report.removed
    compiled = {path.relative_to(drive).as_posix() for path in drive.rglob("*") if path.is_file()}
    assert compiled == {*compile_files(device_files()), "lib/mine.py", "boot_out.txt"}
    assert (drive / "sandbox/app.mpy").read_bytes() == compile_files(device_files())["sandbox/app.mpy"]
    stage.stage(drive)
    assert not list((drive / "sandbox").glob("*.mpy"))
    assert (drive / "lib/neopixel.py").is_file()


def test_a_changed_example_is_the_users(source, drive):
    stage.stage(drive)
    (drive / "examples/echo.fxc").write_text("; louder\n")
    (drive / "examples/echo.hex").unlink()
    assert stage.stage(drive).written == ["examples/echo.hex"]
    assert (drive / "examples/echo.fxc").read_text() == "; louder\n"


def test_stale_files_in_our_own_folders_go(source, drive):
    stage.stage(drive)
    plant(
        drive, {"sandbox/old.py": "", "lib/adafruit_hid/mouse.mpy": "", "fxcore/__pycache__/x.pyc": "", "ft260/.x": ""}
    )
    report = stage.stage(drive)
    assert report.removed == ["ft260/.x", "fxcore/__pycache__/x.pyc", "lib/adafruit_hid/mouse.mpy", "sandbox/old.py"]
    assert report.written == []
    assert set(holds(drive)) == set(device_files())
    assert not (drive / "fxcore/__pycache__").exists()


def test_a_name_in_other_case_is_the_same_file_as_on_the_drive(source, drive):
    stage.stage(drive)
    (drive / "sandbox/app.py").rename(drive / "sandbox/APP.PY")
    assert stage.stage(drive).removed == []


@pytest.mark.parametrize("blank", ["", "\n"])
def test_the_blank_settings_of_a_new_drive_are_replaced(blank, source, drive):
    plant(drive, {"settings.toml": blank, "code.py": "print('Hello World!')\n"})
    stage.stage(drive)
    assert holds(drive)["settings.toml"] == SMALL_TREE["settings.toml"]
    assert holds(drive)["code.py"] == SMALL_TREE["code.py"]


def test_edited_settings_stay_unless_a_variant_is_named(source, drive):
    mine = 'SANDBOX_BRIGHTNESS = 5\r\nSANDBOX_HID = 1 # keep\r\nSANDBOX_CHATTER=1\r\nMY_OWN = "x"'
    stage.stage(drive)
    (drive / "settings.toml").write_bytes(mine.encode())
    report = stage.stage(drive)
    assert (drive / "settings.toml").read_bytes() == mine.encode()
    assert (report.written, report.notes) == (
        [],
        ["settings.toml on the drive kept as it is (VARIANT=... sets that variant's values in it)."],
    )
    report = stage.stage(drive, "disk")
    changed = mine.replace("HID = 1", "HID = 0").replace("CHATTER=1", "CHATTER = 0")
    assert (drive / "settings.toml").read_bytes() == changed.encode()
    assert (report.written, report.notes) == (
        ["settings.toml"],
        ["settings.toml on the drive kept, with SANDBOX_HID = 0, SANDBOX_CHATTER = 0."],
    )


@pytest.mark.parametrize("before", VARIANTS)
@pytest.mark.parametrize("after", VARIANTS)
def test_any_variant_on_a_drive_becomes_any_other(before, after, drive):
    stage.stage(drive, before)
    stage.stage(drive, after)
    assert (drive / "settings.toml").read_bytes() == device_files(after)["settings.toml"]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("A = 1\nB = 2\n", "A = 7\nB = 2\n"),
        ('A = "x#y" # why\n', "A = 7 # why\n"),
        ("# A = 1\nAA = 3\n", "A = 7\nAA = 3\n"),
        ("# A = 1\nA=2", "# A = 1\nA = 7"),
        ("# about A = b\nB = 1", "# about A = b\nB = 1\nA = 7\n"),
        ("", "A = 7\n"),
    ],
)
def test_a_value_is_set_in_its_own_line(before, after):
    assert set_values(before, {"A": 7}) == after
    assert set_values(after, {"A": 7}) == after


def test_a_text_value_is_quoted():
    assert set_values("A = 1\n", {"A": "ft260"}) == 'A = "ft260"\n'


def refusal(folder: Path | str) -> str:
    with pytest.raises(StageError) as caught:
        stage.stage(folder)
    return str(caught.value)


def test_a_folder_that_cannot_be_the_device_is_refused_in_one_sentence(source, drive, tmp_path):
    assert "does not exist" in refusal(tmp_path / "gone")
    assert "is not a folder" in refusal(source / "boot.py")
    assert "source tree" in refusal(source)
    assert "source tree" in refusal(tmp_path)
    (drive / "thesis.doc").write_text("")
    assert "neither empty nor a CIRCUITPY drive" in refusal(drive)
    assert holds(drive) == {"thesis.doc": ""}
    plant(drive, {"code.py": "", "uf2/stage.py": ""})
    assert "source tree" in refusal(drive)


def test_a_drive_that_cannot_be_written_is_refused(source, drive, monkeypatch):
    monkeypatch.setattr(os, "access", lambda path, mode: not mode & os.W_OK)
    assert "cannot be read and written" in refusal(drive)
    assert holds(drive) == {}


def test_a_full_drive_is_refused_before_the_first_byte(source, drive, monkeypatch):
    plant(drive, {"code.py": "old", "sandbox/stale.py": ""})
    volume = namedtuple("volume", "f_frsize f_bavail")
    # Eleven files that are not empty and seven new folders; the old code.py gives one cluster back.
    monkeypatch.setattr(os, "statvfs", lambda _: volume(512, 11 + 7 - 1 - 1))
    message = refusal(drive)
    assert "is full" in message
    assert "nothing was written" in message
    assert holds(drive) == {"code.py": "old", "sandbox/stale.py": ""}
    monkeypatch.setattr(os, "statvfs", lambda _: volume(512, 11 + 7 - 1))
    stage.stage(drive)
    assert set(holds(drive)) == set(device_files())


def test_a_write_that_fails_names_the_place_and_leaves_code_py_out(source, drive, monkeypatch):
    written: list[str] = []

    def write(path: Path, content: bytes) -> None:
        if len(written) == 5:
            raise OSError(errno.EIO, "Input/output error", str(path))
        written.append(path.name)

    monkeypatch.setattr(stage, "_write", write)
    message = refusal(drive)
    assert re.search(r"\.py: Input/output error; the device may be incomplete, run it again\.$", message)
    assert "code.py" not in written


def test_an_incomplete_source_tree_is_refused(source, drive):
    (source / "lib/neopixel.py").unlink()
    assert "lib/neopixel.py is missing" in refusal(drive)
    assert holds(drive) == {}


def test_a_file_that_would_run_instead_of_code_py_is_told(source, drive):
    plant(drive, {"code.txt": "", "boot_out.txt": ""})
    assert "code.txt on the drive is started instead of code.py: remove it." in stage.stage(drive).notes


def test_the_command_prints_counts_and_how_to_start(source, drive, capsys):
    plant(drive, {"boot_out.txt": "", "sandbox/old.py": ""})
    assert stage.main([str(drive), "--variant", "disk"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[:2] == ["removed sandbox/old.py", "settings.toml is that of variant disk."]
    assert lines[2] == f"{drive}: 15 written, 0 unchanged, 1 removed."
    assert "press RESET" in lines[3]
    assert stage.main([str(drive)]) == 0
    assert "0 written, 15 unchanged, 0 removed" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ([""], "make drive: say where to: make drive DIR=path [VARIANT=disk-hid|disk|dev] [MPY=1]\n"),
        (["x", "--variant", "both"], "make drive: VARIANT is disk-hid or disk or dev, not both.\n"),
        (
            ["/does/not/exist"],
            "make drive: /does/not/exist does not exist: mount the drive or make the folder first.\n",
        ),
    ],
)
def test_the_command_says_what_is_wrong_in_one_sentence(arguments, sentence, source, capsys):
    assert stage.main(arguments) == 1
    assert capsys.readouterr().err == sentence


def test_no_file_of_the_project_names_a_package_registry():
    """Where packages come from is the business of whoever installs them."""
    hosts = ["pypi" + ".org", "python" + "hosted.org", "npmjs" + ".", "index" + "-url", "find" + "-links"]
    seen = 0
    for path in ROOT.rglob("*"):
        parts = path.relative_to(ROOT).parts
        hidden = any(part.startswith(".") and part not in (".ci", ".github", ".gitignore") for part in parts)
        made = parts[0] in ("lib", "build") and parts != ("lib", "requirements.txt")
        made = made or not {"__pycache__", "node_modules"}.isdisjoint(parts)
        if path.is_file() and not hidden and not made:
            text = path.read_text(encoding="utf-8", errors="replace")
            assert [host for host in hosts if host in text] == [], path
            seen += 1
    assert seen > 30
