package org.distill4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Holds ARCHITECTURE.md against the code: what it draws is there, and nothing else. */
class ArchitectureTest {
  private static final String ROOT = "org.distill4j.";
  private static final int LONGEST_FILE = 400;
  private static final Set<String> BARRED =
      Set.of("util", "utils", "common", "helper", "helpers", "impl", "manager", "misc", "base");

  /** Each package of the page's table, in its order, with the packages it imports. */
  private static final Map<String, Set<String>> PAGE = new LinkedHashMap<>();

  /** Each package of the code with the packages it imports. */
  private static final Map<String, Set<String>> CODE = new TreeMap<>();

  private static Path home;

  @BeforeAll
  static void read() throws IOException {
    home = Path.of("").toAbsolutePath();
    while (!Files.exists(home.resolve("ARCHITECTURE.md"))) {
      home = home.getParent();
    }
    for (String line : Files.readAllLines(home.resolve("ARCHITECTURE.md"))) {
      String[] cells = line.split("\\|", -1);
      if (cells.length == 5 && cells[1].strip().matches("`[a-z.]+`")) {
        PAGE.put(names(cells[1]).iterator().next(), names(cells[3]));
      }
    }
    JavaClasses classes =
        new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("org.distill4j");
    for (JavaClass type : classes) {
      Set<String> imports = CODE.computeIfAbsent(room(type), k -> new TreeSet<>());
      type.getDirectDependenciesFromSelf().stream()
          .map(d -> d.getTargetClass().getBaseComponentType())
          .filter(t -> t.getPackageName().startsWith(ROOT))
          .map(ArchitectureTest::room)
          .filter(other -> !other.equals(room(type)))
          .forEach(imports::add);
    }
  }

  private static String room(JavaClass type) {
    return type.getPackageName().substring(ROOT.length());
  }

  private static Set<String> names(String cell) {
    Set<String> names = new TreeSet<>();
    Arrays.stream(cell.split(",", -1))
        .map(String::strip)
        .filter(s -> s.startsWith("`"))
        .forEach(s -> names.add(s.substring(1, s.length() - 1)));
    return names;
  }

  @Test
  void page_drawsEveryPackageAndEveryImport_andNoOther() {
    StringBuilder table = new StringBuilder("the table that the code gives:\n");
    CODE.forEach((room, imports) -> table.append(room).append(" -> ").append(imports).append('\n'));
    assertThat(new TreeMap<>(PAGE)).as(table.toString()).isEqualTo(CODE);
  }

  @Test
  void imports_runOneWayDownThePage() {
    List<String> above = new ArrayList<>();
    PAGE.forEach(
        (room, imports) -> {
          assertThat(above).as("packages above " + room).containsAll(imports);
          above.add(room);
        });
  }

  @Test
  void packages_sayWhatTheyAre_andNoneHasANameThatSaysNothing() throws IOException {
    for (Path file : sources()) {
      assertThat(BARRED).doesNotContain(file.getParent().getFileName().toString());
      assertThat(file.resolveSibling("package-info.java")).exists();
    }
  }

  @Test
  void files_areShort() throws IOException {
    List<String> longOnes = new ArrayList<>();
    for (Path file : Stream.concat(sources().stream(), tests().stream()).toList()) {
      int lines = Files.readAllLines(file).size();
      if (lines > LONGEST_FILE) {
        longOnes.add(home.relativize(file) + ": " + lines + " lines");
      }
    }
    assertThat(longOnes).as("files over " + LONGEST_FILE + " lines").isEmpty();
  }

  private static List<Path> sources() throws IOException {
    return javaFiles("src/main/java");
  }

  private static List<Path> tests() throws IOException {
    return javaFiles("src/test/java");
  }

  private static List<Path> javaFiles(String below) throws IOException {
    List<Path> all = new ArrayList<>();
    for (String module : List.of("core", "train", "export", "cli", "examples", "benchmarks")) {
      Path folder = home.resolve(module).resolve(below);
      if (Files.exists(folder)) {
        try (Stream<Path> files = Files.walk(folder)) {
          files
              .filter(f -> f.toString().endsWith(".java"))
              .filter(f -> !f.endsWith("package-info.java"))
              .forEach(all::add);
        }
      }
    }
    return all;
  }
}
