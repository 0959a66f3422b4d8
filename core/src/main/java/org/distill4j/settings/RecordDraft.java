package org.distill4j.settings;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.distill4j.fault.InputFault;

/**
 * A record on its way to being built.
 *
 * <p>A constructor tells one fault and stops. To hear of all, a refused or unreadable component is
 * replaced by its default or by a stand-in and the constructor is asked again; a complaint that
 * involves a stand-in is not passed on, for it may be about the stand-in.
 */
final class RecordDraft {
  private static final String NAME = "[A-Za-z][-A-Za-z0-9]*(?:\\.[-A-Za-z0-9]+)*";

  /**
   * The form of a refusal: {@code name: ...}, {@code name, name: ...} or {@code name.below: ...}.
   */
  private static final Pattern REFUSAL =
      Pattern.compile("(" + NAME + "(?:, " + NAME + ")*): (.*)", Pattern.DOTALL);

  private final RecordKind fields;
  private final List<Field> all;
  private final Tree.Mapping mapping;
  private final String path;
  private final Function<Field, Optional<Object>> ifLeftOut;
  private final Map<String, Slot> slots = new HashMap<>();
  private boolean sound = true;

  /** A component's value; {@code standIn} if the recipe did not mean it. */
  private record Slot(Object value, Place place, String path, boolean standIn) {}

  /**
   * A draft without values.
   *
   * @param ifLeftOut the value of a component whose key is left out, if it need not be given
   */
  RecordDraft(
      RecordKind fields,
      Tree.Mapping mapping,
      String path,
      Function<Field, Optional<Object>> ifLeftOut) {
    this.fields = fields;
    this.all = fields.all();
    this.mapping = mapping;
    this.path = path;
    this.ifLeftOut = ifLeftOut;
  }

  /** Takes a component's value, read at a place. */
  void put(Field field, Object value, Place at, String fieldPath) {
    slots.put(field.name(), new Slot(value, at, fieldPath, false));
  }

  /** Takes note that a component has a fault, already told; something stands in for it. */
  void lack(Field field) {
    sound = false;
    Object value = ifLeftOut.apply(field).orElseGet(() -> standIn(field.kind()));
    slots.put(field.name(), new Slot(value, mapping.place(), path, true));
  }

  /** Whether every component so far is as the recipe means it. */
  private boolean complete() {
    return slots.values().stream().noneMatch(Slot::standIn);
  }

  /** Builds the record, or tells all that its constructor refuses. */
  Optional<Object> build(Faults faults) {
    for (int attempt = 0; attempt <= all.size(); attempt++) {
      try {
        Object built = fields.build(name -> slots.get(name).value());
        return sound ? Optional.of(built) : Optional.empty();
      } catch (IllegalArgumentException | InputFault e) {
        List<Field> named = told(String.valueOf(e.getMessage()), faults);
        if (named.isEmpty()) {
          return Optional.empty();
        }
        named.forEach(this::lack);
      } catch (RuntimeException e) {
        if (complete()) {
          throw e;
        }
        return Optional.empty();
      }
    }
    return Optional.empty();
  }

  /** Passes a refusal on and gives the components that it names, if another attempt may help. */
  private List<Field> told(String refusal, Faults faults) {
    Matcher form = REFUSAL.matcher(refusal);
    Map<Field, String> named = new LinkedHashMap<>();
    if (form.matches()) {
      for (String name : form.group(1).split(", ", -1)) {
        String head = name.replaceFirst("\\..*", "");
        all.stream()
            .filter(f -> f.name().equals(head) || f.key().equals(head))
            .forEach(f -> named.put(f, name));
      }
    }
    if (named.isEmpty()) {
      if (complete()) {
        faults.add(mapping.place(), path, refusal);
      }
      return List.of();
    }
    if (named.keySet().stream().anyMatch(f -> slots.get(f.name()).standIn())) {
      return List.of();
    }
    List<String> paths = new ArrayList<>();
    named.forEach((f, name) -> paths.add(slots.get(f.name()).path() + below(name)));
    Place place =
        named.values().stream()
            .flatMap(name -> place(mapping, name).stream())
            .findFirst()
            .orElse(slots.get(named.keySet().iterator().next().name()).place());
    faults.add(place, brief(paths.stream().distinct().toList()), form.group(2));
    return List.copyOf(named.keySet());
  }

  /** {@code .labelled} of {@code student.labelled}. */
  private static String below(String name) {
    int dot = name.indexOf('.');
    return dot < 0 ? "" : Spelling.kebab(name.substring(dot));
  }

  /** Where the deepest key of a dotted name that was given stands. */
  private static Optional<Place> place(Tree tree, String name) {
    int dot = name.indexOf('.');
    String head = dot < 0 ? name : name.substring(0, dot);
    Optional<Tree.Entry> entry =
        tree instanceof Tree.Mapping m ? m.entry(Spelling.kebab(head)) : Optional.empty();
    return dot < 0
        ? entry.map(Tree.Entry::place)
        : entry.flatMap(
            e -> place(e.value(), name.substring(dot + 1)).or(() -> Optional.of(e.place())));
  }

  /** {@code distill.hard, soft} for two paths of one parent. */
  private String brief(List<String> paths) {
    StringBuilder brief = new StringBuilder(paths.get(0));
    for (String other : paths.subList(1, paths.size())) {
      String prefix = path.isEmpty() ? "" : path + ".";
      brief
          .append(", ")
          .append(other.startsWith(prefix) ? other.substring(prefix.length()) : other);
    }
    return brief.toString();
  }

  /** A value that most constructors take; null for a record, which most do not. */
  private static Object standIn(Kind kind) {
    if (kind instanceof Kind.Whole whole) {
      return whole.wide() ? (Object) 1L : (Object) 1;
    } else if (kind instanceof Kind.Decimal) {
      return 1.0;
    } else if (kind instanceof Kind.Truth) {
      return false;
    } else if (kind instanceof Kind.Text) {
      return "x";
    } else if (kind instanceof Kind.File) {
      return java.nio.file.Path.of("x");
    } else if (kind instanceof Kind.Choice choice) {
      return choice.type().getEnumConstants()[0];
    } else if (kind instanceof Kind.Many) {
      return List.of();
    } else if (kind instanceof Kind.Named) {
      return Map.of();
    }
    return kind instanceof Kind.Maybe ? Optional.empty() : null;
  }
}
