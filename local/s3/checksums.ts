/**
 * The checksums of S3's flexible integrity checking.
 * Source: Amazon S3 User Guide, "Checking object integrity".
 */
import { createHash, type Hash } from 'node:crypto';
import { crc32 } from 'node:zlib';

export const checksumAlgorithms = ['CRC32', 'CRC32C', 'CRC64NVME', 'SHA1', 'SHA256'] as const;
export type ChecksumAlgorithm = (typeof checksumAlgorithms)[number];
export type ChecksumType = 'FULL_OBJECT' | 'COMPOSITE';

export interface Checksum {
  readonly algorithm: ChecksumAlgorithm;
  /** Base64; with `-<parts>` at its end when composite. */
  readonly value: string;
  readonly type: ChecksumType;
}

export interface ChecksumCalculator {
  update(chunk: Buffer): void;
  /** Base64. */
  digest(): string;
}

export function headerOf(algorithm: ChecksumAlgorithm): string {
  return `x-amz-checksum-${algorithm.toLowerCase()}`;
}

export function calculatorOf(algorithm: ChecksumAlgorithm): ChecksumCalculator {
  switch (algorithm) {
    case 'CRC32':
      return new Crc32();
    case 'CRC32C':
      return new TableCrc(castagnoli);
    case 'CRC64NVME':
      return new TableCrc(nvme);
    case 'SHA1':
    case 'SHA256':
      return new Sha(createHash(algorithm.toLowerCase()));
  }
}

/** The composite checksum of a multipart upload: the algorithm over its parts' checksums, and how many there are. */
export function compositeChecksum(algorithm: ChecksumAlgorithm, parts: readonly string[]): string {
  const calculator = calculatorOf(algorithm);
  for (const part of parts) calculator.update(Buffer.from(part, 'base64'));
  return `${calculator.digest()}-${parts.length}`;
}

/** The checksum of the whole object from those of its parts; CRCs alone can be combined. */
export function fullObjectChecksum(
  algorithm: 'CRC32' | 'CRC32C' | 'CRC64NVME',
  parts: readonly { readonly checksum: string; readonly size: number }[],
): string {
  const field = fields[algorithm];
  const combined = parts.reduce((crc, part) => combine(field, crc, fromBase64(part.checksum), part.size), 0n);
  return toBase64(combined, field.bits);
}

class Crc32 implements ChecksumCalculator {
  #crc = 0;

  update(chunk: Buffer): void {
    this.#crc = crc32(chunk, this.#crc);
  }

  digest(): string {
    return toBase64(BigInt(this.#crc), 32);
  }
}

class Sha implements ChecksumCalculator {
  readonly #hash: Hash;

  constructor(hash: Hash) {
    this.#hash = hash;
  }

  update(chunk: Buffer): void {
    this.#hash.update(chunk);
  }

  digest(): string {
    return this.#hash.digest('base64');
  }
}

/** A reflected CRC whose register starts as all ones and is inverted at the end. */
interface Field {
  readonly bits: number;
  readonly polynomial: bigint;
}

const castagnoli: Field = { bits: 32, polynomial: 0x82f63b78n };
const nvme: Field = { bits: 64, polynomial: 0x9a6c9329ac4bc9b5n };
const fields = { CRC32: { bits: 32, polynomial: 0xedb88320n }, CRC32C: castagnoli, CRC64NVME: nvme } as const;

/** Byte by byte from a table, in two halves of 32 bits, because a bigint for each byte would take minutes. */
class TableCrc implements ChecksumCalculator {
  readonly #bits: number;
  readonly #low: Uint32Array;
  readonly #high: Uint32Array;
  #crcLow = 0xffffffff;
  #crcHigh: number;

  constructor(field: Field) {
    this.#bits = field.bits;
    this.#crcHigh = field.bits === 64 ? 0xffffffff : 0;
    const table = tableOf(field);
    this.#low = table.low;
    this.#high = table.high;
  }

  update(chunk: Buffer): void {
    let low = this.#crcLow;
    let high = this.#crcHigh;
    for (const byte of chunk) {
      const index = (low ^ byte) & 0xff;
      low = ((low >>> 8) | (high << 24)) ^ (this.#low[index] ?? 0);
      high = (high >>> 8) ^ (this.#high[index] ?? 0);
    }
    this.#crcLow = low;
    this.#crcHigh = high;
  }

  digest(): string {
    const ones = (1n << BigInt(this.#bits)) - 1n;
    const crc = (BigInt(this.#crcHigh >>> 0) << 32n) | BigInt(this.#crcLow >>> 0);
    return toBase64(crc ^ ones, this.#bits);
  }
}

const tables = new Map<Field, { readonly low: Uint32Array; readonly high: Uint32Array }>();

function tableOf(field: Field): { readonly low: Uint32Array; readonly high: Uint32Array } {
  const known = tables.get(field);
  if (known !== undefined) return known;
  const entries = Array.from({ length: 256 }, (_, index) => {
    let crc = BigInt(index);
    for (let bit = 0; bit < 8; bit += 1) crc = crc & 1n ? (crc >> 1n) ^ field.polynomial : crc >> 1n;
    return crc;
  });
  const table = {
    low: Uint32Array.from(entries, (entry) => Number(entry & 0xffffffffn)),
    high: Uint32Array.from(entries, (entry) => Number(entry >> 32n)),
  };
  tables.set(field, table);
  return table;
}

/** The CRC of two texts joined, from the CRC of each and the second's length in bytes (zlib's crc32_combine). */
function combine(field: Field, first: bigint, second: bigint, secondLength: number): bigint {
  return multiply(field, powerOfX(field, BigInt(secondLength) * 8n), first) ^ second;
}

function powerOfX(field: Field, exponent: bigint): bigint {
  let power = 1n << BigInt(field.bits - 1);
  let square = power >> 1n;
  for (let rest = exponent; rest > 0n; rest >>= 1n) {
    if (rest & 1n) power = multiply(field, square, power);
    square = multiply(field, square, square);
  }
  return power;
}

/** Product of two polynomials over GF(2) modulo the field's, bit-reflected. */
function multiply(field: Field, left: bigint, right: bigint): bigint {
  let product = 0n;
  let shifted = right;
  for (let mask = 1n << BigInt(field.bits - 1); mask > 0n; mask >>= 1n) {
    if (left & mask) product ^= shifted;
    shifted = shifted & 1n ? (shifted >> 1n) ^ field.polynomial : shifted >> 1n;
  }
  return product;
}

function toBase64(crc: bigint, bits: number): string {
  return Buffer.from(crc.toString(16).padStart(bits / 4, '0'), 'hex').toString('base64');
}

function fromBase64(value: string): bigint {
  return BigInt(`0x${Buffer.from(value, 'base64').toString('hex')}`);
}
