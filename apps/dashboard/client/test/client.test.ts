// The client against a built hub: MUSTER_BIN_DIR names the folder of the programs.

import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { after, before, test } from 'node:test';
import { WebSocket } from 'ws';
import { connect, dataOf, MusterError } from '../src/client.js';
import { LiveServices, type Socket } from '../src/live.js';

const TOKEN = 'a-token-of-the-test';
let hub: ChildProcess;
let url = '';
let folder = '';
let target: Server;
let targetPort = 0;

before(async () => {
  target = createServer((_, answer) => answer.end('{"status":"healthy"}')).listen(0, '127.0.0.1');
  await new Promise((resolve) => target.once('listening', resolve));
  targetPort = (target.address() as AddressInfo).port;
  folder = await mkdtemp(join(tmpdir(), 'muster-client-'));
  hub = spawn(join(process.env['MUSTER_BIN_DIR'] ?? 'build/bin', 'muster'), ['up', '--port', '0'], {
    cwd: folder,
    env: {
      PATH: '/usr/bin:/bin',
      MUSTER_DATA_DIR: join(folder, 'data'),
      MUSTER_TOKEN: TOKEN,
      PROJECTS: `shop:http://127.0.0.1:${targetPort}`,
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  for await (const line of createInterface({ input: hub.stdout! })) {
    const found = /listening on (http:\/\/\S+)/.exec(line);
    if (found?.[1] !== undefined) {
      url = found[1].replace('0.0.0.0', '127.0.0.1');
      break;
    }
  }
  assert.notEqual(url, '');
});

after(async () => {
  hub.kill('SIGTERM');
  await new Promise((resolve) => hub.once('exit', resolve));
  target.close();
  await rm(folder, { recursive: true, force: true });
});

test('reads are typed, without the envelope', async () => {
  const open = connect(url);
  const map = await dataOf(open.GET('/api/projects/status'));
  assert.equal(map['shop']?.projectName, 'shop');
  const services = await dataOf(
    open.GET('/api/services', { params: { query: { project: 'shop', limit: 5 } } }),
  );
  assert.deepEqual(services.map((service) => service.name), ['app']);
});

test('a refusal says what, and with which code', async () => {
  const call = dataOf(
    connect(url).GET('/api/projects/{project}', { params: { path: { project: 'none' } } }),
  );
  await assert.rejects(call, (error: unknown) => {
    assert.ok(error instanceof MusterError);
    assert.equal(error.status, 404);
    assert.equal(error.code, 'NOT_FOUND');
    assert.match(error.message, /none/);
    return true;
  });
});

test('a hub that is away is told as such', async () => {
  const call = dataOf(connect('http://127.0.0.1:1').GET('/api/services'));
  await assert.rejects(call, (error: unknown) => error instanceof MusterError && error.status === 0);
});

test('changes need the token, and are seen live, also over a lost connection', async () => {
  const sockets: WebSocket[] = [];
  const waiting: (() => void)[] = [];
  const live = new LiveServices(url, {
    retryAfter: 1,
    open: (at) => {
      const socket = new WebSocket(at);
      sockets.push(socket);
      return socket as unknown as Socket;
    },
    onChange: () => waiting.splice(0).forEach((go) => go()),
  });
  const until = async (condition: () => boolean) => {
    while (!condition()) {
      await new Promise<void>((resolve) => waiting.push(resolve));
    }
  };
  const names = () => [...live.services.values()].map((service) => service.name);
  try {
    await until(() => names().includes('app'));
    const entry = { project: 'late', name: 'one', probe: { tcp: `127.0.0.1:${targetPort}` } };
    await assert.rejects(dataOf(connect(url).POST('/api/services', { body: entry })),
      (error: unknown) => error instanceof MusterError && error.status === 401);

    const owner = connect(url, { token: TOKEN });
    await dataOf(owner.POST('/api/services', { body: entry }));
    await until(() => names().includes('one'));

    const position = live.position;
    sockets[0]?.terminate();
    await dataOf(owner.POST('/api/services', { body: { ...entry, name: 'two' } }));
    await until(() => names().includes('two'));
    assert.equal(sockets.length, 2);
    assert.equal(live.position?.split(':')[0], position?.split(':')[0], 'it went on, in one epoch');
    await dataOf(owner.DELETE('/api/services/{id}', { params: { path: { id: 'late/one' } } }));
    await until(() => !names().includes('one'));
  } finally {
    live.close();
  }
});
