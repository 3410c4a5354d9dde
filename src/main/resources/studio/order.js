import {api} from './api.js';

/**
 * Puts pairs in the order in which they are to be asked, the most informative first: the label of a pair
 * about which the model is unsure teaches most. The one place that decides it.
 *
 * @param pairs {prompt, a, b}
 * @return the pairs with `probability`, that a is preferred to b by the user's present weights
 */
export async function order(user, pairs, signal) {
  if (pairs.length === 0) {
    return [];
  }
  const answer = await api.scoreBatch(
    {user, items: pairs.map((p) => ({prompt: p.prompt, responses: [p.a, p.b], explain: false}))},
    signal,
  );
  return pairs
    .map((pair, i) => ({...pair, probability: answer.items[i].probability}))
    .sort((x, y) => Math.abs(x.probability - 0.5) - Math.abs(y.probability - 0.5));
}
