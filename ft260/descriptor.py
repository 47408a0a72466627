# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""The HID report descriptor: one vendor-defined collection with the FT260's I2C and GPIO reports.

A usb_hid.Device holds at most six report IDs. CircuitPython only joins the descriptors of its Devices, so the
collection is opened in the first and closed in the last: the host sees one device with one handle.
"""

from ft260.reports import I2C_READ, PARTS, USAGE_PAGE

SIZE = 63  # bytes after the ID, of every report: what clients send and ask for beyond the chip's own sizes fits

_OPEN = (
    b"\x06\x00\xff\x09\x01\xa1\x01"  # usage page 0xFF00, usage 1, application collection
    b"\x15\x00\x26\xff\x00\x75\x08\x95\x3f"  # values 0 to 255, 8 bits each, 63 of them
)
_CLOSE = b"\xc0"
_FEATURE = b"\x09\x01\xb1\x02"
_OUTPUT = b"\x09\x01\x91\x02"
_INPUT = b"\x09\x01\x81\x02"


def in_lengths(part, interval):
    """Returns the length of what goes to the host, per ID of the part; a feature's answer counts as such.

    C2 never goes to the host: in its place code.py finds the interval, which it needs before it can read settings.
    """
    return tuple(interval if report == I2C_READ else SIZE for report in part)


def out_lengths(part):
    """Returns the length of what comes from the host, per ID of the part."""
    return tuple(SIZE for _ in part)


def descriptor(index):
    """Returns the bytes that Device `index` contributes to the report descriptor."""
    items = bytearray(_OPEN if index == 0 else b"")
    for report in PARTS[index]:
        items.extend(bytes((0x85, report)))
        if report < I2C_READ:
            items.extend(_FEATURE)
        elif report == I2C_READ:
            items.extend(_OUTPUT)
        else:
            items.extend(_INPUT)
            items.extend(_OUTPUT)
    if index == len(PARTS) - 1:
        items.extend(_CLOSE)
    return bytes(items)


def devices(make, interval):
    """Returns what usb_hid.enable() wants.

    :param make: the class usb_hid.Device
    :param int interval: ms in which the host is to ask for reports
    """
    return tuple(
        make(
            report_descriptor=descriptor(index),
            usage_page=USAGE_PAGE,
            usage=index + 1,
            report_ids=part,
            in_report_lengths=in_lengths(part, interval),
            out_report_lengths=out_lengths(part),
        )
        for index, part in enumerate(PARTS)
    )
