/** The spans of an event mention that a text shows, with what each stands for. */

import type { Mark } from "./offsets";
import type { EventMention } from "./types";

export function marksOf(mention: EventMention): Mark[] {
  const found: Mark[] = [{ span: mention.trigger.span, name: "trigger", mention: mention.id }];
  const put = (name: string, span: [number, number] | null | undefined): void => {
    if (span) found.push({ span, name, mention: mention.id });
  };
  for (const a of mention.actors) put("actor", a.span);
  for (const a of mention.recipients) put("recipient", a.span);
  put("place", mention.place?.span);
  put("date", mention.date?.span);
  for (const c of mention.casualties) put(c.kind, c.span);
  for (const a of mention.attribution) put("speaker", a.span);
  for (const t of mention.loaded_terms) put("loaded term", t.span);
  return found;
}
