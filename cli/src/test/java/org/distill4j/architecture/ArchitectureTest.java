package org.distill4j.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Holds ARCHITECTURE.md against the code: what it draws is there, and nothing else. */
class ArchitectureTest {
  /** The doors of all packages together. This number may only fall. */
  private static final int DOORS = 238;

  private static final int LONGEST_FILE = 400;
  private static final Set<String> BARRED =
      Set.of("util", "utils", "common", "helper", "helpers", "impl", "manager", "misc", "base");

  private static Path home;
  private static House house;
  private static Page page;

  /**
   * The page that the code gives; it is left in a file, to be taken over where a change is meant.
   */
  private static Page drawn;

  private static Path written;

  @BeforeAll
  static void read() throws IOException {
    home = House.home();
    house = House.here();
    page = Page.read(home.resolve("ARCHITECTURE.md"));
    drawn = page.of(house);
    written = home.resolve("cli/target/architecture/ARCHITECTURE.md");
    Files.createDirectories(written.getParent());
    Files.write(written, drawn.lines());
  }

  @Test
  void page_drawsEveryPackageAndEveryImport_andNoOther() {
    Map<String, SortedSet<String>> listed = column(page, Page.Row::imports);
    Map<String, SortedSet<String>> used = column(drawn, Page.Row::imports);
    Set<String> rooms = new TreeSet<>(listed.keySet());
    rooms.addAll(used.keySet());
    rooms.removeIf(room -> Objects.equals(listed.get(room), used.get(room)));
    assertThat(rooms).as(rowsToWrite() + "packages that are not as drawn").isEmpty();
  }

  @Test
  void page_listsEveryTypeThatAnotherModuleUses_andNoOther() {
    Map<String, SortedSet<String>> listed = column(page, Page.Row::doors);
    Map<String, SortedSet<String>> used = column(drawn, Page.Row::doors);
    String rows = rowsToWrite();
    SoftAssertions.assertSoftly(
        softly -> {
          softly.assertThat(less(used, listed)).as(rows + "used but not listed").isEmpty();
          softly.assertThat(less(listed, used)).as(rows + "listed but not used").isEmpty();
        });
  }

  @Test
  void doors_areNoMoreThanBefore() {
    assertThat(drawn.doors()).as("types that another module uses; DOORS may fall").isEqualTo(DOORS);
  }

  @Test
  void imports_runOneWayDownThePage() {
    Map<String, Set<String>> imports = new TreeMap<>(column(drawn, Page.Row::imports));
    for (SortedSet<String> circle : Circles.of(imports)) {
      List<String> uses = new ArrayList<>();
      for (String room : circle) {
        circle.forEach(
            other -> uses.addAll(room.equals(other) ? List.of() : house.uses(room, other)));
      }
      assertThat(circle)
          .as("packages that import each other:\n" + String.join("\n", uses))
          .isEmpty();
    }
    List<String> above = new ArrayList<>();
    page.rows()
        .forEach(
            (room, row) -> {
              assertThat(above).as("packages above " + room).containsAll(row.imports());
              above.add(room);
            });
  }

  @Test
  void packages_standInOneModule_sayWhatTheyAre_andNoneHasANameThatSaysNothing() {
    Map<String, String> modules = new TreeMap<>();
    for (House.Source file : house.files()) {
      assertThat(modules.computeIfAbsent(file.room(), room -> file.module()))
          .as("the module of " + file.room())
          .isEqualTo(file.module());
      assertThat(BARRED).doesNotContainAnyElementsOf(Arrays.asList(file.room().split("\\.", -1)));
      assertThat(file.path().resolveSibling("package-info.java")).exists();
    }
  }

  @Test
  void files_areShort() throws IOException {
    List<Path> files = new ArrayList<>(house.files().stream().map(House.Source::path).toList());
    for (String module : House.MODULES) {
      files.addAll(House.javaFiles(home.resolve(module).resolve("src/test/java")));
    }
    List<String> longOnes = new ArrayList<>();
    for (Path file : files) {
      int lines = Files.readAllLines(file).size();
      if (lines > LONGEST_FILE) {
        longOnes.add(home.relativize(file) + ": " + lines + " lines");
      }
    }
    assertThat(longOnes).as("files over " + LONGEST_FILE + " lines").isEmpty();
  }

  /** What each package has here that it does not have there. */
  private static List<String> less(
      Map<String, SortedSet<String>> here, Map<String, SortedSet<String>> there) {
    List<String> less = new ArrayList<>();
    here.forEach(
        (room, doors) -> {
          Set<String> other = there.getOrDefault(room, new TreeSet<>());
          doors.stream()
              .filter(door -> !other.contains(door))
              .forEach(door -> less.add(room + "." + door));
        });
    return less;
  }

  private static Map<String, SortedSet<String>> column(
      Page from, Function<Page.Row, SortedSet<String>> column) {
    return from.rows().entrySet().stream()
        .collect(
            Collectors.toMap(
                Map.Entry::getKey, e -> column.apply(e.getValue()), (a, b) -> a, TreeMap::new));
  }

  private static String rowsToWrite() {
    String rows =
        drawn.rows().keySet().stream()
            .filter(room -> !drawn.rows().get(room).equals(page.rows().get(room)))
            .map(drawn::line)
            .collect(Collectors.joining("\n"));
    return "the rows that the code gives (the whole page: " + written + ")\n" + rows + "\n";
  }
}
