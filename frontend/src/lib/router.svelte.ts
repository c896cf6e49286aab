/** The address is the state: path and query string, readable by anybody the link is sent to. */

class Router {
  path = $state(location.pathname);
  query = $state(new URLSearchParams(location.search));

  constructor() {
    addEventListener("popstate", () => this.#read());
  }

  #read(): void {
    this.path = location.pathname;
    this.query = new URLSearchParams(location.search);
  }

  go(address: string, replace = false): void {
    history[replace ? "replaceState" : "pushState"](null, "", address);
    this.#read();
    if (!replace) document.getElementById("main")?.focus({ preventScroll: false });
  }

  /** Change parts of the query; null takes a part out, a list gives it several times. */
  set(changes: Record<string, string | string[] | null>, replace = true): void {
    const next = new URLSearchParams(this.query);
    for (const [name, value] of Object.entries(changes)) {
      next.delete(name);
      for (const one of Array.isArray(value) ? value : value === null || value === "" ? [] : [value]) next.append(name, one);
    }
    const query = next.toString();
    this.go(this.path + (query ? `?${query}` : ""), replace);
  }
}

export const router = new Router();

/** Follow links of ours without loading the page anew. */
export function follow(event: MouseEvent): void {
  if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
  const link = (event.target as Element | null)?.closest("a");
  if (!link || link.target || link.origin !== location.origin || link.hasAttribute("download") || link.pathname.startsWith("/api/") || /\.(json|csv)$/.test(link.pathname)) return;
  event.preventDefault();
  router.go(link.pathname + link.search + link.hash);
}
