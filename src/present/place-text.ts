/** Places as people call them: the name first, the id beside it. */

import type { Place } from '../explain/trace.ts';
import { type Span, span } from './layout.ts';

/** `web-1`, `igw-0a1`, `the internet`: for the middle of a sentence. */
export function placeName(place: Place): string {
  if (place.kind === 'internet') return 'the internet';
  return place.name ?? place.id;
}

/** `web-1  eni-0c3`: for a line of its own. */
export function placeSpans(place: Place): readonly Span[] {
  if (place.kind === 'internet') return [span('internet', 'strong')];
  if (place.name === null) return [span(place.id, 'strong')];
  return [span(place.name, 'strong'), span('  '), span(place.id, 'faint')];
}
