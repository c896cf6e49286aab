import { describe, expect, it } from "vitest";
import { filterOf } from "../src/lib/filter";
import { pieces, pointAt, unitsOf } from "../src/lib/offsets";
import { same } from "../src/lib/same";
import { figure } from "../src/lib/words";

describe("offsets", () => {
  const text = "a😀é\u0301\nقتل";
  it("counts code points", () => {
    const units = unitsOf(text);
    expect([...units]).toEqual([0, 1, 3, 4, 5, 6, 7, 8, 9]);
    expect(pointAt(units, 3)).toBe(2);
    expect(pointAt(units, 2)).toBe(1);
  });
  it("cuts where marks begin and end and loses nothing", () => {
    const marks = [{ span: [1, 4] as [number, number], name: "x", mention: "" }, { span: [3, 6] as [number, number], name: "y", mention: "" }];
    const found = pieces(text, marks);
    expect(found.map((p) => p.text).join("")).toBe(text);
    expect(found.map((p) => p.marks.map((m) => m.name).join(""))).toEqual(["", "x", "xy", "y", ""]);
  });
  it("leaves out marks beyond the text", () => {
    expect(pieces("ab", [{ span: [1, 9], name: "x", mention: "" }]).every((p) => !p.marks.length)).toBe(true);
  });
});

describe("same", () => {
  it("does not mind the order of keys", () => {
    expect(same({ a: 1, b: [{ c: null }] }, { b: [{ c: null }], a: 1 })).toBe(true);
    expect(same({ a: 1 }, { a: 2 })).toBe(false);
    expect(same([1, 2], [2, 1])).toBe(false);
    expect(same(null, {})).toBe(false);
  });
});

describe("filter", () => {
  it("is one string whatever the order", () => {
    expect(filterOf(new URLSearchParams("type=B&view=map&since=2021-01-01&type=A"))).toBe("since=2021-01-01&type=B&type=A");
  });
});

describe("figure", () => {
  it.each([
    [{ low: 14, best: 14, high: 14 }, "14"], [{ low: 12, best: 14, high: 20 }, "14 (12–20)"], [{ low: 12, best: 12, high: null }, "at least 12"],
    [{ low: 50, best: 50, high: 300 }, "50 (50–300)"], [{ low: 24, best: null, high: 99 }, "24–99"], [{ low: null, best: null, high: null }, "not stated"], [{ low: 0, best: 0, high: 0 }, "0"],
  ])("%j is %s", (ends, words) => expect(figure(ends)).toBe(words));
});
