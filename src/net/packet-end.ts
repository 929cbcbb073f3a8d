/** An end in a packet's text: an address, its port, and the place it is pinned to. */

import type { Address } from './address.ts';
import { parseAddress, TextError } from './address-text.ts';
import { errorAt, numberUpTo, take, type Word, type Words } from './packet-words.ts';
import { hasPorts, LAST_PORT, protocolName } from './protocol.ts';

/** One end of a packet as it was written. */
export interface PacketEnd {
  readonly word: Word;
  readonly address: Address;
  readonly port: number | null;
  readonly pin: string | null;
  /** Where in the word a port belongs. */
  readonly lengthUpToPort: number;
}

/**
 * The next word as an end: `10.0.1.10`, `10.0.1.10:443`, `[2001:db8::1]:443`, each with `@PLACE` behind it where `mayPin`. Throws
 * a PacketTextError; whether a port must be there is for the caller to say.
 */
export function readEnd(words: Words, protocol: number, mayPin: boolean): PacketEnd {
  const word = take(words);
  const pinAt = word.text.indexOf('@');
  if (pinAt >= 0 && !mayPin) throw errorAt(words, word, 'no place: a quoted header is nowhere', pinAt);
  if (pinAt === word.text.length - 1 && pinAt >= 0) throw errorAt(words, word, 'a place after "@"', pinAt + 1);
  const pin = pinAt < 0 ? null : word.text.slice(pinAt + 1);
  const where = pinAt < 0 ? word.text : word.text.slice(0, pinAt);

  const bracketed = /^\[([^\]]*)\]/.exec(where);
  const colon = bracketed !== null ? bracketed[0].length : where.indexOf(':');
  const isBareV6 = bracketed === null && colon !== where.lastIndexOf(':');
  const addressLength = isBareV6 || colon < 0 ? where.length : colon;
  const rest = where.slice(addressLength);
  const address = readAddress(words, word, bracketed?.[1] ?? where.slice(0, addressLength), bracketed !== null);
  if (rest === '') return { word, address, port: null, pin, lengthUpToPort: addressLength };
  if (!rest.startsWith(':')) throw errorAt(words, word, '":" and a port, or a space', addressLength);
  if (!hasPorts(protocol)) {
    throw errorAt(words, word, `no port: ${protocolName(protocol)} has none that AWS looks at`, addressLength);
  }
  const port = numberUpTo(LAST_PORT, rest.slice(1));
  if (port === null) throw errorAt(words, word, `a port from 0 to ${LAST_PORT}`, addressLength + 1);
  return { word, address, port, pin, lengthUpToPort: addressLength };
}

function readAddress(words: Words, word: Word, text: string, bracketed: boolean): Address {
  try {
    const address = parseAddress(text);
    if (!bracketed || address.family === 6) return address;
  } catch (error) {
    if (!(error instanceof TextError)) throw error;
  }
  throw errorAt(
    words,
    word,
    bracketed ? 'an IPv6 address in the brackets' : 'an IPv4 or IPv6 address',
    bracketed ? 1 : 0,
  );
}
