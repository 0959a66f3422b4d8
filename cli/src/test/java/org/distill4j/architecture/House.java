package org.distill4j.architecture;

import com.tngtech.archunit.ArchConfiguration;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The code as it is. A file is named after its package and its type, as in {@code data.Dataset}.
 *
 * @param files every file of main code
 * @param uses for each file the files whose types it uses
 * @param families for each file the files with which it makes up a sealed type and its subtypes
 */
record House(List<Source> files, Map<String, Set<String>> uses, Map<String, Set<String>> families) {

  private static final String ROOT = "org.distill4j.";
  private static final Pattern MENTIONED =
      Pattern.compile("org\\.distill4j\\.([a-z.]+\\.[A-Z]\\w*)");

  /** The modules, from the ground up. */
  static final List<String> MODULES =
      List.of("core", "train", "export", "pipeline", "cli", "examples", "benchmarks");

  /** The modules that use the others as a stranger would; the page does not draw them. */
  private static final Set<String> GUESTS = Set.of("examples", "benchmarks");

  private static House here;

  /**
   * A file of main code.
   *
   * @param room its package, without what all packages begin with
   */
  record Source(String module, String room, String type, Path path) {
    String name() {
      return room + "." + type;
    }
  }

  static Path home() {
    Path home = Path.of("").toAbsolutePath();
    while (!Files.exists(home.resolve("ARCHITECTURE.md"))) {
      home = home.getParent();
    }
    return home;
  }

  /** The code of this checkout, read once. */
  static synchronized House here() throws IOException {
    if (here == null) {
      here = read(home());
    }
    return here;
  }

  private static House read(Path home) throws IOException {
    List<Source> files = new ArrayList<>();
    for (String module : MODULES) {
      Path folder = home.resolve(module).resolve("src/main/java");
      for (Path file : javaFiles(folder)) {
        String room = folder.relativize(file.getParent()).toString().replace('/', '.');
        String type = file.getFileName().toString().replace(".java", "");
        files.add(new Source(module, room.substring(ROOT.length()), type, file));
      }
    }
    Set<String> names = files.stream().map(Source::name).collect(Collectors.toSet());
    Map<String, Set<String>> uses = new TreeMap<>();
    Map<String, Set<String>> families = new TreeMap<>();
    ArchConfiguration.get().setResolveMissingDependenciesFromClassPath(false); // only our own count
    for (JavaClass type : new ClassFileImporter().importPackages("org.distill4j")) {
      String file = file(type);
      if (names.contains(file)) { // tests and what is generated are not
        Set<String> used = uses.computeIfAbsent(file, k -> new TreeSet<>());
        type.getDirectDependenciesFromSelf().stream()
            .map(d -> file(d.getTargetClass().getBaseComponentType()))
            .filter(other -> names.contains(other) && !other.equals(file))
            .forEach(used::add);
        for (String subtype : subtypes(type.getName())) {
          families.computeIfAbsent(file, k -> new TreeSet<>()).add(subtype);
          families.computeIfAbsent(subtype, k -> new TreeSet<>()).add(file);
        }
      }
    }
    for (Source guest : files) { // their classes are not on this test's path
      if (GUESTS.contains(guest.module())) {
        Matcher mentioned = MENTIONED.matcher(Files.readString(guest.path()));
        while (mentioned.find()) {
          uses.computeIfAbsent(guest.name(), k -> new TreeSet<>()).add(mentioned.group(1));
        }
      }
    }
    return new House(files, uses, families);
  }

  private static String file(JavaClass type) {
    Optional<String> source = type.getSource().flatMap(s -> s.getFileName());
    String name = source.orElse(type.getSimpleName()).replace(".java", "");
    return inside(type.getPackageName() + "." + name);
  }

  private static String inside(String name) {
    return name.startsWith(ROOT) ? name.substring(ROOT.length()) : name;
  }

  /** The files of all subtypes of a sealed type, down to the last. */
  private static Set<String> subtypes(String type) {
    Set<String> found = new TreeSet<>();
    try {
      Class<?> sealed = Class.forName(type, false, House.class.getClassLoader());
      if (sealed.isSealed()) {
        for (Class<?> subtype : sealed.getPermittedSubclasses()) {
          found.add(inside(subtype.getName()).replaceFirst("\\$.*", ""));
          found.addAll(subtypes(subtype.getName()));
        }
      }
    } catch (ClassNotFoundException e) {
      throw new IllegalStateException(type + ": cannot be loaded", e);
    }
    return found;
  }

  /** The Java files below a folder, without those that only describe a package. */
  static List<Path> javaFiles(Path folder) throws IOException {
    if (!Files.exists(folder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.walk(folder)) {
      return files
          .filter(f -> f.toString().endsWith(".java") && !f.endsWith("package-info.java"))
          .sorted()
          .toList();
    }
  }

  /** The files of each package that the page draws. */
  Map<String, List<Source>> rooms() {
    return files.stream()
        .filter(f -> !GUESTS.contains(f.module()))
        .collect(Collectors.groupingBy(Source::room, TreeMap::new, Collectors.toList()));
  }

  /** The packages whose types a package uses. */
  SortedSet<String> imports(String room) {
    return rooms().get(room).stream()
        .flatMap(file -> used(file.name()).stream())
        .map(House::room)
        .filter(other -> !other.equals(room))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** The types of a package that another module uses. */
  SortedSet<String> doors(String room) {
    Map<String, Source> inside =
        rooms().get(room).stream().collect(Collectors.toMap(Source::name, f -> f));
    SortedSet<String> doors = new TreeSet<>();
    for (Source user : files) {
      for (String name : used(user.name())) {
        Source file = inside.get(name);
        if (file != null && !file.module().equals(user.module())) {
          doors.add(file.type());
        }
      }
    }
    return doors;
  }

  /** The files of a package with the files of the same package that each uses, families apart. */
  Map<String, Set<String>> within(String room) {
    Map<String, Set<String>> within = new TreeMap<>();
    for (Source file : rooms().get(room)) {
      Set<String> used = new TreeSet<>(used(file.name()));
      used.removeIf(other -> !room(other).equals(room));
      used.removeAll(families.getOrDefault(file.name(), Set.of()));
      within.put(file.name(), used);
    }
    return within;
  }

  /** Which files of one package use which of another, as {@code a.X -> b.Y}. */
  List<String> uses(String room, String other) {
    List<String> all = new ArrayList<>();
    for (Source file : rooms().get(room)) {
      used(file.name()).stream()
          .filter(used -> room(used).equals(other))
          .forEach(used -> all.add(file.name() + " -> " + used));
    }
    return all;
  }

  private Set<String> used(String file) {
    return uses.getOrDefault(file, Set.of());
  }

  private static String room(String file) {
    return file.substring(0, file.lastIndexOf('.'));
  }
}
