# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""What the host sends over endpoint 0: SET_REPORT of settings, and of output reports where a driver prefers that.

CircuitPython keeps a copy of what is exactly 63 bytes long, one per report ID. The rest can be seen in the controller's
memory (RP2040 datasheet 4.1.2.5) as long as no other control transfer follows. A program that sets something short
and asks for something else within 0.3 ms may not be heard; nothing can be done about it from here.
"""

from ft260.layout import AVAILABLE, EP0_BUFFER, EP0_OUT_CONTROL, EP0_SETUP, FULL
from ft260.reports import GPIO, I2C_READ, I2C_RESET, REPORT_SIZE, SYSTEM

_TO_INTERFACE, _SET_REPORT = 0x21, 9  # the first two bytes of a setup packet (HID 1.11, 7.2)
# Its bytes may come in at any moment, and TinyUSB reads them in its interrupt. So nothing may be written there but the
# high byte of wIndex, which requests to an interface do not use: it tells a known packet.
MARK, SEEN = 0x005, 0xA5

_SCANS = 40  # copies looked at after a control transfer: every ID's at least once
_TRIES = 20  # immediate looks for the data of a setup packet, 60 us each: it comes in the same frame or the next
RESET = bytes((I2C_RESET,))  # the payload of an I2C reset, but for zeros


class Endpoint0:
    """There may be something to find while `scans` is not 0 or `dpram[MARK]` is not SEEN.

    :param dpram: the controller's memory, read and written by index and slice
    :param dict devices: the usb_hid.Device of each report ID
    """

    def __init__(self, dpram, devices):
        self._dpram, self._devices = dpram, devices
        self._ids = report_ids(devices)
        self._turn = 0
        self.scans = 0
        self._pending = None  # setup packet of a short SET_REPORT whose data is not there yet
        self._announced = SYSTEM  # whose copy is expected before others
        for report_id in self._ids:
            devices[report_id].get_last_received_report(report_id)  # from before the bridge ran

    def look(self):
        """Returns (ID, payload) of the next report, or None. Takes 1.5 ms at most."""
        if self._pending:
            return self._collect()
        if self._dpram[MARK] != SEEN:
            return self._announce()
        if self.scans:
            return self._scan()
        return None

    def earlier(self):
        """Returns what the host had sent here before a packet that is there now, as far as can be told, or None."""
        if self._pending or self._dpram[MARK] != SEEN:
            found = self.look()
            if found:
                return found
        if self.scans:
            for report_id in (SYSTEM, self._announced):
                copy = self._devices[report_id].get_last_received_report(report_id)
                if copy is not None:
                    return report_id, copy
        return None

    def _announce(self):
        """Looks at the last setup packet. A host that only asks costs no memory."""
        dpram = self._dpram
        self.scans = _SCANS
        dpram[MARK] = SEEN
        if dpram[EP0_SETUP] != _TO_INTERFACE:
            return None
        setup = dpram[EP0_SETUP : EP0_SETUP + 8]
        if setup[MARK] != SEEN:
            return None  # another one has come in since: the next look sees that
        if setup[0] != _TO_INTERFACE or setup[1] != _SET_REPORT or not 0 < setup[6] <= REPORT_SIZE or setup[7]:
            return None  # no SET_REPORT, or no data, or too much for a packet
        report_id, size = setup[2], setup[6]
        self._announced = SYSTEM
        if size == REPORT_SIZE and report_id in self._devices:
            self._announced = report_id
            return self._older(report_id)
        self._pending = setup
        for _ in range(_TRIES):
            found = self._collect()
            if found or not self._pending:
                return found
        return None

    def _older(self, announced):
        """Looks for an exact report before this one, whose setup packet is gone if nobody could look in between."""
        for report_id in self._ids:
            if report_id != announced:
                copy = self._devices[report_id].get_last_received_report(report_id)
                if copy is not None:
                    return report_id, copy
        return None

    def _collect(self):
        """Returns the short report if all of its data is there; gives it up when another transfer has begun.

        What is given up is taken for a reset if it has the size of one: few other settings have no parameter.

        Nothing is written: TinyUSB may hand the buffer to the controller again at any jump of this program. It has done
        so for this transfer since its setup packet came, so that what is complete is not the data of the last one.
        """
        dpram, setup = self._dpram, self._pending
        control = dpram[EP0_OUT_CONTROL : EP0_OUT_CONTROL + 2]
        whole = control[0] == setup[6] and control[1] & (FULL | AVAILABLE) == FULL
        data = dpram[EP0_BUFFER : EP0_BUFFER + setup[6]]
        found = whole and data[0] == setup[2]
        if found:
            self._pending = None
            return data[0], data[1:]
        if dpram[MARK] != SEEN:
            self._pending = None
            if setup[2] == SYSTEM and setup[6] == 1 + len(RESET):
                return SYSTEM, RESET
        return None

    def _scan(self):
        """Looks for a copy: of the announced report or of SYSTEM, and of each ID in turn.

        A setup packet may have been missed, and a reset must not come late.
        """
        self.scans -= 1
        report_id = self._announced
        if self.scans & 1:
            self._turn = (self._turn + 1) % len(self._ids)
            report_id = self._ids[self._turn]
        copy = self._devices[report_id].get_last_received_report(report_id)
        return None if copy is None else (report_id, copy)


def report_ids(devices):
    """Returns the IDs of what a host sends, out of all."""
    return tuple(report_id for report_id in sorted(devices) if report_id in (SYSTEM, GPIO) or report_id >= I2C_READ)
