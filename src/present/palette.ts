/** What a piece of text is for. A palette turns roles into colours; the plain one leaves the text as it is. */

export type Role = 'plain' | 'strong' | 'faint' | 'good' | 'bad' | 'doubt' | 'change';

export type Palette = Readonly<Record<Role, (text: string) => string>>;

const same = (text: string): string => text;

export const PLAIN: Palette = {
  plain: same,
  strong: same,
  faint: same,
  good: same,
  bad: same,
  doubt: same,
  change: same,
};
