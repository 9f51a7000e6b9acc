// Asks again and again, as long as somebody looks.

export class Poll {
  #ask;
  #millis;
  #timer = 0;
  #running = new AbortController();

  /** ask(signal) promises an answer; the next follows so many milliseconds after it. */
  constructor(ask, millis) {
    this.#ask = ask;
    this.#millis = millis;
  }

  async start() {
    const signal = this.#running.signal;
    if (!document.hidden) {
      try {
        await this.#ask(signal);
      } catch (failure) {
        if (failure.name !== 'AbortError') {
          throw failure;
        }
      } finally {
        this.#again(signal);
      }
    } else {
      this.#again(signal);
    }
  }

  #again(signal) {
    if (!signal.aborted) {
      this.#timer = setTimeout(() => this.start(), this.#millis);
    }
  }

  stop() {
    this.#running.abort();
    clearTimeout(this.#timer);
  }
}
