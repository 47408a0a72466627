# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""Decides, before USB starts, what the board is to the computer."""

import os

import storage
import supervisor
import usb_cdc
import usb_hid
import usb_midi

from sandbox.settings import USB_IDS, Settings, read_settings


def set_up():
    """The drive and the console come last: an exception before that leaves them as CircuitPython has them, and the
    board can be reached and repaired.
    """
    # A file that the computer writes must not restart the program.
    supervisor.runtime.autoreload = False

    settings = Settings(os.getenv, read_settings(open))

    usb_midi.disable()
    if settings.hid:
        from ft260.hid_port import devices

        usb_hid.enable(devices(settings.hid_interval))
    else:
        usb_hid.disable()

    identity = USB_IDS[settings.usb_id]
    if identity is not None:
        vendor_id, product_id, manufacturer, product = identity
        supervisor.set_usb_identification(manufacturer, product, vendor_id, product_id)

    drive = storage.getmount("/")
    if drive.label != settings.drive_label:
        storage.remount("/", readonly=False)
        drive.label = settings.drive_label
        storage.remount("/", readonly=True)

    if not settings.console:
        usb_cdc.disable()
