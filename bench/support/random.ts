/** The one source of chance of every benchmark: the same seed draws the same network, on any machine. */

export interface Random {
  /** A whole number from `first` to `last`, both included. */
  integer(first: number, last: number): number;
  /** True once in `times` draws on average. */
  oneIn(times: number): boolean;
  pick<T>(items: readonly T[]): T;
  /** Lowercase hexadecimal digits, for ids. */
  hex(digits: number): string;
}

/** sfc32 (Chris Doty-Humphrey's small fast counter), seeded with one 32-bit number. */
export function randomFrom(seed: number): Random {
  let a = seed | 0;
  let b = 0x9e3779b9 | 0;
  let c = 0x243f6a88 | 0;
  let counter = 1;

  const word = (): number => {
    const sum = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + sum) | 0;
    return sum >>> 0;
  };
  for (let i = 0; i < 12; i++) word(); // until every bit of the seed has reached every bit of the state

  const integer = (first: number, last: number): number => first + Math.floor((word() / 2 ** 32) * (last - first + 1));
  return {
    integer,
    oneIn: (times) => integer(1, times) === 1,
    pick: (items) => items[integer(0, items.length - 1)]!,
    hex: (digits) => {
      let text = '';
      while (text.length < digits) text += word().toString(16).padStart(8, '0');
      return text.slice(0, digits);
    },
  };
}
