# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""Puts the device's own pure packages, which lie beside this folder, into the wheel as they are."""

from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

CARRIED = ("fxcore", "fxasm")


class CarryDevicePackages(BuildHookInterface[Any]):
    """Called by hatchling; an editable install takes the packages from the checkout instead."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Adds the files of the packages to a wheel."""
        if version != "standard":
            return
        checkout = Path(self.root).parent
        for package in CARRIED:
            for path in sorted((checkout / package).rglob("*.py")):
                build_data["force_include"][str(path)] = path.relative_to(checkout).as_posix()
        build_data["force_include"][str(checkout / "LICENSE")] = "sandboxfx/LICENSE"
