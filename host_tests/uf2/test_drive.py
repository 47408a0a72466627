# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""The drive holds what it is given, as other FAT readers see it, or is refused in one sentence."""

import random
import shutil
import struct
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from uf2.blocks import ImageError
from uf2.drive_image import LABEL, QUIET_FILES, compose
from uf2.flash import DRIVE_SIZE
from uf2.readback import SYSTEM_FOLDERS, check_volume, read_files

CLUSTER = 512
CLUSTERS = 2008
needs_dosfstools = pytest.mark.skipif(
    not shutil.which("fsck.fat", path=SYSTEM_FOLDERS),
    reason="fsck.fat is missing (Debian: apt install dosfstools)",
)

TREES = {
    "empty": {},
    "long names": {"a name as long as it pleases, with commas; and [brackets].text": b"1", "x" * 255: b"2"},
    "upper case": {"README.TXT": b"1", "Code.Py": b"2", "LIB/MIXED.case/Inner.PY": b"3"},
    "names of 13, 14 and 26": {"i2c_device.py": b"1", "spi2_device.py": b"2", "abcdefghijklmnopqrstuvw.py": b"3"},
    "alike when shortened": {f"a rather long name {i}.python": bytes([i]) for i in range(12)},
    "many dots": {"a.b.c.d": b"1", ".hidden": b"2", ".hidden2/.x": b"3", "no_extension": b"4"},
    "60 files": {f"sixty/long file name number {i:02}.py": bytes([i]) * (i * 37) for i in range(60)},
    "deep": {"a/b/c/d/e/f/g.py": b"1", "a/b/c.py": b"2"},
    "sizes": {f"{size}": random.Random(size).randbytes(size) for size in (0, 1, 511, 512, 513, 1024, 70000)},
}


def refusal(files: dict[str, bytes]) -> str:
    with pytest.raises(ImageError) as caught:
        compose(files)
    assert str(caught.value).endswith(".")
    return str(caught.value)


@pytest.mark.parametrize("tree", TREES.values(), ids=TREES.keys())
def test_another_reader_finds_exactly_these_files(tree):
    assert read_files(compose(tree)) == {**QUIET_FILES, **tree}


@needs_dosfstools
@pytest.mark.parametrize("tree", TREES.values(), ids=TREES.keys())
def test_the_file_system_is_sound(tree):
    check = check_volume(compose(tree))
    assert (check.complaints, check.label) == ("", LABEL)


def test_the_volume_is_laid_out_as_circuitpython_does():
    """The boot sector that CircuitPython 10.0.3 writes on this board; the serial number is its own."""
    volume = compose({})
    assert len(volume) == DRIVE_SIZE
    parts = struct.unpack_from("<3s8sHBHBHHBHHHII", volume)
    assert parts == (b"\xeb\xfe\x90", b"MSDOS5.0", 512, 1, 1, 1, 512, 2048, 0xF8, 7, 63, 255, 1, 0)
    assert volume[36:39] == b"\x80\x00\x29"
    assert volume[43:62] == b"NO NAME    FAT     "
    assert volume[62:510] == bytes(448)
    assert volume[510:515] == b"\x55\xaa\xf8\xff\xff"


def test_desktops_are_told_to_leave_nothing():
    assert read_files(compose({})) == dict.fromkeys(
        [".fseventsd/no_log", ".metadata_never_index", ".Trashes", ".Trash-1000"], b""
    )


names = st.text("abcdefgHIJ0123 _-~.+,;=[]()", min_size=1, max_size=40).filter(lambda name: name[-1] not in " .")


@settings(max_examples=25, deadline=None)
@given(st.dictionaries(names, st.binary(max_size=1500), max_size=8))
def test_any_allowed_names_come_back(files):
    if len({name.lower() for name in files}) == len(files):
        assert read_files(compose(files)) == {**QUIET_FILES, **files}
    else:
        assert "are the same name" in refusal(files)


@pytest.mark.parametrize(
    ("files", "sentence"),
    [
        ({"a": b"", "A": b""}, "'a' and 'A' are the same name on the drive."),
        ({"lib/a.py": b"", "Lib/b.py": b""}, "'lib/' and 'Lib/' are the same name on the drive."),
        ({"lib": b"", "lib/a.py": b""}, "'lib' and 'lib/' are the same name on the drive."),
        ({".trashes": b""}, "'.Trashes' and '.trashes' are the same name on the drive."),
        ({"a//b": b""}, "'a//b' cannot be on the drive: a part of its name is empty."),
        ({"../b": b""}, "a part of its name is empty"),
        ({"lib/a?.py": b""}, "names there are ASCII without"),
        ({"größe.py": b""}, "'größe.py' cannot be on the drive: names there are ASCII"),
        ({"a\nb": b""}, "names there are ASCII"),
        ({"a.": b""}, "ends with a dot or a space"),
        ({"x" * 256: b""}, "longer than 255 characters"),
    ],
)
def test_a_name_that_cannot_be_there_is_refused(files, sentence):
    assert sentence in refusal(files)


def test_a_drive_filled_to_the_last_cluster_is_whole():
    room = (CLUSTERS - 1) * CLUSTER  # one is the folder .fseventsd
    full = {"full.bin": random.Random(1).randbytes(room)}
    assert read_files(compose(full)) == {**QUIET_FILES, **full}
    message = refusal({**full, "more": b"x"})
    assert message.startswith(f"the drive is full: 6 files, {room + 1} bytes in all")


def test_a_top_folder_with_too_many_files_is_refused():
    assert "the drive is full: 304 files, 0 bytes" in refusal({f"{i:03}.longer": b"" for i in range(300)})


@pytest.mark.parametrize("zone", ["UTC", "Pacific/Kiritimati", "Pacific/Pago_Pago", "America/St_Johns"])
def test_the_time_zone_leaves_no_trace(zone, monkeypatch):
    if not hasattr(time, "tzset"):
        pytest.skip("this system has no time.tzset")
    here = compose({"a/b": b"1"})
    monkeypatch.setenv("TZ", zone)
    time.tzset()
    try:
        assert compose({"a/b": b"1"}) == here
    finally:
        monkeypatch.undo()
        time.tzset()
