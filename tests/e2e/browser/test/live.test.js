// The live feeds of the built hub, as npm's `ws` and a browser's EventSource take them.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import WebSocket from 'ws';
import { launch, missing as noBrowser, openPage, until } from '../support/browser.js';
import { Muster, dataFolder, missing as noPrograms } from '../support/muster.js';

const PATIENCE = 20_000;

/** A WebSocket whose frames can be waited for, in their order. */
class Live {
  #frames = [];
  #waiting = [];

  constructor(url, path) {
    this.socket = new WebSocket(new URL(path, url.replace('http', 'ws')));
    this.opened = new Promise((resolve, reject) => {
      this.socket.on('open', resolve);
      this.socket.on('error', reject);
      this.socket.on('unexpected-response', (request, response) => {
        let body = '';
        response.on('data', (part) => { body += part; });
        response.on('end', () => reject(Object.assign(new Error('refused'),
          { status: response.statusCode, body: JSON.parse(body) })));
      });
    });
    this.opened.catch(() => {});
    this.closed = new Promise((resolve) => this.socket.on('close', resolve));
    this.socket.on('message', (data) => {
      this.#frames.push(JSON.parse(data));
      this.#waiting.splice(0).forEach((look) => look());
    });
  }

  say(message) {
    this.socket.send(JSON.stringify(message));
  }

  /** The next frame that fits; those before it are gone. */
  async next(fits = () => true) {
    const deadline = Date.now() + PATIENCE;
    for (;;) {
      while (this.#frames.length > 0) {
        const frame = this.#frames.shift();
        if (fits(frame)) {
          return frame;
        }
      }
      await new Promise((resolve, reject) => {
        const timer = setTimeout(() => reject(new Error('no such frame came')),
          Math.max(deadline - Date.now(), 0));
        this.#waiting.push(() => {
          clearTimeout(timer);
          resolve();
        });
      });
    }
  }

  end() {
    this.socket.close();
    return this.closed;
  }
}

describe('the live feeds', { skip: noPrograms, timeout: 180_000 }, () => {
  let data;
  let muster;
  let url;

  before(async () => {
    data = await dataFolder();
    muster = new Muster(data.path);
    url = await muster.url();
  });

  after(async () => {
    await muster?.end('SIGKILL');
    await data?.remove();
  });

  function chaos(base, mode) {
    return fetch(`${base}/chaos`, { method: 'POST', body: JSON.stringify({ mode }) });
  }

  async function allAreUp() {
    const status = new Live(url, '/ws/status');
    await status.next((frame) => Object.values(frame.data)
      .filter((project) => project.status === 'healthy').length === 3);
    await status.end();
  }

  test('/ws/health shows a snapshot and numbered changes, and goes on behind a gap', async () => {
    await allAreUp();
    const live = new Live(url, '/ws/health');
    const snapshot = await live.next();
    assert.equal(snapshot.type, 'snapshot');
    assert.equal(snapshot.services.length, 3);
    assert.deepEqual(snapshot.services.map((service) => service.status), ['up', 'up', 'up']);

    const base = await muster.demo('email-blast');
    await chaos(base, 'fail');
    const down = await live.next();
    assert.equal(down.type, 'health');
    assert.equal(down.seq, snapshot.seq + 1);
    assert.equal(down.service.project, 'email-blast');
    assert.equal(down.service.status, 'down');
    assert.equal(down.previousStatus, 'up');
    assert.equal(down.reason.cause, 'failures');
    await live.end();

    await chaos(base, 'recover');
    const watcher = new Live(url, '/ws/status');
    await watcher.next((frame) => frame.data['email-blast'].status === 'healthy');
    await watcher.end();
    const again = new Live(url, `/ws/health?since=${snapshot.epoch}:${down.seq}`);
    const up = await again.next();
    assert.equal(up.type, 'health');
    assert.equal(up.seq, down.seq + 1);
    assert.equal(up.service.status, 'up');
    await again.end();
  });

  test('messages are answered, and channels narrow', async () => {
    const live = new Live(url, '/ws');
    assert.equal(Object.keys((await live.next()).data).length, 3);
    live.say({ type: 'ping' });
    await live.next((frame) => frame.type === 'pong');
    live.say({ type: 'subscribe', channels: ['project:chatbot'] });
    assert.deepEqual((await live.next((frame) => frame.type === 'subscribed')).channels,
      ['project:chatbot']);
    assert.deepEqual(Object.keys((await live.next((frame) => frame.type === 'status-update')).data),
      ['chatbot']);
    live.say({ type: 'dance' });
    assert.match((await live.next((frame) => frame.type === 'error')).error, /'dance'/);
    await live.end();
  });

  test('what is wrong with an opening is told in words', async () => {
    const refused = await new Live(url, '/ws/health?since=now').opened.catch((error) => error);
    assert.equal(refused.status, 400);
    assert.match(refused.body.error, /since must be EPOCH:SEQ.*'now'/);
  });

  test('a client that takes nothing slows nobody', async () => {
    const stuck = new Live(url, '/ws/status');
    await stuck.opened;
    stuck.socket.pause();
    const live = new Live(url, '/ws/status');
    for (let count = 0; count < 3; ++count) {
      await live.next();
    }
    await live.end();
    stuck.socket.terminate();
  });

  test('an EventSource shows the same and comes again by itself', { skip: noBrowser }, async () => {
    const browser = await launch();
    try {
      const page = await openPage(browser);
      await page.goto(url);
      await page.evaluate(() => {
        window.seen = [];
        window.source = new EventSource('/api/stream?channels=snapshot,health');
        for (const type of ['snapshot', 'health', 'status-update']) {
          window.source.addEventListener(type, (event) => window.seen.push(
            { type, id: event.lastEventId, data: JSON.parse(event.data) }));
        }
      });
      await until(page, () => window.seen.length === 1);
      const [snapshot] = await page.evaluate(() => window.seen);
      assert.equal(snapshot.type, 'snapshot');
      assert.equal(snapshot.id, `${snapshot.data.epoch}:${snapshot.data.seq}`);

      const base = await muster.demo('chatbot');
      await chaos(base, 'fail');
      await until(page, () => window.seen.length === 2);
      const [, change] = await page.evaluate(() => window.seen);
      assert.equal(change.type, 'health');
      assert.equal(change.data.service.status, 'down');
      assert.equal(change.id, `${snapshot.data.epoch}:${snapshot.data.seq + 1}`);

      // A hub that starts again numbers anew: its client is shown everything.
      await muster.end('SIGKILL');
      muster = new Muster(data.path, Number(new URL(url).port));
      await muster.url();
      await until(page, () => window.seen.some((event) => event.type === 'snapshot'
        && event.id !== window.seen[0].id));
    } finally {
      await browser.close();
    }
  });

  test('the figures tell of all of it', async () => {
    const figures = await (await fetch(new URL('/metrics', url))).text();
    assert.match(figures, /^muster_stream_opened_total [1-9]/m);
    assert.match(figures, /^muster_live_refused_total 0$/m);
    assert.match(figures, /^muster_live_coalesced_total\{feed="health"\} \d/m);
  });
});
