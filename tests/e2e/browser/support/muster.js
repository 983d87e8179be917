// The built programs as a user starts them.

import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

export const binaries = process.env.MUSTER_BIN_DIR;

/** Why the built programs cannot be tested here; nothing where they can. */
export const missing = binaries ? false : 'MUSTER_BIN_DIR does not name the folder of the programs';

export async function dataFolder() {
  const path = await mkdtemp(join(tmpdir(), 'muster-e2e-'));
  return { path, remove: () => rm(path, { recursive: true, force: true }) };
}

/** `muster up --demo`, with what it prints. */
export class Muster {
  #process;
  #lines = [];
  #waiting = [];
  #ended;

  /** @param {string} data folder @param {number} port 0 takes a free one */
  constructor(data, port = 0) {
    // What the machine of the tester is set up for is none of this hub's business.
    const { PROJECTS, PORT, ...env } = process.env;
    this.#process = spawn(join(binaries, 'muster'),
      ['up', '--demo', '--port', String(port), '--demo-port-base', '0'],
      { env: { ...env, MUSTER_DATA_DIR: data }, cwd: data, stdio: ['ignore', 'pipe', 'pipe'] });
    for (const stream of [this.#process.stdout, this.#process.stderr]) {
      createInterface(stream).on('line', (line) => this.#hear(line));
    }
    this.#ended = new Promise((resolve) => {
      this.#process.on('exit', (code, signal) => resolve({ code, signal }));
      this.#process.on('error', (error) => resolve({ code: null, signal: null, error }));
    });
  }

  /** The first part in brackets of the first line that fits, printed or still to come. */
  async line(pattern, patience = 20_000) {
    let timer;
    const late = new Promise((_, reject) => {
      timer = setTimeout(() => reject(new Error(this.#report(`no line ${pattern}`))), patience);
    });
    const dead = this.#ended.then(({ code, signal, error }) => {
      throw new Error(this.#report(`ended (${error ?? code ?? signal}) before ${pattern}`));
    });
    try {
      return await Promise.race([this.#find(pattern), late, dead]);
    } finally {
      clearTimeout(timer);
    }
  }

  url() {
    return this.line(/^muster: listening on (http:\S+)/);
  }

  /** Of a demo project. */
  demo(name) {
    return this.line(new RegExp(`^demo: ${name} on (http:\\S+)`));
  }

  /** @returns {Promise<{code: number | null, signal: string | null}>} */
  end(signal) {
    this.#process.kill(signal);
    return this.#ended;
  }

  #hear(line) {
    this.#lines.push(line);
    this.#waiting.forEach((look) => look(line));
  }

  #find(pattern) {
    return new Promise((resolve) => {
      const look = (line) => {
        const match = pattern.exec(line);
        if (match) {
          resolve(match[1]);
        }
      };
      this.#lines.forEach(look);
      this.#waiting.push(look);
    });
  }

  #report(what) {
    return `muster up: ${what}\n${this.#lines.slice(-30).join('\n')}`;
  }
}
