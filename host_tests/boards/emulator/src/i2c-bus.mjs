// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: FXCore Sandbox contributors
// The I2C bus: targets seen by the RP2040's I2C controller (byte level, with bit-rate timing) and by
// firmware that bit-bangs the same two pins (CircuitPython does this for zero-length writes, as in
// i2c.scan(), and for bitbangio.I2C).
//
// Targets live behind `targets`: a Map address -> { busy, ack, readSize, stretchUs } of flags, and
// `ask(what, fields)`, a synchronous call to whoever implements them.

const SDA = 0, SCL = 1, CONTROLLER = 0; // GP0 and GP1 are the pins of I2C0

export class I2cBus {
  constructor(ask, onTransfer) {
    Object.assign(this, { ask, onTransfer });
    this.targets = new Map();
    this.stuck = { sda: false, scl: false };
    this.pulsesLeft = 0;
  }
  attach(machine) {
    this.machine = machine;
    this.generation = (this.generation ?? 0) + 1;
    this.transfer = null;
    this.blocked = null;
    this.pinState = { sda: 1, scl: 1, phase: 'idle' };
    this.targetLow = false;
    machine.external ??= new Map();
    machine.external.set(SDA, this.stuck.sda ? 0 : 1);
    machine.external.set(SCL, this.stuck.scl ? 0 : 1);
    this.attachController(machine.mcu.i2c[CONTROLLER]);
  }
  /** releaseAfter: whoever holds SDA lets go of it after so many pulses of SCL; 0: never. */
  setStuck(sda, scl, releaseAfter = 0) {
    this.stuck = { sda, scl };
    this.pulsesLeft = releaseAfter;
    this.driveLines();
    if (!sda && !scl && this.blocked) {
      const resume = this.blocked;
      this.blocked = null;
      resume();
    }
  }
  driveLines() {
    this.machine.pins.drive(SDA, !(this.stuck.sda || this.targetLow));
    this.machine.pins.drive(SCL, !this.stuck.scl);
  }

  // ---- transfers, common to both levels ----
  begin(address, reading, bitBanged) {
    const target = this.targets.get(address);
    this.transfer = { start: this.machine.ns, address, reading, bitBanged, target, data: [], surplus: [], acked: 0, delivered: false };
    this.transfer.addressAck = !!target && !(target.busy && this.ask('busy', { address }));
    return this.transfer.addressAck;
  }
  /** A byte from the controller; last: it carries the STOP flag, so the target can still refuse it. */
  byteWritten(value, last) {
    const t = this.transfer;
    t.data.push(value);
    let ack = !t.target?.ack || !!this.ask('ack', { address: t.address, data: t.data });
    if (ack && last) ack = this.deliver(t.data.length) >= t.data.length;
    if (ack) t.acked++;
    return ack;
  }
  /** Hands the acknowledged bytes of a write to the target; returns how many it takes. */
  deliver(count) {
    const t = this.transfer;
    t.delivered = true;
    return count ? this.ask('write', { address: t.address, data: t.data.slice(0, count) }) : 0;
  }
  nextReadByte() {
    const t = this.transfer;
    if (!t.surplus.length) t.surplus = [...this.ask('read', { address: t.address, count: t.target.readSize })];
    const value = t.surplus.length ? t.surplus.shift() : 0xff;
    t.data.push(value);
    return value;
  }
  end(stop) {
    const t = this.transfer;
    if (!t) return;
    if (!t.reading && t.addressAck && !t.delivered) this.deliver(t.acked);
    this.transfer = null;
    this.onTransfer({ start: t.start, end: this.machine.ns, address: t.address, reading: t.reading, data: t.data,
      addressAck: t.addressAck, acked: t.reading ? t.data.length : t.acked, stop, bitBanged: t.bitBanged });
  }

  // ---- the RP2040's I2C controller ----
  attachController(i2c) {
    const bits = (n) => n * (i2c.sclLowPeriod + i2c.sclHighPeriod) * this.machine.cycleNs;
    const later = (n, action) => {
      const generation = this.generation; // a reset of the controller cancels what is under way
      const run = () => {
        if (generation !== this.generation) return;
        if (this.stuck.scl) this.blocked = run; // clock held: nothing moves until it is released
        else action();
      };
      const stretch = (this.transfer?.target?.stretchUs ?? 0) * 1000;
      this.machine.after(bits(n) + (n === 9 ? stretch : 0), run);
    };
    i2c.onStart = (restart) => {
      if (restart) this.end(false);
      const start = () => later(1, () => i2c.completeStart());
      if (this.stuck.sda || this.stuck.scl) this.blocked = start; // bus not free
      else start();
    };
    i2c.onConnect = (address, mode) => {
      if (this.transfer) this.end(false);
      const ack = this.begin(address, !!mode, false);
      later(9, () => i2c.completeConnect(ack));
    };
    i2c.onWriteByte = (value) => later(9, () => i2c.completeWrite(this.byteWritten(value, i2c.stop)));
    i2c.onReadByte = () => {
      const value = this.nextReadByte();
      later(9, () => i2c.completeRead(value));
    };
    i2c.onStop = () => later(1, () => {
      this.end(true);
      i2c.completeStop();
    });
  }
  onI2cReset(index) {
    if (index !== CONTROLLER) return;
    this.generation++;
    this.blocked = null;
    this.end(false);
  }

  // ---- the pins, for bit-banged transfers ----
  onPin(n, level) {
    const s = this.pinState;
    if (n === SDA && level !== s.sda) {
      s.sda = level;
      if (s.scl && this.pinsAreGpio()) level ? this.pinStop() : this.pinStart();
    } else if (n === SCL && level !== s.scl) {
      s.scl = level;
      if (!level && this.stuck.sda && this.pulsesLeft && !--this.pulsesLeft) this.setStuck(false, this.stuck.scl);
      if (s.phase !== 'idle') level ? this.clockRise() : this.clockFall();
    }
  }
  pinsAreGpio() { return [SDA, SCL].every((n) => this.machine.mcu.gpio[n].functionSelect === 5); }
  pinStart() {
    if (this.transfer) this.end(false);
    Object.assign(this.pinState, { phase: 'address', bit: 0, shift: 0 });
  }
  pinStop() {
    if (this.pinState.phase !== 'idle') this.end(true);
    this.pinState.phase = 'idle';
  }
  clockRise() {
    const s = this.pinState;
    s.bit++;
    if (s.bit <= 8) s.shift = ((s.shift << 1) | s.sda) & 0xff;
    else if (s.phase === 'read') s.more = !s.sda; // the controller acknowledges: it wants another byte
  }
  clockFall() {
    const s = this.pinState;
    if (s.bit < 8) {
      if (s.phase === 'read') this.holdSda(!((s.out >> (7 - s.bit)) & 1));
    } else if (s.bit === 8) {
      if (s.phase === 'address') s.ack = this.begin(s.shift >> 1, !!(s.shift & 1), true);
      else if (s.phase === 'write') s.ack = this.byteWritten(s.shift, false);
      this.holdSda(s.phase !== 'read' && s.phase !== 'ignore' && s.ack);
    } else {
      this.holdSda(false);
      if (s.phase === 'address') s.phase = !s.ack ? 'ignore' : this.transfer.reading ? 'read' : 'write';
      else if (s.phase === 'write' && !s.ack) s.phase = 'ignore';
      else if (s.phase === 'read' && !s.more) s.phase = 'ignore';
      s.bit = 0;
      s.shift = 0;
      if (s.phase === 'read') {
        s.out = this.nextReadByte();
        this.holdSda(!(s.out & 0x80));
      }
    }
  }
  holdSda(low) {
    this.targetLow = low;
    this.driveLines();
  }
}
