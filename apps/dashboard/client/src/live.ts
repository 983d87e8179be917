// The services of a hub, kept as they are now: one snapshot, then every change.

import type { Schemas, Service } from './client.js';

type Frame = Schemas['HealthSnapshot'] | Schemas['HealthChange'];

/** What this needs of a WebSocket: the browser's, Node's or that of the package `ws`. */
export interface Socket {
  onmessage: ((event: { data: unknown }) => void) | null;
  onclose: ((event: { code: number }) => void) | null;
  onerror: ((event: unknown) => void) | null;
  close(): void;
}

export interface LiveOptions {
  /**
   * Opens a socket; by default the WebSocket of the platform. Where auth.reads is token a page of the
   * hub itself has its session; a program sends the token with a WebSocket that takes headers, such as
   * that of the package `ws`.
   */
  open?: (url: string) => Socket;
  /** After each frame, with the service that changed; undefined: a snapshot came. */
  onChange?: (changed: Service | undefined) => void;
  /** Between a lost connection and the next try, in milliseconds. */
  retryAfter?: number;
}

/** Goes on after a lost connection where it stood, for as long as the hub still holds what it missed. */
export class LiveServices {
  /** By id. */
  readonly services = new Map<number, Service>();
  #epoch: number | undefined;
  #seq = 0;
  #socket: Socket | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #closed = false;

  constructor(
    private readonly url: string,
    private readonly options: LiveOptions = {},
  ) {
    this.#connect();
  }

  /** Where it stands: `EPOCH:SEQ`; undefined before the first snapshot. */
  get position(): string | undefined {
    return this.#epoch === undefined ? undefined : `${this.#epoch}:${this.#seq}`;
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
    this.#socket?.close();
  }

  #connect(): void {
    const target = new URL('/ws/health', this.url);
    target.protocol = target.protocol.replace('http', 'ws');
    if (this.position !== undefined) {
      target.searchParams.set('since', this.position);
    }
    const open = this.options.open ?? ((url) => new WebSocket(url) as Socket);
    const socket = open(target.href);
    this.#socket = socket;
    socket.onmessage = (event) => this.#take(JSON.parse(String(event.data)) as Frame);
    socket.onerror = () => {}; // what went wrong is told by the close that follows
    socket.onclose = () => {
      if (!this.#closed) {
        this.#timer = setTimeout(() => this.#connect(), this.options.retryAfter ?? 2_000);
      }
    };
  }

  #take(frame: Frame): void {
    if (frame.type === 'snapshot') {
      this.#epoch = frame.epoch;
      this.#seq = frame.seq;
      this.services.clear();
      for (const service of frame.services) {
        this.services.set(service.id, service);
      }
      this.options.onChange?.(undefined);
    } else if (frame.type === 'health') {
      this.#seq = frame.seq;
      if (frame.removed === true) {
        this.services.delete(frame.service.id);
      } else {
        this.services.set(frame.service.id, frame.service);
      }
      this.options.onChange?.(frame.service);
    }
  }
}
