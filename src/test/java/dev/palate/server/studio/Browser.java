package dev.palate.server.studio;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicReference;
import java.util.logging.Level;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;
import org.jspecify.annotations.Nullable;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.WebDriverException;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.interactions.Actions;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;

/** A headless Chromium of this machine, one tab, without the network's help. */
final class Browser implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofSeconds(15);

  /** It looks at the contrast of every cell of a table, of which a heat map has thousands. */
  private static final Duration AXE_PATIENCE = Duration.ofSeconds(90);

  private static final String AXE = axe();

  private final ChromeDriver driver;
  private String base = "";

  private Browser(ChromeDriver driver) {
    this.driver = driver;
  }

  /**
   * @return empty: this machine lacks Chromium or its driver
   */
  static Optional<Browser> start() {
    Optional<Path> chromium =
        first("/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome");
    Optional<Path> chromedriver =
        first("/usr/bin/chromedriver", "/usr/lib/chromium-browser/chromedriver");
    if (chromium.isEmpty() || chromedriver.isEmpty()) {
      return Optional.empty();
    }
    LoggingPreferences logs = new LoggingPreferences();
    logs.enable(LogType.BROWSER, Level.ALL);
    ChromeOptions options = new ChromeOptions();
    options.setBinary(chromium.get().toFile());
    options.setCapability("goog:loggingPrefs", logs);
    options.addArguments(
        "--headless=new",
        // it visits nothing but the service, and may run as root
        "--no-sandbox",
        "--disable-dev-shm-usage",
        "--disable-gpu",
        "--hide-scrollbars",
        "--disable-background-networking",
        "--no-first-run",
        "--lang=en");
    ChromeDriverService service =
        new ChromeDriverService.Builder()
            .usingDriverExecutable(chromedriver.get().toFile())
            .usingAnyFreePort()
            .build();
    Browser browser = new Browser(new ChromeDriver(service, options));
    browser.command(
        "Page.addScriptToEvaluateOnNewDocument",
        Map.of(
            "source",
            "window.refusals = []; addEventListener('securitypolicyviolation', e =>"
                + " window.refusals.push(e.violatedDirective + ' ' + e.sourceFile + ':' + e.lineNumber));"));
    browser.desktop();
    browser.scheme("light");
    return Optional.of(browser);
  }

  private static Optional<Path> first(String... paths) {
    return Stream.of(paths).map(Path::of).filter(Files::isExecutable).findFirst();
  }

  /** Of the service, {@code http://127.0.0.1:8080}. */
  void visits(String url) {
    base = url;
  }

  void desktop() {
    size(1280, 900, false);
  }

  void phone() {
    size(360, 740, true);
  }

  private void size(int width, int height, boolean mobile) {
    command(
        "Emulation.setDeviceMetricsOverride",
        Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", mobile));
    command("Emulation.setTouchEmulationEnabled", Map.of("enabled", mobile));
  }

  /**
   * What the system would say of itself; things do not glide, so that they are soon where they end.
   */
  void scheme(String scheme) {
    command(
        "Emulation.setEmulatedMedia",
        Map.of(
            "features",
            List.of(
                Map.of("name", "prefers-color-scheme", "value", scheme),
                Map.of("name", "prefers-reduced-motion", "value", "reduce"))));
  }

  void downloadsTo(Path directory) {
    command(
        "Browser.setDownloadBehavior",
        Map.of("behavior", "allow", "downloadPath", directory.toString()));
  }

  Map<String, Object> command(String name, Map<String, Object> parameters) {
    return driver.executeCdpCommand(name, parameters);
  }

  /** Loads the page anew at one of its views, {@code label?user=alice}. */
  void open(String view) {
    // from elsewhere, else the browser would only change the view
    driver.get("about:blank");
    driver.get(base + "/#/" + view);
    await("main h1");
  }

  /** As if it had been typed before; the complaints of the page without it are dropped. */
  void useKey(String key) {
    open("compare");
    until("the model or the lack of a key", () -> !text("#serving").isEmpty());
    script("sessionStorage.setItem('palate.key', arguments[0])", key);
    complaints();
  }

  /** Shows another view within the loaded page. */
  void go(String view) {
    script("location.hash = '#/' + arguments[0]", view);
    await("main[data-view='" + view.replaceFirst("\\?.*", "") + "'] h1");
  }

  @Nullable Object script(String script, Object... arguments) {
    return driver.executeScript(script, arguments);
  }

  WebElement await(String css) {
    return await(css, "");
  }

  /** Waits for an element whose text holds this. */
  WebElement await(String css, String text) {
    AtomicReference<@Nullable WebElement> found = new AtomicReference<>();
    until(
        "'%s' with '%s'".formatted(css, text),
        () -> {
          found.set(
              all(css).stream().filter(e -> e.getText().contains(text)).findFirst().orElse(null));
          return found.get() != null;
        });
    return Objects.requireNonNull(found.get());
  }

  void until(String what, Callable<Boolean> condition) {
    try {
      Awaitility.await()
          .atMost(PATIENCE)
          .pollDelay(Duration.ZERO)
          .pollInterval(Duration.ofMillis(25))
          .ignoreExceptionsInstanceOf(WebDriverException.class)
          .until(condition);
    } catch (ConditionTimeoutException e) {
      throw new AssertionError(what + " did not come; the page says: " + text("body"), e);
    }
  }

  List<WebElement> all(String css) {
    return driver.findElements(By.cssSelector(css));
  }

  String text(String css) {
    return String.valueOf(script("return document.querySelector(arguments[0])?.innerText", css));
  }

  void click(String css) {
    await(css).click();
  }

  void click(String css, String text) {
    await(css, text).click();
  }

  void type(String css, String text) {
    WebElement field = await(css);
    field.clear();
    field.sendKeys(text);
  }

  /** Moves the mouse to where it touches nothing. */
  void rest() {
    new Actions(driver).moveToLocation(0, 0).perform();
  }

  /** To whatever has the focus. */
  void press(CharSequence... keys) {
    new Actions(driver).sendKeys(keys).perform();
  }

  /** By the Tab key alone, until an element has the focus that fits. */
  void tabTo(String css) {
    for (int i = 0; i < 60; i++) {
      press(Keys.TAB);
      if (Boolean.TRUE.equals(script("return document.activeElement.matches(arguments[0])", css))) {
        return;
      }
    }
    throw new AssertionError("'" + css + "' is not reached by the Tab key");
  }

  boolean scrollsSideways() {
    return Boolean.TRUE.equals(
        script(
            "return document.documentElement.scrollWidth > document.documentElement.clientWidth"));
  }

  /** What axe-core finds against WCAG 2.2 AA and its own good practice, one line each. */
  List<String> accessibilityViolations() {
    return accessibilityViolations("");
  }

  /** Of contrast alone, which is all that a scheme of colours changes. */
  List<String> contrastViolations() {
    return accessibilityViolations(", runOnly: ['color-contrast']");
  }

  private List<String> accessibilityViolations(String options) {
    driver.manage().timeouts().scriptTimeout(AXE_PATIENCE);
    script(AXE);
    Object found =
        driver.executeAsyncScript(
            """
            const done = arguments[arguments.length - 1];
            axe.run(document, {resultTypes: ['violations']%s}).then(
              r => done(r.violations.map(v => v.id + ': ' + v.help + ' at '
                + v.nodes.map(n => n.target.join(' ') + ' (' + n.any.map(a => a.message).join('; ') + ')').slice(0, 3).join(', '))),
              e => done([String(e)]));
            """
                .formatted(options));
    return strings(found);
  }

  /** What the page's policy refused since it was loaded. */
  List<String> refusals() {
    return strings(script("return window.refusals ?? []"));
  }

  /** What the console has had of warnings and errors since it was asked last. */
  List<String> complaints() {
    return driver.manage().logs().get(LogType.BROWSER).getAll().stream()
        .filter(entry -> entry.getLevel().intValue() >= Level.WARNING.intValue())
        .map(Object::toString)
        .toList();
  }

  private static List<String> strings(@Nullable Object list) {
    List<String> strings = new ArrayList<>();
    for (Object item : (List<?>) Objects.requireNonNull(list)) {
      strings.add(String.valueOf(item));
    }
    return strings;
  }

  /**
   * @param whole the page to its end, else what the window shows
   */
  void screenshot(Path file, boolean whole) {
    try {
      Files.createDirectories(file.getParent());
      byte[] image;
      if (whole) {
        Object data =
            command(
                    "Page.captureScreenshot",
                    Map.of("format", "png", "captureBeyondViewport", true, "clip", page()))
                .get("data");
        image = Base64.getDecoder().decode(String.valueOf(data));
      } else {
        image = driver.getScreenshotAs(OutputType.BYTES);
      }
      Files.write(file, image);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Map<String, Object> page() {
    return Map.of(
        "x", 0,
        "y", 0,
        "width", number("return document.documentElement.clientWidth"),
        "height", number("return document.documentElement.scrollHeight"),
        "scale", 1);
  }

  private Number number(String script) {
    return (Number) Objects.requireNonNull(script(script));
  }

  private static String axe() {
    try (var script = Browser.class.getResourceAsStream("/axe.min.js")) {
      if (script == null) {
        throw new IllegalStateException("axe-core is not on the class path");
      }
      return new String(script.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    driver.quit();
  }
}
