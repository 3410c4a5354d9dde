package dev.palate;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * The packages of {@code dev.palate}. A room is a package; its {@code package-info.java} names the
 * rooms it may use and its door, the types that other wings may use. A wing is the part before the
 * first dot: {@code core}, {@code lab}, {@code server}, {@code cli}.
 */
class StructureTest {

  private static final String BASE = "dev.palate";
  private static final Path SOURCES = Path.of("src/main/java/dev/palate");
  private static final Pattern DOOR = Pattern.compile("<p>Door: (.*?)\\. May use:");
  private static final Pattern USES = Pattern.compile("May use: (.*?)\\. Start reading at");
  private static final Pattern LINK = Pattern.compile("\\{@(?:link|code) ([\\w.]+)\\}");

  /** What each wing may use; the application class and {@code cli} may use all. */
  private static final Map<String, Set<String>> WINGS =
      Map.of(
          "core", Set.of("core"), "lab", Set.of("core", "lab"), "server", Set.of("core", "server"));

  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages(BASE);

  /**
   * @param door simple names of top-level types
   * @param uses names of rooms
   */
  private record Rules(Set<String> door, Set<String> uses) {}

  private static Map<String, Rules> rules() {
    try (Stream<Path> files = Files.walk(SOURCES)) {
      Map<String, Rules> rules = new TreeMap<>();
      for (Path info : files.filter(file -> file.endsWith("package-info.java")).toList()) {
        String room =
            SOURCES
                .relativize(Objects.requireNonNull(info.getParent()))
                .toString()
                .replace('/', '.');
        String text = Files.readString(info).replaceAll("\\s*\\n \\* ?", " ").replaceAll(" +", " ");
        if (!room.isEmpty()) {
          rules.put(room, new Rules(named(DOOR, text, room), named(USES, text, room)));
        }
      }
      return rules;
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static Set<String> named(Pattern part, String text, String room) {
    List<String> found = part.matcher(text).results().map(result -> result.group(1)).toList();
    assertThat(found).as("'%s' in package-info.java of %s", part, room).hasSize(1);
    return LINK.matcher(found.getFirst())
        .results()
        .map(MatchResult::group)
        .map(link -> link.replaceAll("\\{@\\w+ |\\}", ""))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static String room(JavaClass type) {
    String name = type.getPackageName();
    return !name.startsWith(BASE + ".") ? "" : name.substring(BASE.length() + 1);
  }

  private static String wing(String room) {
    return room.replaceFirst("\\..*", "");
  }

  private static String topLevel(JavaClass type) {
    return type.getName()
        .substring(type.getPackageName().length() + 1)
        .replaceFirst("\\$.*", "")
        .replace("[]", "");
  }

  /** Dependencies between rooms, the application class left out. */
  private static Stream<Dependency> arrows() {
    return CLASSES.stream()
        .flatMap(type -> type.getDirectDependenciesFromSelf().stream())
        .filter(arrow -> arrow.getTargetClass().getPackageName().startsWith(BASE))
        .filter(arrow -> !room(arrow.getOriginClass()).isEmpty())
        .filter(arrow -> !room(arrow.getOriginClass()).equals(room(arrow.getTargetClass())));
  }

  @Test
  void everyRoomHasItsRules() {
    assertThat(rules().keySet())
        .isEqualTo(
            CLASSES.stream()
                .map(StructureTest::room)
                .filter(room -> !room.isEmpty())
                .collect(Collectors.toCollection(TreeSet::new)));
  }

  @Test
  void aRoomUsesTheRoomsItsPackageInfoNamesAndNoOther() {
    Map<String, Rules> rules = rules();
    assertThat(
            arrows()
                .filter(arrow ->
                    !Objects.requireNonNull(rules.get(room(arrow.getOriginClass())))
                        .uses()
                        .contains(room(arrow.getTargetClass())))
                .map(arrow ->
                    "%s may not use %s: %s"
                        .formatted(
                            room(arrow.getOriginClass()),
                            room(arrow.getTargetClass()),
                            arrow.getDescription())))
        .isEmpty();
  }

  @Test
  void otherWingsUseARoomByItsDoor() {
    Map<String, Rules> rules = rules();
    assertThat(
            CLASSES.stream()
                .flatMap(type -> type.getDirectDependenciesFromSelf().stream())
                .filter(arrow -> arrow.getTargetClass().getPackageName().startsWith(BASE + "."))
                .filter(arrow ->
                    !wing(room(arrow.getOriginClass())).equals(wing(room(arrow.getTargetClass()))))
                .filter(arrow ->
                    !Objects.requireNonNull(rules.get(room(arrow.getTargetClass())))
                        .door()
                        .contains(topLevel(arrow.getTargetClass())))
                .map(arrow ->
                    "%s is not in the door of %s: %s"
                        .formatted(
                            topLevel(arrow.getTargetClass()),
                            room(arrow.getTargetClass()),
                            arrow.getDescription())))
        .isEmpty();
  }

  @Test
  void aDoorNamesOnlyWhatOtherWingsUse() {
    Map<String, Set<String>> used = new TreeMap<>();
    CLASSES.stream()
        .flatMap(type -> type.getDirectDependenciesFromSelf().stream())
        .filter(arrow -> arrow.getTargetClass().getPackageName().startsWith(BASE + "."))
        .filter(
            arrow -> !wing(room(arrow.getOriginClass())).equals(wing(room(arrow.getTargetClass()))))
        .forEach(arrow ->
            used.computeIfAbsent(room(arrow.getTargetClass()), room -> new TreeSet<>())
                .add(topLevel(arrow.getTargetClass())));
    rules()
        .forEach((room, rules) ->
            assertThat(rules.door())
                .as("door of %s", room)
                .isEqualTo(used.getOrDefault(room, Set.of())));
  }

  @Test
  void wingsUseEachOtherInOneDirection() {
    assertThat(
            arrows()
                .filter(arrow -> {
                  Set<String> allowed = WINGS.get(wing(room(arrow.getOriginClass())));
                  return allowed != null && !allowed.contains(wing(room(arrow.getTargetClass())));
                })
                .map(Dependency::getDescription))
        .isEmpty();
  }

  @Test
  void coreHasNoSpringServletOrJdbcType() {
    noClasses()
        .that()
        .resideInAPackage("dev.palate.core..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "org.springframework..", "jakarta..", "java.sql..", "javax.sql..", "org.postgresql..")
        .check(CLASSES);
  }

  @Test
  void roomsHaveNoCycles() {
    slices()
        .assignedFrom(
            new SliceAssignment() {
              @Override
              public SliceIdentifier getIdentifierOf(JavaClass type) {
                return room(type).isEmpty()
                    ? SliceIdentifier.ignore()
                    : SliceIdentifier.of(room(type));
              }

              @Override
              public String getDescription() {
                return "rooms";
              }
            })
        .should()
        .beFreeOfCycles()
        .check(CLASSES);
  }
}
