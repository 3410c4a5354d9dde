import {api} from './api.js';
import {h, replace} from './dom.js';
import {state} from './state.js';
import * as compare from './compare.js';

const VIEWS = {
  compare: () => compare,
  label: () => import('./label.js'),
  user: () => import('./user.js'),
  experts: () => import('./experts.js'),
  model: () => import('./model.js'),
};

const main = document.getElementById('main');
let leaving = null;

function route() {
  const [path, query] = location.hash.replace(/^#\/?/, '').split('?');
  return {name: path in VIEWS ? path : 'compare', params: new URLSearchParams(query)};
}

async function show(first) {
  const {name, params} = route();
  if (params.get('user')) {
    state.user = params.get('user');
  }
  leaving?.abort();
  leaving = new AbortController();
  const context = {signal: leaving.signal, params};
  for (const link of document.querySelectorAll('nav a')) {
    if (link.getAttribute('href') === `#/${name}`) {
      link.setAttribute('aria-current', 'page');
    } else {
      link.removeAttribute('aria-current');
    }
  }
  const view = await VIEWS[name]();
  if (context.signal.aborted) {
    return;
  }
  document.title = `${name[0].toUpperCase()}${name.slice(1)} · Palate studio`;
  replace(main, view.render(context));
  main.dataset.view = name;
  if (!first) {
    main.querySelector('h1')?.focus({preventScroll: true});
    scrollTo(0, 0);
  }
}

function isDark() {
  const chosen = document.documentElement.dataset.theme;
  return chosen ? chosen === 'dark' : matchMedia('(prefers-color-scheme: dark)').matches;
}

function themeSwitch() {
  const button = document.getElementById('theme');
  const name = () => {
    button.textContent = isDark() ? 'Light' : 'Dark';
    button.setAttribute('aria-label', isDark() ? 'Light scheme' : 'Dark scheme');
  };
  button.addEventListener('click', () => {
    const next = isDark() ? 'light' : 'dark';
    document.documentElement.dataset.theme = next;
    try {
      localStorage.setItem('palate.theme', next);
    } catch {
      // lasts until the page is left
    }
    name();
  });
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', name);
  name();
}

function keyEntry() {
  const button = document.getElementById('key');
  const dialog = document.getElementById('key-dialog');
  const value = document.getElementById('key-value');
  const name = () => {
    button.textContent = state.key ? 'Key set' : 'Key';
  };
  button.addEventListener('click', () => {
    value.value = '';
    dialog.returnValue = 'cancel';
    dialog.showModal();
  });
  dialog.addEventListener('close', () => {
    if (dialog.returnValue === 'use' && value.value.trim()) {
      state.key = value.value.trim();
    } else if (dialog.returnValue === 'forget') {
      state.key = '';
    } else {
      return;
    }
    value.value = '';
    name();
    serving();
    show(false);
  });
  name();
}

async function serving() {
  const place = document.getElementById('serving');
  try {
    const model = await api.model();
    replace(place, 'Model ', h('b', null, model.model), ` ${model.model_version}, ${model.experts} experts`);
  } catch (e) {
    replace(place, e.status === 401 ? 'A key is needed' : 'The model is not known');
  }
}

themeSwitch();
keyEntry();
addEventListener('hashchange', () => show(false));
// No promise of what the first view waits for
show(true).then(() => performance.mark('palate-interactive'));
serving();
