package dev.palate.chaos;

import java.util.Map;

/** A label as a client sends it; equal ones are one label. */
record SentLabel(
    String user, String id, String prompt, String chosen, String rejected, float strength) {

  Map<String, Object> json() {
    return Map.of(
        "id", id, "prompt", prompt, "chosen", chosen, "rejected", rejected, "strength", strength);
  }
}
