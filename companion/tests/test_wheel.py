# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""What is in the wheel."""

import subprocess
import sys
from pathlib import Path
from zipfile import ZipFile

FOLDER = Path(__file__).parents[1]
CHECKOUT = FOLDER.parent
CARRIED = ("fxcore", "fxasm")


def test_the_wheel_carries_the_boards_packages_unchanged(tmp_path: Path) -> None:
    build = f"from hatchling.build import build_wheel; build_wheel({str(tmp_path)!r})"
    subprocess.run([sys.executable, "-c", build], cwd=FOLDER, check=True, capture_output=True)
    (wheel,) = tmp_path.glob("sandboxfx-*.whl")
    with ZipFile(wheel) as archive:
        packed = {name: archive.read(name) for name in archive.namelist() if ".dist-info/" not in name}
    own = {path.relative_to(FOLDER): path for path in (FOLDER / "sandboxfx").rglob("*.py")}
    carried = {path.relative_to(CHECKOUT): path for name in CARRIED for path in (CHECKOUT / name).rglob("*.py")}
    wanted = {name.as_posix(): path.read_bytes() for name, path in {**own, **carried}.items()}
    wanted["sandboxfx/LICENSE"] = (CHECKOUT / "LICENSE").read_bytes()
    assert packed == wanted
