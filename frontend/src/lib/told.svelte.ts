/** What the page says aloud: the last thing done or refused, for eyes and for screen readers. */

class Told {
  text = $state("");
  wrong = $state(false);
  #timer: ReturnType<typeof setTimeout> | undefined;

  say(text: string, wrong = false): void {
    clearTimeout(this.#timer);
    this.text = text;
    this.wrong = wrong;
    this.#timer = setTimeout(() => (this.text = ""), wrong ? 12000 : 5000);
  }

  fail(error: unknown): void {
    this.say(error instanceof Error ? error.message : String(error), true);
  }
}

export const told = new Told();
