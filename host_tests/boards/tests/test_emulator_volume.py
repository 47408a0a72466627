# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""The PC's view of a FAT volume: what it changes, and in which sectors."""

import pytest

from host_tests.boards.emulator.errors import BoardError
from host_tests.boards.emulator.volume import Volume
from uf2.drive_image import compose

HEX = b":00000001FF\n" * 100  # three sectors


@pytest.fixture
def volume() -> Volume:
    return Volume(compose({"code.py": b"pass\n" * 300, "lib/thing.py": b"x = 1\n"}))


def areas(old: Volume, new: Volume, own: set[int]) -> set[str]:
    return {"fat" if n in old.fat else "data" if n in own else "dir" for n in old.changed(new)}


def test_a_new_file_changes_fat_data_and_folder(volume: Volume) -> None:
    new, own = volume.with_file("output.hex", HEX, 0)
    assert len(own) == 3
    assert areas(volume, new, own) == {"fat", "data", "dir"}
    assert new.read("OUTPUT.HEX") == HEX


def test_other_files_stay_as_they_are(volume: Volume) -> None:
    new, _ = volume.with_file("output.hex", HEX, 0)
    assert set(new.names()) - set(volume.names()) == {"output.hex"}
    assert new.read("lib/thing.py") == volume.read("lib/thing.py")


def test_a_longer_version_takes_the_place_of_the_old_one(volume: Volume) -> None:
    new, _ = volume.with_file("code.py", HEX * 3, 0)
    assert new.read("code.py") == HEX * 3
    assert new.names() == volume.names()


def test_a_file_shows_the_time_at_which_it_was_written(volume: Volume) -> None:
    early, own = volume.with_file("output.hex", HEX, 1000)
    same, _ = volume.with_file("output.hex", HEX, 1900)
    late, _ = volume.with_file("output.hex", HEX, 2100)
    assert early.image == same.image
    assert areas(early, late, own) == {"dir"}


def test_before_its_data_come_a_file_can_be_seen_empty(volume: Volume) -> None:
    new, own = volume.with_file("output.hex", HEX, 0)
    image = bytearray(volume.image)
    for number, content in volume.emptied(new, "output.hex", own).items():
        image[number * 512 : number * 512 + 512] = content
    assert Volume(bytes(image)).read("output.hex") == b""


def test_a_deleted_file_is_gone_and_its_room_is_free(volume: Volume) -> None:
    with_file, _ = volume.with_file("output.hex", HEX, 0)
    without = with_file.without_file("output.hex")
    assert without.names() == volume.names()
    assert without.used_clusters() == volume.used_clusters()


def test_a_file_that_does_not_fit_is_not_written_in_part(volume: Volume) -> None:
    with pytest.raises(BoardError, match=r"output\.hex does not fit"):
        volume.with_file("output.hex", bytes(len(volume.image)), 0)


@pytest.mark.parametrize("act", [Volume.read, Volume.without_file])
def test_a_missing_file_is_named(volume: Volume, act: object) -> None:
    with pytest.raises(BoardError, match=r"no file nothing\.hex"):
        act(volume, "nothing.hex")  # type: ignore[operator]
