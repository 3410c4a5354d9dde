package dev.palate.server.studio;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * What holds for every view: accessible, no wider than a phone, light, under a strict policy.
 * {@code -Dpalate.studio.screenshots=docs/images} writes the pictures of the documents.
 */
@Order(StudioFixture.EARLY)
class StudioViewsIT extends StudioFixture {

  private static final String SCREENSHOTS = "palate.studio.screenshots";
  private static final int MOST_BYTES = 300_000;

  static final List<String> VIEWS =
      List.of("compare", "label", "user", "user?user=nobody-yet", "experts", "model");

  /** Each view with what it shows when it is used. */
  private void visit(String view) {
    if (view.equals("compare")) {
      browser.open("compare?user=alice");
      browser.click("button", "Fill in an example");
      browser.click("button[type=submit]", "Score");
      browser.await(".verdict:nth-child(2)");
      browser.click(".verdict summary");
    } else if (view.equals("label")) {
      label("viewer");
    } else {
      browser.open(view.equals("user") ? "user?user=alice" : view);
      browser.await("main section, main .cards, main .empty");
      browser.until("all of it", () -> browser.all(".loading").isEmpty());
    }
  }

  @Test
  void everyViewIsAccessibleInBothSchemesAndOnAPhoneNotWiderThanIt() {
    for (String view : VIEWS) {
      visit(view);
      assertThat(browser.refusals()).as(view).isEmpty();
      isAccessible(view);
      browser.phone();
      assertThat(browser.scrollsSideways()).as("%s, sideways", view).isFalse();
      browser.desktop();
    }
    browser.open("label");
    isAccessible("label's beginning");
    browser.click("#key");
    browser.await("dialog[open]");
    isAccessible("the key's dialog");
  }

  /** All of it in the light; in the dark what colours change. */
  private void isAccessible(String view) {
    assertThat(browser.accessibilityViolations()).as("%s, light", view).isEmpty();
    browser.scheme("dark");
    assertThat(browser.contrastViolations()).as("%s, dark", view).isEmpty();
    browser.scheme("light");
  }

  @Test
  void thePageIsSmallAndSoonThere() {
    browser.open("compare");
    Object interactive =
        script("return performance.getEntriesByName('palate-interactive')[0]?.startTime");
    label("weigher");
    Set<String> files = new TreeSet<>(Set.of("/"));
    for (String view : VIEWS) {
      browser.go(view);
    }
    for (Object name :
        (List<?>) script("return performance.getEntriesByType('resource').map(r => r.name)")) {
      String path = URI.create(name.toString()).getPath();
      if (path.startsWith("/studio/")) {
        files.add(path);
      }
    }
    long bytes = files.stream().mapToLong(palate::compressedBytes).sum();

    System.out.printf(
        "Studio: interactive after %s ms; %d files weigh %d bytes%n",
        interactive, files.size(), bytes);
    assertThat(((Number) interactive).doubleValue()).isPositive();
    assertThat(files).contains("/studio/app.js", "/studio/studio.css", "/studio/pairs.json");
    assertThat(bytes).isBetween(10_000L, (long) MOST_BYTES);
  }

  @Test
  void theFilesAreOpenAndTheirPolicyIsStrict() {
    for (String path : List.of("/", "/studio/app.js", "/studio/studio.css")) {
      HttpResponse<String> answer = palate.file(path);
      assertThat(answer.statusCode()).as(path).isEqualTo(200);
      assertThat(answer.headers().firstValue("Cache-Control")).as(path).hasValue("no-cache");
      String policy = answer.headers().firstValue("Content-Security-Policy").orElse("");
      assertThat(policy)
          .as(path)
          .contains("default-src 'none'", "script-src 'self'", "style-src 'self'")
          .contains("frame-ancestors 'none'", "require-trusted-types-for 'script'")
          .doesNotContain("unsafe", "data:", "http");
    }
    assertThat(palate.file("/studio/../application.yaml").statusCode()).isIn(400, 401, 404);
    assertThat(palate.file("/studio/nothing.js").statusCode()).isEqualTo(404);
    assertThat(palate.file("/model").statusCode()).isEqualTo(401);
  }

  // Pictures

  @Test
  @Tag("pictures") // -Dpalate.studio.screenshots=DIRECTORY
  void pictures() {
    Path images = Path.of(System.getProperty(SCREENSHOTS));
    palate.teach("ben", 14);
    Stream.of("light", "dark", "phone")
        .forEach(kind -> {
          browser.desktop();
          browser.scheme(kind.equals("dark") ? "dark" : "light");
          if (kind.equals("phone")) {
            browser.phone();
          }
          for (String view : VIEWS) {
            if (!view.equals("label")) {
              visit(view.equals("user") ? "user?user=ben" : view);
            } else {
              label("ben");
              browser.click(".option:nth-child(1)");
              browser.await(".agreement", "label");
              browser.await(".pair-prompt:focus");
            }
            browser.rest();
            browser.script(
                "document.activeElement.blur(); document.querySelectorAll('details').forEach(d => d.open = false)");
            String name = view.replaceAll("\\W.*", view.contains("?") ? "-prior" : "");
            browser.screenshot(
                images.resolve("studio-%s-%s.png".formatted(name, kind)), !name.equals("experts"));
            if (name.equals("experts")) {
              for (String map : List.of("Routing map", "Specialization")) {
                browser.script(
                    "document.querySelector('section[aria-label=\"%s\"]').scrollIntoView()"
                        .formatted(map));
                String of = map.toLowerCase(Locale.ROOT).replace(' ', '-');
                browser.screenshot(images.resolve("studio-%s-%s.png".formatted(of, kind)), false);
              }
            }
          }
        });
  }
}
