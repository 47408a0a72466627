# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""The bridge's side towards the host: requests in, status, feature answers and input reports out."""

from ft260.inbox import Inbox
from ft260.reports import BUSY


class Port:
    """:param dpram: a ft260.dpram.Dpram, or None
    :param dict devices: the usb_hid.Device of each report ID
    :param mailbox: a ft260.mailbox.Mailbox
    :param connected: returns True while the host has the device configured and awake
    """

    def __init__(self, dpram, devices, mailbox, connected):
        self._dpram, self._devices, self._mailbox, self._connected = dpram, devices, mailbox, connected
        self._inbox = Inbox(dpram, devices, mailbox)
        self._given_up = False  # without DPRAM: the host does not fetch, and each try would cost 2 s
        self.catch = self._inbox.catch

    def poll(self, bridge):
        """Looks for reports and hands the bridge its next one, if it is free. First thing in every turn."""
        self._inbox.on_feature = bridge.set_feature
        self._inbox.look()
        if self._inbox.waiting and not bridge.busy:
            self._given_up = False
            bridge.take(self._inbox.pop())

    def show(self, status):
        """Changes the status in report C0: busy as long as requests wait."""
        self._mailbox.show(BUSY if self._inbox.waiting else status)

    def store(self, report_id, payload):
        """Answers GET_REPORT(Feature) with `payload`, without the ID, from now on."""
        self._mailbox.store(report_id, payload)

    @property
    def ready(self):
        """True if `send` does not have to wait for the host."""
        if not self._connected() or self._given_up:
            return False
        return self._dpram is None or (self._dpram.search() and self._dpram.in_free())

    def send(self, report_id, payload):
        """Queues one input report of 63 bytes. Returns False if that failed."""
        try:
            self._devices[report_id].send_report(payload, report_id)
        except OSError:
            self._given_up = self._dpram is None
            return False
        return True
