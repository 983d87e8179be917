// Keeps one WebSocket to the hub alive. It notices a dead one within seconds, comes back by itself
// in less than five, and asks over plain HTTP first: browsers make a page wait for its next
// WebSocket after many refused ones, but not for its next request.

/** @typedef {'connecting' | 'live' | 'lost'} State */

const FIRST_DELAY = 250;
const LAST_DELAY = 2000; // with jitter, one probe and one handshake this stays under 5 s
const GROWTH = 1.8;
const JITTER = 0.25;
const HANDSHAKE = 3000; // from opening to the first frame
const QUIET = 10_000; // without a frame we ask whether the other side is there
const PATIENCE = 4000; // for the answer
const SETTLED = 5000; // a connection that lived this long was a good one

/** @param {number} attempt 0 is the first @param {() => number} random */
export function delayBefore(attempt, random) {
  const delay = Math.min(LAST_DELAY, FIRST_DELAY * GROWTH ** attempt);
  return delay * (1 - JITTER + 2 * JITTER * random());
}

export class Connection {
  #socket = null;
  #timer = 0;
  #attempt = 0;
  #liveSince = Infinity;
  #turn = 0; // what belongs to an earlier turn is ignored
  /** @type {State} */
  #state = 'connecting';

  /**
   * @param {object} parts
   * @param {string} parts.url of the WebSocket
   * @param {() => Promise<void>} parts.probe resolves when the hub answers over HTTP; it has a
   *   deadline of its own
   * @param {(frame: object) => void} parts.onFrame
   * @param {(state: State) => void} parts.onState
   * @param {(url: string) => WebSocket} [parts.open]
   * @param {() => number} [parts.random]
   */
  constructor({ url, probe, onFrame, onState, open = (to) => new WebSocket(to),
    random = Math.random }) {
    this.url = url;
    this.probe = probe;
    this.onFrame = onFrame;
    this.onState = onState;
    this.open = open;
    this.random = random;
  }

  get state() {
    return this.#state;
  }

  start() {
    this.#connect();
  }

  /** Something may have changed (network back, page looked at again): look now, not later. */
  wake() {
    if (this.#state === 'live') {
      this.#ask();
      return;
    }
    this.#attempt = 0;
    this.#retry();
  }

  #connect() {
    const turn = this.#newTurn();
    const socket = this.open(this.url);
    this.#socket = socket;
    this.#after(HANDSHAKE, () => this.#lose());
    socket.addEventListener('message', (event) => {
      if (turn === this.#turn) {
        this.#receive(event.data);
      }
    });
    const closed = () => {
      if (turn === this.#turn) {
        this.#lose();
      }
    };
    socket.addEventListener('close', closed);
    socket.addEventListener('error', closed);
  }

  #receive(text) {
    const frame = parse(text);
    if (!frame) {
      return;
    }
    this.#after(QUIET, () => this.#ask());
    if (this.#state !== 'live') {
      if (frame.type !== 'status-update') {
        return;
      }
      this.#liveSince = performance.now();
      this.#become('live');
    }
    this.onFrame(frame);
  }

  #ask() {
    this.#after(PATIENCE, () => this.#lose());
    try {
      this.#socket.send('{"type":"ping"}');
    } catch {
      this.#lose();
    }
  }

  #lose() {
    this.#newTurn();
    if (performance.now() - this.#liveSince > SETTLED) {
      this.#attempt = 0;
    }
    this.#liveSince = Infinity;
    this.#become('lost');
    this.#after(delayBefore(this.#attempt, this.random), () => this.#retry());
    this.#attempt += 1;
  }

  async #retry() {
    const turn = this.#newTurn();
    const answered = await this.probe().then(() => true, () => false);
    if (turn !== this.#turn) {
      return;
    }
    if (answered) {
      this.#connect();
    } else {
      this.#lose();
    }
  }

  /** Drops what is under way: socket, timer, and the answers still to come. */
  #newTurn() {
    clearTimeout(this.#timer);
    const socket = this.#socket;
    this.#socket = null;
    this.#turn += 1;
    socket?.close();
    return this.#turn;
  }

  #after(ms, action) {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(action, ms);
  }

  #become(state) {
    if (this.#state !== state) {
      this.#state = state;
      this.onState(state);
    }
  }
}

/** An object, or nothing. */
function parse(text) {
  try {
    const frame = JSON.parse(text);
    return typeof frame === 'object' ? frame : null;
  } catch {
    return null;
  }
}
