/** Keys: one table, shown by `?`, rebound in the settings, silent in text fields. */

export interface Command {
  id: string;
  key: string;
  told: string;
  group: string;
}

export const COMMANDS: Command[] = [
  { id: "next", key: "j", told: "Next", group: "Move" },
  { id: "previous", key: "k", told: "Previous", group: "Move" },
  { id: "evidence-next", key: "]", told: "Next evidence", group: "Move" },
  { id: "evidence-previous", key: "[", told: "Previous evidence", group: "Move" },
  { id: "accept", key: "a", told: "Accept", group: "Decide" },
  { id: "edit", key: "e", told: "Edit", group: "Decide" },
  { id: "reject", key: "x", told: "Reject, then one key for the reason", group: "Decide" },
  { id: "unsure", key: "n", told: "Not sure", group: "Decide" },
  { id: "skip", key: "s", told: "Skip", group: "Decide" },
  { id: "add", key: "m", told: "Add a missed event mention from the selected words", group: "Decide" },
  { id: "undo", key: "u", told: "Undo", group: "Decide" },
  { id: "redo", key: "U", told: "Redo", group: "Decide" },
  { id: "open", key: "o", told: "Open the incident or report", group: "Go" },
  { id: "search", key: "/", told: "Search", group: "Go" },
  { id: "go-queue", key: "q", told: "Queue", group: "Go" },
  { id: "go-incidents", key: "i", told: "Incidents", group: "Go" },
  { id: "sheet", key: "?", told: "This sheet", group: "Go" },
];

const KEPT = "histor.keys";

function load(): Record<string, string> {
  try {
    return JSON.parse(localStorage.getItem(KEPT) ?? "{}");
  } catch {
    return {};
  }
}

class Keys {
  bound = $state<Record<string, string>>(load());
  #handlers: Map<string, () => void>[] = [];

  of(id: string): string {
    return this.bound[id] ?? COMMANDS.find((c) => c.id === id)?.key ?? "";
  }

  bind(id: string, key: string | null): void {
    const next = { ...this.bound };
    if (key === null) delete next[id];
    else next[id] = key;
    this.bound = next;
    localStorage.setItem(KEPT, JSON.stringify(next));
  }

  /** Handlers of a view, until the function that it gives is called. */
  use(handlers: Record<string, () => void>): () => void {
    const layer = new Map(Object.entries(handlers));
    this.#handlers.push(layer);
    return () => {
      this.#handlers = this.#handlers.filter((l) => l !== layer);
    };
  }

  press(event: KeyboardEvent): void {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || writing(event.target)) return;
    if (document.querySelector("dialog[open]")) return;
    for (const layer of [...this.#handlers].reverse()) {
      for (const [id, handler] of layer) {
        if (this.of(id) === event.key) {
          event.preventDefault();
          handler();
          return;
        }
      }
    }
  }
}

export function writing(target: EventTarget | null): boolean {
  const element = target as HTMLElement | null;
  return !!element && (element.isContentEditable || ["INPUT", "TEXTAREA", "SELECT"].includes(element.tagName));
}

export const keys = new Keys();
