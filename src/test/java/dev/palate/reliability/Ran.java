package dev.palate.reliability;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.SAXException;

/** What Surefire and Failsafe wrote of the tests of this build: {@code Class.method} to passed. */
record Ran(Map<String, Boolean> tests) {

  static Ran of(Path... reportDirectories) {
    Map<String, Boolean> tests = new TreeMap<>();
    for (Path directory : reportDirectories) {
      try (Stream<Path> files = Files.list(directory)) {
        files
            .filter(file -> file.getFileName().toString().matches("TEST-.*\\.xml"))
            .forEach(file -> read(file, tests));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return new Ran(tests);
  }

  private static void read(Path file, Map<String, Boolean> tests) {
    try {
      NodeList cases =
          DocumentBuilderFactory.newInstance()
              .newDocumentBuilder()
              .parse(file.toFile())
              .getElementsByTagName("testcase");
      for (int i = 0; i < cases.getLength(); i++) {
        Element test = (Element) cases.item(i);
        String type = test.getAttribute("classname").replaceFirst(".*\\.", "").replace('$', '.');
        String method = test.getAttribute("name").replaceFirst("[({\\[ ].*", "");
        boolean passed =
            test.getElementsByTagName("failure").getLength() == 0
                && test.getElementsByTagName("error").getLength() == 0
                && test.getElementsByTagName("skipped").getLength() == 0;
        tests.merge(type + "." + method, passed, Boolean::logicalAnd);
      }
    } catch (IOException | SAXException | ParserConfigurationException e) {
      throw new IllegalStateException("Cannot read " + file, e);
    }
  }

  /** The results of a class ({@code Class}) or of one test ({@code Class.method}). */
  List<Boolean> of(String name) {
    return tests.entrySet().stream()
        .filter(test -> test.getKey().equals(name) || test.getKey().startsWith(name + "."))
        .map(Map.Entry::getValue)
        .toList();
  }
}
