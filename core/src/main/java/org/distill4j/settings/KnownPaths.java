package org.distill4j.settings;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Where keys belong: the paths of all keys of a record and of the records in it. */
final class KnownPaths {
  /** No paths. */
  static final KnownPaths NONE = new KnownPaths();

  private final List<String> paths = new ArrayList<>();

  private KnownPaths() {}

  KnownPaths(RecordKind root) {
    collect(root, "", new HashSet<>());
  }

  private void collect(RecordKind fields, String path, Set<Class<?>> above) {
    if (!above.add(fields.type())) {
      return;
    }
    fields.alternatives().forEach(other -> paths.add(path + other.key()));
    for (Field field : fields.all()) {
      paths.add(path + field.key());
      Kind kind = field.kind() instanceof Kind.Maybe maybe ? maybe.element() : field.kind();
      if (kind instanceof RecordKind inner) {
        collect(inner, path + field.key() + ".", above);
      }
    }
    above.remove(fields.type());
  }

  /** All paths; those that begin like a given one first. */
  List<String> near(String path) {
    return paths.stream()
        .sorted(Comparator.comparingInt(other -> -shared(path + ".", other)))
        .toList();
  }

  private static int shared(String a, String b) {
    int i = 0;
    while (i < Math.min(a.length(), b.length()) && a.charAt(i) == b.charAt(i)) {
      i++;
    }
    return i;
  }
}
