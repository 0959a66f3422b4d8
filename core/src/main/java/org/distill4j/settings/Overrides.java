package org.distill4j.settings;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Carries out {@code --set path.to.key=value} on the longhand form, one option after the other. A
 * value is YAML; no value takes the key away, so that its default holds. A number in a path is an
 * index into a list. Naming another record of a sealed type replaces the one that is there, and a
 * key that stands for others replaces those.
 */
final class Overrides {
  private final List<String> path;
  private final Optional<Tree> value;
  private final Place place;

  private Overrides(List<String> path, Optional<Tree> value, Place place) {
    this.path = path;
    this.value = value;
    this.place = place;
  }

  /** The tree with all options carried out; an option that cannot be is a fault. */
  static Tree apply(Kind kind, Tree tree, List<String> options, Faults faults) {
    Tree changed = tree;
    for (String option : options) {
      Place place = Place.option(option);
      try {
        changed = Longhand.spell(kind, parse(option, place, faults).set(kind, changed));
      } catch (Unreadable e) {
        faults.add(e);
      }
    }
    return changed;
  }

  private static Overrides parse(String option, Place place, Faults faults) throws Unreadable {
    int sign = option.indexOf('=');
    List<String> path = sign < 1 ? List.of() : List.of(option.substring(0, sign).split("\\.", -1));
    if (path.isEmpty()
        || path.stream().anyMatch(String::isBlank)
        || path.size() > TreeReader.DEPTH) {
      throw new Unreadable(place, "no path (expected: path.to.key=value)");
    }
    Optional<Tree> value = TreeReader.read(option.substring(sign + 1), place, faults);
    boolean none = value.isEmpty() || (value.get() instanceof Tree.Scalar s && s.isNull());
    return new Overrides(path, none ? Optional.empty() : value, place);
  }

  private Tree set(Kind kind, Tree root) throws Unreadable {
    return set(Optional.of(kind), Optional.of(root), 0).orElseThrow();
  }

  /** The new value at a depth of the path; nothing if it is to be taken away. */
  private Optional<Tree> set(Optional<Kind> declared, Optional<Tree> old, int depth)
      throws Unreadable {
    if (depth == path.size()) {
      if (value.isEmpty() && old.isEmpty()) {
        throw new Unreadable(place, "not in the recipe (expected: a key to take away)");
      }
      return value;
    }
    Optional<Kind> kind = declared.map(k -> k instanceof Kind.Maybe maybe ? maybe.element() : k);
    boolean list = kind.isPresent() && kind.get() instanceof Kind.Many;
    if (list || old.orElse(null) instanceof Tree.Sequence) {
      return Optional.of(item(kind, old, depth));
    }
    return Optional.of(entry(kind, old, depth));
  }

  private Tree item(Optional<Kind> kind, Optional<Tree> old, int depth) throws Unreadable {
    String where = String.join(".", path.subList(0, depth));
    if (!(old.orElse(null) instanceof Tree.Sequence list)) {
      throw new Unreadable(place, "no list at " + where + " in the recipe; set the whole list");
    }
    String index = path.get(depth);
    int at = index.matches("[0-9]{1,6}") ? Integer.parseInt(index) : list.items().size();
    if (at >= list.items().size()) {
      throw new Unreadable(
          place,
          "index %s into %s (expected: 0 to %s)".formatted(index, where, list.items().size() - 1));
    }
    Optional<Kind> element =
        kind.flatMap(k -> k instanceof Kind.Many m ? Optional.of(m.element()) : Optional.empty());
    List<Tree> items = new ArrayList<>(list.items());
    Optional<Tree> changed = set(element, Optional.of(items.get(at)), depth + 1);
    if (changed.isPresent()) {
      items.set(at, changed.get());
    } else {
      items.remove(at);
    }
    return new Tree.Sequence(items, list.place());
  }

  private Tree entry(Optional<Kind> kind, Optional<Tree> old, int depth) throws Unreadable {
    String key = path.get(depth);
    Tree.Mapping mapping =
        old.orElse(null) instanceof Tree.Mapping m ? m : new Tree.Mapping(List.of(), place);
    Optional<Tree.Entry> there = mapping.entry(key);
    Optional<Kind> below =
        kind.flatMap(k -> k instanceof Kind.Named n ? Optional.of(n.element()) : Optional.empty());
    if (kind.orElse(null) instanceof RecordKind fields) {
      below = fields.all().stream().filter(f -> f.key().equals(key)).map(Field::kind).findFirst();
      for (Alternative other : fields.alternatives()) {
        for (String name : other.key().equals(key) ? other.names() : List.<String>of()) {
          mapping = mapping.without(Spelling.kebab(name));
        }
      }
    } else if (kind.orElse(null) instanceof Variants variants && variants.named(key).isPresent()) {
      below = variants.named(key).map(f -> f);
      mapping = new Tree.Mapping(there.stream().toList(), mapping.place());
    }
    Optional<Tree> changed = set(below, there.map(Tree.Entry::value), depth + 1);
    if (changed.isEmpty()) {
      return mapping.without(key);
    }
    boolean last = depth == path.size() - 1;
    Place written = last ? place : there.map(Tree.Entry::place).orElse(place);
    return mapping.with(new Tree.Entry(key, written, false, changed.get()));
  }
}
