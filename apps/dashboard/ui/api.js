// Calls of the hub's REST interface: the envelope, a deadline, and few at a time.

const DEADLINE = 10_000;
const AT_ONCE = 4;

export class ApiError extends Error {
  /** @param {string} message @param {number} status 0 where there was no answer */
  constructor(message, status) {
    super(message);
    this.status = status;
  }
}

/** @type {(allowed: boolean) => void} */
let onAccess = () => {};

/** Has every read that the hub answers told by whether it was allowed. */
export function watchAccess(callback) {
  onAccess = callback;
}

/** @returns {Promise<any>} `data` of the envelope */
export async function get(path, deadline = DEADLINE) {
  try {
    const data = await call(path, {}, deadline);
    onAccess(true);
    return data;
  } catch (error) {
    if (error.status !== 0) {
      onAccess(error.status !== 401);
    }
    throw error;
  }
}

/** From here on the browser may read: the hub answers with a cookie that no script sees. */
export async function beginSession(token) {
  await call('api/session', {
    method: 'POST',
    headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' },
  }, DEADLINE);
}

async function call(path, { headers = {}, ...options }, deadline) {
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(), deadline);
  try {
    const response = await fetch(new URL(path, document.baseURI),
      { ...options, signal: controller.signal, cache: 'no-store',
        headers: { Accept: 'application/json', ...headers } });
    const envelope = await response.json().catch(() => null);
    if (!response.ok || envelope?.success !== true) {
      throw new ApiError(envelope?.error ?? `HTTP status ${response.status}`, response.status);
    }
    return envelope.data;
  } catch (error) {
    if (error instanceof ApiError) {
      throw error;
    }
    throw new ApiError(controller.signal.aborted ? 'no answer in time' : 'no connection', 0);
  } finally {
    clearTimeout(timer);
  }
}

/** Runs jobs a few at a time, in order; a job that waits already under its key is not added. */
export class Queue {
  #waiting = new Map();
  #running = 0;

  /** @param {string} key @param {() => Promise<void>} job */
  add(key, job) {
    if (!this.#waiting.has(key)) {
      this.#waiting.set(key, job);
      this.#next();
    }
  }

  clear() {
    this.#waiting.clear();
  }

  #next() {
    const first = this.#waiting.entries().next();
    if (first.done || this.#running === AT_ONCE) {
      return;
    }
    const [key, job] = first.value;
    this.#waiting.delete(key);
    this.#running += 1;
    job().catch((error) => {
      if (!(error instanceof ApiError)) {
        throw error;
      }
    }).finally(() => {
      this.#running -= 1;
      this.#next();
    });
  }
}
