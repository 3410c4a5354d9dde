package dev.palate.chaos;

import java.util.List;
import java.util.Map;

/** What one request carries: labels of one user, stored together or not at all. */
record LabelSet(String user, List<SentLabel> labels) {

  String path() {
    return "/users/" + user + "/feedback";
  }

  Map<String, Object> json() {
    return Map.of("labels", labels.stream().map(SentLabel::json).toList());
  }
}
