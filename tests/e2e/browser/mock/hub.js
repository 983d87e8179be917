// A hub of a few lines: serves the dashboard's files as the real one does, with the strictest
// policy the page must live with, and says about projects whatever a test tells it to.

import { readFile, readdir } from 'node:fs/promises';
import { createServer } from 'node:http';
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { WebSocketServer } from 'ws';

const UI = new URL('../../../../apps/dashboard/ui/', import.meta.url);

export const POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; " +
  "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

const TYPES = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
};

/** A row of GET /api/projects/status. */
export function project(name, status = 'healthy', more = {}) {
  return {
    projectName: name,
    status,
    lastCheck: status === 'unknown' ? null : new Date().toISOString(),
    uptime: status === 'unknown' ? 0 : 99.95,
    coverage: status === 'unknown' ? 0 : 100,
    responseTime: status === 'unknown' ? null : 45,
    isRunning: status === 'healthy' || status === 'degraded',
    overlays: [],
    ...more,
  };
}

/** A row of GET /api/history. */
export function check(name, secondsAgo, status = 'healthy', responseTimeMs = 45, errorMessage,
  serviceName = 'app') {
  const at = new Date(Date.now() - secondsAgo * 1000).toISOString();
  return {
    projectName: name, serviceName, status, lastCheck: at, uptimePercentage: 99.95,
    responseTimeMs, ...(errorMessage ? { errorMessage } : {}), recordedAt: at,
  };
}

export class MockHub {
  #http = null;
  #sockets = null;
  #connections = new Set();

  constructor() {
    /** @type {Map<string, object>} */
    this.projects = new Map();
    /** @type {Map<string, object[] | (() => object[])>} */
    this.history = new Map();
    /** Rows of GET /api/services by project. @type {Map<string, object[]>} */
    this.services = new Map();
    /** @type {Map<string, object>} */
    this.metrics = new Map();
    this.events = [];
    /** With this off sockets open and hear nothing: a hub that hangs. */
    this.speaks = true;
    /** Paths asked for, in order. */
    this.requests = [];
    this.port = 0;
  }

  get url() {
    return `http://127.0.0.1:${this.port}/`;
  }

  async start(port = this.port) {
    this.#http = createServer((request, response) => this.#serve(request, response));
    this.#http.on('connection', (socket) => {
      this.#connections.add(socket);
      socket.on('close', () => this.#connections.delete(socket));
    });
    this.#sockets = new WebSocketServer({ server: this.#http });
    this.#sockets.on('connection', (socket) => this.#greet(socket));
    await new Promise((resolve, reject) => {
      this.#sockets.on('error', reject);
      this.#http.listen(port, '127.0.0.1', resolve);
    });
    this.port = this.#http.address().port;
    return this;
  }

  /** As if the process were killed: every connection ends at once. */
  async stop() {
    if (!this.#http) {
      return;
    }
    const closed = new Promise((resolve) => {
      this.#http.close(resolve);
    });
    this.#connections.forEach((socket) => socket.destroy());
    await closed;
    this.#http = null;
  }

  /** Sets rows and tells all pages. */
  tell(...rows) {
    rows.forEach((row) => this.projects.set(row.projectName, row));
    this.broadcast();
  }

  forget(name) {
    this.projects.delete(name);
    this.broadcast();
  }

  broadcast() {
    this.#sockets?.clients.forEach((socket) => socket.send(this.#frame()));
  }

  get clients() {
    return this.#sockets.clients.size;
  }

  #frame() {
    return JSON.stringify({
      type: 'status-update',
      data: Object.fromEntries(this.projects),
      timestamp: new Date().toISOString(),
    });
  }

  #greet(socket) {
    if (!this.speaks) {
      return;
    }
    socket.on('message', (message) => {
      if (JSON.parse(message.toString()).type === 'ping' && this.speaks) {
        socket.send('{"type":"pong"}');
      }
    });
    socket.send(this.#frame());
  }

  async #serve(request, response) {
    const url = new URL(request.url, this.url);
    this.requests.push(url.pathname);
    if (url.pathname.startsWith('/api/')) {
      this.#serveApi(url, response);
      return;
    }
    const file = url.pathname === '/' ? 'index.html' : url.pathname.replace(/^\/ui\//, '');
    if (!(await readdir(UI)).includes(file)) {
      response.writeHead(404).end();
      return;
    }
    response.writeHead(200, {
      'Content-Type': TYPES[extname(file)],
      'Content-Security-Policy': POLICY,
      'Cache-Control': 'no-cache',
    });
    response.end(await readFile(fileURLToPath(new URL(file, UI))));
  }

  #serveApi(url, response) {
    const [, , kind, name] = url.pathname.split('/').map(decodeURIComponent);
    if (kind === 'projects') {
      answer(response, 200, Object.fromEntries(this.projects));
    } else if (kind === 'history' && this.projects.has(name)) {
      const rows = this.history.get(name) ?? [];
      answer(response, 200, typeof rows === 'function' ? rows() : rows);
    } else if (kind === 'services') {
      answer(response, 200, this.services.get(url.searchParams.get('project')) ?? []);
    } else if (kind === 'metrics' && this.metrics.has(name)) {
      answer(response, 200, this.metrics.get(name));
    } else if (kind === 'events') {
      answer(response, 200, this.events);
    } else {
      answer(response, 404, null, `No ${kind} found for project: ${name}`);
    }
  }
}

function answer(response, status, data, error) {
  const timestamp = new Date().toISOString();
  response.writeHead(status, { 'Content-Type': 'application/json' });
  response.end(JSON.stringify(status === 200
    ? { success: true, data, ...(Array.isArray(data) ? { total: data.length } : {}), timestamp }
    : { success: false, error, code: 'NOT_FOUND', timestamp }));
}
