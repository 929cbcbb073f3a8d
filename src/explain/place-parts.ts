/** Places cut along others, so that each part is wholly inside each of them or wholly outside. */

import type { Compiled } from '../compile/compile.ts';
import type { PlaceExpression } from './place-expression.ts';
import { type PlaceSet, placeSetOf, placesMeant } from './place-set.ts';
import { intersectPlaces, isNoPlace, type Places, subtractPlaces } from './places.ts';

export interface PlacePart {
  readonly places: PlaceSet;
  /** Indices of the others that the part is inside of, in ascending order. */
  readonly inside: readonly number[];
}

/**
 * The parts of `whole`, none of them empty. Of the others, null stands for any place. Throws a QuestionError where `whole` or one of the
 * others means no place in this network.
 */
export function partsOfPlaces(
  compiled: Compiled,
  whole: PlaceExpression,
  others: readonly (PlaceExpression | null)[],
): readonly PlacePart[] {
  let parts: readonly Part[] = [{ places: placesMeant(compiled, whole), inside: [] }];
  others.forEach((other, number) => {
    const named = other === null ? null : placesMeant(compiled, other);
    parts = parts.flatMap((part) => cutAlong(part, named, number));
  });
  return parts.map(({ places, inside }) => ({ places: placeSetOf(compiled, places), inside }));
}

interface Part {
  readonly places: Places;
  readonly inside: readonly number[];
}

function cutAlong({ places, inside }: Part, named: Places | null, number: number): readonly Part[] {
  if (named === null) return [{ places, inside: [...inside, number] }];
  return [
    { places: intersectPlaces(places, named), inside: [...inside, number] },
    { places: subtractPlaces(places, named), inside },
  ].filter((part) => !isNoPlace(part.places));
}
