/** What both maps draw: incidents with a place, and how far that place is known. */

import type { Points } from "./types";
import { figure, precision } from "./words";

/** Kilometres of the rim by `where_prec`. */
export const RADIUS: Record<number, number> = { 1: 0, 2: 25, 3: 50, 4: 150, 5: 100, 6: 500, 7: 800 };

/** More points than this are gathered into cells, or drawn on a canvas. */
export const DENSE = 3000;

export interface Placed {
  id: string;
  at: [number, number];
  prec: number;
  type: string;
  day: string;
  killed: string;
  weight: number;
}

export function placedOf(points: Points): Placed[] {
  const c = points.columns;
  const found: Placed[] = [];
  for (let k = 0; k < c.id.length; k++) {
    const [x, y] = [c.longitude[k], c.latitude[k]];
    if (x === null || y === null || x === undefined || y === undefined) continue;
    const ends = { low: c.low[k] ?? null, best: c.best[k] ?? null, high: c.high[k] ?? null };
    found.push({
      id: c.id[k] ?? "", at: [x, y], prec: c.where_prec[k] ?? 0, type: c.event_type[k] ?? "", day: c.earliest[k] ?? "undated",
      killed: figure(ends), weight: ends.best ?? ends.low ?? 0,
    });
  }
  return found;
}

export const told = (p: Placed): string =>
  `${p.type.toLowerCase()}, ${p.day}${p.killed ? `, killed ${p.killed}` : ""}, ${precision(p.prec) || "precision not stated"}`;

/** Three numbers of the address, or null where they are none. */
export function threeOf(text: string | null): [number, number, number] | null {
  const found = (text ?? "").split(",").map(Number);
  return found.length === 3 && found.every(Number.isFinite) && text ? (found as [number, number, number]) : null;
}

/** A box for the filter: west, south, east, north, inside the world. */
export function boxOf(west: number, south: number, east: number, north: number): string {
  const within = (v: number, m: number): string => Math.max(-m, Math.min(m, v)).toFixed(2);
  return [within(west, 180), within(south, 90), within(east, 180), within(north, 90)].join(",");
}
