package dev.palate.reliability;

import java.util.List;

/**
 * Something that Palate promises, and the tests that break it on purpose.
 *
 * @param tests {@code Class} or {@code Class.method}, without their package
 * @param open what is not shown yet, or empty
 */
record Promise(int number, String text, List<String> tests, String open) {

  static Promise of(int number, String text, String... tests) {
    return new Promise(number, text, List.of(tests), "");
  }

  Promise except(String open) {
    return new Promise(number, text, tests, open);
  }
}
