/** What the page says aloud: the last thing done or refused, for eyes and for screen readers. */

class Told {
  text = $state("");
  wrong = $state(false);
  failures = $state(0);
  failure = "";
  #timer: ReturnType<typeof setTimeout> | undefined;

  say(text: string, wrong = false): void {
    clearTimeout(this.#timer);
    this.text = text;
    this.wrong = wrong;
    this.#timer = setTimeout(() => (this.text = ""), wrong ? 12000 : 5000);
  }

  /** Handed on as a function, so it knows its object. */
  fail = (error: unknown): void => {
    this.failure = error instanceof Error ? error.message : String(error);
    this.failures += 1;
    this.say(this.failure, true);
  };
}

export const told = new Told();
