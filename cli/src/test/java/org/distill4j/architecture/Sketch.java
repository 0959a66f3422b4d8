package org.distill4j.architecture;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** A house made by hand below a folder. */
final class Sketch {
  private final Path folder;
  private final List<House.Source> files = new ArrayList<>();
  private final Map<String, Set<String>> uses = new TreeMap<>();
  private final Map<String, Set<String>> families = new TreeMap<>();

  Sketch(Path folder) {
    this.folder = folder;
  }

  Sketch file(String module, String room, String type, String java) throws IOException {
    Path path = folder.resolve(room).resolve(type + ".java");
    Files.createDirectories(path.getParent());
    Files.writeString(path, java);
    files.add(new House.Source(module, room, type, path));
    return this;
  }

  Sketch file(String module, String room, String type) throws IOException {
    return file(module, room, type, "");
  }

  Sketch sentence(String room, String comment) throws IOException {
    Files.writeString(folder.resolve(room).resolve("package-info.java"), comment);
    return this;
  }

  /** {@code uses("a.X", "b.Y", "c.Z")}: a.X uses b.Y, which uses c.Z. */
  Sketch uses(String... chain) {
    for (int i = 0; i + 1 < chain.length; i++) {
      uses.computeIfAbsent(chain[i], k -> new TreeSet<>()).add(chain[i + 1]);
    }
    return this;
  }

  Sketch family(String sealed, String subtype) {
    families.computeIfAbsent(sealed, k -> new TreeSet<>()).add(subtype);
    families.computeIfAbsent(subtype, k -> new TreeSet<>()).add(sealed);
    return this;
  }

  House house() {
    return new House(files, uses, families);
  }
}
