# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""The I2C controller of the FT260: turns one read or write request into bus transfers and an answer.

What the bus can do in one go is a write, a read, or a write and a read with a repeated START between them. So chunks
are held from START to STOP; a START that breaks off what is held makes that a whole write first; a read split over
several requests, or larger than the buffer, goes on with a START of its own.
"""

from ft260.answer import Answer
from ft260.reports import DATA_NAK, HELD, I2C_READ, OK, START, STATUS, STOP, TIMEOUT
from ft260.transfer import Transfer

FETCHED_MS = 500  # so long the host has for an input report: 60 times its polling interval


class Controller:
    """Parameters as those of ft260.bridge.Bridge."""

    def __init__(self, bus, port, timer, held_status):
        self._bus, self._port, self._timer = bus, port, timer
        self._when_held = HELD if held_status else STATUS[OK]
        self._request = None  # until its held predecessor is written
        self._done = STATUS[OK]  # the status when the request is done and nothing has failed
        self._result = OK  # the first failure of the request
        self._transfer = Transfer()
        self._to_write = False  # what is held is whole
        self._to_read = 0  # bytes asked for and not yet read
        self._answer = Answer()
        self._waits = False  # for the host, and the timer runs
        self.status = STATUS[OK]
        self.busy = False  # from `begin` until the request is done and its data sent

    def begin(self, request, result=OK):
        """Accepts a sound request, whose bytes stay unchanged until it is done. Only while not `busy`.

        :param result: of what came before it and belongs to it
        """
        flags, transfer, reading = request[2], self._transfer, request[0] == I2C_READ
        self._result = result
        self._done = STATUS[OK] if flags & STOP else self._when_held
        if transfer.open and flags & START and not (reading and request[1] == transfer.address):
            self._request = request  # what is held ends here
            self._to_write = self.busy = True
        elif reading:
            if not transfer.open:
                transfer.start(request[1])
            self._to_read = request[3] | request[4] << 8
            self._to_write = not self._to_read  # nothing to read: only asks whether the address answers
            self.busy = True
        elif not transfer.add(request):
            self._fail(DATA_NAK)  # not a byte of it goes to the bus
            self._finish()
        elif flags & STOP:
            self._to_write = self.busy = True
        else:
            self._finish()

    def refuse(self):
        """Answers a request that makes no sense: what it was meant to continue is not written either."""
        self._transfer.close()
        self.status = STATUS[DATA_NAK]

    def reset(self):
        """Forgets everything and frees the bus (AN_394 4.4.16)."""
        self._request = None
        self._to_read = 0
        self._to_write = self._waits = self.busy = False
        self._transfer.close()
        self._answer.drop()
        self._bus.recover()
        self.status = STATUS[OK]

    def let_go(self):
        """Forgets a write that was begun and never ended. Returns (address, bytes held) or None. Not while `busy`."""
        transfer = self._transfer
        if not transfer.open:
            return None
        left = transfer.address, transfer.length
        transfer.close()
        self.status = STATUS[OK]
        return left

    def step(self):
        """Does at most one bus transfer, and sends at most one input report. Only while `busy`."""
        if self._to_write:
            self._write()
        elif not self._answer.left:
            self._read()
        if self._answer.left:
            self._send()
        self.busy = self._to_write or self._to_read > 0 or self._answer.left > 0

    def _write(self):
        transfer, request = self._transfer, self._request
        result = self._bus.write(transfer.address, transfer.held())
        transfer.close()
        self._to_write = False
        if result != OK:
            self._fail(result)
        if request is None:
            self._finish()
        else:
            self._request = None
            self.begin(request, self._result)

    def _read(self):
        transfer = self._transfer
        into = transfer.space(self._to_read)
        if transfer.length:
            result = self._bus.write_then_read(transfer.address, transfer.held(), into)
        else:
            result = self._bus.read(transfer.address, into)
        transfer.close()
        if result == OK:
            self._to_read -= len(into)
            self._answer.begin(into)
        else:
            self._fail(result)
            self._answer.begin_void(self._to_read)
            self._to_read = 0

    def _send(self):
        if not self._port.ready:
            self._wait()
            return
        self._waits = False
        if not self._answer.send(self._port):
            self._give_up()
        elif not self._answer.left and not self._to_read:
            self._finish()

    def _wait(self):
        if not self._waits:
            self._waits = True
            self._timer.start(FETCHED_MS)
        elif self._timer.over:
            self._give_up()

    def _give_up(self):
        """Nobody fetches the data: drop it and be there for the next request."""
        self._waits = False
        self._answer.drop()
        self._to_read = 0
        self._fail(TIMEOUT)
        self._finish()

    def _fail(self, result):
        if self._result == OK:
            self._result = result

    def _finish(self):
        self.status = self._done if self._result == OK else STATUS[self._result]
