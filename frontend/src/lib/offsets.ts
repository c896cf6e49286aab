/** Between code points, in which the records count, and UTF-16 units, in which a browser does. */

/** For each code point its first UTF-16 unit, and the length behind the last. */
export function unitsOf(text: string): Uint32Array {
  const units = new Uint32Array([...text].length + 1);
  let unit = 0;
  let point = 0;
  for (const character of text) {
    units[point++] = unit;
    unit += character.length;
  }
  units[point] = unit;
  return units;
}

/** The code point that a UTF-16 unit lies in. */
export function pointAt(units: Uint32Array, unit: number): number {
  let low = 0;
  let high = units.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((units[middle] ?? 0) <= unit) low = middle;
    else high = middle - 1;
  }
  return low;
}

export interface Mark {
  span: [number, number];
  name: string;
  mention: string;
}

export interface Piece {
  text: string;
  start: number;
  marks: Mark[];
}

/** The text cut where marks begin and end, each piece with the marks that cover it. */
export function pieces(text: string, marks: Mark[]): Piece[] {
  const units = unitsOf(text);
  const last = units.length - 1;
  const kept = marks.filter((m) => m.span[0] < m.span[1] && m.span[0] >= 0 && m.span[1] <= last);
  const cuts = [...new Set([0, last, ...kept.flatMap((m) => m.span)])].sort((a, b) => a - b);
  const found: Piece[] = [];
  for (let k = 0; k + 1 < cuts.length; k++) {
    const [a, b] = [cuts[k] ?? 0, cuts[k + 1] ?? 0];
    found.push({ text: text.slice(units[a], units[b]), start: a, marks: kept.filter((m) => m.span[0] <= a && b <= m.span[1]) });
  }
  return found;
}
