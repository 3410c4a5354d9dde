import {state} from './state.js';

/** An answer that is no success: problem details, or what is known where there are none. */
export class Problem extends Error {
  constructor({status = 0, title, detail, code, errors = [], retryAfter = null, requestId = null}) {
    super(title);
    Object.assign(this, {status, title, detail, code, errors, retryAfter, requestId});
  }
}

async function problem(response) {
  let body = {};
  try {
    body = await response.json();
  } catch {
    // not ours: a proxy's page
  }
  const wait = Number.parseInt(response.headers.get('Retry-After') ?? '', 10);
  return new Problem({
    status: response.status,
    title: body.title ?? `The answer was ${response.status}`,
    detail: body.detail ?? 'What stands between this page and Palate may know more.',
    code: body.code,
    errors: body.errors ?? [],
    retryAfter: Number.isFinite(wait) ? wait : null,
    requestId: response.headers.get('X-Request-Id'),
  });
}

async function send(method, path, {body, headers = {}, signal} = {}) {
  const all = {Accept: 'application/json, application/problem+json', ...headers};
  if (state.key) {
    all.Authorization = `Bearer ${state.key}`;
  }
  if (body !== undefined) {
    all['Content-Type'] = 'application/json';
  }
  let response;
  try {
    response = await fetch(path, {
      method,
      headers: all,
      body: body === undefined ? undefined : JSON.stringify(body),
      signal,
      credentials: 'omit',
      cache: 'no-store',
    });
  } catch (e) {
    if (e.name === 'AbortError') {
      throw e;
    }
    throw new Problem({
      title: 'Palate does not answer',
      detail: 'Is the service running, and can this browser reach it?',
    });
  }
  if (!response.ok) {
    throw await problem(response);
  }
  return response;
}

async function json(method, path, options) {
  const response = await send(method, path, options);
  return response.status === 204 ? null : response.json();
}

const users = (id) => `users/${encodeURIComponent(id)}`;

/** The routes that the studio uses; each throws a Problem. */
export const api = {
  score: (body, signal) => json('POST', 'score', {body, signal}),
  label: (user, label, signal) =>
    json('POST', `${users(user)}/feedback`, {body: {labels: [label]}, headers: {Prefer: 'wait=5'}, signal}),
  previewComparisons: (user, comparisons, signal) =>
    json('POST', `${users(user)}/comparisons/preview?limit=${comparisons.length}`, {body: {comparisons}, signal}),
  deleteLabel: (user, label) => json('DELETE', `${users(user)}/feedback/${encodeURIComponent(label)}`),
  solve: (user, signal) =>
    json('POST', `${users(user)}/expert-weights/solve`, {headers: {Prefer: 'wait=5'}, signal}),
  weights: (user, signal) => json('GET', `${users(user)}/expert-weights`, {signal}),
  history: (user, signal) => json('GET', `${users(user)}/expert-weights/history?limit=100`, {signal}),
  influence: (user, signal) => json('GET', `${users(user)}/influence?limit=5`, {signal}),
  exportUser: async (user) => (await send('GET', `${users(user)}/export`)).blob(),
  erase: (user) => json('DELETE', users(user)),
  experts: (signal) => json('GET', 'experts', {signal}),
  model: (signal) => json('GET', 'model', {signal}),
  /**
   * Null where the serving bundle holds none.
   *
   * @param model its description, or the promise of it, if that was asked for already
   */
  diagnostics: async (signal, model = json('GET', 'model', {signal})) =>
    (await model).diagnostics ? json('GET', 'model/diagnostics', {signal}) : null,
  activations: (signal) => json('GET', 'model/activations?limit=10', {signal}),
  activate: (bundle) => json('POST', 'model/activate', {body: {bundle}}),
  rollBack: () => json('POST', 'model/rollback'),
  samplePairs: (signal) => json('GET', 'studio/pairs.json', {signal}),
};
