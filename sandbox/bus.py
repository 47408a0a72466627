# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""The one I2C bus: opened when it has power, looked at before each transfer, errors told apart."""

from fxcore.errors import ADDRESS_NAK, BUS_STUCK, BUS_TIMEOUT, DATA_NAK, NO_PULLUPS, Fault

SDA_HIGH = 1
SCL_HIGH = 2
BOTH_HIGH = SDA_HIGH | SCL_HIGH

# errno of CircuitPython's busio: ENODEV for the address, EIO for a data byte; both ETIMEDOUT values are in use.
ERRNO_CODES = {19: ADDRESS_NAK, 5: DATA_NAK, 110: BUS_TIMEOUT, 116: BUS_TIMEOUT}
EMPTY = b""


class Bus:
    """I2C transfers, one START..STOP each. Every failure is a Fault.

    :param open_i2c: `open_i2c(hz)` returns a busio.I2C; RuntimeError where the lines have no pull-ups
    :param lines: returns SDA_HIGH | SCL_HIGH as the lines are now
    :param rescue: clocks a stuck target free and returns the lines; the I2C object is closed meanwhile
    :param device_class: adafruit_bus_device's I2CDevice
    :param int hz: clock of the chip's own transfers
    """

    def __init__(self, open_i2c, lines, rescue, device_class, hz):
        self._open_i2c = open_i2c
        self._lines = lines
        self._rescue = rescue
        self._device_class = device_class
        self._i2c = None
        self._open_hz = 0
        self._hz = hz

    def port(self, address):
        """Returns the transfers with one chip, at the bus's own clock."""
        return ChipPort(self, address, self._hz)

    def acquire(self, hz):
        """Returns the busio.I2C at this clock, with both lines high; raises Fault where that cannot be had."""
        self._free_lines()
        if self._i2c is None or self._open_hz != hz:
            self._open(hz)
        return self._i2c

    def device(self, address, hz):
        """Returns an I2CDevice for one transfer. It waits for a locked bus for ever: such a bus is a Fault before."""
        i2c = self.acquire(hz)
        _lock(i2c)
        i2c.unlock()
        return self._device_class(i2c, address, probe=False)

    def answers(self, address):
        """True when a target acknowledges its address: a write without data."""
        try:
            self.transfer(self._hz, address, EMPTY, None)
        except Fault as fault:
            if fault.code == ADDRESS_NAK:
                return False
            raise
        return True

    def transfer(self, hz, address, data, into):
        """One write of `data`, one read that fills `into`, or both with a repeated START (None: not wanted)."""
        i2c = self._i2c
        if i2c is None or self._open_hz != hz or self._lines() != BOTH_HIGH:
            i2c = self.acquire(hz)
        _lock(i2c)
        try:
            if into is None:
                i2c.writeto(address, data)
            elif data is None:
                i2c.readfrom_into(address, into)
            else:
                i2c.writeto_then_readfrom(address, data, into)
        except OSError as error:
            raise bus_fault(error)
        finally:
            i2c.unlock()

    def recover(self):
        """Frees the lines if they are stuck; whether that helped, the next transfer tells."""
        if self._lines() != BOTH_HIGH:
            self.close()
            self._rescue()

    def close(self):
        """Gives the pins back."""
        if self._i2c is not None:
            self._i2c.deinit()
            self._i2c = None

    def _open(self, hz):
        self.close()
        try:
            self._i2c = self._open_i2c(hz)
        except RuntimeError:
            self._refuse(self._rescue())
            self._i2c = self._open_again(hz)
        self._open_hz = hz

    def _open_again(self, hz):
        try:
            return self._open_i2c(hz)
        except RuntimeError:
            raise Fault(NO_PULLUPS, "SDA or SCL has no pull-up")

    def _free_lines(self):
        """Both lines must be high, or a transfer would stall for a second."""
        if self._i2c is not None and self._lines() != BOTH_HIGH:
            self.close()
            self._refuse(self._rescue())

    @staticmethod
    def _refuse(levels):
        """Raises Fault unless both lines are high."""
        if not levels:
            raise Fault(NO_PULLUPS, "SDA and SCL are low")
        if levels != BOTH_HIGH:
            raise Fault(BUS_STUCK, "{} stays low".format("SCL" if levels & SDA_HIGH else "SDA"))


class ChipPort:
    """Transfers with the chip at one address, through I2CDevice."""

    def __init__(self, bus, address, hz):
        self._bus = bus
        self._address = address
        self._hz = hz

    def write(self, buffer):
        """One write, START to STOP."""
        with self._bus.device(self._address, self._hz) as device:
            try:
                device.write(buffer)
            except OSError as error:
                raise bus_fault(error)

    def read_into(self, buffer):
        """One read that fills the buffer."""
        with self._bus.device(self._address, self._hz) as device:
            try:
                device.readinto(buffer)
            except OSError as error:
                raise bus_fault(error)


def _lock(i2c):
    if not i2c.try_lock():
        raise Fault(BUS_STUCK, "the bus is locked")


def bus_fault(error):
    """Returns the Fault for an OSError of busio."""
    return Fault(ERRNO_CODES.get(error.errno, BUS_TIMEOUT), "errno {}".format(error.errno))
