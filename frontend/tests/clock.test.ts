import { describe, expect, it } from "vitest";
import { Stopwatch } from "../src/lib/clock";
import { boxOf, placedOf, threeOf } from "../src/lib/map";
import type { Points } from "../src/lib/types";

describe("stopwatch", () => {
  it("counts while it is looked at", () => {
    let now = 0;
    const watch = new Stopwatch(() => now);
    expect(watch.seconds).toBe(0);
    watch.start();
    now = 4000;
    watch.pause();
    now = 60_000;
    expect(watch.seconds).toBe(4);
    watch.resume();
    watch.resume();
    now = 61_250;
    expect(watch.seconds).toBe(5.3);
    watch.start();
    expect(watch.seconds).toBe(0);
  });
});

describe("map", () => {
  it("reads three numbers or nothing", () => {
    expect(threeOf("1.5,-20,3")).toEqual([1.5, -20, 3]);
    for (const text of [null, "", "1,2", "1,2,x", "1,2,3,4", "1,2,Infinity"]) expect(threeOf(text)).toBe(null);
  });
  it("gives a box inside the world", () => {
    expect(boxOf(-200, -95, 190, 12.345)).toBe("-180.00,-90.00,180.00,12.35");
  });
  it("leaves out what has no place, and keeps the equator", () => {
    const points: Points = {
      total: 3, unplaced: 1,
      columns: {
        id: ["a", "b", "c"], longitude: [0, null, 10], latitude: [0, null, 5], where_prec: [1, null, 4], earliest: ["2021-01-01", null, null],
        latest: [null, null, null], event_type: ["ASSAULT", "AID", "AID"], low: [1, null, 0], best: [null, null, 0], high: [null, null, 0],
      },
    };
    expect(placedOf(points).map((p) => [p.id, p.prec, p.day, p.weight])).toEqual([["a", 1, "2021-01-01", 1], ["c", 4, "undated", 0]]);
  });
});
