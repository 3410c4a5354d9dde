import {api} from './api.js';

/**
 * Puts pairs in the order in which they are to be asked: by what each label is expected to tell about the
 * user's weights, those before it given (docs/next-comparisons.md). Nothing is stored.
 *
 * @param pairs {prompt, a, b}
 * @return the pairs with `probability`, that a is preferred to b by the user's present weights
 */
export async function order(user, pairs, signal) {
  if (pairs.length === 0) {
    return [];
  }
  const comparisons = pairs.map((pair, i) => ({id: String(i), prompt: pair.prompt, responses: [pair.a, pair.b]}));
  const answer = await api.previewComparisons(user, comparisons, signal);
  return answer.comparisons.map((next) => ({...pairs[Number(next.id)], probability: next.probability}));
}
