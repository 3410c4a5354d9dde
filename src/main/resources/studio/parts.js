import {h, newId, replace, say} from './dom.js';
import {state} from './state.js';

/** Pieces that several views are made of. */

export function heading(title, lead) {
  return h('div', {class: 'heading'}, h('h1', {tabindex: '-1'}, title), h('p', {class: 'lead'}, lead));
}

export function field(label, control, hint) {
  const id = newId('field');
  control.id = id;
  let note = null;
  if (hint) {
    note = h('span', {class: 'hint', id: `${id}-hint`}, hint);
    control.setAttribute('aria-describedby', note.id);
  }
  return h('div', {class: 'field'}, h('label', {for: id}, label), control, note);
}

/** A user's id; remembered for the other views. */
export function userField(label = 'User', hint = null) {
  const input = h('input', {
    type: 'text',
    name: 'user',
    value: state.user,
    maxlength: '128',
    autocomplete: 'off',
    autocapitalize: 'none',
    spellcheck: 'false',
    placeholder: 'alice',
    oninput: () => {
      state.user = input.value.trim();
    },
  });
  return {input, element: field(label, input, hint)};
}

export function loading(text = 'Loading') {
  return h(
    'div',
    {class: 'loading', 'aria-busy': 'true'},
    h('p', null, `${text} …`),
    h('div', {class: 'bone'}),
    h('div', {class: 'bone'}),
    h('div', {class: 'bone short'}),
  );
}

export function empty(title, text, ...more) {
  return h('div', {class: 'empty'}, h('h2', null, title), h('p', null, text), more);
}

const ADVICE = {
  401: 'This service wants a key. Enter one that is good now.',
  403: 'Use a key that has this scope.',
  429: 'The key has used up its quota for this minute.',
  503: 'Nothing is wrong with what you sent. Try again shortly.',
};

/**
 * A problem, and what to do about it.
 *
 * @param retry called by the button; while Retry-After runs it is not to be pressed
 */
export function problem(failure, retry) {
  const full = failure.status === 503 || failure.status === 429;
  const title = failure.title ?? 'Something went wrong in this page';
  const box = h(
    'div',
    {class: `problem${full ? ' full' : ''}`, role: 'alert'},
    h('h2', null, title),
    h('p', null, failure.detail ?? failure.message ?? ''),
    failure.errors?.length
      ? h('ul', null, failure.errors.map((e) => h('li', null, h('code', null, e.field), ' ', e.message)))
      : null,
    ADVICE[failure.status] ? h('p', null, ADVICE[failure.status]) : null,
  );
  const buttons = h('div', {class: 'buttons'});
  if (failure.status === 401 || failure.status === 403) {
    buttons.append(
      h('button', {type: 'button', class: 'primary', onclick: () => document.getElementById('key').click()}, 'Enter a key'),
    );
  }
  if (retry) {
    buttons.append(retryButton(retry, failure.retryAfter));
  }
  box.append(buttons);
  if (failure.requestId) {
    box.append(h('p', {class: 'small'}, 'Request ', h('code', null, failure.requestId)));
  }
  return box;
}

function retryButton(retry, seconds) {
  const button = h('button', {type: 'button', onclick: () => retry()}, 'Try again');
  let left = seconds ?? 0;
  const tick = () => {
    button.disabled = left > 0;
    button.textContent = left > 0 ? `Try again in ${left} s` : 'Try again';
    if (left > 0) {
      left -= 1;
      setTimeout(tick, 1000);
    }
  };
  tick();
  return button;
}

/**
 * Shows what `work` gives in `place`: loading, then it or its problem.
 *
 * @param context of the view; left before the answer came, nothing is shown
 */
export async function load(context, place, text, work, show) {
  replace(place, loading(text));
  try {
    const result = await work(context.signal);
    if (context.signal.aborted) {
      return;
    }
    replace(place, show(result));
  } catch (e) {
    if (context.signal.aborted || e.name === 'AbortError') {
      return;
    }
    replace(place, problem(e, () => load(context, place, text, work, show)));
    say(e.title ?? e.message);
  }
}

/** While it works the button says so, and works once. */
export async function busy(button, text, work) {
  const before = button.textContent;
  button.disabled = true;
  button.setAttribute('aria-busy', 'true');
  button.textContent = text;
  try {
    return await work();
  } finally {
    button.disabled = false;
    button.removeAttribute('aria-busy');
    button.textContent = before;
  }
}

export function table(caption, head, rows) {
  return h(
    'div',
    {class: 'scroll', tabindex: '0', role: 'region', 'aria-label': caption},
    h(
      'table',
      null,
      h('caption', null, caption),
      h('thead', null, h('tr', null, head.map((c) => h('th', {scope: 'col', class: c.right ? 'right' : null}, c.text ?? c)))),
      h(
        'tbody',
        null,
        rows.map((row) =>
          h(
            'tr',
            null,
            row.map((cell, i) =>
              h(i === 0 ? 'th' : 'td', {scope: i === 0 ? 'row' : null, class: head[i].right ? 'right' : null}, cell),
            ),
          ),
        ),
      ),
    ),
  );
}

export function facts(pairs) {
  return h('dl', {class: 'facts'}, pairs.map(([name, value]) => h('div', null, h('dt', null, name), h('dd', null, value))));
}

/** Asks before what cannot be undone; true: do it. */
export function confirm(title, text, action) {
  const id = newId('dialog');
  const dialog = h(
    'dialog',
    {'aria-labelledby': id},
    h(
      'form',
      {method: 'dialog'},
      h('h2', {id}, title),
      h('p', null, text),
      h(
        'div',
        {class: 'buttons'},
        h('button', {type: 'submit', value: 'yes', class: 'danger'}, action),
        h('button', {type: 'submit', value: 'no', autofocus: true}, 'Cancel'),
      ),
    ),
  );
  document.body.append(dialog);
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener('close', () => {
      dialog.remove();
      resolve(dialog.returnValue === 'yes');
    });
  });
}
