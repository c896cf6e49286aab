/** Seconds that somebody looked at one thing: while the window is in view, from when it was shown. */

export class Stopwatch {
  #spent = 0;
  #since: number | null = null;

  constructor(private readonly now: () => number = () => performance.now()) {}

  /** Begin anew. */
  start(): void {
    this.#spent = 0;
    this.#since = this.now();
  }

  pause(): void {
    if (this.#since !== null) this.#spent += this.now() - this.#since;
    this.#since = null;
  }

  resume(): void {
    this.#since ??= this.now();
  }

  /** Seconds so far, to a tenth. */
  get seconds(): number {
    const running = this.#since === null ? 0 : this.now() - this.#since;
    return Math.round((this.#spent + running) / 100) / 10;
  }

  /** Pause while the window is hidden, until the function that it gives is called. */
  watch(): () => void {
    const turn = (): void => (document.hidden ? this.pause() : this.resume());
    document.addEventListener("visibilitychange", turn);
    return () => document.removeEventListener("visibilitychange", turn);
  }
}
