# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""The variants of the device: the same files, other values in settings.toml."""

VARIANTS: dict[str, dict[str, int | str]] = {
    "disk-hid": {"SANDBOX_HID": 1},
    "disk": {"SANDBOX_HID": 0},
}
DEFAULT = "disk-hid"
