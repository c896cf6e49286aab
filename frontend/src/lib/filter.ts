/** The filter's part of a query string: the same names for lists, maps, exports and the command line. */

export const KEYS = ["since", "until", "box", "country", "type", "actor", "factuality", "where_prec", "date_prec", "deaths", "status"] as const;

/** The filter alone, in a fixed order, so that equal filters are equal strings. */
export function filterOf(query: URLSearchParams): string {
  const kept = new URLSearchParams();
  for (const name of KEYS) for (const value of query.getAll(name)) if (value) kept.append(name, value);
  return kept.toString();
}

/** A path with filter and further parts. */
export function withFilter(path: string, query: URLSearchParams, more: Record<string, string> = {}): string {
  const parts = new URLSearchParams(filterOf(query));
  for (const [name, value] of Object.entries(more)) parts.set(name, value);
  const text = parts.toString();
  return text ? `${path}?${text}` : path;
}
