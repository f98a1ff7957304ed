// Records cross as JSON: keys in snake case there, in camel case here; values are the same on both sides.

/** Something in a record that JSON cannot carry exactly. */
export class Unwritable extends Error {
  constructor(
    readonly where: string,
    readonly reason: string,
  ) {
    super(reason);
  }
}

/** Deeper than any record; what is deeper is likely a circle. */
const MAX_DEPTH = 64;

/** Writes a record, a list of records or options as JSON. Throws {@link Unwritable}. */
export function toWire(value: unknown, what: string): string {
  return JSON.stringify(written(value, what, 0)) ?? 'null';
}

/** Reads a record from JSON. */
export function fromWire<T>(json: string): T {
  return read(JSON.parse(json)) as T;
}

function written(value: unknown, where: string, depth: number): unknown {
  if (depth > MAX_DEPTH) {
    throw new Unwritable(where, 'it nests too deeply');
  }
  switch (typeof value) {
    case 'bigint':
      return bigintOf(value, where);
    case 'object':
      break;
    case 'function':
    case 'symbol':
      throw new Unwritable(where, `a ${typeof value} is no data`);
    case 'number':
      if (!Number.isFinite(value)) {
        throw new Unwritable(where, `${value} is no number that JSON has`);
      }
      return value;
    default:
      return value;
  }
  if (value === null || value instanceof Date) {
    return value;
  }
  if (Array.isArray(value)) {
    return value.map((item, index) => written(item, `${where}[${index}]`, depth + 1));
  }
  if ('currency' in value) {
    refuseNumbers(value, where);
  }
  const wire: Record<string, unknown> = {};
  for (const [key, item] of Object.entries(value)) {
    wire[wireKey(key)] = written(item, `${where}.${key}`, depth + 1);
  }
  return wire;
}

/** A number may have lost what it stands for, so it is no amount, not even a whole one. */
function refuseNumbers(money: object, where: string): void {
  for (const [key, value] of Object.entries(money)) {
    if (typeof value === 'number' && (key === 'amount' || key === 'minorUnits')) {
      throw new Unwritable(`${where}.${key}`, 'a number is no amount; give a decimal string or bigint minor units');
    }
  }
}

/** As an amount, `10000n` could be minor units or whole ones; only one name says which. */
function bigintOf(value: bigint, where: string): string {
  if (where.endsWith('.minorUnits')) {
    return value.toString();
  }
  throw new Unwritable(where, 'a bigint stands for minor units only: { minorUnits: 10000n, currency }');
}

function read(value: unknown): unknown {
  if (Array.isArray(value)) {
    return value.map(read);
  }
  if (typeof value !== 'object' || value === null) {
    return value;
  }
  const record: Record<string, unknown> = {};
  for (const [key, item] of Object.entries(value)) {
    record[recordKey(key)] = read(item);
  }
  return record;
}

const wireKeys = new Map<string, string>();
const recordKeys = new Map<string, string>();

/** `coveringReference` as `covering_reference`. */
function wireKey(key: string): string {
  return remembered(wireKeys, key, () => key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`));
}

/** `covering_reference` as `coveringReference`. */
function recordKey(key: string): string {
  return remembered(recordKeys, key, () => key.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase()));
}

/** Records have a few hundred keys; a caller who invents more gets no more memory. */
const MAX_KEYS = 4_096;

function remembered(known: Map<string, string>, key: string, make: () => string): string {
  let other = known.get(key);
  if (other === undefined) {
    other = make();
    if (known.size < MAX_KEYS) {
      known.set(key, other);
    }
  }
  return other;
}
