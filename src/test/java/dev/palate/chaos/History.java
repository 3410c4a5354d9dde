package dev.palate.chaos;

import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/** What clients saw; written by all of them at once. */
final class History {

  private final Set<SentLabel> sent = ConcurrentHashMap.newKeySet();
  private final Set<SentLabel> acknowledged = ConcurrentHashMap.newKeySet();
  private final Map<String, Long> versions = new ConcurrentHashMap<>();
  private final AtomicInteger wentBack = new AtomicInteger();
  private final AtomicInteger retries = new AtomicInteger();
  private final Queue<String> unexpected = new ConcurrentLinkedQueue<>();

  /** Before the request leaves: it may be stored though no answer comes. */
  void sends(LabelSet set) {
    sent.addAll(set.labels());
  }

  /** Only after an answer said so. */
  void acknowledged(LabelSet set) {
    acknowledged.addAll(set.labels());
  }

  /** A request that has to be sent again. */
  void retries() {
    retries.incrementAndGet();
  }

  /** An answer that no fault excuses. */
  void unexpected(String answer) {
    unexpected.add(answer);
  }

  /** The newest version of the user's weights that anybody has seen by now. */
  long newest(String user) {
    return versions.getOrDefault(user, 0L);
  }

  /**
   * @param atLeast {@link #newest} before the request was sent
   */
  void read(String user, long atLeast, long version) {
    if (version < atLeast) {
      wentBack.incrementAndGet();
    }
    versions.merge(user, version, Math::max);
  }

  Set<SentLabel> sent() {
    return sent;
  }

  Set<SentLabel> acknowledged() {
    return acknowledged;
  }

  int wentBack() {
    return wentBack.get();
  }

  int retried() {
    return retries.get();
  }

  Queue<String> unexpected() {
    return unexpected;
  }
}
