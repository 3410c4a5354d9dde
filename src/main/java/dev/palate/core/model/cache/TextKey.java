package dev.palate.core.model.cache;

/**
 * A model, what it was asked, and the texts, as 128 bits. Of a hash that nobody can find a
 * collision for: one would have a text answered with another's scores.
 */
record TextKey(long high, long low) {

  @Override
  public int hashCode() {
    return (int) low; // every bit of the key is as good as any other
  }
}
