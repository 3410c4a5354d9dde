package dev.palate.core.model;

/** How much of what a call needed had been remembered. */
public enum CacheUse {
  /** All of it: neither tokenizer nor device was asked. */
  HIT,
  /** Some of it. */
  PARTIAL,
  /** Nothing; also where there is no cache. */
  MISS
}
