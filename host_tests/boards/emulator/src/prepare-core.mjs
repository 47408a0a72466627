// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: FXCore Sandbox contributors
// Generates core/ from the npm package rp2040js: a copy of its ES modules in which the instruction
// decoder is a table-driven switch, memory accesses have fast paths, and flash reads go through a
// model of the XIP cache. Run by prepare.py, which names the folder to write. core/ is never committed.
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const VERSION = '1.4.1';
const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const packageDir = path.join(root, 'node_modules', 'rp2040js');
const outDir = process.argv[2];

function replaceOnce(source, pattern, replacement) {
  const parts = source.split(pattern);
  if (parts.length !== 2) throw new Error(`prepare-core: "${pattern.trim()}" found ${parts.length - 1} times`);
  return parts.join(replacement);
}

/** Splits executeInstruction()'s long if / else-if chain into { cond, body } branches. */
function decodeChain(lines) {
  const start = lines.findIndex((l) => /^    executeInstruction\(\) \{/.test(l));
  let i = lines.findIndex((l, k) => k > start && /let deltaCycles = 1;/.test(l)) + 1;
  const branches = [];
  let current = null;
  for (; !/this\.cycles \+= deltaCycles/.test(lines[i]); i++) {
    const condition = lines[i].match(/^        (?:else )?if \((.*)\) \{$/);
    if (condition || /^        else \{$/.test(lines[i])) {
      current = { cond: condition?.[1] ?? null, body: [] };
      branches.push(current);
    } else if (/^        \}$/.test(lines[i])) current = null;
    else if (current) current.body.push(lines[i]);
  }
  const end = lines.findIndex((l, k) => k > i && /^    \}$/.test(l));
  if (branches.length < 60 || branches.at(-1).cond !== null) throw new Error('prepare-core: unexpected decoder layout');
  return { start, end, branches };
}

// WFI ends at once when an interrupt is pending that came while PRIMASK held it back; without this
// the core looks only at the next one, and a host waits for ever.
const WFI = `        // WFI
        else if (opcode === 0b1011111100110000) {
            deltaCycles++;
            this.waiting = true;
`;

function patchCore(source) {
  const lines = replaceOnce(source, WFI, `${WFI}            this.interruptsUpdated = true;\n`).split('\n');
  const { start, end, branches } = decodeChain(lines);
  const undefinedOp = branches.length - 1;
  const isWide = (b) => b.cond && /opcode2/.test(b.cond);
  const WIDE = 255;
  // Evaluate the original conditions once for each of the 65536 first halfwords.
  const classify = new Function('opcode', branches
    .map((b, k) => (b.cond && !isWide(b) ? `if (${b.cond}) return ${k};` : '')).join('\n') + `return ${undefinedOp};`);
  const table = Array.from({ length: 65536 }, (_, op) => (op >> 12 === 15 || op >> 11 === 0b11101 ? WIDE : classify(op)));
  const narrow = branches.map((b, k) => (b.cond && !isWide(b)
    ? `        case ${k}: { // ${b.cond}\n${b.body.join('\n')}\n            break; }` : null)).filter(Boolean);
  const wide = branches.filter(isWide).map((b) => `if (${b.cond}) {\n${b.body.join('\n')}\n            }`);
  const fallback = branches[undefinedOp].body.join('\n');
  const method = `    executeInstruction() {
        if (this.interruptsUpdated && this.checkForInterrupts()) {
            this.waiting = false;
        }
        const regs = this.registers;
        const opcodePC = (regs[15] & ~1) >>> 0;
        const opcode = this.rp2040.fetch16(opcodePC);
        regs[15] += 2;
        let deltaCycles = 1;
        let opcode2 = 0;
        switch (OPTABLE[opcode]) {
${narrow.join('\n')}
        case ${WIDE}: {
            opcode2 = this.rp2040.fetch16((opcodePC + 2) >>> 0);
            ${wide.join(' else ')} else {\n${fallback}\n            }
            break; }
        default: {\n${fallback}\n            break; }
        }
        this.cycles += deltaCycles;
        return deltaCycles;
    }`;
  const patched = [...lines.slice(0, start), method, ...lines.slice(end + 1)].join('\n');
  return replaceOnce(patched, 'export class CortexM0Core', `const OPTABLE = Uint8Array.from(${JSON.stringify(table)});\nexport class CortexM0Core`);
}

// XIP cache: 16 KiB, 2 ways, 8-byte lines (RP2040 datasheet 2.6.3). A miss adds xipMissCycles.
const FAST_MEMORY = `    initFast() {
        this.sram32 = new Uint32Array(this.sram.buffer);
        this.sram16 = new Uint16Array(this.sram.buffer);
        this.flash32 = new Uint32Array(this.flash.buffer);
        this.rom16 = new Uint16Array(this.bootrom.buffer);
        this.xipTags = new Int32Array(2048).fill(-1);
        this.xipLru = new Uint8Array(1024);
        this.xipStall = 0;
        this.xipMissCycles = 0;
        this.xipLast = -1;
    }
    xip(address) {
        const line = (address & 0xffffff) >>> 3;
        if (line === this.xipLast) return;
        this.xipLast = line;
        const set = line & 1023, tags = this.xipTags, base = set << 1;
        if (tags[base] === line) { this.xipLru[set] = 1; return; }
        if (tags[base + 1] === line) { this.xipLru[set] = 0; return; }
        const way = this.xipLru[set];
        tags[base + way] = line;
        this.xipLru[set] = way ^ 1;
        this.xipStall += this.xipMissCycles;
    }
    fetch16(address) {
        const top = address >>> 24;
        if (top === 0x10) { if (this.xipMissCycles) this.xip(address); return this.flash16[(address & 0xffffff) >>> 1]; }
        if (top === 0x20 && address < 0x20042000) return this.sram16[(address & 0xffffff) >>> 1];
        if (address < 0x4000) return this.rom16[address >>> 1];
        return this.readUint16(address);
    }
    readUint32(address) {
        address = address >>> 0;
        if (!(address & 3)) {
            const top = address >>> 24;
            if (top === 0x20 && address < 0x20042000) return this.sram32[(address & 0xffffff) >>> 2];
            if (top >= 0x10 && top < 0x14) { if (this.xipMissCycles) this.xip(address); return this.flash32[(address & 0xffffff) >>> 2]; }
            if (top === 0x40) {
                const peripheral = this.findPeripheral(address);
                if (peripheral) return peripheral.readUint32(address & 0x3fff);
            }
        }
        return this.readUint32Slow(address);
    }
    readUint32Slow(address) {`;
const FAST_WRITE = `    writeUint32(address, value) {
        address = address >>> 0;
        if ((address >>> 24) === 0x20 && address < 0x20042000 && !(address & 3)) { this.sram32[(address & 0xffffff) >>> 2] = value; return; }
        this.writeUint32Slow(address, value);
    }
    writeUint32Slow(address, value) {`;
const fastRead = (bits, ram, flash) => `    readUint${bits}(address) {
        address = address >>> 0;
        const top = address >>> 24;
        if (top === 0x20 && address < 0x20042000) return ${ram};
        if (top >= 0x10 && top < 0x14) { if (this.xipMissCycles) this.xip(address); return ${flash}; }`;

function patchChip(source) {
  source = replaceOnce(source, '    readUint32(address) {', FAST_MEMORY);
  source = replaceOnce(source, '    writeUint32(address, value) {', FAST_WRITE);
  source = replaceOnce(source, '    readUint16(address) {',
    fastRead(16, 'this.sramView.getUint16(address - 0x20000000, true)', 'this.flashView.getUint16(address & 0xffffff, true)'));
  source = replaceOnce(source, '    readUint8(address) {',
    fastRead(8, 'this.sram[address - 0x20000000]', 'this.flash[address & 0xffffff]'));
  // The table is sparse; firmware mostly reads the same peripheral again and again.
  source = replaceOnce(source, '        return this.peripherals[(address >>> 14) << 2];', `        const key = (address >>> 14) << 2;
        if (key !== this.lastPeripheralKey || !this.lastPeripheral) {
            this.lastPeripheralKey = key;
            this.lastPeripheral = this.peripherals[key];
        }
        return this.lastPeripheral;`);
  return replaceOnce(source, '        this.reset();\n    }\n    loadBootrom',
    '        this.initFast();\n        this.reset();\n    }\n    loadBootrom');
}

const installed = JSON.parse(fs.readFileSync(path.join(packageDir, 'package.json'), 'utf8')).version;
if (installed !== VERSION) throw new Error(`prepare-core: needs rp2040js ${VERSION}, found ${installed}`);
fs.rmSync(outDir, { recursive: true, force: true });
fs.cpSync(path.join(packageDir, 'dist', 'esm'), outDir, { recursive: true, filter: (f) => !f.endsWith('.d.ts') });
fs.copyFileSync(path.join(packageDir, 'LICENSE'), path.join(outDir, 'LICENSE'));
fs.writeFileSync(path.join(outDir, 'package.json'), '{"type":"module"}\n');
for (const [name, patch] of [['cortex-m0-core.js', patchCore], ['rp2040.js', patchChip]]) {
  const file = path.join(outDir, name);
  fs.writeFileSync(file, patch(fs.readFileSync(file, 'utf8')));
}
console.log(`core/ generated from rp2040js ${VERSION}`);
