/** Records in words. */

import type { Actor, Attribution, Claim, Ends, EventDate, Place } from "./types";

export const name = (a: Actor): string => a.name ?? a.text;

export const names = (actors: Actor[]): string => [...new Set(actors.map(name))].join(", ");

export function title(type: string, sub: string | null | undefined): string {
  return sub ?? type.charAt(0) + type.slice(1).toLowerCase();
}

export function days(date: { earliest?: string | null; latest?: string | null } | null): string {
  if (!date?.earliest && !date?.latest) return "undated";
  if (!date.earliest || !date.latest || date.earliest === date.latest) return date.earliest ?? date.latest ?? "";
  return `${date.earliest} to ${date.latest}`;
}

export function where(place: Place | null): string {
  if (!place) return "no place";
  return [...new Set([place.name ?? place.text, place.admin1, place.country].filter(Boolean))].join(", ");
}

export function figure(ends: Pick<Ends, "low" | "best" | "high"> | null | undefined): string {
  if (!ends) return "";
  const { low, best, high } = ends;
  if (low === null && best === null && high === null) return "not stated";
  if (low !== null && low === best && best === high) return String(best);
  const range = low !== null && high !== null ? `${low}–${high}` : low !== null ? `at least ${low}` : high !== null ? `at most ${high}` : "";
  if (best === null || (best === low && high === null) || (low === null && best === high)) return range || String(best);
  return range ? `${best} (${range})` : String(best);
}

export function chain(attribution: Attribution[]): string {
  return attribution.map((a) => a.speaker).join(" → ") || "the outlet itself";
}

export function valueOf(claim: Claim): string {
  const value = claim.value;
  if (value === null || typeof value !== "object") return String(value);
  const fields = value as Record<string, unknown>;
  if ("wording" in fields) {
    const wording = ["about", "vague"].includes(String(fields["wording"])) ? `${fields["wording"]} ` : "";
    return `${wording}${figure(fields as unknown as Ends)} (${String(fields["who"])})`;
  }
  const shown = ["name", "code", "earliest", "latest", "country", "sector", "type"].map((k) => fields[k]).filter((v) => v !== null && v !== undefined);
  return [...new Set(shown.map(String))].join(", ") || JSON.stringify(value);
}

export function precision(where_prec: number | null | undefined): string {
  const told = ["", "exact place", "near a known point", "district", "province", "area or line", "country", "beyond a country"];
  return where_prec ? (told[where_prec] ?? "") : "";
}

export function dated(date: EventDate | null): string {
  if (!date) return "";
  const source = date.source === "published" ? " (from the publication date)" : date.text ? ` (“${date.text}”)` : "";
  return days(date) + source;
}

export const plural = (count: number, one: string, many = `${one}s`): string => `${count.toLocaleString("en")} ${count === 1 ? one : many}`;

export const when = (moment: string | null | undefined): string => (moment ? moment.slice(0, 16).replace("T", " ") : "");
