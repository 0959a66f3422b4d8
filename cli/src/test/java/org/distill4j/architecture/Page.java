package org.distill4j.architecture;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * ARCHITECTURE.md, whose table draws the packages.
 *
 * @param above the lines above the first package, the table's head included
 * @param rows the packages, in the table's order
 * @param below the lines below the last package
 */
record Page(List<String> above, Map<String, Row> rows, List<String> below) {
  private static final Pattern COMMENT = Pattern.compile("/\\*\\*(.*?)\\*/", Pattern.DOTALL);

  /** A package: what it is, the packages that it imports, its types that other modules use. */
  record Row(String sentence, SortedSet<String> imports, SortedSet<String> doors) {}

  static Page read(Path page) throws IOException {
    List<String> above = new ArrayList<>();
    List<String> below = new ArrayList<>();
    Map<String, Row> rows = new LinkedHashMap<>();
    for (String line : Files.readAllLines(page)) {
      String[] cells = line.split("\\|", -1);
      if (cells.length == 6 && cells[1].strip().matches("`[a-z.]+`")) {
        Row row = new Row(cells[2].strip(), names(cells[3]), names(cells[4]));
        rows.put(names(cells[1]).first(), row);
      } else {
        (rows.isEmpty() ? above : below).add(line);
      }
    }
    return new Page(above, rows, below);
  }

  private static SortedSet<String> names(String cell) {
    return Arrays.stream(cell.split(",", -1))
        .map(String::strip)
        .filter(s -> s.startsWith("`"))
        .map(s -> s.substring(1, s.length() - 1))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /**
   * This page with the rows that the code gives. What a package is stays as it stands here; of a
   * new package its own comment tells it. Packages stand below what they import, and else module by
   * module in this page's order.
   */
  Page of(House house) throws IOException {
    Map<String, List<House.Source>> rooms = house.rooms();
    Map<String, Set<String>> imports = new HashMap<>();
    rooms.keySet().forEach(room -> imports.put(room, house.imports(room)));
    List<String> order = new ArrayList<>(rows.keySet());
    List<String> left = new ArrayList<>(rooms.keySet());
    left.sort(
        Comparator.<String>comparingInt(
                room -> House.MODULES.indexOf(rooms.get(room).get(0).module()))
            .thenComparingInt(
                room -> order.contains(room) ? order.indexOf(room) : Integer.MAX_VALUE));
    Map<String, Row> drawn = new LinkedHashMap<>();
    while (!left.isEmpty()) {
      String next =
          left.stream()
              .filter(room -> Collections.disjoint(imports.get(room), left))
              .findFirst()
              .orElse(left.get(0)); // packages in a circle have no order
      left.remove(next);
      String sentence =
          rows.containsKey(next)
              ? rows.get(next).sentence()
              : sentence(rooms.get(next).get(0).path().resolveSibling("package-info.java"));
      drawn.put(next, new Row(sentence, house.imports(next), house.doors(next)));
    }
    return new Page(above, drawn, below);
  }

  private static String sentence(Path packageInfo) throws IOException {
    Matcher comment =
        COMMENT.matcher(Files.exists(packageInfo) ? Files.readString(packageInfo) : "");
    if (!comment.find()) {
      return "";
    }
    String text = comment.group(1).replaceAll("\\s*\n\\s*\\*?", " ").strip();
    String first = text.split("\\.(\\s|$)", 2)[0].replaceAll("\\{@\\w+ ([^}]*)}", "`$1`");
    boolean word = first.length() > 1 && !Character.isUpperCase(first.charAt(1));
    return word ? Character.toLowerCase(first.charAt(0)) + first.substring(1) : first;
  }

  int doors() {
    return rows.values().stream().mapToInt(row -> row.doors().size()).sum();
  }

  List<String> lines() {
    List<String> lines = new ArrayList<>(above);
    rows.keySet().forEach(room -> lines.add(line(room)));
    lines.addAll(below);
    return lines;
  }

  String line(String room) {
    Row row = rows.get(room);
    return "| `%s` | %s | %s | %s |"
        .formatted(room, row.sentence(), cell(row.imports()), cell(row.doors()));
  }

  private static String cell(Set<String> names) {
    return names.isEmpty()
        ? "none"
        : names.stream().map(name -> "`" + name + "`").collect(Collectors.joining(", "));
  }
}
