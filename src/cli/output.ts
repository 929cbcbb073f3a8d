/** Writing to a stream that may be slow, or whose reader may have gone away (`igwalk ask … | head`). */

import type { Writable } from 'node:stream';

export class Output {
  readonly #stream: Writable;
  #failure: Error | null = null;
  #isOpen = true;

  constructor(stream: Writable) {
    this.#stream = stream;
    stream.on('error', (error: NodeJS.ErrnoException) => {
      this.#isOpen = false;
      // A reader that has seen enough is no failure.
      if (error.code !== 'EPIPE' && error.code !== 'ERR_STREAM_DESTROYED') this.#failure = error;
    });
    stream.on('close', () => {
      this.#isOpen = false;
    });
  }

  /** False once nobody reads any more: whoever produces output may stop. */
  get isOpen(): boolean {
    return this.#isOpen;
  }

  /** Resolves when the stream can take more. Does nothing once it is closed; throws what else went wrong, such as a full disk. */
  async write(text: string): Promise<void> {
    if (this.#failure !== null) throw this.#failure;
    if (!this.#isOpen || text === '') return;
    if (this.#stream.write(text)) return;
    await new Promise<void>((resolve) => {
      const done = (): void => {
        for (const event of ['drain', 'error', 'close']) this.#stream.off(event, done);
        resolve();
      };
      for (const event of ['drain', 'error', 'close']) this.#stream.once(event, done);
    });
    if (this.#failure !== null) throw this.#failure;
  }
}
