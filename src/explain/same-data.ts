/** Equality of plain data. */

/** Reports whether both say the same, whatever the order of keys; members called `except` do not count. */
export function sameData(a: unknown, b: unknown, except: string | null = null): boolean {
  if (Object.is(a, b)) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (Array.isArray(a) !== Array.isArray(b)) return false;
  const counts = (key: string): boolean => key !== except;
  const keys = Object.keys(a).filter(counts);
  return (
    keys.length === Object.keys(b).filter(counts).length &&
    keys.every((key) => Object.hasOwn(b, key) && sameData(Reflect.get(a, key), Reflect.get(b, key), except))
  );
}
