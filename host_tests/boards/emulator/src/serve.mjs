// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: FXCore Sandbox contributors
// JSON lines over stdin / stdout, one request at a time:
//   -> {"do": name, ...fields}      <- {"now": ms, "result": ...} or {"now": ms, "error": text}
// Replies and questions carry "events" since the last line. While a request runs, the emulator may
// put a question about an I2C target, and waits for the answer:
//   <- {"ask": "busy" | "ack" | "write" | "read", ...}      -> {"answer": ...}
// Bytes are hex strings, large images base64. All input is read synchronously: emulated time stands
// still while the driver thinks.
import fs from 'node:fs';
import { Machine } from './machine.mjs';
import { UsbHost } from './usb-host.mjs';
import { I2cBus } from './i2c-bus.mjs';
import { PixelDecoder } from './pixel.mjs';

const hex = (bytes) => Buffer.from(bytes ?? []).toString('hex');
const bytes = (text) => Uint8Array.from(Buffer.from(text, 'hex'));
const words = (text) => {
  const data = Buffer.from(text, 'base64');
  return Uint32Array.from({ length: data.length / 4 }, (_, i) => data.readUInt32LE(4 * i));
};

let machine, host, i2c, events = [], seen = new Set(), started = 0n;

// ---- line transport ----
let pending = Buffer.alloc(0);
function readLine() {
  const chunk = Buffer.alloc(1 << 16), parts = [pending];
  let end = pending.indexOf(10);
  while (end < 0) {
    const n = fs.readSync(0, chunk);
    if (!n) process.exit(0); // the driver is gone
    parts.push(Buffer.from(chunk.subarray(0, n)));
    end = chunk.subarray(0, n).includes(10) ? 0 : -1;
  }
  const all = Buffer.concat(parts), cut = all.indexOf(10);
  pending = all.subarray(cut + 1);
  return JSON.parse(all.toString('utf8', 0, cut));
}
function writeLine(message) {
  const data = Buffer.from(JSON.stringify({ now: machine?.ms ?? 0, events, ...message }) + '\n');
  events = [];
  for (let at = 0; at < data.length;) at += fs.writeSync(1, data, at);
}
function event(kind, ns, ...fields) {
  events.push([kind, ns / 1e6, ...fields]);
  seen.add(kind);
}
function ask(what, fields) {
  writeLine({ ask: what, ...fields, data: fields.data && hex(fields.data) });
  const { answer } = readLine();
  return what === 'read' ? bytes(answer) : answer;
}

// ---- running ----
/** Runs for ms; until: kinds of events that end it early. */
function run({ ms, until = [] }) {
  seen = new Set();
  machine.run(ms * 1e6, until.length ? () => until.some((kind) => seen.has(kind)) : undefined);
  if (machine.halt) throw new Error(`the emulated CPU stopped: ${machine.halt}`);
  return { hit: until.some((kind) => seen.has(kind)) };
}
/** Runs a host transfer to its end; emulated time goes on meanwhile. */
function transfer(generator, limitMs = 60000) {
  const task = machine.spawn(generator), until = machine.ns + limitMs * 1e6;
  while (!task.done && !task.dead && machine.ns < until && !machine.halt) machine.run(until - machine.ns, () => task.done || task.dead);
  if (machine.halt) throw new Error(`the emulated CPU stopped: ${machine.halt}`);
  if (task.error) throw task.error;
  if (!task.done) {
    if (!task.dead) task.dead = true;
    return { status: machine.ns < until ? 'reset' : 'timeout', data: '' };
  }
  return { ...task.value, data: hex(task.value.data) };
}
function needUsb(what) {
  if (!host.configured) throw new Error('USB is not configured (run until the board is enumerated first)');
  if (what && !host[what]) throw new Error(`the board has no ${what.toUpperCase()} interface`);
}

const requests = {
  start(r) {
    started = process.hrtime.bigint();
    host = new UsbHost({
      onState: (name) => event('usb', machine?.ns ?? 0, name),
      onCdc: (text) => event('console', machine.ns, text),
      onHid: (data) => event('hid', machine.ns, hex(data)),
    }, { dtr: r.dtr, present: r.host });
    i2c = new I2cBus(ask, (t) => event('i2c', t.start, { ...t, start: t.start / 1e6, end: t.end / 1e6, data: hex(t.data) }));
    const pixel = new PixelDecoder((ns, data) => event('pixel', ns, hex(data)));
    machine = new Machine({
      bootrom: words(r.bootrom), xipModel: r.xipModel,
      components: [host, i2c, pixel],
      onReset: (kind) => event('reset', machine.ns, kind),
      onFlash: (kind, offset, count) => event('flash', machine.ns, kind, offset, count),
    });
    machine.mcu.flash.set(Buffer.from(r.flash, 'base64'));
  },
  run,
  reset: (r) => machine.reset(r.kind),
  cutPower: (r) => machine.planCut(r.first, r.end, r.steps),
  usb: () => ({
    configured: !!host.configured, device: hex(host.deviceDescriptor), configuration: hex(host.configurationDescriptor),
    report: hex(host.reportDescriptor), strings: host.strings ?? [], interfaces: host.interfaces ?? [], hid: host.hid?.number ?? null,
  }),
  control(r) {
    needUsb();
    const data = r.data === undefined ? undefined : bytes(r.data);
    return transfer(host.control(r.type, r.request, r.value, r.index, data ? data.length : r.length, data, r.timeout));
  },
  dtr(r) {
    needUsb('cdc');
    return transfer(host.setDtr(r.on));
  },
  cdcWrite(r) {
    needUsb('cdc');
    return transfer(host.writeCdc(bytes(r.data)));
  },
  hidOut(r) {
    needUsb('hid');
    return transfer(host.writeHid(bytes(r.data), r.timeout));
  },
  hidStream(r) {
    needUsb('hid');
    host.streamHid(r.packets.map(bytes));
  },
  hidUnsent: () => host.unsent.length,
  hidPause(r) { host.hidPaused = r.on; },
  cdcPause(r) { host.cdcPaused = r.on; },
  scsi(r) {
    needUsb('msc');
    const data = r.data === undefined ? undefined : bytes(r.data);
    return transfer(host.scsi(bytes(r.cdb), data ? data.length : r.length, data));
  },
  i2cAttach(r) { i2c.targets.set(r.address, { busy: r.busy, ack: r.ack, readSize: r.readSize, stretchUs: r.stretchUs }); },
  i2cDetach(r) { i2c.targets.delete(r.address); },
  i2cStuck: (r) => i2c.setStuck(r.sda, r.scl, r.releaseAfter),
  gpio: (r) => machine.pins.level(r.pin),
  gpioDrive: (r) => machine.pins.drive(r.pin, r.level),
  peek: (r) => hex(machine.peek(r.address, r.length)),
  flash: (r) => Buffer.from(machine.mcu.flash.subarray(r.offset, r.offset + r.length)).toString('base64'),
  stats: () => ({ instructions: machine.instructions, wall: Number(process.hrtime.bigint() - started) / 1e9 }),
};

for (;;) {
  const request = readLine();
  try {
    writeLine({ result: requests[request.do](request) ?? null });
  } catch (e) {
    writeLine({ error: e.message });
    if (process.env.EMULATOR_DEBUG) console.error(e);
  }
}
