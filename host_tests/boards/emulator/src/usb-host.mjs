// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: FXCore Sandbox contributors
// A scripted USB host: enumerates the board, polls its CDC and HID endpoints, and runs control,
// HID and mass-storage (bulk-only) transfers. Everything that takes bus time is a generator that
// yields delays in nanoseconds and is run with Machine.spawn().
const US = 1000, MS = 1e6;
const GET_DESCRIPTOR = 6, SET_ADDRESS = 5, SET_CONFIGURATION = 9, CLEAR_FEATURE = 1;
const CLASS_CDC = 2, CLASS_HID = 3, CLASS_MSC = 8, CLASS_CDC_DATA = 10;

export class UsbHost {
  /** sink: onState(name), onCdc(text), onHid(bytes) */
  constructor(sink, { dtr = true, present = true } = {}) {
    this.sink = sink;
    this.dtr = dtr;
    this.present = present; // false: a charger
    this.unsent = [];
    this.connection = 0; // changes at every connect and disconnect; ends the pollers of the last one
  }
  attach(machine) {
    this.machine = machine;
    this.device = machine.usb;
    this.device.host = this;
    if (this.attached) this.onDisconnect(); // chip reset: the pull-up is gone
    const sof = machine.clock.createAlarm(() => {
      if (this.attached && this.device.connected()) this.device.startOfFrame();
      sof.schedule(MS);
    });
    sof.schedule(MS);
  }
  onConnect() {
    if (!this.present) return;
    this.attached = true;
    this.controlBusy = false;
    this.connection++;
    this.sink.onState('attached');
    this.machine.spawn(this.enumerate(this.connection));
  }
  onDisconnect() {
    if (!this.attached) return;
    this.attached = this.configured = false;
    this.unsent = [];
    this.connection++;
    this.sink.onState('detached');
  }

  // ---- packets and control transfers ----
  *busTime(bytes) { yield Math.ceil((bytes + 13) * 8 / 12 + 2) * US; } // 12 Mbit/s and per-packet overhead
  *in(ep, timeoutMs = 1000) {
    for (const t0 = this.machine.ms, connection = this.connection; ;) {
      if (connection !== this.connection) return { status: 'timeout', data: new Uint8Array(0) };
      const r = this.device.inToken(ep);
      if (r.status === 'ack') {
        yield* this.busTime(r.data.length);
        return r;
      }
      if (r.status === 'stall' || this.machine.ms - t0 >= timeoutMs) return r.status === 'stall' ? r : { status: 'timeout' };
      yield 40 * US;
    }
  }
  /** One OUT packet. Without a fixed toggle the endpoint's own sequence is used. */
  *out(ep, data, { timeoutMs = 1000, toggle } = {}) {
    for (const t0 = this.machine.ms, connection = this.connection; ;) {
      if (connection !== this.connection) return { status: 'timeout' };
      const r = this.device.outToken(ep, data, toggle ?? this.outToggle[ep]);
      if (r.status === 'ack') {
        if (toggle === undefined) this.outToggle[ep] ^= 1;
        yield* this.busTime(data.length);
        return r;
      }
      if (r.status === 'stall' || this.machine.ms - t0 >= timeoutMs) return r.status === 'stall' ? r : { status: 'timeout' };
      yield 40 * US;
    }
  }
  *control(type, request, value, index, length, data, timeoutMs = 1000) {
    const connection = this.connection;
    while (this.controlBusy) yield 100 * US;
    if (connection !== this.connection) return { status: 'timeout', data: new Uint8Array(0) };
    this.controlBusy = true;
    try {
      return yield* this.controlTransfer(type, request, value, index, length, data, timeoutMs);
    } finally {
      if (connection === this.connection) this.controlBusy = false;
    }
  }
  *controlTransfer(type, request, value, index, length, data, timeoutMs) {
    const received = [];
    const result = (r) => ({ status: r.status === 'ack' ? 'ok' : r.status, data: Uint8Array.from(received) });
    this.device.setup(Uint8Array.from([type, request, value & 255, value >> 8, index & 255, index >> 8, length & 255, length >> 8]));
    yield 12 * US;
    if (type & 0x80 && length) {
      for (;;) {
        const r = yield* this.in(0, timeoutMs);
        if (r.status !== 'ack') return result(r);
        received.push(...r.data);
        if (r.data.length < 64 || received.length >= length) break;
      }
      return result(yield* this.out(0, new Uint8Array(0), { toggle: 1, timeoutMs }));
    }
    for (let i = 0, toggle = 1; i < length; i += 64, toggle ^= 1) {
      const r = yield* this.out(0, data.subarray(i, Math.min(i + 64, length)), { toggle, timeoutMs });
      if (r.status !== 'ack') return result(r);
    }
    return result(yield* this.in(0, timeoutMs));
  }
  *descriptor(type, index, length, language = 0) {
    return (yield* this.control(0x80, GET_DESCRIPTOR, type << 8 | index, language, length)).data;
  }

  // ---- enumeration ----
  *enumerate(connection) {
    const gone = () => connection !== this.connection;
    yield 100 * MS; // attach debounce
    if (gone()) return;
    this.device.busReset();
    this.outToggle = new Uint8Array(16);
    yield 15 * MS;
    if (gone()) return;
    const first = yield* this.control(0x80, GET_DESCRIPTOR, 0x100, 0, 64);
    if (first.status !== 'ok') return this.sink.onState(`no device descriptor (${first.status})`);
    this.device.busReset();
    yield 15 * MS;
    yield* this.control(0, SET_ADDRESS, 7, 0, 0);
    yield 10 * MS;
    this.deviceDescriptor = yield* this.descriptor(1, 0, 18);
    const head = yield* this.descriptor(2, 0, 9);
    this.configurationDescriptor = yield* this.descriptor(2, 0, head[2] | head[3] << 8);
    this.parseInterfaces();
    this.strings = [];
    for (const index of this.deviceDescriptor.slice(14, 17)) {
      const text = index ? yield* this.descriptor(3, index, 255, 0x409) : [];
      this.strings.push(Buffer.from(text.slice(2)).toString('utf16le'));
    }
    const set = yield* this.control(0, SET_CONFIGURATION, 1, 0, 0);
    if (set.status !== 'ok' || gone()) return this.sink.onState(`SET_CONFIGURATION: ${set.status}`);
    this.configured = true;
    if (gone()) return;
    if (this.hid) {
      yield* this.control(0x21, 0x0a, 0, this.hid.number, 0); // SET_IDLE
      this.reportDescriptor = (yield* this.control(0x81, GET_DESCRIPTOR, 0x2200, this.hid.number, this.hid.reportDescriptorLength)).data;
      this.machine.spawn(this.pollHid(connection));
    }
    if (gone()) return;
    if (this.cdc) {
      yield* this.control(0x21, 0x20, 0, this.cdc.number, 7, Uint8Array.from([0, 0xc2, 1, 0, 0, 0, 8])); // 115200 8N1
      if (this.dtr) yield* this.setDtr(true);
      this.machine.spawn(this.pollCdc(connection));
    }
    if (!gone()) this.sink.onState('configured');
  }
  *setDtr(on) { return yield* this.control(0x21, 0x22, on ? 3 : 0, this.cdc.number, 0); }
  parseInterfaces() {
    const d = this.configurationDescriptor, interfaces = [];
    let itf;
    for (let i = 0; i < d.length && d[i]; i += d[i]) {
      if (d[i + 1] === 4) interfaces.push(itf = { number: d[i + 2], class: d[i + 5], in: 0, out: 0 });
      else if (d[i + 1] === 5) {
        itf[d[i + 2] & 0x80 ? 'in' : 'out'] = d[i + 2] & 15;
        itf[d[i + 2] & 0x80 ? 'inInterval' : 'outInterval'] = d[i + 6];
      } else if (d[i + 1] === 0x21 && itf.class === CLASS_HID) itf.reportDescriptorLength = d[i + 7] | d[i + 8] << 8;
    }
    this.interfaces = interfaces;
    const first = (kind) => interfaces.find((f) => f.class === kind) ?? null;
    this.hid = first(CLASS_HID);
    this.msc = first(CLASS_MSC);
    const control = first(CLASS_CDC), data = first(CLASS_CDC_DATA); // the console; nobody opens usb_cdc.data
    this.cdc = control && { number: control.number, in: data.in, out: data.out };
  }

  // ---- CDC and HID ----
  *pollCdc(connection) {
    while (connection === this.connection) {
      const r = this.cdcPaused ? {} : this.device.inToken(this.cdc.in);
      if (r.status === 'ack' && r.data.length) this.sink.onCdc(Buffer.from(r.data).toString('latin1'));
      yield (r.status === 'ack' ? 60 : 250) * US;
    }
  }
  *pollHid(connection) {
    while (connection === this.connection) {
      const r = this.hidPaused ? {} : this.device.inToken(this.hid.in);
      if (r.status === 'ack') this.sink.onHid(r.data);
      yield this.slot(this.hid.inInterval || 8, 0.15);
    }
  }
  *writeCdc(bytes) {
    for (let i = 0; i < bytes.length; i += 32) {
      const r = yield* this.out(this.cdc.out, bytes.subarray(i, i + 32), { timeoutMs: 2000 });
      if (r.status !== 'ack') return r;
    }
    return { status: 'ok' };
  }
  /** Time to the next turn of a periodic endpoint: every `interval` frames of 1 ms, `offsetMs` into the frame. */
  slot(interval, offsetMs) {
    const period = interval * MS, now = this.machine.ns - offsetMs * MS;
    const next = (Math.floor(now / period + 1e-9) + 1) * period + offsetMs * MS;
    return Math.max(1, next - this.machine.ns);
  }
  /** Interrupt OUT as a host schedules it: one transaction per bInterval frames, also after a NAK. */
  *writeHid(bytes, timeoutMs) {
    for (const t0 = this.machine.ms, connection = this.connection; ;) {
      yield this.slot(this.hid.outInterval || 8, 0.25);
      if (connection !== this.connection) return { status: 'timeout' };
      const r = this.device.outToken(this.hid.out, bytes, this.outToggle[this.hid.out]);
      if (r.status === 'ack') {
        this.outToggle[this.hid.out] ^= 1;
        return { status: 'ok' };
      }
      if (r.status === 'stall') return { status: 'stall' };
      if (this.machine.ms - t0 >= timeoutMs) return { status: 'timeout' };
    }
  }

  /** Queues packets that go out one after the other, whatever else the host does meanwhile. */
  streamHid(packets) {
    const idle = !this.unsent.length;
    this.unsent.push(...packets);
    if (idle) this.machine.spawn(this.sendQueue(this.connection));
  }
  *sendQueue(connection) {
    while (this.unsent.length && connection === this.connection) {
      const r = yield* this.writeHid(this.unsent[0], Infinity);
      if (r.status !== 'ok') break; // disconnected, or halted
      this.unsent.shift();
    }
  }

  // ---- mass storage, bulk-only transport ----
  *scsi(cdb, length, data) {
    const { msc } = this, cbw = new Uint8Array(31), view = new DataView(cbw.buffer);
    this.tag = (this.tag ?? 0) + 1;
    view.setUint32(0, 0x43425355, true);
    view.setUint32(4, this.tag, true);
    view.setUint32(8, length, true);
    cbw[12] = data ? 0 : 0x80;
    cbw[14] = cdb.length;
    cbw.set(cdb, 15);
    let r = yield* this.out(msc.out, cbw, { timeoutMs: 3000 });
    if (r.status !== 'ack') return { status: `command: ${r.status}` };
    const received = [];
    if (data) {
      for (let i = 0; i < length; i += 64) {
        r = yield* this.out(msc.out, data.subarray(i, i + 64), { timeoutMs: 3000 });
        if (r.status === 'stall') {
          yield* this.clearHalt(msc.out);
          break;
        }
        if (r.status !== 'ack') return { status: `data out: ${r.status}` };
      }
    } else {
      while (received.length < length) {
        r = yield* this.in(msc.in, 3000);
        if (r.status === 'stall') {
          yield* this.clearHalt(0x80 | msc.in);
          break;
        }
        if (r.status !== 'ack') return { status: `data in: ${r.status}` };
        if (r.data.length === 13 && !received.length && Buffer.from(r.data).toString('latin1', 0, 4) === 'USBS') return this.commandStatus(r.data, []);
        received.push(...r.data);
        if (r.data.length < 64) break;
      }
    }
    r = yield* this.in(msc.in, 3000);
    if (r.status === 'stall') {
      yield* this.clearHalt(0x80 | msc.in);
      r = yield* this.in(msc.in, 3000);
    }
    return r.status === 'ack' ? this.commandStatus(r.data, received) : { status: `status: ${r.status}` };
  }
  *clearHalt(endpoint) {
    yield* this.control(2, CLEAR_FEATURE, 0, endpoint, 0);
    if (!(endpoint & 0x80)) this.outToggle[endpoint] = 0;
  }
  commandStatus(csw, received) {
    return { status: csw[12] === 0 ? 'ok' : `failed (${csw[12]})`, data: Uint8Array.from(received) };
  }
}
