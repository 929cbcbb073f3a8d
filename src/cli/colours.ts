/** The palette of a terminal, and when it is used. */

import pc from 'picocolors';
import { type Palette, PLAIN } from '../present/palette.ts';
import { type Io, terminalOf } from './io.ts';

/** `--no-color` and `NO_COLOR` win over `FORCE_COLOR`, which wins over what the stream is. */
export function paletteFor(stream: Io['stdout'], env: Io['env'], optionAllows: boolean): Palette {
  return wantsColour(stream, env, optionAllows) ? coloured() : PLAIN;
}

function wantsColour(stream: Io['stdout'], env: Io['env'], optionAllows: boolean): boolean {
  if (!optionAllows || env.NO_COLOR) return false;
  if (env.FORCE_COLOR) return env.FORCE_COLOR !== '0' && env.FORCE_COLOR !== 'false';
  return terminalOf(stream) !== null && env.TERM !== 'dumb';
}

function coloured(): Palette {
  const { bold, dim, green, red, yellow, cyan } = pc.createColors(true);
  return { ...PLAIN, strong: bold, faint: dim, good: green, bad: red, doubt: yellow, change: cyan };
}
