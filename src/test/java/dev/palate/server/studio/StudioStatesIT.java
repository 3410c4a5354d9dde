package dev.palate.server.studio;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.openqa.selenium.Keys;

/**
 * What is not the good case: no key, no quota, no labels, no valid name; texts that look like
 * markup; a scheme of one's own.
 */
@Order(StudioFixture.EARLY)
class StudioStatesIT extends StudioFixture {

  private static final String MARKUP =
      "<img src=x onerror=window.pwned=1><script>window.pwned=1</script>";

  @Test
  void withoutAKeyThePageSaysSoAndTakesOneForThisTabAlone() {
    browser.useKey("");
    browser.open("experts");
    browser.await(".problem", "Authentication is required");

    browser.click(".problem button", "Enter a key");
    browser.type("#key-value", palate.key());
    browser.press(Keys.ENTER);

    browser.await(".cards .card");
    assertThat(browser.script("return Object.keys(localStorage).join()")).isEqualTo("");
    assertThat(browser.script("return document.cookie")).isEqualTo("");
    assertThat(browser.complaints()).allMatch(line -> line.contains("401"));
  }

  @Test
  void aUsedUpQuotaSaysWhenToTryAgain() {
    browser.useKey(palate.exhaustedKey());
    browser.open("experts");

    browser.await(".problem.full", "The quota is used up");
    browser.until(
        "the way on", () -> browser.text(".problem .buttons").matches("Try again( in \\d+ s)?"));
    assertThat(browser.complaints()).allMatch(line -> line.contains("429"));
  }

  @Test
  void aFullServerSaysThatNothingIsWrongAndWhenToTryAgain() throws Exception {
    browser.open("compare?user=alice");
    browser.click("button", "Fill in an example");
    browser.type("[name=prompt]", "How do tides work? ".repeat(30));
    try (AutoCloseable crowd = palate.crowd()) {
      browser.until(
          "a refusal",
          () -> {
            // another text each time: what is remembered needs no place in the queue
            browser.click("[name=prompt]");
            browser.press("again ");
            browser.click("button[type=submit]");
            browser.until("an answer", () -> browser.all("[aria-busy]").isEmpty());
            return browser.text("main").contains("The server is full");
          });
      assertThat(browser.text(".problem.full")).contains("Nothing is wrong with what you sent");
      assertThat(browser.text(".problem .buttons")).matches("Try again( in \\d+ s)?");
      assertThat(browser.accessibilityViolations()).isEmpty();
    }
    // the button waits as long as Retry-After says; the form is free
    browser.click("button[type=submit]", "Score");
    browser.await(".verdict");
    assertThat(browser.complaints()).isNotEmpty().allMatch(line -> line.contains("503"));
  }

  @Test
  void aUserWhoNeverLabelledIsShownAtThePrior() {
    browser.open("user?user=nobody-yet");

    browser.await("h2", "No labels yet");
    assertThat(browser.text("section[aria-label=Summary]")).contains("At the prior");
  }

  @Test
  void whatIsNoUserIdIsToldByItsField() {
    browser.open("user");
    browser.type("[name=user]", "not a user");
    browser.click("button[type=submit]");

    browser.await(".problem", "A user id is 1 to 128");
    assertThat(browser.complaints()).allMatch(line -> line.contains("422"));
  }

  @Test
  void markupInATextStaysText() {
    palate.post(
        "/users/markup/feedback",
        Map.of(
            "labels",
            List.of(Map.of("prompt", MARKUP, "chosen", MARKUP + "a", "rejected", MARKUP + "b"))),
        "Prefer",
        "wait=20");
    browser.open("user?user=markup");
    browser.await(".pull", MARKUP);

    browser.go("label");
    browser.click("input[value=own]");
    browser.type("[name=own-prompt]", MARKUP);
    browser.type("[name=own-candidates]", MARKUP + "1\n---\n" + MARKUP + "2");
    browser.click("button", "Start");

    assertThat(browser.await(".pair-prompt").getText()).isEqualTo(MARKUP);
    assertThat(browser.await(".option .text").getText()).startsWith(MARKUP);
    assertThat(browser.all("main img, main script")).isEmpty();
    assertThat(browser.script("return window.pwned === undefined")).isEqualTo(true);
  }

  @Test
  void aChosenSchemeGoesBeforeTheSystemsAndIsKept() {
    browser.scheme("dark");
    browser.open("compare");
    assertThat(paper()).isEqualTo("rgb(20, 23, 26)");
    browser.click("#theme");
    assertThat(paper()).isEqualTo("rgb(251, 251, 250)");
    browser.open("compare");
    assertThat(paper()).isEqualTo("rgb(251, 251, 250)");
    browser.script("localStorage.clear()");
  }

  private Object paper() {
    return script("return getComputedStyle(document.body).backgroundColor");
  }
}
