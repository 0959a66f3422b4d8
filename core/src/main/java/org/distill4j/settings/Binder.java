package org.distill4j.settings;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/** Makes the values that records ask for out of a tree in longhand, and tells every fault. */
final class Binder {
  private final KnownPaths known;
  private final Faults faults;
  private final Scalars scalars;
  private final List<GivenFile> files = new ArrayList<>();

  /** A file or folder that was named. */
  private record GivenFile(Place place, String path, Path file) {}

  /** A binder of values somewhere in the root, whose other places faults may point to. */
  Binder(RecordKind root, Faults faults) {
    this(new KnownPaths(root), faults);
  }

  private Binder(KnownPaths known, Faults faults) {
    this.known = known;
    this.faults = faults;
    this.scalars = new Scalars(faults);
  }

  /**
   * The value of a component whose key is left out; nothing if it must be given.
   *
   * @throws IllegalStateException if its default is wrong
   */
  static Optional<Object> valueIfLeftOut(Field field) {
    return field.fallback().isEmpty() && field.kind() instanceof Kind.Maybe
        ? Optional.of(Optional.empty())
        : field.fallback().map(f -> f.value(tree -> made(field, tree)));
  }

  /** The value of a default, which is right, so that nobody needs pointing elsewhere. */
  private static Object made(Field field, Tree tree) {
    Faults faults = new Faults();
    Tree longhand = Longhand.spell(field.kind(), tree);
    Optional<Object> bound =
        new Binder(KnownPaths.NONE, faults).bind(field.kind(), longhand, field.name());
    faults.raise();
    return bound.orElseThrow();
  }

  /**
   * The value of a kind, if the tree holds one; else at least one fault was added.
   *
   * @param path of the value as the user writes it
   */
  Optional<Object> bind(Kind kind, Tree tree, String path) {
    if (kind instanceof Kind.Maybe maybe) {
      return bind(maybe.element(), tree, path).map(Optional::of);
    } else if (kind instanceof Kind.Many many) {
      return many(many, tree, path);
    } else if (kind instanceof Kind.Named named) {
      return named(named, tree, path);
    } else if (kind instanceof RecordKind fields) {
      return fields(fields, tree, path);
    } else if (kind instanceof Variants variants) {
      return variants(variants, tree, path);
    }
    if (!(tree instanceof Tree.Scalar scalar)) {
      return wrong(kind, tree, path);
    }
    Optional<Object> value = scalars.one((Kind.One) kind, scalar, path);
    if (value.isPresent() && value.get() instanceof Path file) {
      files.add(new GivenFile(scalar.place(), path, file));
    }
    return value;
  }

  /** Tells which files and folders that were named are not there. */
  void missingFiles(Predicate<String> paths) {
    for (GivenFile given : files) {
      if (paths.test(given.path()) && !Files.exists(given.file())) {
        faults.add(given.place(), given.path(), given.file() + " is not there (expected: a file)");
      }
    }
  }

  private Optional<Object> wrong(Kind kind, Tree tree, String path) {
    return scalars.wrong(tree, path, kind.expects());
  }

  private Optional<Object> many(Kind.Many kind, Tree tree, String path) {
    if (!(tree instanceof Tree.Sequence list)) {
      return wrong(kind, tree, path);
    }
    List<Object> values = new ArrayList<>();
    for (int i = 0; i < list.items().size(); i++) {
      bind(kind.element(), list.items().get(i), path + "." + i).ifPresent(values::add);
    }
    return values.size() == list.items().size()
        ? Optional.of(List.copyOf(values))
        : Optional.empty();
  }

  private Optional<Object> named(Kind.Named kind, Tree tree, String path) {
    if (!(tree instanceof Tree.Mapping mapping)) {
      return wrong(kind, tree, path);
    }
    Map<Enum<?>, Object> values = new LinkedHashMap<>();
    for (Tree.Entry entry : mapping.entries()) {
      Optional<Enum<?>> name = kind.name().constant(entry.key());
      Optional<Object> value =
          name.isEmpty()
              ? Optional.empty()
              : bind(kind.element(), entry.value(), entry.under(path));
      if (name.isEmpty()) {
        String hint = Spelling.hint(entry.key(), kind.name().names());
        faults.add(entry.place(), entry.under(path), "unknown name " + hint);
      } else if (value.isPresent() && values.putIfAbsent(name.get(), value.get()) != null) {
        faults.add(entry.place(), entry.under(path), "given twice");
      }
    }
    return values.size() == mapping.entries().size()
        ? Optional.of(Collections.unmodifiableMap(values))
        : Optional.empty();
  }

  private Optional<Object> variants(Variants kind, Tree tree, String path) {
    if (tree instanceof Tree.Scalar scalar && !scalar.isNull() && Literal.isText(scalar)) {
      return scalars.unknown(scalar, scalar.text(), kind.names(), kind.expects(), path);
    }
    if (!(tree instanceof Tree.Mapping mapping) || mapping.entries().isEmpty()) {
      return wrong(kind, tree, path);
    }
    Map<String, Tree.Entry> known = new LinkedHashMap<>();
    for (Tree.Entry entry : mapping.entries()) {
      if (kind.named(entry.key()).isEmpty()) {
        String hint = Spelling.hint(entry.key(), kind.names());
        faults.add(entry.place(), entry.under(path), "unknown name " + hint);
      } else if (known.putIfAbsent(entry.key(), entry) != null) {
        faults.add(entry.place(), entry.under(path), "given twice");
      }
    }
    if (known.size() > 1) {
      return scalars.wrong(mapping, path, "only one of " + Spelling.oneOf(known.keySet()));
    }
    Optional<Object> built = Optional.empty();
    for (Tree.Entry entry : known.values()) {
      built = fields(kind.named(entry.key()).orElseThrow(), entry.value(), entry.under(path));
    }
    return built;
  }

  private Optional<Object> fields(RecordKind kind, Tree tree, String path) {
    if (!(tree instanceof Tree.Mapping mapping)) {
      return wrong(kind, tree, path);
    }
    Map<String, Tree.Entry> given = given(kind, mapping, path);
    RecordDraft draft = new RecordDraft(kind, mapping, path, Binder::valueIfLeftOut);
    Set<String> stoodFor = alternatives(kind, given, draft, path);
    for (Field field : kind.all()) {
      Tree.Entry entry = given.get(field.key());
      if (entry != null) {
        Optional<Object> value = bind(field.kind(), entry.value(), entry.under(path));
        if (value.isPresent()) {
          draft.put(field, value.get(), entry.place(), entry.under(path));
        } else {
          draft.lack(field);
        }
      } else if (!stoodFor.contains(field.name())) {
        leftOut(field, draft, mapping.place(), path);
      }
    }
    return draft.build(faults);
  }

  private void leftOut(Field field, RecordDraft draft, Place place, String path) {
    String key = path.isEmpty() ? field.key() : path + "." + field.key();
    Optional<Object> fallback = valueIfLeftOut(field);
    if (fallback.isPresent()) {
      draft.put(field, fallback.get(), place, key);
    } else {
      faults.add(place, key, "missing (expected: " + field.kind().expects() + ")");
      draft.lack(field);
    }
  }

  /** The entries of known keys; each unknown key and each repetition is a fault. */
  private Map<String, Tree.Entry> given(RecordKind kind, Tree.Mapping mapping, String path) {
    Map<String, Tree.Entry> given = new LinkedHashMap<>();
    List<String> keys = keys(kind);
    for (Tree.Entry entry : mapping.entries()) {
      Tree.Entry first = given.putIfAbsent(entry.key(), entry);
      if (!keys.contains(entry.key())) {
        String hint = Spelling.hint(entry.key(), keys, known.near(path));
        faults.add(entry.place(), entry.under(path), "unknown key " + hint);
      } else if (first != null) {
        int line = first.place().line();
        faults.add(
            entry.place(),
            entry.under(path),
            "given twice (expected: once, as in line " + line + ")");
      }
    }
    return given;
  }

  private static List<String> keys(RecordKind kind) {
    List<String> keys = new ArrayList<>(kind.all().stream().map(Field::key).toList());
    kind.alternatives().forEach(a -> keys.add(a.key()));
    return keys;
  }

  /** Puts the components that other keys stand for, and gives their names. */
  private Set<String> alternatives(
      RecordKind kind, Map<String, Tree.Entry> given, RecordDraft draft, String path) {
    Set<String> stoodFor = new HashSet<>();
    for (Alternative other : kind.alternatives()) {
      Tree.Entry entry = given.get(other.key());
      if (entry == null) {
        continue;
      }
      List<Field> meant =
          kind.all().stream().filter(f -> other.names().contains(f.name())).toList();
      List<String> both = meant.stream().map(Field::key).filter(given::containsKey).toList();
      if (!both.isEmpty()) {
        faults.add(
            entry.place(),
            entry.under(path),
            "given with %s (expected: %s alone, or %s)"
                .formatted(String.join(" and ", both), other.key(), other.keys()));
      }
      Optional<List<?>> values = values(other, entry, path);
      for (Field field : meant) {
        stoodFor.add(field.name());
        if (values.isPresent() && both.isEmpty()) {
          Object value = values.get().get(other.names().indexOf(field.name()));
          draft.put(field, value, entry.place(), entry.under(path));
        } else {
          draft.lack(field);
        }
      }
    }
    return stoodFor;
  }

  private Optional<List<?>> values(Alternative other, Tree.Entry entry, String path) {
    Optional<Object> value = bind(other.kind(), entry.value(), entry.under(path));
    try {
      return value.map(other::values);
    } catch (IllegalArgumentException e) {
      String message = String.valueOf(e.getMessage());
      String prefix = other.method().getName() + ": ";
      faults.add(
          entry.place(),
          entry.under(path),
          message.startsWith(prefix) ? message.substring(prefix.length()) : message);
      return Optional.empty();
    }
  }
}
