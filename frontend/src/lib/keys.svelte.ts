/** Keys: one table, shown and rebound by `?`, silent in text fields. */

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
  { id: "choice-1", key: "1", told: "First choice: this reason, the first coder", group: "Choose" },
  { id: "choice-2", key: "2", told: "Second choice: this reason, the second coder", group: "Choose" },
  { id: "choice-3", key: "3", told: "Third choice: this reason, neither", group: "Choose" },
  { id: "choice-4", key: "4", told: "Fourth choice", group: "Choose" },
  { id: "choice-5", key: "5", told: "Fifth choice", group: "Choose" },
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

  /** Bind a key as somebody presses it; what speaks against it, or null. */
  rebind(id: string, event: KeyboardEvent): string | null {
    if (["Tab", "Shift", "Control", "Alt", "Meta", "Enter"].includes(event.key) || event.ctrlKey || event.metaKey || event.altKey) return null;
    if (event.key === "Escape") return null;
    event.preventDefault();
    event.stopPropagation();
    if (event.key === "Backspace" || event.key === "Delete") {
      this.bind(id, null);
      return null;
    }
    if (event.key.length !== 1 || event.key === " ") return "Take a single character.";
    const taken = COMMANDS.find((c) => c.id !== id && this.of(c.id) === event.key);
    if (taken) return `${event.key} is taken by “${taken.told}”.`;
    this.bind(id, event.key);
    return null;
  }

  /** The commands that the view at hand answers to. */
  live(): Command[] {
    const ids = new Set(this.#handlers.flatMap((layer) => [...layer.keys()]));
    return COMMANDS.filter((c) => ids.has(c.id));
  }

  /** Do what a key would. */
  run(id: string): void {
    for (const layer of [...this.#handlers].reverse()) {
      const handler = layer.get(id);
      if (handler) return handler();
    }
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
