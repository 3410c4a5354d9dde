import {api} from './api.js';
import {Shifts} from './charts.js';
import {h, percent, plural, replace, say} from './dom.js';
import {empty, field, heading, load, loading, problem, userField} from './parts.js';
import {order} from './order.js';
import {state} from './state.js';

const SHOWN = 10;

/** What is put in order at once. */
const MOST_PAIRS = 256;

export function render(context) {
  const stage = h('section', {class: 'panel', 'aria-label': 'Pair'});
  const page = h('div', null, heading('Label', 'Choose the better one. After each choice the user’s weights are solved anew.'), stage);
  setUp(context, page, stage);
  return page;
}

function setUp(context, page, stage) {
  const user = userField('User', 'Whose taste it is. Anybody new starts at the prior.');
  user.input.required = true;
  user.input.pattern = '[A-Za-z0-9._@:\\-]{1,128}';
  user.input.title = '1 to 128 of A-Z a-z 0-9 . _ - @ :';
  const radio = (value, text, checked) => h('label', null, h('input', {type: 'radio', name: 'source', value, checked, onchange: toggle}), text);
  const prompt = h('textarea', {rows: '2', name: 'own-prompt'});
  const candidates = h('textarea', {rows: '7', name: 'own-candidates'});
  const own = h(
    'div',
    {class: 'stack', hidden: true},
    field('Prompt', prompt),
    field('Candidates', candidates, 'Two or more, with a line of three dashes (---) between them. Every two make a pair.'),
  );
  const wrong = h('p', {class: 'warn', role: 'alert'});
  function toggle() {
    own.hidden = form.elements.source.value !== 'own';
    prompt.required = !own.hidden;
    candidates.required = !own.hidden;
  }
  const form = h(
    'form',
    {
      class: 'stack',
      onsubmit: async (event) => {
        event.preventDefault();
        state.user = user.input.value.trim();
        let pairs;
        try {
          pairs = form.elements.source.value === 'own' ? ownPairs(prompt.value, candidates.value) : await api.samplePairs(context.signal);
        } catch (e) {
          wrong.textContent = e.message;
          return;
        }
        new Session(context, page, stage, state.user, pairs).start();
      },
    },
    user.element,
    h('fieldset', null, h('legend', null, 'Pairs'), h('div', {class: 'radios'}, radio('samples', 'Sample pairs', true), radio('own', 'My own candidates'))),
    own,
    wrong,
    h('div', {class: 'buttons'}, h('button', {type: 'submit', class: 'primary'}, 'Start')),
  );
  replace(stage, form);
}

function ownPairs(prompt, text) {
  const candidates = [...new Set(text.split(/^\s*---+\s*$/m).map((c) => c.trim()).filter((c) => c !== ''))];
  if (candidates.length < 2) {
    throw new Error('Give two candidates or more that differ, with a line of three dashes between them.');
  }
  const pairs = [];
  for (let i = 0; i < candidates.length; i++) {
    for (let j = i + 1; j < candidates.length; j++) {
      pairs.push({prompt, a: candidates[i], b: candidates[j]});
    }
  }
  if (pairs.length > MOST_PAIRS) {
    throw new Error(`These make ${pairs.length} pairs; ${MOST_PAIRS} are the most. Give fewer candidates.`);
  }
  return pairs;
}

function labelId() {
  // randomUUID wants a secure context, which a host on the local network is not
  const bytes = crypto.getRandomValues(new Uint8Array(12));
  return `studio-${[...bytes].map((b) => b.toString(16).padStart(2, '0')).join('')}`;
}

/** One user going through pairs. */
class Session {
  constructor(context, page, stage, user, pairs) {
    Object.assign(this, {context, page, stage, user});
    this.open = pairs;
    this.total = pairs.length;
    this.given = [];
    this.foretold = 0;
    this.busy = false;
    this.shifts = new Shifts('Shift of each expert from the prior', SHOWN);
    this.agreement = h('p', {class: 'agreement'});
    this.note = h('p', {class: 'small note'});
  }

  async start() {
    this.asked = h('section', {class: 'panel', 'aria-label': 'Pair', onkeydown: (event) => this.pressed(event)});
    this.moved = h('section', {class: 'panel', 'aria-label': 'Weights'});
    this.stage.replaceWith(h('div', {class: 'columns wide-left'}, this.asked, this.moved));
    load(this.context, this.moved, 'Reading the weights', (signal) => api.weights(this.user, signal), (weights) => {
      this.weigh(weights);
      return this.panel();
    });
    await this.next();
  }

  panel() {
    return [
      h('h2', null, `${this.user}’s weights`),
      this.agreement,
      h('div', {class: 'gap'}, this.shifts.element),
      h('p', {class: 'small gap'}, 'The middle is the prior, the pale band one standard deviation, cut where it is wider. ● more than labels at random would do.'),
    ];
  }

  weigh(weights) {
    this.shifts.show(weights.experts);
    const agrees = Math.round((weights.agreement ?? 0) * weights.solved_labels);
    replace(
      this.agreement,
      weights.labels === 0
        ? 'No labels yet: this user stands at the prior.'
        : [
            h('b', null, `Agrees with ${agrees} of ${plural(weights.solved_labels, 'label')}`),
            weights.status === 'pending' ? ', solving …' : '',
            this.given.length > 0 ? h('span', {class: 'small'}, ` · foretold ${this.foretold} of ${this.given.length} here`) : '',
          ],
    );
  }

  async next() {
    await load(
      this.context,
      this.asked,
      'Looking for the pair that teaches most',
      (signal) => order(this.user, this.open, signal),
      (pairs) => {
        // What was skipped comes last, however informative
        this.open = [...pairs.filter((p) => !p.skipped), ...pairs.filter((p) => p.skipped)];
        return pairs.length === 0 ? this.done() : this.pair(this.open[0]);
      },
    );
    this.asked.querySelector('.pair-prompt, h2')?.focus({preventScroll: true});
  }

  pair(pair) {
    // Sides by chance, so that a habit of the hand is no taste
    const flipped = crypto.getRandomValues(new Uint8Array(1))[0] % 2 === 1;
    this.left = flipped ? 'b' : 'a';
    this.right = flipped ? 'a' : 'b';
    const leftLikely = flipped ? 1 - pair.probability : pair.probability;
    const option = (side, name, key) =>
      h(
        'button',
        {type: 'button', class: 'option', onclick: () => this.choose(side)},
        h('span', {class: 'keys'}, name, h('kbd', null, key)),
        h('span', {class: 'text'}, pair[side]),
      );
    return [
      h('div', {class: 'progress small'}, h('span', null, `Pair ${this.given.length + 1} of ${this.total}`), h('span', null, `Expected: ${leftLikely >= 0.5 ? 'left' : 'right'} with ${percent(Math.max(leftLikely, 1 - leftLikely))}`)),
      h('h2', {class: 'pair-prompt', tabindex: '-1'}, pair.prompt),
      h('div', {class: 'options'}, option(this.left, 'Left', '←'), option(this.right, 'Right', '→')),
      h(
        'div',
        {class: 'buttons'},
        h('button', {type: 'button', class: 'quiet', onclick: () => this.skip()}, 'Skip ', h('kbd', null, 'S')),
        h('button', {type: 'button', class: 'quiet', disabled: this.given.length === 0, onclick: () => this.undo()}, 'Undo ', h('kbd', null, 'U')),
      ),
      this.note,
    ];
  }

  done() {
    return [
      empty(
        'No more pairs',
        `${plural(this.given.length, 'label')} given, ${this.foretold} of them foretold.`,
        h(
          'div',
          {class: 'buttons'},
          h('button', {type: 'button', class: 'primary', onclick: () => (location.hash = '#/user')}, `See ${this.user}`),
          this.given.length > 0 ? h('button', {type: 'button', onclick: () => this.undo()}, 'Undo ', h('kbd', null, 'U')) : null,
        ),
      ),
      this.note,
    ];
  }

  pressed(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || event.repeat) {
      return;
    }
    const act = {
      arrowleft: () => this.choose(this.left),
      arrowright: () => this.choose(this.right),
      s: () => this.skip(),
      u: () => this.undo(),
    }[event.key.toLowerCase()];
    if (act) {
      event.preventDefault();
      act();
    }
  }

  async choose(side) {
    const pair = this.open[0];
    if (this.busy || !pair) {
      return;
    }
    const likely = side === 'a' ? pair.probability : 1 - pair.probability;
    const label = {id: labelId(), prompt: pair.prompt, chosen: pair[side], rejected: pair[side === 'a' ? 'b' : 'a']};
    await this.act('Solving', async () => {
      const answer = await api.label(this.user, label, this.context.signal);
      this.open.shift();
      this.given.push({id: label.id, pair, foretold: likely > 0.5});
      this.count();
      this.note.textContent = likely > 0.5 ? `As expected (${percent(likely)}).` : `A surprise: ${percent(likely)} was expected for it.`;
      await this.settle(answer);
    });
  }

  skip() {
    if (!this.busy && this.open.length > 1) {
      this.open.push({...this.open.shift(), skipped: true});
      replace(this.asked, this.pair(this.open[0]));
      this.note.textContent = 'Skipped: it comes again later.';
      this.asked.querySelector('.pair-prompt').focus({preventScroll: true});
    } else if (!this.busy && this.open.length === 1) {
      this.note.textContent = 'This is the last pair.';
    }
  }

  async undo() {
    const last = this.given.at(-1);
    if (this.busy || !last) {
      return;
    }
    await this.act('Taking it back', async () => {
      await api.deleteLabel(this.user, last.id);
      this.given.pop();
      this.count();
      this.open.unshift(last.pair);
      this.note.textContent = 'Taken back.';
      await this.settle(await api.solve(this.user, this.context.signal));
    });
  }

  count() {
    this.foretold = this.given.filter((g) => g.foretold).length;
  }

  /** Shows the weights, and while they are behind the labels asks again. */
  async settle(answer) {
    let weights = answer.experts ? answer : await api.weights(this.user, this.context.signal);
    this.weigh(weights);
    for (let tries = 0; weights.status === 'pending' && tries < 20; tries++) {
      await new Promise((resolve) => setTimeout(resolve, 500));
      weights = await api.weights(this.user, this.context.signal);
      this.weigh(weights);
    }
    say(`${this.note.textContent} ${this.agreement.textContent}`);
  }

  async act(text, work) {
    this.busy = true;
    this.asked.setAttribute('aria-busy', 'true');
    this.asked.querySelectorAll('button').forEach((b) => (b.disabled = true));
    this.note.textContent = `${text} …`;
    try {
      await work();
      this.busy = false;
      await this.next();
    } catch (e) {
      this.busy = false;
      if (e.name !== 'AbortError') {
        replace(this.asked, problem(e, () => this.next()));
      }
    } finally {
      this.busy = false;
      this.asked.removeAttribute('aria-busy');
    }
  }
}
