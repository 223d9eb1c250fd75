/** A seeded generator, so that the same seed makes the same fleet on every machine. */
export class Random {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  /** Below 2^32. The algorithm is mulberry32. */
  #next(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), this.#state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return (mixed ^ (mixed >>> 14)) >>> 0;
  }

  /** Both bounds included. */
  int(low: number, high: number): number {
    return low + (this.#next() % (high - low + 1));
  }

  chance(percent: number): boolean {
    return this.int(1, 100) <= percent;
  }

  pick<T>(from: readonly T[]): T {
    const picked = from[this.int(0, from.length - 1)];
    if (picked === undefined) throw new RangeError('There is nothing to pick from.');
    return picked;
  }

  bytes(length: number): Buffer {
    const buffer = Buffer.allocUnsafe(length);
    let offset = 0;
    for (; offset + 4 <= length; offset += 4) buffer.writeUInt32LE(this.#next(), offset);
    for (; offset < length; offset += 1) buffer[offset] = this.#next() & 255;
    return buffer;
  }

  words(count: number): string {
    return Array.from({ length: count }, () => this.pick(vocabulary)).join(' ');
  }

  sentence(): string {
    const text = this.words(this.int(4, 12));
    return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
  }

  personName(): string {
    return `${this.pick(givenNames)} ${this.pick(familyNames)}`;
  }

  /** `YYYY-MM-DD`, 2009 to 2016. */
  date(): string {
    return `${this.int(2009, 2016)}-${twoDigits(this.int(1, 12))}-${twoDigits(this.int(1, 28))}`;
  }

  dateTime(): string {
    return `${this.date()} ${twoDigits(this.int(4, 23))}:${twoDigits(this.int(0, 59))}:${twoDigits(this.int(0, 59))}`;
  }

  money(): string {
    return `${this.int(0, 4999)}.${twoDigits(this.int(0, 99))}`;
  }
}

function twoDigits(value: number): string {
  return String(value).padStart(2, '0');
}

const vocabulary = [
  'amber', 'bench', 'blue', 'bolt', 'bracket', 'brass', 'cable', 'café', 'canvas', 'chair', 'copper', 'cotton', 'crème', 'daily', 'delivery',
  'door', 'early', 'filter', 'Fußboden', 'garden', 'glass', 'green', 'handle', 'hinge', 'invoice', 'kettle', 'lamp', 'large', 'late', 'leather',
  'linen', 'maple', 'narrow', 'naïve', 'order', 'oak', 'paper', 'Prüfung', 'quiet', 'return', 'round', 'señor', 'sharp', 'shelf', 'small', 'steel',
  'table', 'tension', 'travel', 'valve', 'visit', 'walnut', 'washer', 'wide', 'winter', 'wool',
];
const givenNames = ['Ada', 'Anaïs', 'Björn', 'Carmen', 'Dilip', 'Élodie', 'Fatima', 'Grace', 'Håkon', 'Inés', 'João', 'Karin', 'Liam', 'Mei', 'Noor', 'Olga', 'Pablo', 'Rosa', 'Søren', 'Uma'];
const familyNames = ['Andersson', "O'Brien", 'Castro', 'Dubois', 'Eriksen', 'Fernández', 'Goldberg', 'Haddad', 'Ito', 'Jansen', 'Kaur', 'Lopez', 'Müller', 'Nguyen', 'Okafor', 'Peña', 'Quist', 'Rossi', 'Smith-Jones', 'Tanaka'];
