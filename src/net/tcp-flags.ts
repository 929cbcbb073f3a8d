/** The control bits of a TCP header (RFC 9293 §3.1), and their one-letter names. */

export const FIN = 1;
export const SYN = 2;
export const RST = 4;
export const PSH = 8;
export const ACK = 16;
export const URG = 32;
export const ECE = 64;
export const CWR = 128;

/** In the order of their bits, which is the order people write them in: `SA`, `FA`, `PA`. */
const LETTERS = 'FSRPAUEC';

/** What no flag at all is called, so that it can be written down. */
const NO_FLAGS = 'none';

/** The bits behind `S`, `SA` or `none`, in any order and case; null when a letter is unknown or comes twice. */
export function parseTcpFlags(text: string): number | null {
  if (text.toLowerCase() === NO_FLAGS) return 0;
  // Written out, because upper case turns letters such as a long s into others.
  if (!/^[fsrpauec]+$/i.test(text)) return null;
  let bits = 0;
  for (const letter of text.toUpperCase()) {
    const bit = 1 << LETTERS.indexOf(letter);
    if ((bits & bit) !== 0) return null;
    bits |= bit;
  }
  return bits;
}

/** `SA`, letters in the order of the bits; `none` for zero. */
export function formatTcpFlags(bits: number): string {
  if (bits === 0) return NO_FLAGS;
  return [...LETTERS].filter((_, index) => (bits & (1 << index)) !== 0).join('');
}
