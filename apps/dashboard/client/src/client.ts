// A Muster hub for programs in TypeScript: every path, parameter and answer is typed from the hub's
// own description of its API (npm run types).

import createClient from 'openapi-fetch';
import type { components, paths } from './schema.js';

export type Schemas = components['schemas'];
export type ProjectStatus = Schemas['ProjectStatus'];
export type Service = Schemas['Service'];

/** What the hub refused, or that it could not be reached (status 0). */
export class MusterError extends Error {
  constructor(
    message: string,
    /** Of HTTP; 0: there was no answer. */
    readonly status: number,
    /** NOT_FOUND, BAD_REQUEST, …; UNREACHABLE. */
    readonly code: string,
  ) {
    super(message);
    this.name = 'MusterError';
  }
}

export interface ClientOptions {
  /** For changing calls, and for reads where auth.reads is token. */
  token?: string;
  /** Of every call, in milliseconds. */
  timeout?: number;
}

/** The typed calls of a hub: `await hub.GET('/api/services', { params: { query: { limit: 5 } } })`. */
export function connect(url: string, { token, timeout = 10_000 }: ClientOptions = {}) {
  return createClient<paths>({
    baseUrl: url.replace(/\/+$/, ''),
    headers: token === undefined ? {} : { Authorization: `Bearer ${token}` },
    fetch: async (request: Request) => {
      if (!['GET', 'HEAD'].includes(request.method)) {
        request.headers.set('Content-Type', 'application/json'); // also where there is no body
      }
      try {
        return await fetch(request, { signal: AbortSignal.timeout(timeout) });
      } catch (error) {
        const why = error instanceof Error ? error.message : String(error);
        throw new MusterError(`${request.url} was not answered: ${why}`, 0, 'UNREACHABLE');
      }
    },
  });
}

export type Hub = ReturnType<typeof connect>;

/** What a call gives: the answer, or what was refused, beside the response of HTTP. */
interface Called<Answer> {
  data?: Answer;
  error?: unknown;
  response: Response;
}

/** Takes the data out of the envelope: `const list = await dataOf(hub.GET('/api/services'))`. */
export async function dataOf<Data>(call: Promise<Called<{ data: Data }>>): Promise<Data> {
  const { data, error, response } = await call;
  if (data !== undefined) {
    return data.data;
  }
  const told = error as Partial<Schemas['Error']> | undefined;
  throw new MusterError(
    told?.error ?? `the hub answered ${response.status}`,
    response.status,
    told?.code ?? 'UNKNOWN',
  );
}
